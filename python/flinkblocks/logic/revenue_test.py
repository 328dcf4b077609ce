from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.revenue import Revenue
from flinkblocks.logic.testing import END, Driver, event
from flinkblocks.logic.windows import Windows

PURCHASES = st.lists(st.tuples(st.sampled_from("uvw"), st.integers(0, 10**15)), min_size=1, max_size=20)


def test_what_a_minute_says():
    driver = Driver(Windows(Revenue(), 60_000, 60_000, 0)).send(
        event(60_000, category='gä"r', amount=10_000),
        event(119_999, category='gä"r', amount=20_000),
        event(60_000, category='gä"r', action="view"),
    )
    (found,) = driver.advance(END).records
    assert found == (
        "revenue-metrics",
        'gä"r',
        '{"window_key":"gä\\"r","window_start":60000,"window_end":120000,"total_revenue":0.03,"order_count":2,'
        '"unique_users":1,"avg_order_value":0.02,"max_order_value":0.02}',
    )


@given(PURCHASES, st.randoms(use_true_random=False))
def test_neither_order_nor_parts_matter(purchases, random):
    revenue = Revenue()
    events = [event(1, user_id=user, amount=amount) for user, amount in purchases]
    parts = [revenue.create() for _ in range(3)]
    for purchase in random.sample(events, len(events)):
        revenue.add(purchase, random.choice(parts))
    total = revenue.create()
    for part in parts:
        revenue.merge(part, total)
    amounts = [amount for _, amount in purchases]
    assert (total.orders, total.total, total.largest) == (len(purchases), sum(amounts), max(amounts))
    assert total.users == {user for user, _ in purchases}
