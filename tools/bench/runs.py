"""One run of one arm: its process, its output, what it took; and nothing left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence

from flinkblocks.errors import UserError
from flinkblocks.runtime import java_program_environment, runfile
from tools.bench import compare
from tools.bench.arms import Arm, State
from tools.bench.probe import Probe, slope
from tools.bench.report import Sample
from tools.bench.suites import Suite

_GENERATOR = "java/io/flinkblocks/generator/generate"
_SHOWN_LINES = 15
_GRACE_SECONDS = 5


@dataclasses.dataclass(frozen=True)
class Input:
    """A file of events.

    Attributes:
        path: of the run that is measured.
        warm_up: the same file by another name: a process that reads it is still warming up.
        events: how many.
    """

    path: pathlib.Path
    warm_up: pathlib.Path
    events: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size


def generate(folder: pathlib.Path, name: str, events: int, seed: int) -> Input:
    """Makes an input, without late and without invalid records: stock operators treat those in other ways.

    Raises:
        UserError: the generator failed.
    """
    path = folder / f"{name}.jsonl"
    # Without episodes there would hardly be a fraud alert to compare.
    traffic = ["--records", str(events), "--seed", str(seed), "--fraud-episodes", "0.01"]
    command = [runfile(_GENERATOR), *traffic, "--output", str(path), "--quiet"]
    with _child(command, folder, folder / "generate.log") as process:
        if process.wait():
            raise UserError(_last_words("the generator", folder / "generate.log"), "see above")
    warm_up = folder / f"{name}-warm-up.jsonl"
    os.link(path, warm_up)
    with open(path, "rb") as f:  # Into the page cache, should it have been written out already.
        while f.read(1 << 20):
            pass
    return Input(path, warm_up, events)


def run(
    arm: Arm,
    suite: Suite,
    workloads: Sequence[str],
    events: Input,
    warm_up_seconds: int,
    state: State,
    folder: pathlib.Path,
) -> tuple[dict[str, compare.Records], Sample | None]:
    """Runs an arm once, in one process.

    Args:
        arm: the arm.
        suite: whose workloads.
        workloads: what to compute, one after the other. Only one can be measured.
        events: the input.
        warm_up_seconds: CPU time that the process spends on other runs before; 0 for none.
        state: where a Flink arm keeps it.
        folder: for whatever the run writes; emptied before and after.

    Returns:
        What it wrote by workload, and what it took per event; None for the latter when the run was too short to
        measure.

    Raises:
        UserError: it failed.
    """
    place = folder / "run"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    log = folder / f"{arm.name}.log"
    command = arm.command(suite, workloads, warm_up_seconds, events.warm_up, events.path, place / "out", state)
    try:
        with _child(command, place, log) as process:
            readings = Probe(process, events.path).readings()
            if process.returncode:
                raise UserError(
                    _last_words(f"the arm {arm.name} ({', '.join(workloads)})", log), "see its last lines above"
                )
        found = slope(readings, events.size)
        bytes_per_event = events.size / events.events
        sample = found and Sample(found.cpu_ns * bytes_per_event, found.wall_ns * bytes_per_event)
        written = {name: compare.read(place / "out" / str(number)) for number, name in enumerate(workloads)}
        return written, sample
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _child(command: list[str], place: pathlib.Path, log: pathlib.Path) -> Iterator[subprocess.Popen]:
    """A process in a session of its own, so that Ctrl-C reaches us alone; none of it is left in the end."""
    environment = {
        **java_program_environment(),
        "TMPDIR": str(place),
        "XDG_STATE_HOME": str(place / "state"),
        "FLINK_LOG_DIR": str(place / "logs"),
    }
    with open(log, "wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """Ends the whole session of a process, workers that have outlived it too."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(who: str, log: pathlib.Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    print("\n".join(lines[-_SHOWN_LINES:]))
    return f"{who} failed"
