"""The workload of a local run, and behind it the proof that the tables equal their queries."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from typing import Any

from flinkblocks.cdc.database import Database
from flinkblocks.cdc.verify import Comparison, compare
from flinkblocks.console import Gauge
from flinkblocks.errors import UserError
from flinkblocks.runtime import java_program_environment

# From the last change to its effect in the tables it takes moments; on a machine that is busy, more.
_CATCH_UP_S = 120.0
_TICK_S = 0.5
_STOP_S = 20.0


class Play:
    """Plays the workload beside a job; a context manager, at whose end it stops.

    Attributes:
        comparison: of the tables with their queries, once the workload is over.
        problem: what went wrong with the workload or the comparison; empty when nothing did.
    """

    def __init__(self, source: Database, analytics: Database, flags: Any):
        """Starts nothing yet.

        Args:
            source: to change.
            analytics: has the tables.
            flags: of the run: how many changes, how fast, for how long.
        """
        self._source, self._analytics, self._flags = source, analytics, flags
        self.comparison: Comparison | None = None
        self.problem = ""
        self._said = "workload: waits for the job"
        self._over = ""
        self._ended = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._play, name="play", daemon=True)

    def fill(self) -> str:
        """Creates the tables and their first rows, before anyone looks; returns what was done, in words.

        Raises:
            UserError: it cannot be done.
        """
        done = subprocess.run(
            [*self._command(), "--schema", "--changes", "0"], env=self._environment(), stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if done.returncode:
            raise UserError(f"the workload: {_last_line(done.stderr)}", "")
        return _last_line(done.stderr.partition("\n")[0])

    def __enter__(self) -> Play:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._process is not None:
            self._process.terminate()
            self._thread.join(_STOP_S)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def over(self) -> str:
        """Why the run is over; empty before. The first call is what starts the workload."""
        if self._process is None:
            self._process = subprocess.Popen(
                [*self._command(), *self._extent()], env=self._environment(), stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True, start_new_session=True,
            )  # fmt: skip
            self._said = "workload: has begun"
            self._thread.start()
        return self._over

    def gauges(self) -> list[Gauge]:
        """How far it is."""
        return [Gauge("workload", self._said)]

    def _play(self) -> None:
        line = ""
        for line in self._process.stderr:
            self._said = f"workload: {line.strip()}"
        code = self._process.wait()
        if self._ended.is_set():
            return
        if code:
            self._over = self.problem = f"the workload has failed: {line.strip()}"
            return
        try:
            self._prove()
        except UserError as error:
            self._over = self.problem = f"the tables cannot be compared: {error.line}"
        except Exception as error:  # Whatever it is: the run waits for this word.
            self._over = self.problem = f"the tables cannot be compared: {error!r}"

    def _prove(self) -> None:
        """Compares until nothing differs: what the workload did last is still on its way through Kafka and the job."""
        deadline = time.monotonic() + _CATCH_UP_S
        while not self._ended.wait(_TICK_S):
            found = compare(self._source, self._analytics)
            if found.equal or time.monotonic() > deadline:
                self.comparison = found
                self._said = "workload: over"
                equal = "the tables equal their queries" if found.equal else "the tables DIFFER from their queries"
                self._over = f"the workload is over, {equal}"
                return
            self._said = f"workload: over, {found.differences:,} values to come"

    def _command(self) -> list[str]:
        return [
            sys.executable, "-m", "flinkblocks.shop.workload", "--url", self._source.url, "--user", self._source.user,
            "--seed", str(self._flags.seed),
        ]  # fmt: skip

    def _extent(self) -> list[str]:
        words = ["--rate", str(self._flags.rate)]
        if self._flags.changes:
            words += ["--changes", str(self._flags.changes)]
        if self._flags.duration and self._flags.duration.ms:
            words += ["--duration", str(self._flags.duration)]
        return words

    def _environment(self) -> dict[str, str]:
        return {
            **java_program_environment(),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "SOURCE_POSTGRES_PASSWORD": self._source.password.get_secret_value(),
        }


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason is given")
