import json
import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flinkblocks.console.snapshot import Checkpoints, Snapshot, snapshot

DATA = pathlib.Path(__file__).parent / "testdata"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["NaN", "", "12", "x", "9" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def recorded(name):
    return json.loads((DATA / f"{name}.json").read_text())


def of(name, previous=None):
    docs = recorded(name)
    return snapshot(docs["job"]["jid"], docs, previous)


def test_running_job():
    s = of("running")
    docs = recorded("running")
    read = next(
        int(a["value"]) for a in docs["accumulators"]["user-task-accumulators"] if a["name"] == "accounting.source.read"
    )
    assert (s.name, s.state, s.reachable, s.running) == ("testing", "RUNNING", True, True)
    assert s.records_in == read > 1000
    assert (s.records_out, s.outputs, s.late, s.dead_lettered) == (0, {"sums": 0}, 0, 0)
    assert s.uptime_ms == docs["job"]["duration"]
    assert 1_704_067_200_000 < s.watermark_ms < 1_704_067_200_000 + 10**7
    assert s.lag_ms == docs["job"]["now"] - s.watermark_ms
    assert not s.input_ended
    assert (s.splits, s.idle_splits) == (2, 0)
    assert s.checkpoints.completed >= 2
    assert s.checkpoints.age_ms >= 0
    assert s.checkpoints.duration_ms > 0
    assert s.checkpoints.size_bytes > 1000
    assert s.checkpoints.path.startswith("file:/state/checkpoints/")
    assert 0 <= s.backpressure <= 1
    assert (s.restarts, s.last_failure, s.rate) == (0, None, None)


def test_starting_job_has_tasks_that_do_not_run_yet():
    s = of("starting")
    assert (s.state, s.running, s.records_in, s.records_out, s.late) == ("RUNNING", False, None, None, None)
    assert s.checkpoints.age_ms is None


def test_checkpoints_that_never_began_are_no_failures():
    docs = recorded("starting")
    assert docs["checkpoints"]["counts"]["failed"] == 1
    assert snapshot("a", docs).checkpoints.failed == 0
    docs["checkpoints"]["latest"]["failed"] = {"id": 1}
    assert snapshot("a", docs).checkpoints.failed == 1


def test_idle_splits():
    s = of("idle")
    assert (s.splits, s.idle_splits) == (2, 2)


def test_restarted_job_names_its_failure():
    s = of("restarted")
    assert s.restarts >= 2
    assert s.last_failure == "record 1500 is too much"


def test_job_that_flink_does_not_know_yet():
    assert snapshot("a", {"job": None}) == Snapshot("a", state="STARTING")


def test_endpoint_gone_keeps_what_was_known():
    before = of("running")
    after = snapshot(before.job_id, {"job": None}, before)
    assert (after.reachable, after.running) == (False, False)
    assert (after.records_in, after.state, after.checkpoints) == (before.records_in, before.state, before.checkpoints)


def test_missing_documents_keep_counts_and_checkpoints():
    docs = recorded("running")
    before = of("running")
    after = snapshot(before.job_id, {"job": docs["job"]}, before)
    assert (after.counters, after.checkpoints, after.records_in) == (
        before.counters,
        before.checkpoints,
        before.records_in,
    )
    assert (after.watermark_ms, after.backpressure, after.splits) == (None, None, None)


def with_watermarks(*values):
    docs = recorded("running")
    entries = [{"id": f"{i}.currentInputWatermark", "value": value} for i, value in enumerate(values)]
    docs["watermarks"] = dict.fromkeys(docs["watermarks"], entries)
    return snapshot("a", docs)


def test_watermark_is_the_earliest_that_has_arrived():
    s = with_watermarks("7000", str(-(2**63)), "5000", "NaN")
    assert (s.watermark_ms, s.lag_ms) == (5000, s.time_ms - 5000)


def test_no_watermark_yet():
    s = with_watermarks(str(-(2**63)), str(-(2**63)))
    assert (s.watermark_ms, s.lag_ms, s.input_ended) == (None, None, False)


def test_end_of_input():
    s = with_watermarks(str(2**63 - 1), str(2**63 - 1))
    assert (s.watermark_ms, s.lag_ms, s.input_ended) == (None, None, True)


@pytest.mark.parametrize(
    ("least", "watermark", "ended"), [(1.7e12, 1_700_000_000_000, False), (9.3e18, None, True), (-9.3e18, None, False)]
)
def test_watermark_of_a_job_in_one_chain(least, watermark, ended):
    docs = recorded("running")
    (source,) = docs["source"]
    docs["watermarks"] = {}
    docs["source"][source] = [{"id": "Source__a.currentOutputWatermark", "min": least}]
    s = snapshot("a", docs)
    assert (s.watermark_ms, s.input_ended) == (watermark, ended)


def counted(read, now, previous=None):
    docs = recorded("running")
    docs["job"]["now"] = now
    docs["accumulators"]["user-task-accumulators"] = [{"name": "accounting.source.read", "value": str(read)}]
    return snapshot("a", docs, previous)


def test_rate_between_two_counts():
    first = counted(1000, 10_000)
    second = counted(4000, 12_000, first)
    assert (first.rate, second.rate) == (None, 1500.0)


def test_rate_when_counts_arrive_in_steps():
    s = counted(1000, 10_000)
    for now in (11_000, 15_000, 19_000):
        s = counted(1000, now, s)
        assert s.rate is None
    s = counted(21_000, 20_000, s)
    assert s.rate == 2000.0
    assert counted(21_000, 25_000, s).rate == 2000.0
    assert counted(21_000, 40_000, s).rate == 0.0


def test_rate_begins_anew_after_a_restart():
    s = counted(5000, 12_000, counted(1000, 10_000))
    assert counted(3000, 14_000, s).rate is None


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 20_000)), min_size=1, max_size=20))
@settings(deadline=None)
def test_rate_is_never_negative_nor_faster_than_what_came(steps):
    s, read, now = None, 0, 10**12
    for more, ms in steps:
        read, now = read + more, now + ms
        s = counted(read, now, s)
        assert s.rate is None or 0 <= s.rate <= 10**6 * 1000


def paths(value, at=()):
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*at, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from paths(inner, (*at, i))


HOSTILE = [(name, path) for name in ("running", "restarted") for path in paths(recorded(name)) if path]


@given(st.sampled_from(HOSTILE), ANYTHING, st.booleans())
@settings(deadline=None, max_examples=300)
def test_anything_anywhere_is_survived(place, value, remove):
    name, path = place
    docs = recorded(name)
    parent = docs
    for key in path[:-1]:
        parent = parent[key]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    s = snapshot("a", docs, of("running"))
    assert json.loads(json.dumps(s.to_json(), allow_nan=False))["state"]


def test_json_has_plain_values():
    values = of("running").to_json()
    assert values["checkpoints"]["completed"] >= 2
    assert "counted_ms" not in values


def test_before_the_first_checkpoint():
    assert Checkpoints().age_ms is None
