from __future__ import annotations

from flinkblocks.logic.high_value import HighValue
from flinkblocks.logic.testing import Driver, event


def test_purchases_of_the_threshold_or_more_are_told_at_once_and_none_is_late():
    driver = Driver(HighValue(1_000_000_000)).advance(10**9)
    driver.send(
        event(5, amount=1_000_000_000, event_id="e", user_id="ü", product_id="p", category="c"),
        event(5, amount=999_999_999),
        event(5, amount=2_000_000_000, action="view"),
    )
    assert driver.records == [
        (
            "high-value-transactions",
            "ü",
            '{"event_id":"e","user_id":"ü","product_id":"p","category":"c","amount":1000.00,"timestamp":5}',
        )
    ]
    assert driver.counts == {"used": 1, "not-relevant": 2}
    assert driver.keys == {}
