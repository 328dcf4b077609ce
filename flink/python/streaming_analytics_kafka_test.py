"""streaming_analytics from Kafka to Kafka: stopped, killed, resumed, grown; nothing lost and nothing doubled."""

from __future__ import annotations

import dataclasses
import json

import pytest
import stamina

from flinkblocks.stack import temporary_stack
from flinkblocks.testing import hostile, model
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.kafka import Topics
from flinkblocks.testing.prefix import Prefixes

BLOCK = "flink/python/streaming_analytics"
TOPIC = "shop"
SESSION_TIMEOUT_S = 5
# Of the topics that the block creates; not the default.
PARTITIONS_MADE = 3
LOG_APPEND_TIME = 2
# The field that is each output's key.
KEYS = {
    "analytics-results": "category", "fraud-alerts": "user_id", "high-value-transactions": "user_id",
    "revenue-metrics": "window_key", "user-sessions": "user_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack"), "kafka") as stack:
        yield Topics(stack.services()["kafka"].address)


class Shop:
    """A topic and the block's runs on it, under names of their own."""

    def __init__(self, topics, home, prefix, partitions):
        self.topics, self.home, self.prefix = topics, home, prefix
        self.input = prefix + TOPIC
        self.written = []
        topics.create(self.input, partitions)
        self.partitions = partitions

    def write(self, records):
        for n, part in enumerate(hostile.partitions(len(self.written), records, self.partitions)):
            self.topics.write(self.input, n, [r.raw for r in part])
        self.written += records

    def close_windows(self):
        """An event far ahead in every partition, which nobody buys anything with: all windows before it close."""
        last = hostile.CLOSING
        for n in range(self.partitions):
            self.topics.write(self.input, n, [last.raw])
            self.written.append(last)

    def run(self, *flags, target=BLOCK, checkpoint_interval="1s"):
        return BlockProcess(
            target, self.home, "--kafka-servers", self.topics.servers, "--kafka-topic", TOPIC,
            "--topic-prefix", self.prefix, "--duration", 0, "--checkpoint-interval", checkpoint_interval,
            "--idle-timeout", "10min", "--partition-discovery", "500ms", "--session-timeout", f"{SESSION_TIMEOUT_S}s",
            "--kafka-partitions", PARTITIONS_MADE, *flags,
        )  # fmt: skip

    def assert_right(self):
        # What the last event itself begins is not closed.
        expected = model.outputs([r for r in self.written if r is not hostile.CLOSING], SESSION_TIMEOUT_S * 1000)
        for output, values in expected.items():
            records = self.topics.read(self.prefix + output)
            assert differences(values, [r.value for r in records], output) == []
            assert all(json.loads(r.value)[KEYS[output]].encode() == r.key for r in records)
            assert self.topics.partitions(self.prefix + output) == PARTITIONS_MADE
            assert {r.timestamp_type for r in records} == {LOG_APPEND_TIME}
        dead = self.topics.read(f"{self.input}-dlq")
        found = [(d.value, d.header("dlq.reason"), d.header("dlq.field")) for d in dead]
        assert differences(model.dead_letters(self.written), found, "dead letters") == []
        assert all(d.key == b"k" and d.header("__connect.errors.topic") == self.input for d in dead)
        assert self.topics.read(self.prefix + "late-events") == []


def test_a_hundred_thousand_events_through_stop_kill_and_growth(broker, tmp_path):
    """One stream in four stages: start, continue from a savepoint, resume after SIGKILL, a new partition."""
    records = hostile.lines(seed=5, count=100_000, step_ms=20)
    shop = Shop(broker, tmp_path / "home", "grow.", 4)

    shop.write(records[:30_000])
    with shop.run() as block:
        block.wait_read(10_000)
        summary = block.stop()
    assert summary["ended"] == "STOPPED"

    shop.write(records[30_000:50_000])
    with shop.run("--from-savepoint", summary["savepoint"]) as block:
        snapshot = block.wait_checkpoint()
        shop.write(records[50_000:70_000])
        block.wait_read((snapshot["records_in"] or 0) + 1)
        block.kill()

    with shop.run("--from-savepoint", "latest") as block:
        block.wait_read(70_000)
        broker.grow(shop.input, 5)
        shop.partitions = 5
        # Found when its first record was read: an event that nobody buys anything with, not before the others.
        probe = hostile.lookers(records[70_000].timestamp)
        broker.write(shop.input, 4, [probe.raw])
        shop.written.append(probe)
        block.wait_read(70_001)
        shop.write(records[70_000:])
        shop.close_windows()
        block.wait_read(len(shop.written))
        summary = block.stop()
        assert summary["accounting"]["adds_up"] is True
        assert summary["accounting"]["read"] == len(shop.written)
    shop.assert_right()


