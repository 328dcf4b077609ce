"""streaming_analytics on a session cluster of its own: submitted, followed, stopped, and brought back after a loss."""

from __future__ import annotations

import collections
import contextlib
import json
import socket

import psutil
import pytest

from flinkblocks.console import FlinkRest
from flinkblocks.stack import temporary_stack
from flinkblocks.testing import hostile, model
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_output

BLOCK = "flink/python/streaming_analytics"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack"), "flink") as stack:
        yield stack
    left = [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
    assert left == []


@pytest.fixture(scope="module")
def address(stack):
    return stack.services()["flink"].address


@pytest.fixture
def run(address, tmp_path):
    def run(*flags):
        return BlockProcess(
            BLOCK, tmp_path / "home", "--target", address, "--output-path", tmp_path / "out",
            "--checkpoint-interval", "1s", *flags,
        )  # fmt: skip

    return run


def orders(folder):
    return sum(json.loads(line)["order_count"] for line in read_output(folder, "revenue-metrics"))


def running_jobs(address):
    rest = FlinkRest(address)
    try:
        return [job["id"] for job in rest.get("/jobs")["jobs"] if job["status"] == "RUNNING"]
    finally:
        rest.close()


def test_hostile_events_equal_the_model(run, tmp_path):
    lines = hostile.lines(seed=21, count=2_000)
    (tmp_path / "in").mkdir()
    for n, records in enumerate(hostile.partitions(3, hostile.interleave(2, lines, 4_900), 3)):
        (tmp_path / "in" / f"{n}.jsonl").write_bytes(b"".join(r.raw + b"\n" for r in records))
    with run("--input-path", tmp_path / "in", "--parallelism", 4) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    for output, expected in model.outputs(lines).items():
        assert differences(expected, read_output(tmp_path / "out", output), output) == []
    dead = [model.dead_letter_line(line) for line in read_output(tmp_path / "out", "dead-letter")]
    assert differences(model.dead_letters(lines), dead, "dead letters") == []
    accounts = summary["accounting"]
    assert (accounts["read"], accounts["adds_up"]) == (len(lines), True)


def test_ctrl_c_drains_the_generator(run, address, tmp_path):
    with run("--duration", 0, "--rate", 2000, "--parallelism", 2) as block:
        block.wait_checkpoint()
        (job,) = running_jobs(address)
        rest = FlinkRest(address)
        config = rest.get(f"/jobs/{job}/checkpoints/config")
        rest.close()
        summary = block.stop()
        assert block.wait() == 0, block.stderr
    # What the flags ask for counts on the cluster, too.
    assert (config["mode"], config["interval"]) == ("exactly_once", 1000)
    assert config["externalization"] == {"enabled": True, "delete_on_cancellation": False}
    assert config["state_backend"] == "EmbeddedRocksDBStateBackend"
    assert (summary["ended"], summary["accounting"]["adds_up"]) == ("DRAINED", True)
    (revenue,) = (a for a in summary["accounting"]["analyses"] if a["name"] == "revenue-metrics")
    assert orders(tmp_path / "out") == revenue["used"] > 0
    assert running_jobs(address) == []
    assert not list((tmp_path / "home").rglob("savepoint-*"))


def test_a_lost_taskmanager_is_waited_for(run, stack, tmp_path):
    with run("--duration", 0, "--rate", 2000, "--parallelism", 2) as block:
        snapshot = block.wait_checkpoint()
        stack.services()["flink"].daemons["taskmanager"].kill()
        stack.up("flink")
        assert any(found["type"] == "snapshot" and found["checkpoints"]["restored"] for found in block.objects())
        block.wait_checkpoint(more_than=snapshot["checkpoints"]["completed"] + 1)
        summary = block.stop()
        assert block.wait() == 0, block.stderr
    assert (summary["ended"], summary["accounting"]["adds_up"]) == ("DRAINED", True)
    records = [json.loads(line) for line in read_output(tmp_path / "out", "revenue-metrics")]
    twice = collections.Counter((r["window_key"], r["window_start"]) for r in records)
    assert [window for window, times in twice.items() if times > 1] == []
    (revenue,) = (a for a in summary["accounting"]["analyses"] if a["name"] == "revenue-metrics")
    assert orders(tmp_path / "out") == revenue["used"] > 0


def fails(target, tmp_path, *flags):
    with BlockProcess(BLOCK, tmp_path / "home", "--target", target, "--output-path", tmp_path / "out", *flags) as block:
        assert block.wait() == 1, block.stderr
    told = block.stderr + "".join(block.told())
    assert "Traceback" not in told
    assert "Exception" not in told
    assert not (tmp_path / "out").exists()
    return told


def test_more_than_the_cluster_has_is_refused_at_once(address, tmp_path):
    told = fails(address, tmp_path, "--parallelism", 5)
    assert "--parallelism 5 takes 5" in told
    assert "give --parallelism 4 or less" in told


def test_a_cluster_that_is_not_there(tmp_path):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{s.getsockname()[1]}"
        assert f"{target} does not answer" in fails(target, tmp_path)


def test_a_cluster_that_never_answers(tmp_path):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}"
        assert f"{target} does not answer" in fails(target, tmp_path)
