"""Measures a process from outside: CPU and wall time per byte of the input file that it reads.

Every arm reads its input once, in order, with read(2); how far it has come is the position of its file descriptor
(/proc/<pid>/fdinfo). CPU time is that of the process and all its children, by their CPU clocks. Nothing of this
touches the arm, and it is the same for all of them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import time
from collections.abc import Iterator

import psutil

#: The part of the input between whose ends is measured: start-up lies before it, the end of the job behind it. A Flink
#: in the same process goes on starting for a moment when its job already reads.
STEADY = (0.4, 0.97)

_POLL_SECONDS = 0.01
_SEARCH_SECONDS = 0.1
_ATTEMPTS = 5


@dataclasses.dataclass(frozen=True)
class Reading:
    """Where a process stood when it had just read on.

    Attributes:
        position: bytes of the input that were read.
        cpu_ns: CPU time of the process tree so far.
        wall_ns: a clock.
    """

    position: int
    cpu_ns: int
    wall_ns: int


@dataclasses.dataclass(frozen=True)
class Slope:
    """What the steady part of a run took.

    Attributes:
        cpu_ns: per byte of input.
        wall_ns: per byte of input.
        share: of the input that was measured over, 0 to 1.
    """

    cpu_ns: float
    wall_ns: float
    share: float


def slope(readings: list[Reading], size: int) -> Slope | None:
    """CPU and wall time per byte between the first and the last reading of the steady part.

    Args:
        readings: in their order.
        size: of the input in bytes.

    Returns:
        The slope; None when there are no two readings with half of the steady part between them.
    """
    steady = [r for r in readings if STEADY[0] * size <= r.position <= STEADY[1] * size]
    if len(steady) < 2:
        return None
    first, last = steady[0], steady[-1]
    count = last.position - first.position
    if count < (STEADY[1] - STEADY[0]) / 2 * size:
        return None
    return Slope((last.cpu_ns - first.cpu_ns) / count, (last.wall_ns - first.wall_ns) / count, count / size)


class Probe:
    """Follows one process until it ends."""

    def __init__(self, process: subprocess.Popen, path: pathlib.Path):
        """Takes a process that has just been started, and the input that is measured over."""
        self._process = process
        self._path = os.path.realpath(path)
        # CPU time by process id; of those that have ended the last that was seen.
        self._cpu: dict[int, int] = {}

    def readings(self) -> list[Reading]:
        """Waits for the process to end; returns its way through the input."""
        best: list[Reading] = []
        while self._process.poll() is None:
            info = self._find()
            if info is None:
                time.sleep(_SEARCH_SECONDS)
                continue
            found = list(self._follow(info))
            if len(found) > len(best):
                best = found
        return best

    def _pids(self) -> list[int]:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            return [root.pid, *(child.pid for child in root.children(recursive=True))]
        return []

    def _find(self) -> str | None:
        """The fdinfo file of the open input."""
        for pid in self._pids():
            with contextlib.suppress(OSError):
                for fd in os.listdir(f"/proc/{pid}/fd"):
                    with contextlib.suppress(OSError):
                        if os.readlink(f"/proc/{pid}/fd/{fd}") == self._path:
                            return f"/proc/{pid}/fdinfo/{fd}"
        return None

    def _follow(self, info: str) -> Iterator[Reading]:
        """A reading each time the process has read on, until it closes the file.

        Between two reads a process works on what it has; only at a read does its position tell how far it is.
        """
        pids, before, searched = self._pids(), -1, time.monotonic()
        while True:
            if time.monotonic() - searched > 1:
                pids, searched = self._pids(), time.monotonic()
            try:
                reading = self._reading(info, pids)
            except OSError:
                return
            if reading.position != before:
                before = reading.position
                yield reading
            time.sleep(_POLL_SECONDS)

    def _reading(self, info: str, pids: list[int]) -> Reading:
        """One moment; should the process have read on meanwhile, another one."""
        position = _position(info)
        for _ in range(_ATTEMPTS):
            reading = Reading(position, self._cpu_ns(pids), time.monotonic_ns())
            position = _position(info)
            if position == reading.position:
                break
        return reading

    def _cpu_ns(self, pids: list[int]) -> int:
        for pid in pids:
            # The CPU clock of a process, as clock_getcpuclockid(3) makes it.
            with contextlib.suppress(OSError):
                self._cpu[pid] = time.clock_gettime_ns((~pid << 3) | 2)
        return sum(self._cpu.values())


def _position(info: str) -> int:
    with open(info) as f:
        return int(f.readline().split()[1])