def test_all_outputs_stand_at_one_checkpoint_after_each_kill(broker, tmp_path):
    """One partition and one subtask: what is committed must be what one prefix of the input brings about."""
    records = hostile.lines(seed=8, count=12_000)
    timeout_ms = SESSION_TIMEOUT_S * 1000
    prefixes = Prefixes(records, model.outputs(records, timeout_ms), timeout_ms, bound_ms=5_000)
    shop = Shop(broker, tmp_path / "home", "one.", 1)

    def committed():
        return {output: [r.value for r in broker.read(shop.prefix + output)] for output in KEYS}

    def assert_one_prefix():
        # The coordinator tells each partition that a transaction is committed, one after the other.
        for attempt in stamina.retry_context(on=AssertionError, timeout=30, wait_max=1):
            with attempt:
                found = committed()
                assert prefixes.problems(found) == []
        return sum(map(len, found.values()))

    seen, resume = 0, ()
    for stage in range(3):
        chunk = records[stage * 4_000 : (stage + 1) * 4_000]
        with shop.run("--parallelism", 1, *resume) as block:
            for part in (chunk[:1_500], chunk[1_500:3_000]):
                shop.write(part)
                snapshot = block.wait_read(len(shop.written))
                block.wait_checkpoint(more_than=snapshot["checkpoints"].get("completed") or 0)
            shop.write(chunk[3_000:])
            block.wait_read(len(shop.written) - 500)
            if stage < 2:
                block.kill()
            else:
                shop.close_windows()
                block.wait_read(len(shop.written))
                block.stop()
        resume = ("--from-savepoint", "latest")
        if stage < 2:
            now = assert_one_prefix()
            assert now > seen
            seen = now
    shop.assert_right()


def test_each_output_has_what_the_checkpoint_counted_after_each_kill(broker, tmp_path):
    """Several partitions and subtasks: what is committed is as much as the restored checkpoint says of each output."""
    records = hostile.lines(seed=9, count=12_000, step_ms=60)
    shop = Shop(broker, tmp_path / "home", "counted.", 3)
    # The broker is to wait for more than there is: a run with this reads nothing, and has the counts it began with.
    # At its end, it waits for the broker's answer as long as a request may take.
    waiting = {"fetch.min.bytes": 50_000_000, "fetch.max.wait.ms": 600_000, "request.timeout.ms": 3_000}
    (tmp_path / "nothing.properties").write_text("".join(f"{name}={value}\n" for name, value in waiting.items()))
    nothing = ("--kafka-config", tmp_path / "nothing.properties")

    def write_more():
        shop.write(records[len(shop.written) :][:2_000])

    def resumed_and_stopped(savepoint):
        with shop.run("--parallelism", 2, "--from-savepoint", savepoint, *nothing) as block:
            block.wait_checkpoint()
            return block.stop()

    resume = ()
    for _ in range(2):
        # So long that what is written behind a checkpoint is not committed yet when the kill comes.
        with shop.run("--parallelism", 2, *resume, checkpoint_interval="5s") as block:
            write_more()
            snapshot = block.wait_read(len(shop.written))
            block.wait_checkpoint(more_than=snapshot["checkpoints"].get("completed") or 0)
            write_more()
            block.wait_read(len(shop.written) - 500)
            block.kill()
        before = len(shop.written)
        write_more()
        first = resumed_and_stopped("latest")
        # Readers may still wait for a transaction of the killed run, which only this start aborts (see KafkaOutput).
        summary = resumed_and_stopped(first["savepoint"])
        assert summary["accounting"] == first["accounting"]
        assert summary["accounting"]["read"] <= before
        counted = {output["where"].removeprefix("topic "): output["records"] for output in summary["outputs"]}
        assert all(counted[shop.prefix + output] for output in KEYS)
        # The coordinator tells each partition that a transaction is committed, one after the other.
        for attempt in stamina.retry_context(on=AssertionError, timeout=30, wait_max=1):
            with attempt:
                assert {topic: len(broker.read(topic)) for topic in counted} == counted
        resume = ("--from-savepoint", summary["savepoint"])


def test_an_operator_added_between_two_versions_starts_from_the_savepoint(broker, tmp_path):
    """The first version only sorts out dead letters; the second computes revenue, too."""
    records = hostile.lines(seed=6, count=4_000)
    shop = Shop(broker, tmp_path / "home", "upgrade.", 2)
    shop.write(records[:1_000])
    with shop.run(target="flink/python/testing_first_version") as block:
        block.wait_read(1_000)
        first = block.stop()
    assert first["savepoint"]

    # The new operator begins with empty state: of the windows only those after the savepoint are whole.
    clear = max(r.timestamp for r in records[:1_000]) // 60_000 * 60_000 + 60_000
    shop.write(records[1_000:])
    shop.close_windows()
    with shop.run("--from-savepoint", first["savepoint"]) as block:
        block.wait_read(len(shop.written))
        second = block.stop()
    assert second["accounting"]["read"] == len(shop.written)
    found = [r.value for r in broker.read("upgrade.revenue-metrics") if json.loads(r.value)["window_start"] >= clear]
    whole = [dataclasses.replace(r, event=None) if r.timestamp < clear else r for r in records]
    assert differences(model.revenue(whole), found) == []
