"""The report: machine, versions, a table for each workload; as text, Markdown, or JSON."""

from __future__ import annotations

import dataclasses
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from flinkblocks.runtime import java_home
from tools.bench.arms import Arm, java_options
from tools.bench.compare import Records
from tools.bench.figures import CONFIDENCE, Spread, ratio, spread
from tools.bench.relations import Relation, relations
from tools.bench.suites import Suite

_COLUMNS = ("arm", "CPU ns/{}", "min-max", "wall ns/{}", "min-max", "CPU x ours", "interval", "wall x ours")


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one run took, marginal cost per event.

    Attributes:
        cpu_ns: CPU time of the process tree.
        wall_ns: wall time.
    """

    cpu_ns: float
    wall_ns: float


@dataclasses.dataclass(frozen=True)
class Agreement:
    """That arms write the same for a workload.

    Attributes:
        workload: its name.
        records: what they wrote.
        arms: their names.
        missing: the arms that do not have the workload, and why not.
    """

    workload: str
    records: Records
    arms: list[str]
    missing: dict[Arm, str]


@dataclasses.dataclass(frozen=True)
class Result:
    """The figures of a workload.

    Attributes:
        workload: its name.
        samples: by arm, one for each pass, in their order; None for a run that was too short to measure. A slow arm
            may have taken part in the first passes alone.
        events: that each arm read, by the arm's name.
        digests: SHA-256 of the sorted canonical records, by arm.
        records: that each arm wrote.
        missing: the arms that do not have the workload, and why not.
    """

    workload: str
    samples: dict[Arm, list[Sample | None]]
    events: dict[str, int]
    digests: dict[str, str]
    records: dict[str, int]
    missing: dict[Arm, str]


def machine() -> dict[str, Any]:
    """What was measured on, and with which versions."""
    java = subprocess.run([f"{java_home()}/bin/java", "-version"], capture_output=True, text=True, check=True)
    lines = [line for line in java.stderr.splitlines() if not line.startswith("Picked up JAVA_TOOL_OPTIONS")]
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "load_1min": round(os.getloadavg()[0], 1),
        "java": lines[1].strip(),
        "java_options": list(java_options()),
        "python": platform.python_version(),
        "flink": version("apache-flink"),
    }


def _cpu() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        names = [line.split(":", 1)[1].strip() for line in f if line.startswith("model name")]
    return names[0] if names else platform.machine()


def to_json(suite: Suite, results: Sequence[Result], about: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured, for programs."""
    return {
        **about,
        "workloads": {result.workload: _workload(result) for result in results},
        "missing": {result.workload: {arm.name: why for arm, why in result.missing.items()} for result in results},
        "relations": [dataclasses.asdict(each) for each in _relations(suite, results)],
    }


def _workload(result: Result) -> dict[str, Any]:
    arms = {}
    for arm, samples in result.samples.items():
        arms[arm.name] = {
            "title": arm.title,
            "omits": arm.omits,
            "events": result.events[arm.name],
            "records": result.records[arm.name],
            "digest": result.digests[arm.name],
            "cpu_ns": _spread_json(_values(samples, "cpu_ns")),
            "wall_ns": _spread_json(_values(samples, "wall_ns")),
            "cpu_x_ours": _as_json(_ratio(result, arm, "cpu_ns")),
            "wall_x_ours": _as_json(_ratio(result, arm, "wall_ns")),
        }
    return arms


def _values(samples: Sequence[Sample | None], what: str) -> list[float]:
    return [getattr(sample, what) for sample in samples if sample]


def _spread_json(values: Sequence[float]) -> dict[str, Any] | None:
    return {**dataclasses.asdict(spread(values)), "samples": list(values)} if values else None


def _as_json(found: Spread | None) -> dict[str, float] | None:
    return dataclasses.asdict(found) if found else None


def _ratio(result: Result, arm: Arm, what: str) -> Spread | None:
    """How many times as long as the first arm, from the passes in which both could be measured."""
    ours = next(iter(result.samples.values()))
    pairs = [(a, b) for a, b in zip(result.samples[arm], ours) if a and b]
    if not pairs:
        return None
    return ratio([getattr(a, what) for a, _ in pairs], [getattr(b, what) for _, b in pairs])


def _relations(suite: Suite, results: Sequence[Result]) -> list[Relation]:
    """Of the arms that read the long input."""
    most = max(count for result in results for count in result.events.values())
    costs: dict[str, dict[str, list[float]]] = {}
    for result in results:
        for arm, samples in result.samples.items():
            if result.events[arm.name] == most:
                costs.setdefault(arm.title, {})[result.workload] = _values(samples, "cpu_ns")
    return relations(suite, costs)


