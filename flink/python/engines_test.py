"""`--engine python`, `--engine java` and the Java main: the same records to the byte, the same accounts."""

from __future__ import annotations

import json

import psutil
import pytest

import streaming_analytics
from flinkblocks.core.session import Session
from flinkblocks.testing import hostile
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_output, read_outputs

BLOCK = "flink/python/streaming_analytics"
JAVA_MAIN = "flink/java/StreamingAnalytics"
RUNS = {"java": (BLOCK, "--engine", "java"), "python": (BLOCK, "--engine", "python"), "java main": (JAVA_MAIN,)}
LINES = hostile.lines(seed=35, count=2_000, step_ms=300)
STRAGGLERS = LINES[:1_000:25]
# A user comes about once a minute: so short a timeout makes many sessions of them.
SESSIONS = ("--session-timeout", "30s")
ANALYSES = {"analytics-results", "fraud-alerts", "high-value-transactions", "revenue-metrics", "user-sessions"}


def run(name, tmp_path, *args):
    """One of the runs to its end; gives the records of all outputs, sorted, and the accounts."""
    out = tmp_path / f"out-{name}"
    args = ("--output-path", out, *([] if "--session-timeout" in args else SESSIONS), *args)
    with BlockProcess(RUNS[name][0], tmp_path / "home", *RUNS[name][1:], *args) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["accounting"]["adds_up"] is True
    return read_outputs(out), summary["accounting"]


def the_same_of_all(tmp_path, *args):
    """Makes all runs; gives what each of them gave."""
    (records, accounts), *others = (run(name, tmp_path, *args) for name in RUNS)
    for name, (its_records, its_accounts) in zip(list(RUNS)[1:], others):
        assert its_records.keys() == records.keys()
        for output in records:
            assert differences(records[output], its_records[output], f"{name}: {output}") == []
        assert its_accounts == accounts
    return records, accounts


def disordered(tmp_path, seed, disorder_ms):
    """A file of the events, further out of order than the watermark allows for, and some very late."""
    in_time = [line for line in LINES if line not in STRAGGLERS]
    records = hostile.interleave(seed, in_time, disorder_ms) + STRAGGLERS
    (tmp_path / "in.jsonl").write_bytes(b"".join(r.raw + b"\n" for r in records))
    return tmp_path / "in.jsonl"


def partial(accounts):
    return next(a["partial"] for a in accounts["analyses"] if a["name"] == "analytics-results")


def late_analyses(records):
    return {json.loads(record)["analysis"] for record in records["late-events"]}


@pytest.mark.parametrize("parallelism", [1, 4])
def test_the_same_records_and_accounts(tmp_path, parallelism):
    args = ("--parallelism", parallelism, "--input-path", disordered(tmp_path, 1, 10_000))
    records, accounts = the_same_of_all(tmp_path, *args)
    assert records.keys() == {*ANALYSES, "late-events", "dead-letter"}
    assert all(records.values())
    assert late_analyses(records) == ANALYSES - {"high-value-transactions"}
    assert partial(accounts) > 0


def test_the_same_corrections_and_retractions(tmp_path):
    path = disordered(tmp_path, 2, 25_000)
    args = ("--parallelism", 2, "--input-path", path, "--allowed-lateness", "20s", "--session-timeout", "5s")
    records, _ = the_same_of_all(tmp_path, *args)
    assert any(b'"retracted":true' in record for record in records["user-sessions"])
    assert late_analyses(records) == ANALYSES - {"high-value-transactions"}


def test_killed_and_resumed_from_its_checkpoint(tmp_path):
    events = ("--parallelism", 1, "--records", 2_000, "--late-events", "0.05", "--fraud-episodes", "0.05")
    whole, accounts = run("java", tmp_path, *events)
    out = tmp_path / "out-python"
    args = ("--engine", "python", "--output-path", out, *events, *SESSIONS)
    with BlockProcess(BLOCK, tmp_path / "home", *args, "--rate", 100, "--checkpoint-interval", "200ms") as block:
        read = block.wait_read(500)["records_in"]
        completed = block.wait_checkpoint()["checkpoints"]["completed"]
        block.wait_checkpoint(more_than=completed)
        block.kill()
    with BlockProcess(BLOCK, tmp_path / "home", *args, "--from-savepoint", "latest") as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert 500 <= read < 2_000
    for output, expected in whole.items():
        assert differences(expected, read_output(out, output), output) == []
    assert summary["accounting"] == accounts


def test_a_checkpoint_has_the_timers_of_its_last_events(tmp_path):
    """Each session ends by a timer alone: of a user with one event, none of which moves the watermark."""
    users = 20_000
    event = json.loads(hostile.lookers(hostile.START_MS).raw)
    with (tmp_path / "in.jsonl").open("w") as file:
        file.writelines(json.dumps({**event, "user_id": f"u{n}", "category": f"c{n}"}) + "\n" for n in range(users))
    args = ("--engine", "python", "--parallelism", 1, "--input-path", tmp_path / "in.jsonl")
    args += ("--output-path", tmp_path / "out")
    with BlockProcess(BLOCK, tmp_path / "home", *args, "--checkpoint-interval", "100ms") as block:
        read = block.wait_read(1)["records_in"]
        block.wait_checkpoint(more_than=1)
        block.kill()
    with BlockProcess(BLOCK, tmp_path / "home", *args, "--from-savepoint", "latest") as block:
        assert block.wait() == 0, block.stderr
    found = [json.loads(record)["user_id"] for record in read_output(tmp_path / "out", "user-sessions")]
    assert read < users
    assert sorted(found) == sorted(f"u{n}" for n in range(users))


def test_a_stop_drains_and_leaves_no_process_behind(tmp_path):
    args = ("--engine", "python", "--records", 0, "--rate", 200, "--output-path", tmp_path / "out")
    with BlockProcess(BLOCK, tmp_path / "home", "--parallelism", 1, *args) as block:
        block.wait_read(200)
        started = psutil.Process(block.process.pid).children(recursive=True)
        summary = block.stop()
        assert block.wait() == 0, block.stderr
        assert block.stderr == ""
    assert (summary["ended"], summary["accounting"]["adds_up"]) == ("DRAINED", True)
    assert started
    assert psutil.wait_procs(started, timeout=60)[1] == []


def test_the_java_main_says_where_this_engine_is_to_be_had(tmp_path):
    with BlockProcess(JAVA_MAIN, tmp_path / "home", "--engine", "python") as block:
        assert block.wait() == 2
        assert "//flink/python:streaming_analytics" in block.stderr
        assert len(block.stderr.splitlines()) == 1


def test_define_workflow_with_a_source_and_sinks_of_ones_own(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(hostile.lookers(60_000).raw + b"\n")
    flags = streaming_analytics.StreamingAnalyticsFlags(
        engine="python", parallelism=1, checkpoint_path=str(tmp_path / "state"), session_timeout="1min"
    )
    session = Session(flags, tmp_path / "logs")
    sinks = session.collecting()
    streaming_analytics.define_workflow(session.environment(), session.files(tmp_path / "in.jsonl"), sinks, flags)
    found = [(output, json.loads(value)) for output, _, value in sinks.run()]
    found.sort(key=lambda record: (record[0], record[1].get("window_start")))
    assert [output for output, _ in found] == ["analytics-results"] * 5 + ["user-sessions"]
    assert (found[0][1]["window_start"], found[-1][1]["session_start"]) == (-180_000, 60_000)
