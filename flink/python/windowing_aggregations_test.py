"""windowing_aggregations on hostile input, embedded: equal to the model whatever the parallelism and interleaving."""

from __future__ import annotations

import collections
import dataclasses
import json

import pytest

import windowing_aggregations
from flinkblocks.testing import episodes, hostile, model, windowing
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_outputs
from flinkblocks.testing.windowing import Sizes

BLOCK = "flink/python/windowing_aggregations"
LINES = episodes.mixed(seed=12, count=15_000)
# So many windows of each event that fewer events will do.
FEW = episodes.mixed(seed=13, count=4_000)
DEAD = model.dead_letters(LINES)
ONE_PANE = Sizes(60_000, 120_000, 120_000, session_timeout_ms=5_000, trigger_count=7)
SEVEN_PANES = Sizes(61_000, 427_000, 61_000, session_timeout_ms=30_000, trigger_count=1_000)
SIX_HUNDRED_PANES = Sizes(3_600_000, 600_000, 1_000, session_timeout_ms=1_800_000, trigger_count=50)


def write_folder(folder, partitions):
    folder.mkdir()
    for n, records in enumerate(partitions):
        (folder / f"{n}.jsonl").write_bytes(b"".join(r.raw + b"\n" for r in records))
    return folder


def flags(sizes):
    """The command line for sizes."""
    durations = {
        "--tumbling-minutes": sizes.tumbling_ms, "--sliding-minutes": sizes.sliding_ms,
        "--slide-minutes": sizes.slide_ms, "--session-timeout": sizes.session_timeout_ms,
    }  # fmt: skip
    given = [part for name, ms in durations.items() for part in (name, f"{ms}ms")]
    return (*given, "--custom-trigger-count", sizes.trigger_count)


def run(tmp_path, name, *args):
    """One run to its end; gives the records of all outputs, sorted, and the summary."""
    with BlockProcess(BLOCK, tmp_path / "home", "--output-path", tmp_path / name, *args) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["accounting"]["adds_up"] is True
    return read_outputs(tmp_path / name), summary


@pytest.mark.parametrize(
    ("parallelism", "partitions", "order", "sizes", "lines"),
    [
        (1, 3, 1, SEVEN_PANES, LINES),
        (4, 7, 2, ONE_PANE, LINES),
        (4, 1, 3, SIX_HUNDRED_PANES, FEW),
        (1, 2, 4, SIX_HUNDRED_PANES, FEW),
    ],
)
def test_hostile_events_equal_the_model(tmp_path, parallelism, partitions, order, sizes, lines):
    spread = hostile.partitions(order, hostile.interleave(order, lines, 4_900), partitions)
    path = write_folder(tmp_path / "in", spread)
    found, summary = run(tmp_path, "out", "--parallelism", parallelism, "--input-path", path, *flags(sizes))
    for output, expected in windowing.outputs(lines, sizes).items():
        assert expected
        assert differences(expected, found[output], output) == []
    dead = [model.dead_letter_line(line) for line in found["dead-letter"]]
    assert differences(model.dead_letters(lines), dead, "dead letters") == []
    assert found["late-events"] == []
    accounts = summary["accounting"]
    assert (accounts["read"], accounts["dead_lettered"]) == (len(lines), len(dead))
    assert {a["name"]: (a["used"], a["late"], a["partial"]) for a in accounts["analyses"]} == dict.fromkeys(
        windowing_aggregations.analyses(windowing_aggregations.WindowingAggregationsFlags()),
        (len(lines) - len(dead), 0, 0),
    )


def test_the_input_has_every_kind_of_result():
    kinds = collections.Counter(json.loads(r)["pattern"] for r in windowing.patterns(LINES))
    assert min(kinds[pattern] for pattern in ("conversion", "abandoned_cart", "indecision", "spike")) >= 20
    for trigger_count in (ONE_PANE.trigger_count, SEVEN_PANES.trigger_count):
        firings = [json.loads(r) for r in windowing.global_windows(LINES, trigger_count)]
        assert {f["fired_by"] for f in firings} == {"count", "timeout"}
        assert max(f["count"] for f in firings) == 500  # as many as the evictor keeps
    many, few = (len(windowing.sessions(LINES, s.session_timeout_ms)) for s in (ONE_PANE, SIX_HUNDRED_PANES))
    assert many > 2 * few


