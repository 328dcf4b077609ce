"""The workflow of windowing_aggregations with a source and sinks of one's own: what each of its flags does."""

from __future__ import annotations

import json

import pytest

import windowing_aggregations
from flinkblocks.core.session import Session

MINUTE = 60_000


@pytest.fixture
def run(tmp_path):
    """Gives the records of all outputs, each in the order in which they came."""

    def run(events, types, **flags):
        (tmp_path / "in.jsonl").write_bytes(b"".join(json.dumps(e).encode() + b"\n" for e in events))
        flags = windowing_aggregations.WindowingAggregationsFlags(
            parallelism=1, checkpoint_path=str(tmp_path / "state"), window_types=types, **flags
        )
        session = Session(flags, tmp_path / "logs")
        sinks = session.collecting()
        source = session.files(tmp_path / "in.jsonl")
        windowing_aggregations.define_workflow(session.environment(), source, sinks, flags)
        found = {}
        for output, _, value in sinks.run():
            found.setdefault(output.removeprefix("windowing-"), []).append(json.loads(value))
        return found

    return run


def event(timestamp, action="purchase", **changed):
    names = dict.fromkeys(("event_id", "user_id", "session_id", "product_id", "category"), "x")
    return {**names, "action": action, "price": 10, "quantity": 1, "timestamp": timestamp, **changed}


def told(records, *fields):
    return [tuple(r.get(field) for field in fields) for r in records]


def of_x(records):
    """Those that are not of the events that only move time."""
    return [r for r in records if "x" in (r.get("window_key"), r.get("user_id"))]


def others(timestamp):
    """An event of another category, user and product."""
    return event(timestamp, "view", **dict.fromkeys(("event_id", "user_id", "product_id", "category"), "other"))


# The second comes when the first one's windows of two minutes are over, the third belongs into them.
LATE = [event(61_000), others(200_000), event(60_000, price=5)]


@pytest.mark.parametrize("types", ["tumbling,multi_level", "session,pattern", "all"])
def test_window_types(run, types):
    wanted = set(windowing_aggregations.TYPES if types == "all" else types.split(","))
    assert run([event(60_000, "add_to_cart")], types).keys() == wanted


def test_no_event_gives_no_record(run):
    assert run([], "all") == {}


def test_tumbling_minutes(run):
    def windows(**flags):
        return told(run([event(60_000)], "tumbling", **flags)["tumbling"], "window_start", "window_end")

    assert windows() == [(0, 120_000)]
    assert windows(tumbling_minutes="1") == [(60_000, 120_000)]
    assert windows(tumbling_minutes="7s") == [(56_000, 63_000)]


def test_sliding_and_slide_minutes(run):
    def windows(**flags):
        return sorted(told(run([event(600_000)], "sliding", **flags)["sliding"], "window_start", "window_end"))

    assert windows() == [(start, start + 600_000) for start in range(120_000, 600_001, 120_000)]
    assert windows(slide_minutes="5") == [(300_000, 900_000), (600_000, 1_200_000)]
    assert windows(sliding_minutes="4") == [(480_000, 720_000), (600_000, 840_000)]
    assert windows(sliding_minutes="30s", slide_minutes="10s") == [
        (580_000, 610_000), (590_000, 620_000), (600_000, 630_000),
    ]  # fmt: skip


def test_session_timeout(run):
    def sessions(**flags):
        events = [event(60_000), event(60_000 + 30 * MINUTE), event(60_000 + 60 * MINUTE + 1)]
        return told(run(events, "session", **flags)["session"], "session_start", "event_count")

    assert sessions() == [(60_000, 2), (60_000 + 60 * MINUTE + 1, 1)]
    assert [count for _, count in sessions(session_timeout="29")] == [1, 1, 1]
    assert [count for _, count in sessions(session_timeout="1800001ms")] == [3]


def test_custom_trigger_count(run):
    def firings(**flags):
        events = [event(60_000 + n, event_id=f"e{n}") for n in range(51)]
        return told(run(events, "global", **flags)["global"], "fired_by", "count")

    assert firings() == [("count", 50), ("timeout", 51)]
    assert firings(custom_trigger_count=20) == [("count", 20), ("count", 40), ("timeout", 51)]
    assert firings(custom_trigger_count=51) == [("count", 51)]


def test_late_is_a_matter_of_each_type(run):
    found = run(LATE, "all")
    late = found.pop("late-events")
    assert {(r["late_by_ms"], json.dumps(r["event"])) for r in late} == {(134_999, json.dumps(LATE[2]))}
    assert sorted(r["analysis"] for r in late) == [
        "windowing-global", "windowing-multi_level", "windowing-pattern", "windowing-pattern-spike",
        "windowing-tumbling",
    ]  # fmt: skip
    assert told(of_x(found["tumbling"]), "revenue", "revision") == [(10, 0)]
    # One of its five windows was emitted without it.
    assert sorted(told(of_x(found["sliding"]), "window_start", "revenue", "revision")) == [
        (-480_000, 10, 0), (-360_000, 15, 0), (-240_000, 15, 0), (-120_000, 15, 0), (0, 15, 0),
    ]  # fmt: skip
    assert told(of_x(found["session"]), "session_start", "event_count", "revision") == [(60_000, 2, 0)]


