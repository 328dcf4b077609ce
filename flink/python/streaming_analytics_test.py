"""streaming_analytics on hostile input, embedded: equal to the model whatever the parallelism and interleaving."""

from __future__ import annotations

import gzip
import json
import urllib.request

import pytest

import flink_common
import streaming_analytics
from flinkblocks.core.session import Session
from flinkblocks.ports import free_ports
from flinkblocks.testing import hostile, model
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_output

BLOCK = "flink/python/streaming_analytics"
LINES = hostile.lines(seed=11, count=20_000)
# A user comes every few seconds: so short a timeout makes many sessions of them.
SESSION_TIMEOUT_S = 5
RESULTS = model.outputs(LINES, SESSION_TIMEOUT_S * 1000)
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


def assert_right(folder):
    for output, expected in RESULTS.items():
        assert differences(expected, read_output(folder, output), output) == []
    found = [model.dead_letter_line(line) for line in read_output(folder, "dead-letter")]
    assert differences(DEAD, found, "dead letters") == []
    assert read_output(folder, "late-events") == []


@pytest.mark.parametrize(("parallelism", "partitions", "order"), [(1, 3, 1), (4, 1, 2), (4, 7, 3)])
def test_hostile_events_equal_the_model(tmp_path, parallelism, partitions, order):
    spread = hostile.partitions(order, hostile.interleave(order, LINES, 4_900), partitions)
    write_folder(tmp_path / "in", spread)
    with BlockProcess(
        BLOCK, tmp_path / "home", "--parallelism", parallelism, "--input-path", tmp_path / "in",
        "--output-path", tmp_path / "out", "--session-timeout", f"{SESSION_TIMEOUT_S}s",
    ) as block:  # fmt: skip
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert_right(tmp_path / "out")
    accounts = summary["accounting"]
    assert (accounts["read"], accounts["dead_lettered"]) == (len(LINES), len(DEAD))
    assert accounts["adds_up"] is True


def used(summary, analysis):
    return next(a["used"] for a in summary["accounting"]["analyses"] if a["name"] == analysis)


def test_generated_events_add_up(tmp_path):
    with BlockProcess(BLOCK, tmp_path / "home", "--records", 10_000, "--output-path", tmp_path / "out") as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["accounting"]["read"] == 10_000
    orders = sum(json.loads(line)["order_count"] for line in read_output(tmp_path / "out", "revenue-metrics"))
    assert orders == used(summary, "revenue-metrics") > 0
    visits = [json.loads(line) for line in read_output(tmp_path / "out", "user-sessions")]
    assert sum(visit["event_count"] for visit in visits) == used(summary, "user-sessions") == 10_000
    assert sum(visit["purchase_count"] for visit in visits) == orders