def test_generated_events_add_up(tmp_path):
    found, summary = run(tmp_path, "out", "--records", 10_000, "--tumbling-minutes", "1h")
    used = {a["name"]: a["used"] for a in summary["accounting"]["analyses"]}
    assert set(used.values()) == {10_000}
    records = {output: [json.loads(r) for r in some] for output, some in found.items()}
    counted = {
        "tumbling": sum(r["event_count"] for r in records["windowing-tumbling"]),
        "sliding": sum(r["event_count"] for r in records["windowing-sliding"]) / 5,
        "session": sum(r["event_count"] for r in records["windowing-session"]),
        **{
            level: sum(r["event_count"] for r in records["windowing-multi_level"] if r["level"] == level)
            for level in windowing.LEVELS
        },
    }
    assert counted == dict.fromkeys(counted, 10_000)
    hours = {"windowing-tumbling": found["windowing-tumbling"], "1h": [
        r for r in found["windowing-multi_level"] if b'"level":"1h"' in r
    ]}  # fmt: skip
    same = ("window_key", "window_start", "event_count", "purchase_count", "unique_users", "revenue", "max_price")
    told = [sorted(tuple(json.loads(r, parse_float=str)[f] for f in same) for r in some) for some in hours.values()]
    assert told[0] == told[1] != []


IDENTITIES = {
    "windowing-multi_level": ("level", "window_key", "window_start"), "windowing-session": ("user_id", "session_start"),
    "windowing-sliding": ("window_key", "window_start"), "windowing-tumbling": ("window_key", "window_start"),
}  # fmt: skip


def last_records(output, records):
    """What is left when records of one identity replace each other; their revisions must be 0, 1, 2 and so on."""
    found, retracted = collections.defaultdict(dict), set()
    for record in (json.loads(r, parse_float=str) for r in records):
        identity = tuple(record[field] for field in IDENTITIES[output])
        if record.get("retracted"):
            retracted.add(identity)
            continue
        record.pop("revenue_change", None)  # a later correction of the earlier window does not change it
        revision = record.pop("revision")
        assert revision not in found[identity]
        found[identity][revision] = json.dumps(record)
    assert all(sorted(revisions) == list(range(len(revisions))) for revisions in found.values())
    assert retracted <= found.keys()
    return [max(revisions.items())[1] for identity, revisions in found.items() if identity not in retracted]


def test_corrections_end_where_an_input_in_time_would(tmp_path):
    path = write_folder(tmp_path / "in", hostile.partitions(8, hostile.interleave(8, LINES, 90_000), 2))
    types = ",".join(output.removeprefix("windowing-") for output in IDENTITIES)
    sizes = dataclasses.replace(SEVEN_PANES, trigger_count=50)  # the default: nothing is asked of a type left out
    args = ("--window-types", types, "--allowed-lateness", "2min", *flags(sizes))
    found, _ = run(tmp_path, "out", "--parallelism", 4, "--input-path", path, *args)
    assert found["late-events"] == []
    assert any(b'"retracted":true' in r for r in found["windowing-session"])
    expected = windowing.outputs(LINES, sizes)
    for output in IDENTITIES:
        assert len(found[output]) > len(expected[output])
        want, have = (last_records(output, records) for records in (expected[output], found[output]))
        assert differences(want, have, output) == []


def test_dropped_late_events_are_counted(tmp_path):
    stragglers = LINES[:4_000:100]
    records = [r for r in LINES[:8_000] if r not in stragglers] + stragglers
    path = write_folder(tmp_path / "in", [records])
    args = ("--parallelism", 2, "--input-path", path, *flags(SEVEN_PANES))
    told, summary = run(tmp_path, "told", *args)
    dropped, its_summary = run(tmp_path, "dropped", *args, "--late-policy", "drop")
    late = collections.Counter(json.loads(r)["analysis"] for r in told.pop("late-events"))
    assert set(late) == {a["name"] for a in summary["accounting"]["analyses"]}
    assert dropped.pop("late-events") == []
    assert dropped == told
    assert its_summary["accounting"] == summary["accounting"]
    assert {a["name"]: a["late"] for a in its_summary["accounting"]["analyses"]} == late
