"""The arms: what is compared, and the command that runs each."""

from __future__ import annotations

import dataclasses
import functools
import glob
import os
import pathlib
import sys

import yaml

from flinkblocks.runtime import java_home, runfile

#: The workloads: which analyses of the block run.
WORKLOADS = ("revenue", "popularity", "sessions", "fraud", "all")

_CONF = "flink/conf/local/config.yaml"
_JAR = "tools/bench/arms_deploy.jar"
_MAIN = "io.flinkblocks.bench.Arms"


@dataclasses.dataclass(frozen=True)
class Arm:
    """One way to compute the workloads.

    Attributes:
        name: for flags and JSON.
        title: for people.
        workloads: those that it can say the same as the contract.
        program: the name of a Java arm, or the Python program below this folder.
        exact: whether its records are ours to the byte; others are compared in canonical form.
        slow: whether it gets the shorter input.
        omits: what it does not do, for the report.
    """

    name: str
    title: str
    workloads: tuple[str, ...]
    program: str
    exact: bool = False
    slow: bool = False
    omits: str = ""

    def command(self, workload: str, warm_up_seconds: int, warm_up: pathlib.Path, run: pathlib.Path, out: pathlib.Path):
        """The command line: warm-up runs for some seconds, then one run over the input that is measured."""
        args = [workload, str(warm_up_seconds), str(warm_up), str(run), str(out)]
        if self.program.endswith(".py"):
            return [sys.executable, runfile(f"tools/bench/{self.program}"), *args]
        return [f"{java_home()}/bin/java", *java_options(), "-cp", classpath(), _MAIN, self.program, *args]


#: In the order of the report. The first is what the others are compared with.
ARMS = (
    Arm("ours-java", "ours, Java main", WORKLOADS, "ours", exact=True),
    Arm("ours-java-again", "ours, Java main again (A/A)", WORKLOADS, "ours", exact=True),
    Arm("ours-python", "ours, Python driver", WORKLOADS, "ours_python.py", exact=True),
    Arm(
        "stock",
        "competent Java DataStream job",
        WORKLOADS,
        "stock",
        omits="accounting, retractions, the exact verdict on invalid records; lateness depends on the wall clock",
    ),
    Arm(
        "sql",
        "stock Flink SQL",
        ("revenue", "popularity", "sessions"),
        "sql",
        omits="validation, dead letters, late events, accounting",
    ),
    Arm(
        "sql-tuned",
        "Flink SQL, object reuse and projection",
        ("revenue", "popularity", "sessions"),
        "sql-tuned",
        omits="as stock SQL",
    ),
    Arm(
        "pyflink",
        "plain PyFlink",
        ("revenue",),
        "pyflink_arm.py",
        slow=True,
        omits="accounting, `late_by_ms`, reasons of dead letters",
    ),
    Arm(
        "floor",
        "floor: plain Java loop, no Flink",
        WORKLOADS,
        "floor",
        exact=True,
        omits="network, state, checkpoints, accounting, late events",
    ),
)


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