def test_within_the_allowed_lateness_windows_are_corrected(run):
    found = run(LATE, "tumbling,sliding,multi_level,global,pattern", allowed_lateness="2min")
    assert told(of_x(found["tumbling"]), "revenue", "min_price", "revision") == [(10, 10, 0), (15, 5, 1)]
    first = [r for r in of_x(found["sliding"]) if r["window_start"] == -480_000]
    assert told(first, "revenue", "revenue_change", "revision") == [(10, None, 0), (15, None, 1)]
    assert told(of_x(found["multi_level"]), "level", "window_start", "event_count", "revision") == [
        ("1min", 60_000, 1, 0), ("1min", 60_000, 2, 1), ("5min", 0, 2, 0), ("1h", 0, 2, 0),
    ]  # fmt: skip
    # Where order counts, nothing can be corrected.
    assert sorted(r["analysis"] for r in found["late-events"]) == [
        "windowing-global", "windowing-pattern", "windowing-pattern-spike",
    ]  # fmt: skip


def test_a_correction_goes_up_all_levels_that_have_fired(run):
    events = [event(60_000), others(400_000), event(61_000, price=5), others(4_000_000), event(62_000)]
    found = run(events, "multi_level", allowed_lateness="2h")
    assert told(of_x(found["multi_level"]), "level", "event_count", "revenue", "revision") == [
        ("1min", 1, 10, 0), ("5min", 1, 10, 0), ("1min", 2, 15, 1), ("5min", 2, 15, 1), ("1h", 2, 15, 0),
        ("1min", 3, 25, 2), ("5min", 3, 25, 2), ("1h", 3, 25, 1),
    ]  # fmt: skip


def test_the_change_of_revenue_is_as_it_was_known_at_the_time(run):
    events = [event(1), event(120_001, price=30), others(300_000), event(2, price=5), others(400_000)]
    flags = {"sliding_minutes": "2", "slide_minutes": "2", "allowed_lateness": "10min"}
    found = of_x(run(events, "sliding", **flags)["sliding"])
    assert told(found, "window_start", "revenue", "revenue_change", "revision") == [
        (0, 10, None, 0), (120_000, 30, 20, 0), (0, 15, None, 1),
    ]  # fmt: skip


def sessions(run, events, **flags):
    found = run(events, "session", session_timeout="10s", **flags)["session"]
    return told(of_x(found), "session_start", "event_count", "revision", "retracted")


def test_a_session_is_corrected(run):
    events = [LATE[2], LATE[1], LATE[0]]
    assert sessions(run, events) == [(60_000, 1, 0, None)]
    assert sessions(run, events, allowed_lateness="3min") == [(60_000, 1, 0, None), (60_000, 2, 1, None)]


def test_a_session_that_gets_another_start_is_retracted(run):
    assert sessions(run, LATE, allowed_lateness="3min") == [
        (61_000, 1, 0, None), (61_000, None, None, True), (60_000, 2, 0, None),
    ]  # fmt: skip


def test_two_sessions_that_an_event_joins_become_one(run):
    events = [event(60_000), event(80_000), others(200_000), event(70_000)]
    assert sessions(run, events, allowed_lateness="3min") == [
        (60_000, 1, 0, None), (80_000, 1, 0, None), (80_000, None, None, True), (60_000, 3, 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["java", "python"])
def test_early_firing(run, engine):
    # Time gets to 30 s behind the first event, to 60 s behind the second; the last one ends it all.
    events = [event(10_000), others(36_000), event(40_000), others(66_000), others(400_000)]
    flags = {"sliding_minutes": "2", "session_timeout": "1", "engine": engine}
    final = run(events, "tumbling,sliding,session", **flags)
    found = run(events, "tumbling,sliding,session", early_firing="30s", **flags)
    assert final.keys() == found.keys() == {"tumbling", "sliding", "session"}
    for kind in found:
        assert told(of_x(final[kind]), "event_count", "revision", "early") == [(2, 0, None)]
        *early, last = told(of_x(found[kind]), "event_count", "revision", "early")
        assert early[:2] == [(1, None, True), (2, None, True)]
        assert set(early[2:]) <= {(2, None, True)}
        assert last == (2, 0, None)


@pytest.mark.parametrize("engine", ["java", "python"])
def test_a_session_that_gets_another_start_after_an_early_firing_is_retracted(run, engine):
    events = [event(29_000), others(36_000), event(28_000)]
    found = sessions(run, events, early_firing="30s", engine=engine)
    assert found[:2] == [(29_000, 1, None, None), (29_000, None, None, True)]
    assert found[-1] == (28_000, 2, 0, None)
    assert {record[0] for record in found[2:]} == {28_000}


def test_late_policy(run):
    kept, dropped = (run(LATE, "all", late_policy=policy) for policy in ("side-output", "drop"))
    assert kept.pop("late-events")
    assert kept == dropped
