"""The statistics: medians with their spread, ratios with an interval, and the order of the runs."""

from __future__ import annotations

import dataclasses
import random
import statistics
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Of a ratio's interval.
CONFIDENCE = 0.95

_RESAMPLES = 2_000


@dataclasses.dataclass(frozen=True)
class Spread:
    """A median and what is around it.

    Attributes:
        median: of the values.
        low: the smallest value, or the lower end of the interval.
        high: the largest value, or the upper end of the interval.
    """

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The median of at least one value, with the smallest and the largest."""
    return Spread(statistics.median(values), min(values), max(values))


def ratio(slow: Sequence[float], fast: Sequence[float], seed: int = 1) -> Spread:
    """The ratio of two medians, with a bootstrap interval.

    The values come in pairs, measured close to each other: whole pairs are drawn, so that what made the machine slow
    for a while counts on both sides.

    Args:
        slow: the values above the line.
        fast: those below, as many.
        seed: of the draws; the same values give the same interval.

    Returns:
        The ratio, and the interval that holds CONFIDENCE of the resampled ones.
    """
    if len(slow) != len(fast) or not slow:
        raise ValueError(f"{len(slow)} and {len(fast)} values are no pairs")
    draw = random.Random(seed)
    pairs = list(zip(slow, fast))
    resampled = []
    for _ in range(_RESAMPLES):
        above, below = zip(*draw.choices(pairs, k=len(pairs)))
        resampled.append(statistics.median(above) / statistics.median(below))
    resampled.sort()
    beyond = int(_RESAMPLES * (1 - CONFIDENCE) / 2)
    return Spread(statistics.median(slow) / statistics.median(fast), resampled[beyond], resampled[-1 - beyond])


def interleaved(arms: Sequence[T], passes: int) -> Iterator[tuple[int, T]]:
    """Each arm once in every pass, forwards and backwards in turn: A B B A.

    What changes steadily, a machine that gets warm or busy, then touches all arms alike.

    Yields:
        The number of the pass, from 0, and the arm.
    """
    for number in range(passes):
        for arm in arms if number % 2 == 0 else reversed(arms):
            yield number, arm
