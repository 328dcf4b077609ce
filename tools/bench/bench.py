"""How fast the blocks are, beside what one could write instead: `bazel run //tools/bench -- streaming_analytics`.

Every arm computes the same from the same file: marginal CPU and wall time per event inside warm runs, arms
interleaved (A B B A), medians with their spread. All outputs are compared before a figure is printed.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import pathlib
import sys
import tempfile

from rich.console import Console

from flinkblocks.errors import UserError, main_guard
from flinkblocks.run.signals import leaving_on_signals
from tools.bench import report, runs
from tools.bench.arms import ARMS, BACKENDS, Arm, State
from tools.bench.compare import Records, differences
from tools.bench.figures import interleaved
from tools.bench.suites import SUITES, Suite

_OURS = ARMS[0]


def main(argv: list[str]) -> None:
    """Runs the benchmark as the command line says.

    Raises:
        UserError: an arm failed, or two arms do not agree.
    """
    options = _parse(argv)
    about = {"machine": report.machine()}
    with tempfile.TemporaryDirectory(prefix="flinkblocks-bench-", dir=options.work_path) as folder:
        bench = Bench(pathlib.Path(folder), options)
        agreements = bench.check()
        if options.check:
            print("\n".join(report.agreed(agreements)))
            return
        results = [bench.measure(agreement) for agreement in agreements]
        about["settings"] = bench.settings()
    if options.markdown:
        print(report.markdown(bench.suite, results, about))
    else:
        # Where there is no terminal, the table need not fit into one.
        report.show(bench.suite, results, about, Console(width=None if sys.stdout.isatty() else 140))
    if options.json:
        options.json.write_text(json.dumps(report.to_json(bench.suite, results, about), indent=2) + "\n")


class Bench:
    """The runs of one benchmark.

    Attributes:
        suite: the block's.
    """

    def __init__(self, folder: pathlib.Path, options: argparse.Namespace):
        """Generates the shorter input.

        Args:
            folder: for inputs and outputs.
            options: the command line's.
        """
        self.suite = SUITES[options.block]
        self._folder = folder
        self._options = options
        self._arms = [arm for arm in ARMS if arm.name in {_OURS.name, *options.arms}]
        self._state = State(options.state, options.checkpoint_interval)
        self._few = runs.generate(self.suite, folder, "few-events", options.slow_events, options.seed)

    @functools.cached_property
    def _events(self) -> runs.Input:
        _say(f"generating {self._options.events:,} {self.suite.unit}s")
        return runs.generate(self.suite, self._folder, "events", self._options.events, self._options.seed)

    def settings(self) -> dict[str, object]:
        """What was asked for, for the report."""
        names = ("events", "slow_events", "seed", "pairs", "slow_pairs", "warm_up")
        return {
            **{name: getattr(self._options, name) for name in names},
            "state": str(self._state),
            "event_bytes": self._events.line_bytes,
        }

    def check(self) -> list[report.Agreement]:
        """Lets all arms run over the few events, cold, and compares: a long run should not fail at its end.

        All workloads of all Java arms are one process, those of a Python arm another; the A/A arm would be the same
        once more.

        Raises:
            UserError: an arm failed, or did not write what the first one wrote.
        """
        written: dict[Arm, dict[str, Records]] = {}
        for programs in self._programs():
            over = f"{self._few.events:,} {self.suite.unit}s"
            _say(f"comparing the records of {over}: {', '.join(arm.title for arm in programs)}")
            found, _ = runs.run(programs, self.suite, self._few, 0, self._state, self._folder, writes=True)
            for arm, outputs in found.items():
                for workload, records in outputs.items():
                    self._compare(arm, workload, found.get(_OURS, written.get(_OURS))[workload], records)
            written.update(found)
        return [self._agreement(workload, written) for workload in self._options.workloads]

    def _programs(self) -> list[dict[Arm, list[str]]]:
        """The workloads of the arms by process, without arms that run the same as an earlier one."""
        first: dict[tuple[str, ...], Arm] = {}
        java: dict[Arm, list[str]] = {}
        processes = [java]
        for arm in self._arms:
            known = [workload for workload in self._options.workloads if not self.suite.lack(arm.name, workload)]
            if known and first.setdefault(arm.program, arm) is arm:
                if arm.is_java:
                    java[arm] = known
                else:
                    processes.append({arm: known})
        return processes

    def _agreement(self, workload: str, written: dict[Arm, dict[str, Records]]) -> report.Agreement:
        lacks = {arm: self.suite.lack(arm.name, workload) for arm in self._arms}
        missing = {arm: why for arm, why in lacks.items() if why}
        agreed = [arm.name for arm in self._arms if workload in written.get(arm, {})]
        return report.Agreement(workload, written[_OURS][workload], agreed, missing)

    def measure(self, agreement: report.Agreement) -> report.Result:
        """Runs all arms that know a workload; where a run writes nothing, what the few events came to counts.

        Raises:
            UserError: an arm failed, or did not write what the first one wrote.
        """
        workload = agreement.workload
        arms = [arm for arm in self._arms if arm not in agreement.missing]
        expected = {self._few: agreement.records}
        samples: dict[Arm, list[report.Sample | None]] = {arm: [] for arm in arms}
        found: dict[str, Records] = {}
        for number, arm in interleaved(arms, self._options.pairs):
            if self._is_slow(arm, workload) and number >= self._options.slow_pairs:
                continue
            events = self._input(arm, workload)
            writes = not self.suite.tables
            outputs, sample = runs.run(
                {arm: [workload]},
                self.suite,
                events,
                self._options.warm_up,
                self._state,
                self._folder,
                writes=writes,
            )
            written = outputs[arm][workload] if writes else agreement.records
            self._compare(arm, workload, expected.setdefault(events, written), written)
            samples[arm].append(sample)
            found.setdefault(arm.name, written)
            _say(f"{workload}, run {number + 1} of {self._options.pairs}: {arm.title}: {self._told(sample)}")
        return report.Result(
            workload,
            samples,
            {arm.name: self._input(arm, workload).events for arm in arms},
            {name: records.canonical().digest for name, records in found.items()},
            {name: records.count for name, records in found.items()},
            agreement.missing,
        )

    def _told(self, sample: report.Sample | None) -> str:
        if not sample:
            return "too short"
        return f"{sample.cpu_ns:,.0f} ns CPU, {sample.wall_ns:,.0f} ns wall per {self.suite.unit}"

    def _input(self, arm: Arm, workload: str) -> runs.Input:
        return self._few if self._is_slow(arm, workload) else self._events

    def _is_slow(self, arm: Arm, workload: str) -> bool:
        return arm.slow or workload in self.suite.slow.get(arm.name, ())

    def _compare(self, arm: Arm, workload: str, expected: Records, found: Records) -> None:
        exact = arm.exact and expected.exact
        told = differences(expected, found) if exact else differences(expected.canonical(), found.canonical())
        if told:
            print("\n".join(told))
            raise UserError(
                f"{arm.name} did not write the records of {_OURS.name} for {workload}",
                "no figure counts before it does",
            )
        if self.suite.workloads[workload].analyses and not found.count:
            raise UserError(f"{arm.name} wrote nothing for {workload}", "ask for more --events and --slow-events")


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench",
        description=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        epilog="Exit code: 0 done; 1 an arm failed, or arms do not agree; 2 wrong call; 130 interrupted.",
    )
    blocks = parser.add_subparsers(dest="block", metavar="BLOCK", required=True, help="the block to measure, one of:")
    for suite in SUITES.values():
        told = ", ".join(suite.workloads)
        _add_options(blocks.add_parser(suite.block, help=told, formatter_class=parser.formatter_class), suite)
    options = parser.parse_args(argv)
    if options.check and (options.json or options.markdown):
        parser.error("--check has no figures for --json or --markdown")
    return options


def _add_options(parser: argparse.ArgumentParser, suite: Suite) -> None:
    workloads, arms = list(suite.workloads), list(suite.arms)
    parser.add_argument("--workloads", nargs="+", choices=workloads, default=workloads, help="what to compute")
    parser.add_argument(
        "--arms", nargs="+", choices=arms, default=arms, help="ways to compute it; ours-java is always there"
    )
    parser.add_argument(
        "--events",
        type=_count,
        default=suite.records,
        help=f"{suite.unit}s of the input, {suite.record_bytes} bytes each",
    )
    parser.add_argument(
        "--slow-events",
        type=_count,
        default=suite.slow_records,
        help=f"{suite.unit}s where an arm is slow, and of the comparison",
    )
    parser.add_argument("--pairs", type=_count, default=5, help="measured runs of each arm")
    parser.add_argument("--slow-pairs", type=_count, default=5, help="of an arm where it is slow, in the first passes")
    parser.add_argument(
        "--warm-up", type=_seconds, default=20, help="seconds of CPU time for other runs in each process before"
    )
    parser.add_argument("--state", choices=list(BACKENDS), default="heap", help="where Flink's keyed state is")
    parser.add_argument(
        "--checkpoint-interval",
        type=_seconds,
        default=0,
        metavar="SECONDS",
        help="between checkpoints; 0 for none. A run that is shorter has none either",
    )
    parser.add_argument("--seed", type=int, default=42, help="of the events")
    parser.add_argument(
        "--work-path", type=_folder, default=None, help="folder for inputs and outputs, else the system's"
    )
    parser.add_argument("--check", action="store_true", help="compare the records of all arms, and measure nothing")
    parser.add_argument("--markdown", action="store_true", help="print the report as Markdown")
    parser.add_argument("--json", type=_file, metavar="FILE", default=None, help="write all figures to this file")


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


def _file(text: str) -> pathlib.Path:
    path = _at_the_caller(text)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"'{text}' is no file that can be written")
    return path


def _at_the_caller(path: str) -> pathlib.Path:
    """Bazel runs a program in another folder and leaves word which one the user is in."""
    return pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", "")) / path


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    with leaving_on_signals():
        sys.exit(main_guard(main)())
