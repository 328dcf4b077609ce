"""streaming_analytics on hostile input, embedded: equal to the model whatever the parallelism and interleaving."""

from __future__ import annotations

import gzip
import json
import pathlib
import urllib.request

import pytest

import flink_common
import streaming_analytics
from flinkblocks.core.session import Session
from flinkblocks.ports import free_ports
from flinkblocks.testing import hostile, model
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences

BLOCK = "flink/python/streaming_analytics"
LINES = hostile.lines(seed=11, count=20_000)
REVENUE = model.revenue(LINES)
DEAD = model.dead_letters(LINES)


def write_folder(folder, partitions):
    """A file for each partition; every second one is packed. Line ends in records would be two records."""
    folder.mkdir()
    for n, records in enumerate(partitions):
        data = b"".join(r.raw + b"\n" for r in records)
        if n % 2:
            (folder / f"{n}.jsonl.gz").write_bytes(gzip.compress(data))
        else:
            (folder / f"{n}.jsonl").write_bytes(data)


def read_output(folder, output):
    return [line for file in pathlib.Path(folder, output).glob("*") for line in file.read_bytes().splitlines()]


def assert_right(folder, lines=REVENUE, dead=DEAD):
    assert differences(lines, read_output(folder, "revenue-metrics"), "revenue-metrics") == []
    found = [model.dead_letter_line(line) for line in read_output(folder, "dead-letter")]
    assert differences(dead, found, "dead letters") == []
    assert read_output(folder, "late-events") == []


@pytest.mark.parametrize(
    ("parallelism", "partitions", "order"), [(1, 1, 1), (1, 3, 2), (4, 1, 3), (4, 4, 4), (4, 7, 5)]
)
def test_hostile_events_equal_the_model(tmp_path, parallelism, partitions, order):
    spread = hostile.partitions(order, hostile.interleave(order, LINES, 4_900), partitions)
    write_folder(tmp_path / "in", spread)
    with BlockProcess(
        BLOCK, tmp_path / "home", "--parallelism", parallelism, "--input-path", tmp_path / "in",
        "--output-path", tmp_path / "out",
    ) as block:  # fmt: skip
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert_right(tmp_path / "out")
    accounts = summary["accounting"]
    assert (accounts["read"], accounts["dead_lettered"]) == (len(LINES), len(DEAD))
    assert accounts["adds_up"] is True


def test_generated_events_add_up(tmp_path):
    with BlockProcess(BLOCK, tmp_path / "home", "--records", 10_000, "--output-path", tmp_path / "out") as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["accounting"]["read"] == 10_000
    orders = sum(json.loads(line)["order_count"] for line in read_output(tmp_path / "out", "revenue-metrics"))
    (revenue,) = summary["accounting"]["analyses"]
    assert orders == revenue["used"] > 0


def test_duration_drains_the_generator(tmp_path):
    with BlockProcess(
        BLOCK, tmp_path / "home", "--duration", "2s", "--rate", 2000, "--output-path", tmp_path / "out"
    ) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["ended"] == "DRAINED"
    (revenue,) = summary["accounting"]["analyses"]
    orders = sum(json.loads(line)["order_count"] for line in read_output(tmp_path / "out", "revenue-metrics"))
    assert orders == revenue["used"] > 0
    assert not list((tmp_path / "home").rglob("savepoint-*"))


def test_prometheus_sees_the_run(tmp_path):
    (port,) = free_ports(1)
    args = ("--duration", 0, "--rate", 2000, "--invalid-records", "0.01", "--metrics-port", port)
    with BlockProcess(BLOCK, tmp_path / "home", *args, "--output-path", tmp_path / "out") as block:
        block.wait_read(5_000)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            samples = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        block.stop()

    def value(name):
        return sum(float(line.rsplit(" ", 1)[1]) for line in samples if f"{name}{{" in line)

    assert value("accounting_source_read") >= 5_000
    assert value("accounting_source_dead_lettered") > 0
    assert value("accounting_revenue_metrics_used") > 0
    for name in ("accounting_revenue_metrics_late", "eventTimeLagMs", "end_to_end_latency_ms"):
        assert any(name in line for line in samples), name


class TestDefineWorkflow:
    """The workflow with a source and sinks of one's own, as whoever copies the block would test it."""

    @pytest.fixture
    def run(self, tmp_path):
        def run(events, **flags):
            (tmp_path / "in.jsonl").write_bytes(b"".join(json.dumps(e).encode() + b"\n" for e in events))
            flags = streaming_analytics.StreamingAnalyticsFlags(
                parallelism=1, checkpoint_path=str(tmp_path / "state"), **flags
            )
            session = Session(flags, tmp_path / "logs")
            sinks = session.collecting()
            source = session.files(tmp_path / "in.jsonl")
            streaming_analytics.define_workflow(session.environment(), source, sinks, flags)
            return [(output, key, json.loads(value)) for output, key, value in sinks.run()]

        return run

    @staticmethod
    def purchase(timestamp, **changed):
        names = dict.fromkeys(("event_id", "user_id", "session_id", "product_id", "category"), "x")
        return {**names, "action": "purchase", "price": 10, "quantity": 1, "timestamp": timestamp, **changed}

    def test_a_late_event_is_told(self, run):
        on_time, ahead = self.purchase(60_000), self.purchase(200_000, action="view")
        late = self.purchase(61_000, price=5)
        found = sorted(run([on_time, ahead, late]), key=lambda record: record[0])
        assert [(output, key) for output, key, _ in found] == [("late-events", "x"), ("revenue-metrics", "x")]
        assert found[0][2] == {"analysis": "revenue-metrics", "late_by_ms": 194_999 - 61_000, "event": late}
        assert found[1][2]["total_revenue"] == 10

    def test_within_the_allowed_lateness_the_window_is_corrected(self, run):
        events = [self.purchase(60_000), self.purchase(200_000, action="view"), self.purchase(61_000, price=5)]
        found = run(events, allowed_lateness="2min")
        assert [(o, v["total_revenue"], v["order_count"]) for o, _, v in found] == [
            ("revenue-metrics", 10, 1),
            ("revenue-metrics", 15, 2),
        ]

    def test_both_languages_have_the_same_number_of_key_groups(self, tmp_path):
        flags = streaming_analytics.StreamingAnalyticsFlags(checkpoint_path=str(tmp_path / "state"))
        session = Session(flags, tmp_path / "logs")
        assert session.jvm.io.flinkblocks.job.JobEnvironment.MAX_PARALLELISM == flink_common.MAX_PARALLELISM

    def test_no_event_gives_no_record(self, run):
        assert run([]) == []
