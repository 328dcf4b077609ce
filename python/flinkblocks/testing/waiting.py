"""Waiting for what other processes bring about."""

from __future__ import annotations

import time
from typing import Callable

#: Seconds. A killed Connect waits for what it has left open to time out, and the machine may have other things to do.
PATIENCE_S = 300.0


def until(reached: Callable[[], bool], tick_s: float = 0.5) -> None:
    """Waits for a condition.

    Args:
        reached: whether it holds.
        tick_s: seconds between two looks.

    Raises:
        TimeoutError: it did not come within minutes.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not what was waited for within {PATIENCE_S:.0f} s")
        time.sleep(tick_s)
