"""cdc_processing between a workload and its databases, while one after the other of its neighbours is killed."""

from __future__ import annotations

import contextlib
import pathlib
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Callable

import psutil
import requests

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import Stack, temporary_stack
from flinkblocks.stack.postgres import secrets_folder
from flinkblocks.testing import cdc
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.kafka import Topics

BLOCK = "flink/python/cdc_processing"
WORKLOAD = "python/flinkblocks/shop/workload"
# A killed Connect waits for what it has left open to time out, and the machine may have other things to do.
_PATIENCE_S = 300.0
_TICK_S = 0.5


class Pipeline:
    """A stack, a workload on its database, and the block.

    Attributes:
        topics: of the broker.
        block: its present run.
    """

    def __init__(self, stack: Stack, folder: pathlib.Path):
        """Runs nothing yet.

        Args:
            stack: with Kafka, PostgreSQL and Connect.
            folder: for logs and state.
        """
        self._stack, self._folder = stack, folder
        self._exports = {key: value for r in stack.services().values() for key, value in r.exports.items()}
        self._before, self._log = folder / "before.jsonl", folder / "changes.jsonl"
        self._work: subprocess.Popen[str] | None = None
        self._jvms: list[psutil.Process] = []
        self.topics = Topics(stack.services()["kafka"].address)
        self.block: BlockProcess | None = None

    def close(self) -> None:
        """Ends what still runs of workload and block."""
        for process in (self._work, self.block):
            if process is not None:
                process.kill()

    def fill(self, changes: int) -> None:
        """Brings the tables to where the snapshot finds them."""
        self._workload(self._before, "--schema", "--users", 60, "--products", 20, "--changes", changes, "--rate", 0)
        self._end_work()

    def start(self, *flags: object) -> None:
        """Starts the block, and waits until it has read what the snapshot has and a checkpoint holds that."""
        self.block = BlockProcess(
            BLOCK, self._folder / "home", "--duration", 0, "--parallelism", 2, "--state-backend", "rocksdb",
            "--checkpoint-interval", "1s", "--enable-validation", *flags, env=self._exports,
        )  # fmt: skip
        seen = self.block.wait_read(sum(map(len, self._snapshot().values())))
        self.block.wait_checkpoint(more_than=seen["checkpoints"].get("completed") or 0)
        self._jvms += psutil.Process(self.block.process.pid).children(recursive=True)

    def work(self, rate: int) -> None:
        """Starts to change the tables, so many times a second."""
        self._workload(self._log, "--users", 0, "--products", 0, "--seed", 7, "--rate", rate, "--truncates")

    def wait_changes(self, count: int) -> None:
        """Waits until so many changes are committed."""
        _until(lambda: len(_lines(self._log)) >= count or self._work.poll() is not None)
        assert self._work.poll() is None, self._work.stderr.read()

    def stop_work(self) -> None:
        """Ctrl-C to the workload: behind its last transaction the tables stay as they are."""
        self._work.send_signal(signal.SIGINT)
        self._end_work()

    def kill_job(self) -> None:
        """SIGKILL to the block; it goes on from its last checkpoint."""
        self.block.kill()
        self.start("--from-savepoint", "latest")

    def kill_connect(self) -> None:
        """SIGKILL to Connect, and another worker."""
        self._stack.services()["connect"].daemons["connect"].kill()
        self._stack.up("connect")

    def restart_kafka(self) -> None:
        """The broker ends as it should, and comes again."""
        self._restart("kafka")

    def restart_postgres(self) -> None:
        """The server of both databases ends as it should, and comes again."""
        self._restart("postgres")

    def _restart(self, name: str) -> None:
        running = self._stack.services()[name]
        running.daemons[name].stop(running.service.stop_seconds, running.service.stop_signal)
        self._stack.up(name)

    def wait_audit(self) -> None:
        """Waits until the audit trail has a record for each change."""
        count = sum(1 for _ in cdc.audit(self._snapshot(), _lines(self._log)))
        with contextlib.suppress(TimeoutError):  # What is missing is told by `differences`.
            _until(lambda: len(self.topics.read(cdc.AUDIT)) >= count)

    def verify(self) -> str:
        """Waits until the analytics tables equal their queries.

        Returns:
            What --verify says.
        """
        said = []

        def equal() -> bool:
            done = subprocess.run(
                [runfile(BLOCK), "--verify"], env={**java_program_environment(), **self._exports},
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
            )  # fmt: skip
            said[:] = [done.stdout + done.stderr]
            return done.returncode == 0

        with contextlib.suppress(TimeoutError):
            _until(equal)
        return said[0]

    def stop(self) -> dict:
        """Ctrl-C to the block; its summary. No process of it, nor of its earlier runs, is there any more."""
        summary = self.block.stop()
        assert self.block.wait() == 0, self.block.stderr
        assert psutil.wait_procs(self._jvms, timeout=60)[1] == []
        return summary

    def differences(self) -> list[str]:
        """What the outputs tell otherwise than the workload's log."""
        found = {output: [(r.key, r.value) for r in self.topics.read(output)] for output in cdc.MEMBERS}
        print({output: len(records) for output, records in found.items()})
        return cdc.check(found, self._snapshot(), _lines(self._log))

    def dead_letters(self) -> list[bytes]:
        """The first records that the block could not read."""
        return [record.value for record in self.topics.read("cdc-dlq")[:5]]

    def quality_alerts(self) -> list[bytes]:
        """What the block has found wrong; an alert names the change that it is about."""
        return [record.value for record in self.topics.read("data-quality-alerts")]

    def leaks(self) -> list[str]:
        """Where a password is that should not be: in a command line, an answer of Connect's, or a file."""
        folder = secrets_folder(self._stack.folder)
        secrets = [file.read_text(encoding="ascii") for file in folder.iterdir()]
        assert len(secrets) == 3
        places = {f"process {p.pid}": " ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])}
        for what in ("?expand=info&expand=status", "/flinkblocks-cdc/config"):
            places[what] = requests.get(f"{self._exports['CONNECT_URL']}/connectors{what}", timeout=30).text
        for file in self._folder.rglob("*"):
            if file.is_file() and folder not in file.parents:
                places[str(file)] = file.read_bytes().decode("latin-1")
        return [place for place, text in places.items() if any(secret in text for secret in secrets)]

    def _snapshot(self) -> cdc.Rows:
        return cdc.rows_after(_lines(self._before))

    def _end_work(self) -> None:
        _, said = self._work.communicate(timeout=_PATIENCE_S)
        assert self._work.returncode == 0, said

    def _workload(self, log: pathlib.Path, *flags: object) -> None:
        self._work = subprocess.Popen(
            [runfile(WORKLOAD), "--log", str(log), *map(str, flags)], stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env={**java_program_environment(), **self._exports},
        )  # fmt: skip


@contextlib.contextmanager
def pipeline(folder: pathlib.Path) -> Iterator[Pipeline]:
    """A pipeline with a stack of its own; at the end nothing of it runs."""
    with contextlib.ExitStack() as ends:
        stack = ends.enter_context(temporary_stack(folder / "stack", "kafka", "postgres", "connect"))
        yield ends.enter_context(contextlib.closing(Pipeline(stack, folder)))


def disturbed(folder: pathlib.Path, changes: int, rate: int, faults: Sequence[Callable[[Pipeline], None]]) -> None:
    """Disturbs a pipeline while its tables change, and holds all that came out against what must.

    Args:
        folder: for everything.
        changes: how many at least, behind the snapshot.
        rate: of them, per second.
        faults: one after the other, spread over the changes; these go on until all are over.

    Raises:
        AssertionError: something is missing, twice, or wrong.
    """
    with pipeline(folder) as run:
        run.fill(400)
        run.start()
        run.work(rate)
        for number, fault in enumerate(faults, start=1):
            run.wait_changes(changes * number // (len(faults) + 1))
            begin = time.monotonic()
            fault(run)
            print(f"{fault.__name__}: over after {time.monotonic() - begin:.1f} s")
        run.wait_changes(changes)
        run.stop_work()
        run.wait_audit()
        assert run.verify().startswith("EQUAL"), run.verify()
        assert run.leaks() == []
        summary = run.stop()
        assert run.differences() == []
        assert run.dead_letters() == []
        alerts = run.quality_alerts()
        assert len(alerts) == len(set(alerts)) > 0
        assert (summary["ended"], summary["resumed"], summary["accounting"]["adds_up"]) == ("STOPPED", True, True)


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not what was waited for within {_PATIENCE_S} s")
        time.sleep(_TICK_S)


def _lines(log: pathlib.Path) -> list[str]:
    """The whole lines of a log that may be being written."""
    text = log.read_text(encoding="ascii") if log.exists() else ""
    return text.split("\n")[:-1]
