"""The arms: what is compared, and the command that runs each."""

from __future__ import annotations

import dataclasses
import functools
import glob
import os
import pathlib
import sys
from collections.abc import Mapping, Sequence

import yaml

from flinkblocks.runtime import java_home, runfile
from tools.bench.suites import Suite

#: Flink's names of the state backends.
BACKENDS = {"heap": "hashmap", "rocksdb": "rocksdb"}

_CONF = "flink/conf/local/config.yaml"
_JAR = "tools/bench/arms_deploy.jar"
_MAIN = "io.flinkblocks.bench.Arms"


@dataclasses.dataclass(frozen=True)
class State:
    """Where the Flink arms keep their state.

    Attributes:
        backend: one of BACKENDS.
        checkpoint_seconds: between checkpoints; 0 for none before the end.
    """

    backend: str
    checkpoint_seconds: int

    def __str__(self) -> str:
        """For people."""
        every = f"a checkpoint every {self.checkpoint_seconds} s" if self.checkpoint_seconds else "no checkpoints"
        return f"{self.backend} state, {every}"


@dataclasses.dataclass(frozen=True)
class Arm:
    """One way to compute the workloads.

    Attributes:
        name: for flags and JSON.
        title: for people.
        program: the name of a Java arm, or a Python program below this folder and what it is called with.
        exact: whether its records are ours to the byte; others are compared in canonical form.
        slow: whether it gets the shorter input.
        omits: what it does not do, for the report.
    """

    name: str
    title: str
    program: tuple[str, ...]
    exact: bool = False
    slow: bool = False
    omits: str = ""

    @property
    def is_java(self) -> bool:
        """Whether several of its kind can run in one process."""
        return not self.program[0].endswith(".py")

    def arguments(
        self,
        suite: Suite,
        workloads: Sequence[str],
        warm_up_seconds: int,
        warm_up: pathlib.Path,
        run: pathlib.Path,
        out: pathlib.Path,
        state: State,
        *,
        writes: bool,
    ) -> list[str]:
        """For each workload warm-up runs for some seconds, then one over the input that is measured.

        Outputs go to folders of `out` that are called by the workload's number, from 0; nowhere unless it writes.
        """
        end = "" if writes else " --discard"
        named = ";".join(f"{suite.workloads[workload]}{end}" for workload in workloads)
        paths = [str(path) for path in (warm_up, run, out)]
        state_words = [BACKENDS[state.backend], str(state.checkpoint_seconds)]
        _, *others = self.program
        return [*others, suite.block, named, str(warm_up_seconds), *paths, *state_words]


#: In the order of the report. The first is what the others are compared with.
ARMS = (
    Arm("ours-java", "ours, Java main", ("ours",), exact=True),
    Arm("ours-java-again", "ours, Java main again (A/A)", ("ours",), exact=True),
    Arm("ours-python", "ours, Python driver", ("ours_python.py", "java"), exact=True),
    Arm("engine-python", "ours, Python engine", ("ours_python.py", "python"), exact=True, slow=True),
    Arm(
        "stock",
        "competent Java DataStream job",
        ("stock",),
        omits="accounting, retractions and revisions, the exact verdict on invalid records; lateness depends on the "
        "wall clock",
    ),
    Arm(
        "sql",
        "stock Flink SQL",
        ("sql",),
        omits="validation, dead letters, late events, accounting",
    ),
    Arm(
        "sql-without-doubles",
        "Flink SQL, a change that comes twice counts once",
        ("sql-without-doubles",),
        omits="validation, dead letters, accounting",
    ),
    Arm(
        "sql-tuned",
        "Flink SQL, object reuse and projection",
        ("sql-tuned",),
        omits="as stock SQL",
    ),
    Arm(
        "sql-mini-batch",
        "Flink SQL, object reuse, projection, mini-batches",
        ("sql-mini-batch",),
        omits="as stock SQL",
    ),
    Arm(
        "pyflink",
        "plain PyFlink",
        ("pyflink_arm.py",),
        slow=True,
        omits="accounting, `late_by_ms`, reasons of dead letters",
    ),
    Arm(
        "floor",
        "floor: plain Java loop, no Flink",
        ("floor",),
        exact=True,
        omits="network, state, checkpoints, accounting, late events",
    ),
)


def command(calls: Mapping[Arm, Sequence[str]]) -> list[str]:
    """The command line of a process.

    Args:
        calls: by arm, its arguments; several Java arms run one after the other, a Python arm is the only one.
    """
    first = next(iter(calls))
    if not first.is_java:
        return [sys.executable, runfile(f"tools/bench/{first.program[0]}"), *calls[first]]
    words = [word for arm, arguments in calls.items() for word in ("--", arm.program[0], *arguments)]
    return [f"{java_home()}/bin/java", *java_options(), "-cp", classpath(), _MAIN, *words[1:]]


@functools.lru_cache
def java_options() -> tuple[str, ...]:
    """The JVM of the blocks, for every arm: heap, collector, opened packages."""
    with open(runfile(_CONF), encoding="utf-8") as f:
        return tuple(yaml.safe_load(f)["env"]["java"]["opts"]["all"].split())


def classpath() -> str:
    """The arms, and the Flink of the Python lock with its SQL."""
    import pyflink  # late: --help does not need it

    jars = sorted(glob.glob(os.path.join(os.path.dirname(pyflink.__file__), "lib", "*.jar")))
    return os.pathsep.join([runfile(_JAR), *jars])
