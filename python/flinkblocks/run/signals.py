"""Ctrl-C and its relatives as requests to stop, not as exceptions out of nowhere."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

# SIGHUP: the terminal has been closed.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextlib.contextmanager
def leaving_on_signals() -> Iterator[None]:
    """Inside, Ctrl-C, SIGTERM and SIGHUP end the program in order: what it made in /tmp goes, no trace is shown.

    For the time before a job can be stopped; StopSignals may be entered inside. The exit code is the shell's for the
    signal: 130 for Ctrl-C, 143 for SIGTERM.
    """
    before = {}
    code: list[int] = []

    def leave(number: int, frame: FrameType | None) -> None:
        for each in _SIGNALS:
            # To clear away takes moments; the impatient must not tear it.
            signal.signal(each, signal.SIG_IGN)
        print("interrupted", file=sys.stderr)
        code.append(128 + number)
        sys.exit(code[0])

    for number in _SIGNALS:
        handler = signal.getsignal(number)
        # Ignored is how nohup and the shell's `&` ask to go on.
        if handler != signal.SIG_IGN:
            with contextlib.suppress(ValueError):  # Not in the main thread.
                before[number] = signal.signal(number, leave)
    try:
        yield
    except Exception:
        if not code:
            raise
        # An import written in C makes another exception of the one that interrupts it.
        sys.exit(code[0])
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) == leave:
                signal.signal(number, handler)


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
            if number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) == signal.SIG_IGN:
                continue  # nohup: the run outlives its terminal.
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
