"""Compares what came out with what must come out, record by record and byte by byte."""

from __future__ import annotations

import collections
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
_SHOWN = 5


def differences(expected: Iterable[T], actual: Iterable[T], what: str = "records") -> list[str]:
    """What is missing, and what is there that should not be (a second copy too).

    Returns:
        A line for each kind of difference with the first few records; empty when both are equal, in any order.
    """
    want, have = collections.Counter(expected), collections.Counter(actual)
    found = []
    for name, some in (("missing", want - have), ("too many", have - want)):
        if some:
            shown = list(some.elements())[:_SHOWN]
            found.append(f"{what} {name}: {sum(some.values())}, as {shown!r}")
    return found