def _columns(suite: Suite) -> list[str]:
    return [column.format(suite.unit) for column in _COLUMNS]


def _rows(result: Result) -> list[tuple[str, ...]]:
    rows = []
    for arm, samples in result.samples.items():
        cpu, wall = _values(samples, "cpu_ns"), _values(samples, "wall_ns")
        if not cpu:
            rows.append((arm.title, "too short", *[""] * (len(_COLUMNS) - 2)))
            continue
        by_cpu, by_wall = _ratio(result, arm, "cpu_ns"), _ratio(result, arm, "wall_ns")
        rows.append(
            (
                arm.title,
                *_span(spread(cpu)),
                *_span(spread(wall)),
                f"{by_cpu.median:.2f}" if by_cpu else "",
                f"{by_cpu.low:.2f} - {by_cpu.high:.2f}" if by_cpu else "",
                f"{by_wall.median:.2f}" if by_wall else "",
            )
        )
    return rows


def _span(found: Spread) -> tuple[str, str]:
    return f"{found.median:,.0f}", f"{found.low:,.0f} - {found.high:,.0f}"


def _about(suite: Suite, about: dict[str, Any]) -> list[str]:
    unit = suite.unit
    on, options = about["machine"], about["settings"]
    return [
        f"{on['cores']} x {on['cpu']}, {on['memory_gib']} GiB, {on['kernel']}, load {on['load_1min']} at the start; "
        f"Flink {on['flink']}, {on['java']}, Python {on['python']}; {' '.join(on['java_options'][:2])}",
        f"{options['events']:,} {unit}s of {options['event_bytes']:.0f} bytes (seed {options['seed']}) in page cache, "
        f"parallelism 1, {options['state']}; {options['pairs']} runs of each arm, interleaved; {options['warm_up']} s "
        f"of CPU time to warm up each process; where it says so, {options['slow_events']:,} {unit}s, "
        f"{min(options['pairs'], options['slow_pairs'])} runs",
        f"Medians, with the smallest and largest run; ratios of medians with a {CONFIDENCE:.0%} bootstrap interval "
        f"over pairs of runs. All arms of a workload {_same(suite, options)}.",
    ]


def _same(suite: Suite, options: dict[str, Any]) -> str:
    if suite.tables:
        return f"came to the same rows over {options['slow_events']:,} changes; a measured run writes none"
    return "wrote the same records"


def _notes(suite: Suite, result: Result) -> list[str]:
    slow = [arm for arm in result.samples if result.events[arm.name] < max(result.events.values())]
    return [
        *(f"{arm.title}: over {result.events[arm.name]:,} {suite.unit}s" for arm in slow),
        *(f"{arm.title}: leaves out {arm.omits}" for arm in result.samples if arm.omits),
        *(f"{arm.title} is not there: {why}" for arm, why in result.missing.items()),
    ]


def agreed(agreements: Sequence[Agreement]) -> list[str]:
    """What a comparison without figures has found, for people."""
    lines = []
    for each in agreements:
        counts = ", ".join(f"{len(records)} {output}" for output, records in sorted(each.records.outputs.items()))
        lines.append(f"{each.workload}: {counts or 'no record'}; the same from {', '.join(each.arms)}")
        lines += [f"{each.workload}: {arm.name} is not there: {why}" for arm, why in each.missing.items()]
    return lines


def show(suite: Suite, results: Sequence[Result], about: dict[str, Any], console: Console) -> None:
    """Prints the tables for people."""
    for result in results:
        table = Table(title=result.workload, title_justify="left")
        for column in _columns(suite):
            table.add_column(column, justify="left" if column == "arm" else "right")
        for row in _rows(result):
            table.add_row(*row)
        console.print(table)
        for line in _notes(suite, result):
            console.print(f"  {line}", highlight=False)
    for line in [*map(str, _relations(suite, results)), *_about(suite, about)]:
        console.print(line, highlight=False)


def markdown(suite: Suite, results: Sequence[Result], about: dict[str, Any]) -> str:
    """The same as Markdown, for the docs."""
    lines = [f"- {line}" for line in _about(suite, about)]
    for result in results:
        head = [_row(_columns(suite)), _row(["---", *["---:"] * (len(_COLUMNS) - 1)])]
        lines += ["", f"### {result.workload}", "", *head]
        lines += [_row(row) for row in _rows(result)]
        lines += ["", *(f"- {line}" for line in _notes(suite, result))]
    if told := _relations(suite, results):
        lines += ["", *(f"- {line}" for line in told)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
