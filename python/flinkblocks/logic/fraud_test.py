from __future__ import annotations

import pytest

from flinkblocks.logic.fraud import Fraud, Thresholds
from flinkblocks.logic.ordered import Ordered
from flinkblocks.logic.testing import END, Driver, event

MINUTE = 60_000
LIMITS = Thresholds(
    velocity_purchases=5, velocity_window=MINUTE, high_amount_purchases=3, high_amount_factor=10,
    high_amount_window=MINUTE, small_amount=1_000_000, large_amount=500_000_000, small_then_large_window=MINUTE,
    many_ips=3, many_ips_window=5 * MINUTE, history=100 * MINUTE,
)  # fmt: skip


def alerts(*purchases):
    """(rule, time) of each alert, given (time, what is different from a purchase of 10.00)."""
    driver = Driver(Ordered(Fraud(LIMITS)))
    driver.send(*(event(time, event_id=f"e{time}", **changed) for time, changed in purchases))
    found = driver.advance(END).take()
    assert driver.keys == {}
    return [(r["rule"], r["timestamp"]) for r in found]


def every(step, count, **changed):
    return [(n * step, changed) for n in range(count)]


def test_what_an_alert_says():
    driver = Driver(Ordered(Fraud(LIMITS)))
    driver.send(
        event(1, user_id="u", event_id="a", amount=1_000_000), event(2, user_id="u", event_id="b", amount=500_000_000)
    )
    (found,) = driver.advance(END).records
    # printf 'small_then_large|u|b' | sha256sum
    assert found == (
        "fraud-alerts",
        "u",
        '{"alert_id":"0f0e4ac54e6ee43a","rule":"small_then_large","severity":"high","user_id":"u","event_id":"b",'
        '"timestamp":2,"amount":500.00,"evidence":{"previous_event_id":"a","previous_amount":1.00}}',
    )


@pytest.mark.parametrize(("step", "found"), [(14_999, 1), (15_000, 0)])
def test_velocity_leaves_out_what_is_a_whole_window_ago(step, found):
    assert len(alerts(*every(step, 5))) == found


def test_a_rule_pauses_as_long_as_its_window():
    assert alerts(*every(10_000, 12)) == [("velocity", 40_000), ("velocity", 100_000)]


@pytest.mark.parametrize(
    ("earlier", "amount", "found"),
    [(3, 100_000_001, ["high_amount"]), (3, 100_000_000, []), (2, 100_000_001, [])],
)
def test_high_amount_is_above_ten_times_the_mean_of_three(earlier, amount, found):
    purchases = [*every(2 * MINUTE, earlier), (2 * MINUTE * earlier, {"amount": amount})]
    assert [rule for rule, _ in alerts(*purchases)] == found


@pytest.mark.parametrize(
    ("small", "large", "gap", "found"),
    [
        (1_000_000, 500_000_000, MINUTE, 1),
        (1_000_001, 500_000_000, MINUTE, 0),
        (1_000_000, 499_999_999, MINUTE, 0),
        (1_000_000, 500_000_000, MINUTE + 1, 0),
    ],
)
def test_small_then_large(small, large, gap, found):
    assert len(alerts((0, {"amount": small}), (gap, {"amount": large}))) == found


def test_only_the_purchase_just_before_counts_as_small():
    assert alerts((0, {"amount": 1}), (1, {}), (2, {"amount": 500_000_000})) == []


@pytest.mark.parametrize(
    ("addresses", "step", "found"),
    [
        (["a", "", "b"], 149_999, 1),
        (["a", "", "b"], 150_000, 0),
        (["a", None, "b"], 1, 0),
        (["a", "b", "a"], 1, 0),
    ],
)
def test_many_ips(addresses, step, found):
    assert len(alerts(*((n * step, {"ip_address": ip}) for n, ip in enumerate(addresses)))) == found


def test_a_user_who_was_silent_for_long_is_new():
    usual = every(2 * MINUTE, 3)
    last = 4 * MINUTE + LIMITS.history
    assert alerts(*usual, (last - 1, {"amount": 200_000_000})) == [("high_amount", last - 1)]
    assert alerts(*usual, (last, {"amount": 200_000_000})) == []
