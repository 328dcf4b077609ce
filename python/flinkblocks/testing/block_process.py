"""A block run as its users run it: a process of its own, seen through its console's JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping

import psutil

from flinkblocks.runtime import java_program_environment, runfile

_PATIENCE_S = 180.0
_RECENT = 20


class BlockProcess:
    """One run of a block. Use as a context manager: whatever happens, nothing of it keeps running."""

    def __init__(self, target: str, home: pathlib.Path, *args: object, env: Mapping[str, str] | None = None):
        """Starts it.

        Args:
            target: the program below the workspace, `flink/python/streaming_analytics`.
            home: its home folder, which holds its state and logs.
            *args: its flags.
            env: variables of its environment beside those it has by itself.
        """
        home.mkdir(parents=True, exist_ok=True)
        its = {**java_program_environment(), "HOME": str(home), "XDG_STATE_HOME": str(home / "state"), **(env or {})}
        # What a job in the test's own process has set, PyFlink's variables among it.
        for name in (
            "FLINK_LOG_DIR", "FLINK_IDENT_STRING", "FLINK_LIB_DIR", "PYFLINK_GATEWAY_DISABLED",
            "TEST_UNDECLARED_OUTPUTS_DIR",
        ):  # fmt: skip
            its.pop(name, None)
        self.process = subprocess.Popen(
            [runfile(target), "--console", "json", *map(str, args)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=its, cwd=home,
            start_new_session=True,
        )  # fmt: skip
        self._lines: queue.Queue[dict | None] = queue.Queue()
        self._said: list[str] = []
        self._errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=lambda: self._errors.extend(self.process.stderr), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> BlockProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def stderr(self) -> str:
        """What it has written to standard error."""
        return "".join(self._errors)

    def objects(self) -> Iterator[dict]:
        """The console's objects as they come, until it ends.

        Raises:
            AssertionError: none came for minutes.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                found = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not what was waited for within {_PATIENCE_S} s: {self._story()}") from None
            if found is None:
                self._lines.put(None)  # For whoever asks again.
                return
            yield found

    def wait_read(self, count: int) -> dict:
        """The first snapshot that has taken in so many records."""
        for found in self.objects():
            if found["type"] == "snapshot" and (found.get("records_in") or 0) >= count:
                return found
        raise AssertionError(f"ended before it had read {count}: {self._story()}")

    def wait_checkpoint(self, more_than: int = 0) -> dict:
        """The first snapshot with a further completed checkpoint."""
        for found in self.objects():
            if found["type"] == "snapshot" and (found["checkpoints"].get("completed") or 0) > more_than:
                return found
        raise AssertionError(f"ended before a checkpoint: {self._story()}")

    def stop(self) -> dict:
        """Ctrl-C; returns the summary of the clean end."""
        self.process.send_signal(signal.SIGINT)
        return self.summary()

    def summary(self) -> dict:
        """Waits for the end; returns the summary."""
        summary = None
        for found in self.objects():
            summary = found if found["type"] == "summary" else summary
        self.process.wait(60)
        if summary is None:
            raise AssertionError(f"ended without a summary: {self._story()}")
        return summary

    def wait(self) -> int:
        """Waits for the end; returns the exit code."""
        for _ in self.objects():
            pass
        code = self.process.wait(60)
        for reader in self._readers:
            reader.join(10)
        return code

    def told(self) -> list[str]:
        """The last lines that it has written to standard output."""
        return self._said[-_RECENT:]

    def said(self) -> str:
        """All that it has written, to standard output and to standard error."""
        return "".join(self._said) + self.stderr

    def kill_jvm(self) -> None:
        """SIGKILL to its JVM alone."""
        for child in psutil.Process(self.process.pid).children():
            child.kill()

    def kill(self) -> None:
        """SIGKILL to the driver and its JVM at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def _read_out(self) -> None:
        for line in self.process.stdout:
            self._said.append(line)
            try:
                self._lines.put(json.loads(line))
            except ValueError:
                self._errors.append(f"not JSON on standard output: {line}")
        self._lines.put(None)

    def _story(self) -> str:
        return f"exit code {self.process.poll()}\n{''.join(self.told())}\n{self.stderr}"