def test_duration_drains_the_generator(tmp_path):
    with BlockProcess(
        BLOCK, tmp_path / "home", "--duration", "2s", "--rate", 2000, "--output-path", tmp_path / "out"
    ) as block:
        summary = block.summary()
        assert block.wait() == 0, block.stderr
    assert summary["ended"] == "DRAINED"
    orders = sum(json.loads(line)["order_count"] for line in read_output(tmp_path / "out", "revenue-metrics"))
    assert orders == used(summary, "revenue-metrics") > 0
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

    def test_late_is_a_matter_of_each_analysis(self, run):
        on_time, ahead = self.purchase(60_000), self.purchase(200_000, action="view")
        late = self.purchase(61_000, price=5)
        found = run([on_time, ahead, late])
        by_output = {output: [v for o, _, v in found if o == output] for output, _, _ in found}
        # Its minute is over, and where order counts nothing comes after the watermark.
        told = {"late_by_ms": 194_999 - 61_000, "event": late}
        assert sorted(by_output.pop("late-events"), key=lambda record: record["analysis"]) == [
            {"analysis": "fraud-alerts", **told},
            {"analysis": "revenue-metrics", **told},
        ]
        assert [r["total_revenue"] for r in by_output.pop("revenue-metrics")] == [10]
        # The session is still open.
        (session,) = by_output.pop("user-sessions")
        assert (session["event_count"], session["revenue"]) == (3, 15)
        # Two of the five windows were emitted without it.
        ranked = {r["window_start"]: r["purchases"] for r in by_output.pop("analytics-results")}
        assert ranked == {-180_000: 1, -120_000: 1, -60_000: 2, 0: 2, 60_000: 2, 120_000: 0, 180_000: 0}
        assert by_output == {}

    def test_within_the_allowed_lateness_results_are_corrected(self, run):
        events = [self.purchase(60_000), self.purchase(200_000, action="view"), self.purchase(61_000, price=5)]
        found = run(events, allowed_lateness="3min", session_timeout="10s")
        revenue = [(v["total_revenue"], v["order_count"]) for o, _, v in found if o == "revenue-metrics"]
        assert revenue == [(10, 1), (15, 2)]
        sessions = [(v["session_start"], v["event_count"]) for o, _, v in found if o == "user-sessions"]
        assert sessions == [(60_000, 1), (60_000, 2), (200_000, 1)]

    def test_a_session_that_gets_another_start_is_retracted(self, run):
        events = [self.purchase(61_000), self.purchase(200_000, action="view"), self.purchase(60_000, price=5)]
        found = run(events, allowed_lateness="3min", session_timeout="10s")
        sessions = [v for o, key, v in found if o == "user-sessions" and key == "x"]
        assert sessions[1] == {"user_id": "x", "session_start": 61_000, "retracted": True}
        assert [(v["session_start"], v.get("event_count")) for v in sessions] == [
            (61_000, 1), (61_000, None), (60_000, 2), (200_000, 1),
        ]  # fmt: skip

    def test_thresholds_are_flags(self, run):
        events = [self.purchase(60_000 + n, event_id=f"e{n}", price=price) for n, price in enumerate([0.5, 7, 20])]
        assert [v for o, _, v in run(events) if o in ("fraud-alerts", "high-value-transactions")] == []
        found = run(
            events, velocity_purchases=3, large_amount="7.00", small_amount="0.50", high_amount_factor=5,
            high_amount_purchases=2, many_ips=1, high_value_threshold="20.00",
        )  # fmt: skip
        alerts = sorted((v["rule"], v["event_id"]) for o, _, v in found if o == "fraud-alerts")
        assert alerts == [("high_amount", "e2"), ("small_then_large", "e1"), ("velocity", "e2")]
        assert [v["event_id"] for o, _, v in found if o == "high-value-transactions"] == ["e2"]

    def test_windows_and_pauses_are_flags(self, run):
        stamps = [0, 70_000, 140_000]
        address = [{"ip_address": f"10.0.0.{n}"} for n in range(3)]
        events = [
            self.purchase(600_000 + t, event_id=f"e{t}", price=price, metadata=ip)
            for t, price, ip in zip(stamps, [1, 600, 90_000], address)
        ]

        def alerts(**flags):
            found = run(events, **{"high_amount_purchases": 2, **flags})
            return sorted((v["rule"], v["event_id"]) for o, _, v in found if o == "fraud-alerts")

        assert alerts() == [("high_amount", "e140000"), ("many_ips", "e140000")]
        assert {("velocity", "e140000"), ("small_then_large", "e70000")} <= {
            *alerts(velocity_purchases=3, velocity_window="3min", small_then_large_window="70s")
        }
        assert alerts(many_ips_window="1min") == [("high_amount", "e140000")]
        # Forgotten after every purchase, there is never an earlier one.
        assert alerts(fraud_history="1min", many_ips_window="1min") == []
        assert [e for rule, e in alerts(high_amount_purchases=1) if rule == "high_amount"] == ["e140000", "e70000"]
        paused = alerts(high_amount_purchases=1, high_amount_window="2min")
        assert [e for rule, e in paused if rule == "high_amount"] == ["e70000"]

    def test_the_length_of_a_ranking_is_a_flag(self, run):
        events = [self.purchase(60_000, product_id=product) for product in "abc"]
        found = run(events, popularity_window="1min", popularity_top=2)
        ranking = [(v["rank"], v["product_id"]) for o, _, v in found if o == "analytics-results"]
        assert sorted(ranking) == [(1, "a"), (2, "b")]

    def test_the_windows_of_popularity_are_flags(self, run):
        found = run([self.purchase(60_000)], popularity_window="10min", popularity_slide="5min")
        windows = [(v["window_start"], v["window_end"]) for o, _, v in found if o == "analytics-results"]
        assert sorted(windows) == [(-300_000, 300_000), (0, 600_000)]

    def test_both_languages_have_the_same_number_of_key_groups(self, tmp_path):
        flags = streaming_analytics.StreamingAnalyticsFlags(checkpoint_path=str(tmp_path / "state"))
        session = Session(flags, tmp_path / "logs")
        assert session.jvm.io.flinkblocks.job.JobEnvironment.MAX_PARALLELISM == flink_common.MAX_PARALLELISM

    def test_no_event_gives_no_record(self, run):
        assert run([]) == []
