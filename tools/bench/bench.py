"""How fast the blocks are, beside what one could write instead: `bazel run //tools/bench -- streaming_analytics`.

Every arm computes the same from the same file: marginal CPU and wall time per event inside warm runs, arms
interleaved (A B B A), medians with their spread. All outputs are compared before a figure is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
import tempfile
from collections.abc import Sequence

from rich.console import Console

from flinkblocks.errors import UserError, main_guard
from flinkblocks.run.signals import leaving_on_signals
from tools.bench import report, runs
from tools.bench.arms import ARMS, WORKLOADS, Arm
from tools.bench.compare import Records, differences
from tools.bench.figures import interleaved

_BLOCKS = ("streaming_analytics",)
_OURS = ARMS[0]


def main(argv: list[str]) -> None:
    """Runs the benchmark as the command line says.

    Raises:
        UserError: an arm failed, or two arms do not agree.
    """
    options = _parse(argv)
    chosen = [arm for arm in ARMS if arm.name in options.arms]
    about = {"machine": report.machine()}
    with tempfile.TemporaryDirectory(prefix="flinkblocks-bench-", dir=options.work_path) as folder:
        bench = Bench(pathlib.Path(folder), options)
        results = [bench.measure(workload, chosen) for workload in options.workloads]
        about["settings"] = bench.settings()
    if options.markdown:
        print(report.markdown(results, about))
    else:
        # Where there is no terminal, the table need not fit into one.
        report.show(results, about, Console(width=None if sys.stdout.isatty() else 140))
    if options.json:
        _at_the_caller(options.json).write_text(json.dumps(report.to_json(results, about), indent=2) + "\n")


class Bench:
    """The runs of one benchmark."""

    def __init__(self, folder: pathlib.Path, options: argparse.Namespace):
        """Generates the inputs.

        Args:
            folder: for inputs and outputs.
            options: the command line's.
        """
        self._folder = folder
        self._options = options
        _say(f"generating {options.events:,} events")
        self._events = runs.generate(folder, "events", options.events, options.seed)
        self._few = runs.generate(folder, "few-events", options.slow_events, options.seed)

    def settings(self) -> dict[str, object]:
        """What was asked for, for the report."""
        names = ("events", "slow_events", "seed", "pairs", "warm_up")
        return {
            **{name: getattr(self._options, name) for name in names},
            "event_bytes": self._events.size / self._events.events,
        }

    def measure(self, workload: str, chosen: Sequence[Arm]) -> report.Result:
        """Runs all arms that know a workload.

        Raises:
            UserError: an arm failed, or did not write what the first one wrote.
        """
        arms = [arm for arm in chosen if workload in arm.workloads]
        expected = self._agreed(workload, arms)
        samples: dict[Arm, list[report.Sample | None]] = {arm: [] for arm in arms}
        found: dict[str, Records] = {}
        for number, arm in interleaved(arms, self._options.pairs):
            events = self._input(arm)
            written, sample = runs.run(arm, workload, events, self._options.warm_up, self._folder)
            self._compare(arm, workload, expected.setdefault(events, written), written)
            samples[arm].append(sample)
            found.setdefault(arm.name, written)
            took = f"{sample.cpu_ns:,.0f} ns CPU, {sample.wall_ns:,.0f} ns wall per event" if sample else "too short"
            _say(f"{workload}, run {number + 1} of {self._options.pairs}: {arm.title}: {took}")
        return report.Result(
            workload,
            samples,
            {arm.name: self._input(arm).events for arm in arms},
            {name: records.canonical().digest for name, records in found.items()},
            {name: records.count for name, records in found.items()},
        )

    def _input(self, arm: Arm) -> runs.Input:
        return self._few if arm.slow else self._events

    def _agreed(self, workload: str, arms: Sequence[Arm]) -> dict[runs.Input, Records]:
        """Lets all arms run over the few events, cold, and compares: a long run should not fail at its end.

        Returns:
            What the runs over the few events have to write, too.
        """
        expected: Records | None = None
        for arm in arms:
            _say(f"{workload}, comparing the records of {self._few.events:,} events: {arm.title}")
            written, _ = runs.run(arm, workload, self._few, 0, self._folder)
            expected = expected or written
            self._compare(arm, workload, expected, written)
        return {self._few: expected} if expected else {}

    def _compare(self, arm: Arm, workload: str, expected: Records, found: Records) -> None:
        exact = arm.exact and expected.exact
        told = differences(expected, found) if exact else differences(expected.canonical(), found.canonical())
        if told:
            print("\n".join(told))
            raise UserError(
                f"{arm.name} did not write the records of {_OURS.name} for {workload}",
                "no figure counts before it does",
            )
        if not found.count:
            raise UserError(f"{arm.name} wrote nothing for {workload}", "ask for more --events")


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench",
        description=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        epilog="Exit code: 0 done; 1 an arm failed, or arms do not agree; 2 wrong call; 130 interrupted.",
    )
    arms = [arm.name for arm in ARMS]
    parser.add_argument("block", choices=_BLOCKS, help="the block to measure")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="what to compute")
    parser.add_argument(
        "--arms", nargs="+", choices=arms, default=arms, help="ways to compute it; ours-java is always there"
    )
    parser.add_argument("--events", type=_count, default=3_000_000, help="events of the input, 310 bytes each")
    parser.add_argument("--slow-events", type=_count, default=50_000, help="events of plain PyFlink's input")
    parser.add_argument("--pairs", type=_count, default=5, help="measured runs of each arm")
    parser.add_argument(
        "--warm-up", type=_seconds, default=20, help="seconds of CPU time for other runs in each process before"
    )
    parser.add_argument("--seed", type=int, default=42, help="of the events")
    parser.add_argument(
        "--work-path", type=_folder, default=None, help="folder for inputs and outputs, else the system's"
    )
    parser.add_argument("--markdown", action="store_true", help="print the report as Markdown")
    parser.add_argument("--json", metavar="FILE", default=None, help="write all figures to this file")
    options = parser.parse_args(argv)
    options.arms = {*options.arms, _OURS.name}
    return options


def _count(text: str) -> int:
    if not text.replace("_", "").isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of seconds")
    return int(text)


def _folder(text: str) -> str:
    path = _at_the_caller(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"'{text}' is no folder")
    return str(path)


def _at_the_caller(path: str) -> pathlib.Path:
    """Bazel runs a program in another folder and leaves word which one the user is in."""
    return pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", "")) / path


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    with leaving_on_signals():
        sys.exit(main_guard(main)())
