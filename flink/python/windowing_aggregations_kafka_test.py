"""windowing_aggregations from Kafka to Kafka on RocksDB: killed twice in mid-run, and nothing lost or doubled."""

from __future__ import annotations

import json

import psutil
import pytest

from flinkblocks.stack import temporary_stack
from flinkblocks.testing import episodes, hostile, model, windowing
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.kafka import Topics

BLOCK = "flink/python/windowing_aggregations"
INPUT = "shop"
PARTITIONS = 3
SIZES = windowing.Sizes(slide_ms=60_000, session_timeout_ms=30_000, trigger_count=20)
LINES = episodes.mixed(seed=41, count=15_000)
# The field that is each output's key.
KEYS = {
    "windowing-global": "product_id", "windowing-multi_level": "window_key", "windowing-session": "user_id",
    "windowing-sliding": "window_key", "windowing-tumbling": "window_key",
}  # fmt: skip


@pytest.fixture
def topics(tmp_path):
    with temporary_stack(tmp_path / "stack", "kafka") as stack:
        yield Topics(stack.services()["kafka"].address)


def write(topics, records, seed):
    for n, part in enumerate(hostile.partitions(seed, records, PARTITIONS)):
        topics.write(INPUT, n, [r.raw for r in part])


def key_of(output, record):
    if output == "windowing-pattern":
        return record["category"] if record["pattern"] == "spike" else record["user_id"]
    return record[KEYS[output]]


def run(topics, home, *args):
    return BlockProcess(
        BLOCK, home, "--kafka-servers", topics.servers, "--kafka-topic", INPUT, "--duration", 0, "--state-backend",
        "rocksdb", "--parallelism", 2, "--checkpoint-interval", "1s", "--idle-timeout", "10min", "--slide-minutes", "1",
        "--session-timeout", "30s", "--custom-trigger-count", SIZES.trigger_count, *args,
    )  # fmt: skip


def assert_right(topics):
    # What the closing events themselves begin is not over.
    for output, expected in windowing.outputs(LINES, SIZES).items():
        records = topics.read(output)
        assert differences(expected, [r.value for r in records], output) == []
        assert all(key_of(output, json.loads(r.value)).encode() == r.key for r in records)
    dead = topics.read(f"{INPUT}-dlq")
    found = [(d.value, d.header("dlq.reason"), d.header("dlq.field")) for d in dead]
    assert differences(model.dead_letters(LINES), found, "dead letters") == []
    assert topics.read("late-events") == []


def test_killed_twice_and_resumed_it_equals_the_model(topics, tmp_path):
    topics.create(INPUT, PARTITIONS)
    started, resume, written = [], (), 0

    def write_more(count):
        nonlocal written
        write(topics, LINES[written : written + count], seed=written)
        written += count

    for _ in range(2):
        write_more(4_000)
        with run(topics, tmp_path / "home", *resume) as block:
            snapshot = block.wait_read(written)
            # One that has it all, and one more: an increment to the one before.
            block.wait_checkpoint(more_than=(snapshot["checkpoints"].get("completed") or 0) + 1)
            write_more(2_000)
            block.wait_read(written - 1_500)
            started += psutil.Process(block.process.pid).children(recursive=True)
            block.kill()
        resume = ("--from-savepoint", "latest")
    write_more(len(LINES) - written)
    for n in range(PARTITIONS):
        topics.write(INPUT, n, [hostile.CLOSING.raw])
    with run(topics, tmp_path / "home", *resume) as block:
        block.wait_read(len(LINES) + PARTITIONS)
        started += psutil.Process(block.process.pid).children(recursive=True)
        summary = block.stop()
        assert block.wait() == 0, block.stderr
    assert (summary["ended"], summary["resumed"], summary["accounting"]["adds_up"]) == ("STOPPED", True, True)
    assert summary["accounting"]["read"] == len(LINES) + PARTITIONS
    assert_right(topics)
    assert len(started) >= 3
    assert psutil.wait_procs(started, timeout=60)[1] == []
