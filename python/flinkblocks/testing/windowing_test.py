"""The models of windowing_aggregations against results worked out by hand, and the input they are there for."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest

from flinkblocks.testing import episodes, hostile, windowing, windowing_order
from flinkblocks.testing.checker import differences
from flinkblocks.testing.hostile import Line

MINUTE = 60_000
LINES = episodes.mixed(seed=7, count=4_000)


def event(timestamp, action="view", price="10", quantity=1, raw=b"", **names):
    """A line of which everything not named is x."""
    names = {**dict.fromkeys(("event_id", "user_id", "product_id", "category"), "x"), **names}
    fields = {**names, "action": action, "price": Decimal(price), "quantity": quantity, "timestamp": timestamp}
    return Line(raw, timestamp, fields, None)


def told(records):
    return [json.loads(record, parse_float=str) for record in records]


def some(records, *fields):
    return [tuple(r.get(field) for field in fields) for r in told(records)]


class TestWindows:
    def test_all_measures_of_a_tumbling_window(self):
        lines = [
            event(119_999, "purchase", "0.5", 3, user_id="a"),
            event(0, "view", "0.25", user_id="b"),
            event(60_000, "purchase", "12.499999999999998", 2, user_id="a"),
            Line(b"{", 5, None, hostile.Verdict("not_json", None)),
        ]
        assert windowing.tumbling(lines, 2 * MINUTE) == [
            b'{"window_key":"x","window_start":0,"window_end":120000,"event_count":3,"purchase_count":2,'
            b'"unique_users":2,"revenue":26.50,"avg_price":4.42,"min_price":0.25,"max_price":12.50,"revision":0}'
        ]

    def test_a_window_has_its_start_and_not_its_end(self):
        lines = [event(119_999), event(120_000), event(120_000, category="y")]
        assert some(windowing.tumbling(lines, 2 * MINUTE), "window_key", "window_start", "event_count") == [
            ("x", 0, 1), ("x", 120_000, 1), ("y", 120_000, 1),
        ]  # fmt: skip

    def test_an_average_is_rounded_half_up(self):
        lines = [event(0, price=price) for price in ("0.01", "0.00")]
        assert some(windowing.tumbling(lines, MINUTE), "avg_price") == [("0.01",)]

    def test_sliding_windows_overlap_and_know_the_one_a_size_earlier(self):
        lines = [
            event(60_000, "purchase", "10"),
            event(180_000, "purchase", "2.5"),
            event(300_000, "view", "99", user_id="y"),
        ]
        found = some(
            windowing.sliding(lines, 2 * MINUTE, MINUTE), "window_start", "window_end", "revenue", "revenue_change"
        )
        assert found == [
            (0, 120_000, "10.00", None),
            (60_000, 180_000, "10.00", None),
            (120_000, 240_000, "2.50", "-7.50"),
            (180_000, 300_000, "2.50", "-7.50"),
            (240_000, 360_000, "0.00", "-2.50"),
            (300_000, 420_000, "0.00", "-2.50"),
        ]

    def test_the_fields_of_a_sliding_window(self):
        assert windowing.sliding([event(0)], MINUTE, MINUTE) == [
            b'{"window_key":"x","window_start":0,"window_end":60000,"event_count":1,"purchase_count":0,'
            b'"unique_users":1,"revenue":0.00,"avg_price":10.00,"min_price":10.00,"max_price":10.00,'
            b'"revenue_change":null,"revision":0}'
        ]

    def test_a_session_takes_in_an_event_at_exactly_the_timeout(self):
        lines = [event(10_000, "purchase"), event(0), event(20_001)]
        assert windowing.sessions(lines, 10_000) == [
            b'{"user_id":"x","session_start":0,"session_end":10000,"duration_ms":10000,"event_count":2,'
            b'"actions":{"purchase":1,"view":1},"unique_products":1,"purchase_count":1,"revenue":10.00,'
            b'"converted":true,"revision":0}',
            b'{"user_id":"x","session_start":20001,"session_end":20001,"duration_ms":0,"event_count":1,'
            b'"actions":{"view":1},"unique_products":1,"purchase_count":0,"revenue":0.00,"converted":false,"revision":0}',
        ]  # fmt: skip

    def test_the_levels_of_three_events(self):
        lines = [
            event(0, "purchase", "1.5", 2, user_id="a"),
            event(59_999, price="3", user_id="b"),
            event(60_000, "purchase", "2", user_id="a"),
        ]
        found = windowing.multi_level(lines)
        assert found[0] == (
            b'{"level":"1min","window_key":"x","window_start":0,"window_end":60000,"event_count":2,"purchase_count":1,'
            b'"unique_users":2,"revenue":3.00,"min_price":1.50,"max_price":3.00,"revision":0}'
        )
        assert some(found, "level", "window_start", "window_end", "event_count", "unique_users", "revenue") == [
            ("1min", 0, 60_000, 2, 2, "3.00"), ("1min", 60_000, 120_000, 1, 1, "2.00"),
            ("5min", 0, 300_000, 3, 2, "5.00"), ("1h", 0, 3_600_000, 3, 2, "5.00"),
        ]  # fmt: skip


class TestGlobal:
    FIELDS = ("fired_by", "from", "to", "count")

    def fired(self, stamps, trigger_count):
        return some(windowing_order.global_windows([event(t) for t in stamps], trigger_count), *self.FIELDS)

    def test_fires_at_every_so_many_events_and_keeps_them(self):
        found = windowing_order.global_windows([event(n, price=str(n)) for n in range(1, 5)], 2)
        assert found == [
            b'{"product_id":"x","fired_by":"count","from":1,"to":2,"count":2,"avg_price":1.50,"min_price":1.00,'
            b'"max_price":2.00}',
            b'{"product_id":"x","fired_by":"count","from":1,"to":4,"count":4,"avg_price":2.50,"min_price":1.00,'
            b'"max_price":4.00}',
        ]  # fmt: skip

    def test_a_timeout_is_five_minutes_behind_the_first_event_and_comes_before_the_events_of_its_instant(self):
        assert self.fired([0, 299_999, 300_000], 50) == [("timeout", 0, 299_999, 2), ("timeout", 0, 300_000, 3)]
        assert self.fired([0, 299_999], 50) == [("timeout", 0, 299_999, 2)]

    def test_each_firing_begins_to_count_and_to_wait_anew(self):
        assert self.fired([0, 1, 200_000, 400_000], 2) == [("count", 0, 1, 2), ("count", 0, 400_000, 4)]
        assert self.fired([0, 300_000, 300_001], 2) == [("timeout", 0, 0, 1), ("count", 0, 300_001, 3)]

    def test_an_event_ten_minutes_old_is_not_kept(self):
        assert self.fired([0, 1, 600_000], 1)[-1] == ("count", 1, 600_000, 2)
        assert self.fired([0, 599_999], 1)[-1] == ("count", 0, 599_999, 2)

    def test_five_hundred_events_are_kept(self):
        assert self.fired(range(501), 501) == [("count", 1, 500, 500)]

    def test_events_of_one_instant_come_by_id_and_bytes(self):
        tied = [("b", b"", "1"), ("\U0001f600", b"", "2"), ("a", b"2", "3"), ("a", b"1", "4"), ("\uffff", b"", "5")]
        lines = [event(0, event_id=name, raw=raw, price=price) for name, raw, price in tied]
        found = some(windowing_order.global_windows(lines, 1), "avg_price", "min_price", "max_price")
        assert [float(avg) * n for n, (avg, *_) in enumerate(found, 1)] == pytest.approx([4, 7, 8, 13, 15], abs=0.03)


class TestPatterns:
    def matched(self, actions, **names):
        lines = [event(600_000 + n, action, event_id=f"e{n}", **names) for n, action in enumerate(actions.split())]
        return some(windowing_order.user_patterns(lines), "pattern", "event_ids")

    def test_the_fields(self):
        lines = [event(1_200_000, "add_to_cart", event_id='"', user_id="u", product_id="p")]
        assert windowing_order.user_patterns(lines) == [
            b'{"pattern":"abandoned_cart","user_id":"u","product_id":"p","window_start":1200000,"window_end":1800000,'
            b'"event_ids":["\\""]}'
        ]

    @pytest.mark.parametrize(
        ("actions", "expected"),
        [
            ("view add_to_cart purchase", ["e0", "e1", "e2"]),
            ("purchase add_to_cart view view add_to_cart add_to_cart purchase purchase", ["e2", "e4", "e6"]),
            ("add_to_cart view purchase", None),
            ("view purchase add_to_cart", None),
        ],
    )
    def test_conversion(self, actions, expected):
        assert dict(self.matched(actions)).get("conversion") == expected

    @pytest.mark.parametrize(
        ("actions", "expected"),
        [
            ("add_to_cart view add_to_cart view", ["e2"]),
            ("purchase remove_from_cart add_to_cart", ["e2"]),
            ("add_to_cart purchase", None),
            ("add_to_cart view remove_from_cart", None),
        ],
    )
    def test_abandoned_cart(self, actions, expected):
        assert dict(self.matched(actions)).get("abandoned_cart") == expected

    @pytest.mark.parametrize(
        ("actions", "expected"),
        [
            ("view view wishlist view view view view", ["e0", "e1", "e3", "e4", "e5"]),
            ("view view view view purchase", None),
            ("view view view view view add_to_cart", None),
        ],
    )
    def test_indecision(self, actions, expected):
        assert dict(self.matched(actions)).get("indecision") == expected

    def test_users_products_and_windows_are_apart(self):
        cart, bought = event(1_199_999, "add_to_cart"), event(1_199_999, "purchase", event_id="y")
        assert windowing_order.user_patterns([cart, bought]) == []
        for other in ({"user_id": "y"}, {"product_id": "y"}, {"timestamp": 1_200_000}):
            line = dataclasses.replace(
                bought, event={**bought.event, **other}, timestamp=other.get("timestamp", bought.timestamp)
            )
            assert some(windowing_order.user_patterns([cart, line]), "pattern") == [("abandoned_cart",)]


class TestSpikes:
    def found(self, counts):
        lines = [event(minute * MINUTE + n, event_id=f"e{n}") for minute, c in counts.items() for n in range(c)]
        return windowing_order.spikes(lines)

    def minutes(self, counts):
        return [start // MINUTE for (start,) in some(self.found(counts), "window_start")]

    def test_more_than_three_times_the_mean_of_five_minutes(self):
        assert self.found({0: 1, 1: 2, 3: 1, 4: 3, 5: 5}) == [
            b'{"pattern":"spike","category":"x","window_start":300000,"window_end":360000,"event_count":5,'
            b'"baseline":1.40}'
        ]
        assert self.minutes({0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 3}) == []

    def test_not_before_the_sixth_minute(self):
        assert self.minutes({0: 1, 4: 100, 5: 63}) == [5]
        assert self.minutes({0: 1, 4: 100}) == []

    def test_after_five_empty_minutes_it_begins_anew(self):
        assert self.minutes({0: 1, 5: 1}) == [5]
        assert self.minutes({0: 1, 6: 100, 10: 100, 11: 100}) == []
        assert self.minutes({0: 1, 6: 1, 11: 1}) == [11]


class TestEpisodes:
    def test_they_make_every_kind_of_result(self):
        found = windowing.outputs(LINES, windowing.Sizes(session_timeout_ms=30_000, trigger_count=7))
        assert all(found.values())
        assert {p for (p,) in some(found["windowing-pattern"], "pattern")} == {
            "conversion", "abandoned_cart", "indecision", "spike",
        }  # fmt: skip
        assert {by for (by,) in some(found["windowing-global"], "fired_by")} == {"count", "timeout"}
        signs = {str(change)[:1] for (change,) in some(found["windowing-sliding"], "revenue_change")}
        assert signs >= {"-", "N", "0"}

    @pytest.mark.parametrize("place", [lambda text: text.encode("utf-16-be"), lambda text: b""])
    @pytest.mark.parametrize("output", [windowing_order.user_patterns, lambda r: windowing_order.global_windows(r, 7)])
    def test_only_the_order_of_utf8_settles_ties(self, monkeypatch, output, place):
        right = output(LINES)
        monkeypatch.setattr(windowing_order, "place", place)
        assert differences(right, output(LINES)) != []

    @pytest.mark.parametrize("output", [windowing_order.user_patterns, lambda r: windowing_order.global_windows(r, 7)])
    def test_some_events_differ_only_in_their_bytes(self, output):
        alike = [dataclasses.replace(line, raw=b"") for line in LINES if line.event]
        assert differences(output(LINES), output(alike)) != []

    def test_they_stay_within_the_bound(self):
        newest, behind = 0, []
        for line in LINES:
            newest = max(newest, line.timestamp)
            behind.append(newest - line.timestamp)
        assert 3_000 < max(behind) <= 4_900
