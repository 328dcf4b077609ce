"""Ctrl-C and its relatives as requests to stop, not as exceptions out of nowhere."""

from __future__ import annotations

import signal
from types import FrameType

# SIGHUP: the terminal has been closed.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class StopSignals:
    """Counts the requests to stop while it is entered.

    The handler does nothing but count: whatever it interrupted, a lock or a call into the JVM, goes on. At the third
    request it raises KeyboardInterrupt, so that also a call that never returns can be left.

    Attributes:
        count: requests so far.
        number: the last signal's number, 0 before the first.
    """

    def __init__(self) -> None:
        self.count = 0
        self.number = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> StopSignals:
        for number in _SIGNALS:
            try:
                self._before[number] = signal.signal(number, self._handle)
            except ValueError:
                break  # Not in the main thread: whoever runs this elsewhere has his own way to stop.
        return self

    def __exit__(self, *exc: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        self.number = number
        if self.count > 2:
            raise KeyboardInterrupt
