"""When to tell results so far."""

from __future__ import annotations


def moments(interval: int, start: int, done: int, until: int) -> range:
    """The watermarks at which a result so far is due: those that reach the last ms before a multiple of the interval.

    All times are ms since the epoch.

    Args:
        interval: 0 for no results so far.
        start: where the window or session starts; it has to be before the multiple.
        done: the watermark up to which they were told.
        until: from this watermark on they are not to be told.
    """
    if not interval:
        return range(0)
    first = (max(start, done + 1) // interval + 1) * interval - 1
    return range(first, until, interval)
