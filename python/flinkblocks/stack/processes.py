"""Processes that outlive the command that started them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import psutil

from flinkblocks.stack.service import Account, Command

# Waits for a line, and becomes the program then; without one, as its starter is gone, it ends.
_GATE = ("/bin/sh", "-c", 'read -r _ && exec "$@" </dev/null', "gate")


def become(account: Account | None) -> dict[str, Any]:
    """What subprocess is told to run a program as another user, who then has no other rights than their own."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


@dataclasses.dataclass(frozen=True)
class Daemon:
    """A detached process, told from a later one with the same number by its start time."""

    pid: int
    started: float

    @classmethod
    @contextlib.contextmanager
    def starting(cls, command: Command, log: pathlib.Path) -> Iterator[Daemon]:
        """Starts a command in a session of its own; what it prints is appended to `log`.

        The program begins at the end of the context, when whoever started it has noted what it is. It never does when
        that fails, or is killed before.
        """
        with log.open("ab") as out:
            process = subprocess.Popen(
                [*_GATE, *command.argv],
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=out,
                stderr=out,
                env=command.env,
                start_new_session=True,
                **become(command.account),
            )
        with process.stdin as gate:
            yield cls(process.pid, psutil.Process(process.pid).create_time())
            with contextlib.suppress(BrokenPipeError):  # Someone has ended it already.
                gate.write(b"\n")

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
        """Resident memory, with what its children have for themselves; 0 when it is gone."""
        process = self._process()
        if not process:
            return 0
        size = process.memory_info().rss
        for child in process.children(recursive=True):
            try:
                used = child.memory_info()
            except psutil.NoSuchProcess:
                continue
            # Only Linux tells what is shared; PostgreSQL's buffers would count once for each connection.
            size += used.rss - getattr(used, "shared", 0)
        return size

    def kill(self) -> None:
        """Ends it without warning (SIGKILL) and waits until it is gone."""
        if process := self._process():
            process.kill()
            self._reap(process, 10)

    def stop(self, seconds: float, sign: signal.Signals = signal.SIGTERM) -> None:
        """Asks it to end, waits, and kills it after `seconds`."""
        if process := self._process():
            process.send_signal(sign)
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
