"""The process of a Python arm: how it is called, and the runs that warm it up.

BLOCK WORKLOADS WARM_UP_SECONDS WARM_UP_INPUT INPUT OUTPUT STATE_BACKEND CHECKPOINT_SECONDS, as for a Java arm: a
workload is its analyses, with + between them, or nothing to parse alone; then, with spaces between them, flags of the
block. Workloads have a semicolon between them, and run one after the other. The first one's outputs are in OUTPUT/0.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Callable, Sequence

import psutil


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of an arm over one file.

    Attributes:
        block: whose analyses.
        analyses: what to compute; none to parse alone.
        flags: of the block, where they are not the defaults.
        path: of the input, JSON lines.
        out: a folder; each output is a folder in it, with files of JSON lines.
        backend: hashmap or rocksdb, as Flink calls them.
        checkpoint_seconds: between checkpoints; 0 for none.
    """

    block: str
    analyses: tuple[str, ...]
    flags: tuple[str, ...]
    path: str
    out: pathlib.Path
    backend: str
    checkpoint_seconds: int

    @property
    def checkpoints(self) -> pathlib.Path:
        """A folder beside the output."""
        return self.out.with_name(f"{self.out.name}-state")


def serve(run: Callable[[Run], None], args: Sequence[str]) -> None:
    """For each workload warms up in this process, then makes the run that is measured.

    Args:
        run: runs the arm once; raises when it fails.
        args: of the process.
    """
    block, workloads, seconds, warm_up, path, out, backend, checkpoint_seconds = args
    for number, workload in enumerate(workloads.split(";")):
        names, *flags = workload.split(" ")
        analyses = tuple(names.split("+")) if names else ()
        folder = pathlib.Path(out) / str(number)
        measured = Run(block, analyses, tuple(flags), path, folder, backend, int(checkpoint_seconds))
        before = dataclasses.replace(measured, path=warm_up)
        start = cpu_seconds()
        while cpu_seconds() - start < int(seconds):
            run(before)
        run(measured)


def cpu_seconds() -> float:
    """CPU time of this process, its JVM and its workers so far."""
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(each.user + each.system for each in times)
