"""windowing_aggregations by both engines and as Java main: the same records to the byte, the same accounts."""

from __future__ import annotations

import json

import pytest

from flinkblocks.testing import episodes, hostile
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_outputs

BLOCK = "flink/python/windowing_aggregations"
JAVA_MAIN = "flink/java/WindowingAggregations"
RUNS = {"java": (BLOCK, "--engine", "java"), "java main": (JAVA_MAIN,), "python": (BLOCK, "--engine", "python")}
BOTH_ENGINES = "tumbling,sliding,session"
LINES = episodes.mixed(seed=36, count=2_000, step_ms=600)
STRAGGLERS = LINES[:1_000:25]


def run(name, tmp_path, *args):
    """One of the runs to its end; gives the records of all outputs, sorted, and the accounts."""
    out = tmp_path / f"out-{name}"
    with BlockProcess(RUNS[name][0], tmp_path / "home", *RUNS[name][1:], "--output-path", out, *args) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["accounting"]["adds_up"] is True
    return read_outputs(out), summary["accounting"]


def the_same_of(names, tmp_path, *args):
    """Makes these runs; gives what each of them gave."""
    (records, accounts), *others = (run(name, tmp_path, *args) for name in names)
    for name, (its_records, its_accounts) in zip(names[1:], others):
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


def late_analyses(records):
    return {json.loads(record)["analysis"] for record in records["late-events"]}


def outputs_of(types):
    return {f"windowing-{name}" for name in types.split(",")}


def with_revision(records, output):
    return [r for r in records[output] if json.loads(r).get("revision", 0) > 0]


@pytest.mark.parametrize(("parallelism", "policy"), [(1, "drop"), (4, "side-output")])
def test_the_engines_and_the_main_give_the_same(tmp_path, parallelism, policy):
    path = disordered(tmp_path, 1, 20_000)
    args = ("--window-types", BOTH_ENGINES, "--parallelism", parallelism, "--input-path", path)
    args += ("--slide-minutes", "30s", "--session-timeout", "20s", "--late-policy", policy)
    records, accounts = the_same_of(list(RUNS), tmp_path, *args)
    assert all(records.pop(output) for output in (*outputs_of(BOTH_ENGINES), "dead-letter"))
    assert late_analyses(records) == (set() if policy == "drop" else outputs_of(BOTH_ENGINES))
    assert records.keys() == {"late-events"}
    counts = {a["name"]: a for a in accounts["analyses"]}
    assert all(of["late"] > 0 for of in counts.values())
    assert counts["windowing-sliding"]["partial"] > 0


def test_the_same_corrections_and_retractions(tmp_path):
    path = disordered(tmp_path, 2, 25_000)
    args = ("--window-types", BOTH_ENGINES, "--parallelism", 2, "--input-path", path, "--allowed-lateness", "20s")
    args += ("--tumbling-minutes", "20s", "--sliding-minutes", "1", "--slide-minutes", "10s", "--session-timeout", "5s")
    records, _ = the_same_of(list(RUNS), tmp_path, *args)
    assert any(b'"retracted":true' in record for record in records["windowing-session"])
    assert all(with_revision(records, output) for output in outputs_of(BOTH_ENGINES))
    assert late_analyses(records) == outputs_of(BOTH_ENGINES)


@pytest.mark.parametrize(("parallelism", "lateness"), [(1, "0"), (4, "20s")])
def test_the_main_gives_the_same_of_all_types(tmp_path, parallelism, lateness):
    args = ("--parallelism", parallelism, "--input-path", disordered(tmp_path, 4, 20_000))
    args += ("--custom-trigger-count", 7, "--session-timeout", "20s", "--allowed-lateness", lateness)
    records, accounts = the_same_of(["java", "java main"], tmp_path, *args)
    assert all(records.values())
    analyses = {a["name"] for a in accounts["analyses"]}
    assert len(analyses) == 7
    assert late_analyses(records) == analyses
    assert bool(with_revision(records, "windowing-multi_level")) == (lateness != "0")


def test_the_python_engine_refuses_the_other_types(tmp_path):
    with BlockProcess(BLOCK, tmp_path / "home", "--engine", "python") as block:
        assert block.wait() == 2
        assert "--window-types" in block.stderr
        assert len(block.stderr.splitlines()) == 1
