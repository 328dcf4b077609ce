"""The analyses on hostile events, against models that share nothing with them."""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from flinkblocks.logic import Event, analyses
from flinkblocks.logic.testing import END, Driver
from flinkblocks.testing import hostile, model, windowing

LINES = hostile.lines(seed=35, count=3_000)
DISORDER_MS = 4_900
SETTINGS = {
    "allowed-lateness": "0", "session-timeout": "5000", "high-value-threshold": "1000.00",
    "popularity-window": "300000", "popularity-slide": "60000", "popularity-top": "10", "fraud-history": "63072000000",
    "velocity-purchases": "5", "velocity-window": "60000", "high-amount-purchases": "3", "high-amount-factor": "10",
    "high-amount-window": "60000", "small-amount": "1.00", "large-amount": "500.00",
    "small-then-large-window": "60000", "many-ips": "3", "many-ips-window": "300000",
    "tumbling-minutes": "20000", "sliding-minutes": "40000", "slide-minutes": "10000", "early-firing": "0",
}  # fmt: skip
NAMES = [
    "revenue", "popularity", "sessions", "fraud_alerts", "high_value", "tumbling", "sliding", "session_windows"
]  # fmt: skip


def parsed(line):
    names = ("event_id", "user_id", "session_id", "product_id", "category", "action")
    address = line.event.get("metadata", {}).get("ip_address")
    price = int(line.event["price"].quantize(Decimal("0.000001"), ROUND_HALF_EVEN).scaleb(6))
    return Event(
        *(line.event[name] for name in names),
        ip_address=address if isinstance(address, str) else None,
        amount=price * line.event["quantity"],
        timestamp=line.event["timestamp"],
        raw=line.raw.decode(),
        watermark=-1,
        closed=-1,
        price=price,
    )


EXPECTED = {
    **model.outputs(LINES, 5_000),
    "windowing-tumbling": windowing.tumbling(LINES, 20_000),
    "windowing-sliding": windowing.sliding(LINES, 40_000, 10_000),
    "windowing-session": windowing.sessions(LINES, 5_000),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("order", [1, 2])
def test_equal_to_the_model_in_any_order_within_the_bound(name, order):
    analysis = getattr(analyses, name)(SETTINGS)
    driver = Driver(analysis)
    events = [parsed(line) for line in hostile.interleave(order, LINES, DISORDER_MS) if line.event]
    latest = 0
    for event in events:
        driver.send(event)
        latest = max(latest, event.timestamp)
        driver.advance(latest - DISORDER_MS - 1)
    driver.advance(END)
    assert sorted(r.value.encode() for r in driver.records) == sorted(EXPECTED[analysis.output])
    assert len(driver.records) > 10
    assert sum(driver.counts[c] for c in driver.counts if c != "partial") == len(events)
    assert driver.counts["used"] > 0
    assert driver.keys == {}


def test_limits_with_more_than_six_decimals_mean_the_next_amount():
    strict = analyses.high_value({**SETTINGS, "high-value-threshold": "1000.0000001"})
    assert strict.threshold == 1_000_000_001
    fraud = analyses.fraud_alerts({**SETTINGS, "small-amount": "0.9999999", "large-amount": "499.9999999"})
    assert dataclasses.asdict(fraud.logic.thresholds)["small_amount"] == 999_999
    assert fraud.logic.thresholds.large_amount == 500_000_000


def test_the_settings_of_windows():
    settings = {**SETTINGS, "allowed-lateness": "7", "early-firing": "9"}
    tumbling, sliding, sessions = (getattr(analyses, name)(settings) for name in NAMES[-3:])
    assert (tumbling.size, tumbling.slide, tumbling.fixed) == (20_000, 20_000, "windows of 20,000 ms every 20,000 ms")
    assert (sliding.size, sliding.slide) == (40_000, 10_000)
    assert sessions.timeout == 5_000
    assert {(a.allowed_lateness, a.early_firing) for a in (tumbling, sliding, sessions)} == {(7, 9)}
    # Those of streaming_analytics, which has no such setting.
    assert {analyses.revenue(SETTINGS).early_firing, analyses.sessions(SETTINGS).early_firing} == {0}
