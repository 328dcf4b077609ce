"""Processes that outlive the command that started them."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
from collections.abc import Mapping, Sequence

import psutil


@dataclasses.dataclass(frozen=True)
class Daemon:
    """A detached process, told from a later one with the same number by its start time."""

    pid: int
    started: float

    @classmethod
    def start(cls, argv: Sequence[str], log: pathlib.Path, env: Mapping[str, str] | None = None) -> Daemon:
        """Starts `argv` in a session of its own; what it prints is appended to `log`."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True
            )
        return cls(process.pid, psutil.Process(process.pid).create_time())

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            alive = process.create_time() == self.started and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if alive else None

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return self._process() is not None

    def resident_bytes(self) -> int:
        """Resident memory, 0 when it is gone."""
        process = self._process()
        return process.memory_info().rss if process else 0

    def kill(self) -> None:
        """Ends it without warning (SIGKILL) and waits until it is gone."""
        if process := self._process():
            process.kill()
            self._reap(process, 10)

    def stop(self, seconds: float) -> None:
        """Asks it to end (SIGTERM), waits, and kills it after `seconds`."""
        if process := self._process():
            process.terminate()
            if not self._reap(process, seconds):
                self.kill()

    @staticmethod
    def _reap(process: psutil.Process, seconds: float) -> bool:
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            return False
        except psutil.NoSuchProcess:
            pass
        return True


def tail(path: pathlib.Path, lines: int) -> str:
    """The last lines of a log, read from its end."""
    if not path.exists():
        return ""
    with path.open("rb") as f:
        size = f.seek(0, os.SEEK_END)
        f.seek(max(0, size - 400 * lines))
        text = f.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])
