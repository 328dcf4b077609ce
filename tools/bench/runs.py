"""One run of one arm: its process, its output, what it took; and nothing left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from flinkblocks.errors import UserError
from flinkblocks.runtime import java_program_environment, runfile
from tools.bench import changes, compare
from tools.bench.arms import Arm, State, command
from tools.bench.probe import Probe, slope
from tools.bench.report import Sample
from tools.bench.suites import Suite

_GENERATOR = "java/io/flinkblocks/generator/generate"
_SHOWN_LINES = 15
_GRACE_SECONDS = 5


@dataclasses.dataclass(frozen=True)
class Input:
    """A file of events, or a folder with a file of changes for each table.

    Attributes:
        path: of the run that is measured.
        warm_up: the same by another name: a process that reads it is still warming up.
        events: how many were asked for.
        followed: the file that tells how far a run is: the events, or the largest table's changes.
        lines: of that file.
    """

    path: pathlib.Path
    warm_up: pathlib.Path
    events: int
    followed: pathlib.Path
    lines: int

    @property
    def size(self) -> int:
        """Bytes of the file that is followed."""
        return self.followed.stat().st_size

    @property
    def line_bytes(self) -> float:
        """The mean of that file."""
        return self.size / self.lines


def generate(suite: Suite, folder: pathlib.Path, name: str, events: int, seed: int) -> Input:
    """Makes an input, without late and without invalid records: stock operators treat those in other ways.

    Raises:
        UserError: the generator failed.
    """
    made = (_changes if suite.tables else _events)(folder, name, events, seed)
    with open(made.followed, "rb") as f:  # Into the page cache, should it have been written out already.
        while f.read(1 << 20):
            pass
    return made


def _changes(folder: pathlib.Path, name: str, count: int, seed: int) -> Input:
    path, warm_up = folder / name, folder / f"{name}-warm-up"
    path.mkdir()
    warm_up.mkdir()
    lines = changes.write(path, count, seed)
    for file in path.iterdir():
        os.link(file, warm_up / file.name)
    return Input(path, warm_up, count, path / changes.FILES["orders"], lines["orders"])


def _events(folder: pathlib.Path, name: str, events: int, seed: int) -> Input:
    path = folder / f"{name}.jsonl"
    # Without episodes there would hardly be a fraud alert to compare.
    traffic = ["--records", str(events), "--seed", str(seed), "--fraud-episodes", "0.01"]
    generator = [runfile(_GENERATOR), *traffic, "--output", str(path), "--quiet"]
    with _child(generator, folder, folder / "generate.log") as process:
        if process.wait():
            raise UserError(_last_words("the generator", folder / "generate.log"), "see above")
    warm_up = folder / f"{name}-warm-up.jsonl"
    os.link(path, warm_up)
    return Input(path, warm_up, events, path, events)


def run(
    programs: Mapping[Arm, Sequence[str]],
    suite: Suite,
    events: Input,
    warm_up_seconds: int,
    state: State,
    folder: pathlib.Path,
    *,
    writes: bool,
) -> tuple[dict[Arm, dict[str, compare.Records]], Sample | None]:
    """Runs an arm once, or several Java arms one after the other, in one process.

    Args:
        programs: by arm, the workloads to compute one after the other. Only one of one arm can be measured.
        suite: whose workloads.
        events: the input.
        warm_up_seconds: CPU time that the process spends on other runs before; 0 for none.
        state: where a Flink arm keeps it.
        folder: for whatever the run writes; emptied before and after.
        writes: whether it writes its records.

    Returns:
        What each wrote by workload, if it did, and what it took per event; None for the latter when the run was too
        short to measure.

    Raises:
        UserError: it failed.
    """
    place = folder / "run"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    names = ", ".join(arm.name for arm in programs)
    log = folder / f"{names.replace(', ', '+')}.log"
    inputs = events.warm_up, events.path
    calls = {
        arm: arm.arguments(suite, workloads, warm_up_seconds, *inputs, place / arm.name, state, writes=writes)
        for arm, workloads in programs.items()
    }
    try:
        with _child(command(calls), place, log) as process:
            readings = Probe(process, events.followed).readings()
            if process.returncode:
                told = ", ".join(dict.fromkeys(name for workloads in programs.values() for name in workloads))
                raise UserError(_last_words(f"{names} ({told})", log), "see its last lines above")
        found = slope(readings, events.size)
        sample = found and Sample(found.cpu_ns * events.line_bytes, found.wall_ns * events.line_bytes)
        if not writes:
            return {}, sample
        read = compare.read_tables if suite.tables else compare.read
        written = {
            arm: {name: read(place / arm.name / str(number)) for number, name in enumerate(workloads)}
            for arm, workloads in programs.items()
        }
        return written, sample
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _child(argv: list[str], place: pathlib.Path, log: pathlib.Path) -> Iterator[subprocess.Popen]:
    """A process in a session of its own, so that Ctrl-C reaches us alone; none of it is left in the end."""
    environment = {
        **java_program_environment(),
        "TMPDIR": str(place),
        "XDG_STATE_HOME": str(place / "state"),
        "FLINK_LOG_DIR": str(place / "logs"),
    }
    with open(log, "wb") as out:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
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
