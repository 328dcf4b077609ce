"""Durations with a unit, exact to the millisecond."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# The unit as it is written -> its milliseconds, the largest first.
UNITS = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}

# 100 years: far beyond any use, and far from the end of a 64-bit number of milliseconds.
LONGEST_MS = 36_500 * UNITS["d"]

# So few digits that Decimal multiplies them without rounding.
_FORM = re.compile(r"([0-9]{1,13}(?:\.[0-9]{1,9})?) ?(ms|s|min|h|d)?")


@dataclass(frozen=True, order=True)
class Duration:
    """A length of time.

    Attributes:
        ms: whole milliseconds, 0 or more.
    """

    ms: int

    @classmethod
    def parse(cls, text: str, unit: str) -> Duration:
        """Reads `90s`, `1.5h`, `500ms`.

        Args:
            text: a decimal number and a unit of `UNITS`.
            unit: what a bare number counts.

        Raises:
            ValueError: it is not of that form, not a whole number of milliseconds, or over `LONGEST_MS`.
        """
        form = _FORM.fullmatch(text)
        if not form:
            raise ValueError("not a duration")
        ms = Decimal(form[1]) * UNITS[form[2] or unit]
        if ms > LONGEST_MS or ms != int(ms):
            raise ValueError("too long, or a fraction of a millisecond")
        return cls(int(ms))

    @property
    def seconds(self) -> float:
        """The same in seconds, for what sleeps or counts down."""
        return self.ms / 1000

    def __str__(self) -> str:
        """In the largest unit that says it without a fraction: 90s, 2min."""
        if self.ms == 0:
            return "0s"
        unit = next(name for name, size in UNITS.items() if self.ms % size == 0)
        return f"{self.ms // UNITS[unit]}{unit}"
