from __future__ import annotations

from flinkblocks.logic.popularity import Popularity
from flinkblocks.logic.testing import END, Driver, event
from flinkblocks.logic.windows import Windows


def ranking(*events, top=10):
    driver = Driver(Windows(Popularity(top), 60_000, 60_000, 0)).send(*events)
    return driver.advance(END)


def test_what_a_rank_says():
    visits = [("view", "u"), ("add_to_cart", "v"), ("purchase", "u"), ("gaze", "w")]
    (found,) = ranking(*(event(1, action=action, user_id=user, category="ü") for action, user in visits)).records
    assert found == (
        "analytics-results",
        "ü",
        '{"type":"product_popularity","category":"ü","window_start":0,"window_end":60000,"rank":1,"product_id":"x",'
        '"score":9,"views":1,"add_to_carts":1,"purchases":1,"unique_users":3}',
    )


def test_ties_go_by_the_bytes_of_the_product_and_score_0_is_left_out():
    products = ["\U0001f600", "\uff5e", "b"]
    events = [event(1, action="view", product_id=product) for product in products]
    events += [event(1, product_id="best"), event(1, action="wishlist", product_id="a")]
    found = ranking(*events).take()
    assert [(r["rank"], r["product_id"]) for r in found] == [(1, "best"), (2, "b"), (3, "\uff5e"), (4, "\U0001f600")]


def test_the_ranking_ends_where_it_is_to():
    assert len(ranking(*(event(1, product_id=f"p{n}") for n in range(5)), top=3).take()) == 3
