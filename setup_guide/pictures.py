"""Draws the windows of a small file of events, as the block windowing_aggregations makes them.

    bazel run //setup_guide:pictures

The pictures of 10_windows.md are this program's output: `pictures_test` runs it and compares.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator

from flinkblocks.runtime import runfile

BLOCK = "flink/python/windowing_aggregations"
EVENTS = "setup_guide/window_events.jsonl"
FLAGS = (
    "--parallelism", "1", "--tumbling-minutes", "2", "--sliding-minutes", "4", "--slide-minutes", "2",
    "--session-timeout", "3", "--custom-trigger-count", "4",
)  # fmt: skip

_START = 1_767_614_400_000  # 2026-01-05T12:00:00Z
_MS_PER_COLUMN = 15_000
_COLUMNS = 72
_MINUTE = 60_000
_NAMES = 11

Record = dict
Events = list[dict]


def main() -> None:
    """Prints all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = run(pathlib.Path(folder))
    for name, picture in pictures(outputs).items():
        print(f"{name}\n\n{picture}\n")


def run(folder: pathlib.Path) -> dict[str, list[Record]]:
    """Runs the block over the events; gives the records of its outputs by name.

    Raises:
        subprocess.CalledProcessError: the block failed; its last words are shown.
    """
    args = [*FLAGS, "--input-path", runfile(EVENTS), "--output-path", str(folder / "out")]
    args += ["--checkpoint-path", str(folder / "checkpoints"), "--console", "plain"]
    done = subprocess.run([runfile(BLOCK), *args], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    done.check_returncode()
    found: dict[str, list[Record]] = {}
    for file in sorted((folder / "out").glob("windowing-*/*.jsonl")):
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        found.setdefault(file.relative_to(folder / "out").parts[0], []).extend(records)
    return found


def pictures(outputs: dict[str, list[Record]]) -> dict[str, str]:
    """A picture for each type of window, by the name of its output."""
    with open(runfile(EVENTS), encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    drawn = {
        "windowing-tumbling": (_by("category"), _windows, lambda r: f"{_counted(r)}, revenue {r['revenue']:.2f}"),
        "windowing-sliding": (_by("category"), _windows, _slid),
        "windowing-session": (_by("user_id"), _sessions, lambda r: f"{r['user_id']}: {_counted(r)}"),
        "windowing-global": (_by("product_id"), _contents, _global),
        "windowing-multi_level": (_by("category"), _windows, lambda r: f"{r['level']}: {_counted(r)}"),
        "windowing-pattern": (_by("user_id"), _windows, _pattern),
    }
    return {
        name: "\n".join(_picture(rows(events), outputs[name], times, label))
        for name, (rows, times, label) in drawn.items()
    }


def _picture(
    rows: Iterable[tuple[str, Events]],
    records: list[Record],
    times: Callable[[Record], tuple[int, int]],
    label: Callable[[Record], str],
) -> Iterator[str]:
    minutes = range(0, _COLUMNS * _MS_PER_COLUMN // _MINUTE, 2)
    ticks = "".join(f"12:{minute:02}".ljust(2 * _MINUTE // _MS_PER_COLUMN) for minute in minutes)
    yield " " * _NAMES + ticks.rstrip()
    for name, events in rows:
        yield name.ljust(_NAMES) + _marks(events)
    for record in sorted(records, key=lambda r: (*times(r), label(r))):
        yield " " * _NAMES + _bar(*times(record)) + label(record)


def _by(field: str) -> Callable[[Events], Iterator[tuple[str, Events]]]:
    """Rows of events: one for each value of a field."""

    def rows(events: Events) -> Iterator[tuple[str, Events]]:
        for value in sorted({event[field] for event in events}):
            yield value, [event for event in events if event[field] == value]

    return rows


def _marks(events: Events) -> str:
    """The first letter of each action at its time; a digit where several share a column."""
    row = [" "] * _COLUMNS
    for event in events:
        column = _column(event["timestamp"])
        there = row[column]
        row[column] = event["action"][0] if there == " " else str(int(there) + 1 if there.isdigit() else 2)
    return "".join(row).rstrip()


def _bar(start: int, end: int) -> str:
    """[====) with the label's room behind it; one that leaves the picture ends in an arrow."""
    first = _column(start)
    length = max(1, -(-(end - start) // _MS_PER_COLUMN))
    room = _COLUMNS - first
    bar = ("|" if length == 1 else "[" + "=" * (length - 2) + ")") if length <= room else "[" + "=" * (room - 2) + ">"
    return (" " * first + bar).ljust(_COLUMNS + 2)


def _column(time: int) -> int:
    return (time - _START) // _MS_PER_COLUMN if time >= _START else 0


def _windows(record: Record) -> tuple[int, int]:
    return max(record["window_start"], _START), record["window_end"]


def _sessions(record: Record) -> tuple[int, int]:
    return record["session_start"], record["session_end"] + 1


def _contents(record: Record) -> tuple[int, int]:
    return record["from"], record["to"] + 1


def _counted(record: Record) -> str:
    count = record["event_count"]
    return f"{count} event" if count == 1 else f"{count} events"


def _slid(record: Record) -> str:
    change = record["revenue_change"]
    return f"revenue {record['revenue']:.2f}, change " + ("unknown" if change is None else f"{change:+.2f}")


def _global(record: Record) -> str:
    return f"{record['product_id']} by {record['fired_by']}: {record['count']} kept"


def _pattern(record: Record) -> str:
    if record["pattern"] == "spike":
        return f"spike in {record['category']}: {record['event_count']}, not {record['baseline']:.2f}"
    return f"{record['pattern']}: {record['user_id']}, {record['product_id']}"


if __name__ == "__main__":
    main()
