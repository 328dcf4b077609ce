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

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import Stack, temporary_stack
from flinkblocks.testing import cdc
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.kafka import Topics
from flinkblocks.testing.waiting import PATIENCE_S, until
from testing_places import Place, connect_answers, files, flink_answers, processes

BLOCK = "flink/python/cdc_processing"
WORKLOAD = "python/flinkblocks/shop/workload"
# Below the folder of the stack's PostgreSQL: the passwords of the roles, and the superuser's.
_SECRETS = ("secrets", "superuser")


class Pipeline:
    """A stack, a workload on its database, and the block.

    Attributes:
        topics: of the broker.
        block: its present run.
    """

    def __init__(self, stack: Stack, folder: pathlib.Path, *flags: object):
        """Runs nothing yet.

        Args:
            stack: with Kafka, PostgreSQL and Connect.
            folder: for logs and state; the stack's is below it.
            *flags: of each run of the block.
        """
        self._stack, self._folder, self._flags = stack, folder, flags
        self._exports = stack.exports()
        self._before, self._log = folder / "before.jsonl", folder / "changes.jsonl"
        self._work: subprocess.Popen[str] | None = None
        self._runs: list[BlockProcess] = []
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
            "--checkpoint-interval", "1s", "--enable-validation", *self._flags, *flags,
            env=self._exports,
        )  # fmt: skip
        self._runs.append(self.block)
        seen = self.block.wait_read(sum(map(len, self._snapshot().values())))
        self.block.wait_checkpoint(more_than=seen["checkpoints"].get("completed") or 0)
        self._jvms += psutil.Process(self.block.process.pid).children(recursive=True)

    def work(self, rate: int) -> None:
        """Starts to change the tables, so many times a second."""
        self._workload(self._log, "--users", 0, "--products", 0, "--seed", 7, "--rate", rate, "--truncates")

    def wait_changes(self, count: int) -> None:
        """Waits until so many changes are committed."""
        until(lambda: len(_lines(self._log)) >= count or self._work.poll() is not None)
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

    def kill_taskmanager(self) -> None:
        """SIGKILL to the cluster's TaskManager, and another one."""
        self._stack.services()["flink"].daemons["taskmanager"].kill()
        self._stack.up("flink")

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
            until(lambda: len(self.topics.read(cdc.AUDIT)) >= count)

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
            until(equal)
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
        """Where a password is that should not be: of processes, answers over REST, files, and what the block says."""
        service = self._stack.folder / "postgres"
        # What they begin with: answers in JSON would have escaped the rest.
        secrets = {str(file): file.read_bytes()[:16] for folder in _SECRETS for file in (service / folder).iterdir()}
        assert len(secrets) == 4
        found = [place for place, text in self._places() if any(secret in text for secret in secrets.values())]
        assert set(secrets) <= set(found), "who does not find them where they are, finds them nowhere"
        return [place for place in found if place not in secrets]

    def _places(self) -> Iterator[Place]:
        yield from processes()
        yield from connect_answers(self._exports["CONNECT_URL"])
        if "FLINK_REST" in self._exports:
            yield from flink_answers(self._exports["FLINK_REST"])
        yield from ((f"what run {n} of the block says", run.said().encode()) for n, run in enumerate(self._runs, 1))
        # The server's own folder may be elsewhere.
        yield from files(self._folder, (self._stack.folder / "postgres" / "home").resolve())

    def _snapshot(self) -> cdc.Rows:
        return cdc.rows_after(_lines(self._before))

    def _end_work(self) -> None:
        _, said = self._work.communicate(timeout=PATIENCE_S)
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


def _lines(log: pathlib.Path) -> list[str]:
    """The whole lines of a log that may be being written."""
    text = log.read_text(encoding="ascii") if log.exists() else ""
    return text.split("\n")[:-1]
