from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.measures import Measures
from flinkblocks.logic.testing import END, Driver, event
from flinkblocks.logic.windows import Windows


def tumbling(early=0, lateness=0):
    return Driver(Windows(Measures("windowing-tumbling"), 60_000, 60_000, lateness, early))


def sliding(size, slide, lateness=0, early=0):
    return Driver(Windows(Measures("windowing-sliding", compares=True), size, slide, lateness, early))


def test_what_a_tumbling_window_says():
    driver = tumbling(lateness=10, early=30_000).send(
        event(60_000, category='gä"r', price=10_000, amount=30_000),
        event(119_999, category='gä"r', price=25_000, amount=25_000, user_id="u"),
        event(60_000, category='gä"r', price=1, action="view"),
    )
    told = (
        '{"window_key":"gä\\"r","window_start":60000,"window_end":120000,"event_count":3,"purchase_count":2,'
        '"unique_users":2,"revenue":0.055,"avg_price":0.01,"min_price":0.000001,"max_price":0.025,'
    )
    early, final = driver.advance(119_999).records
    assert early == ("windowing-tumbling", 'gä"r', told + '"early":true}')
    assert final == ("windowing-tumbling", 'gä"r', told + '"revision":0}')
    driver.take()
    driver.send(event(60_000, category='gä"r', action="view"))
    (again,) = driver.take()
    assert (again["revision"], again["event_count"], again["max_price"]) == (1, 4, 10)
    assert "early" not in again


def test_a_sliding_window_tells_its_change_before_what_it_is():
    driver = sliding(100, 100, early=70).send(event(150, amount=12_500_000), event(250, action="view"))
    driver.advance(299)
    values = [r.value.partition('"max_price":')[2] for r in driver.records]
    assert values == [
        '10.00,"revenue_change":null,"early":true}',
        '10.00,"revenue_change":null,"revision":0}',
        '10.00,"revenue_change":-12.50,"early":true}',
        '10.00,"revenue_change":-12.50,"early":true}',
        '10.00,"revenue_change":-12.50,"revision":0}',
    ]


def test_a_change_of_nothing_is_not_none():
    driver = sliding(100, 100).send(event(50, action="view"), event(150, action="view")).advance(END)
    assert [r.value.partition('"revenue_change":')[2] for r in driver.records] == [
        'null,"revision":0}',
        '0.00,"revision":0}',
    ]


def test_only_what_is_compared_is_kept_for_another_window():
    assert tumbling().send(event(1)).advance(59_999).keys == {}
    driver = sliding(60_000, 60_000).send(event(1)).advance(119_998)
    assert driver.keys["x"].state.amounts == {0: 10_000_000}
    assert driver.advance(119_999).keys == {}


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 700), st.sampled_from("uvw"), st.sampled_from(["view", "purchase", "gaze"]),
        st.integers(0, 10**15), st.integers(1, 9),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def naive(events, size, slide):
    """Each window from its events: (start, numbers, amounts)."""
    revenue = {}
    for start in range(-size, 701, slide):
        inside = [e for e in events if start <= e[0] < start + size]
        if inside:
            bought = [Decimal(price).scaleb(-6) * n for _, _, action, price, n in inside if action == "purchase"]
            prices = [Decimal(price).scaleb(-6) for _, _, _, price, _ in inside]
            mean = (sum(prices) / len(prices)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            revenue[start] = sum(bought, Decimal(0))
            change = revenue[start] - revenue[start - size] if start - size in revenue else None
            numbers = len(inside), len(bought), len({user for _, user, *_ in inside})
            yield start, numbers, (revenue[start], mean, min(prices), max(prices), change)


@pytest.mark.parametrize("panes", [1, 7, 60])
@given(EVENTS, st.randoms(use_true_random=False))
def test_panes_say_what_naive_windows_say(panes, events, random):
    driver = sliding(10 * panes, 10)
    for timestamp, user, action, price, quantity in random.sample(events, len(events)):
        driver.send(event(timestamp, user_id=user, action=action, price=price, amount=price * quantity))
    found = [json.loads(r.value, parse_float=Decimal) for r in driver.advance(END).records]
    numbers = ("event_count", "purchase_count", "unique_users")
    amounts = ("revenue", "avg_price", "min_price", "max_price", "revenue_change")
    assert [
        (r["window_start"], tuple(r[name] for name in numbers), tuple(r[name] for name in amounts)) for r in found
    ] == list(naive(events, 10 * panes, 10))
    assert {(r["window_end"] - r["window_start"], r["revision"]) for r in found} == {(10 * panes, 0)}
    assert driver.keys == {}
