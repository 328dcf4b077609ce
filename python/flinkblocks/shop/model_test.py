"""The state machine: repeatable, true to what a transaction is, and with everything in it that it promises."""

from __future__ import annotations

import collections
import datetime
import itertools
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from flinkblocks.shop import values
from flinkblocks.shop.model import LARGE, LARGE_EVERY, Change, Shop, Transaction
from flinkblocks.shop.tables import COLUMNS
from flinkblocks.shop.transactions import ROLL_BACK, SAVE, Savepoint

START = datetime.datetime(2025, 1, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
SEEDS = st.integers(0, 10_000)


def shop(seed, users=6, products=4, **more):
    made = Shop(seed, START, **more)
    for transaction in made.seeding(users, products):
        made.apply(transaction)
    return made


def rows(shop):
    return {name: {row["id"]: row for row in table} for name, table in shop.tables.items()}


def run(shop, changes):
    """Transactions with so many committed changes in all."""
    while changes:
        transaction = shop.plan(changes)
        yield transaction
        shop.apply(transaction)
        changes -= len(transaction.changes())


def interpreted(rows, transaction):
    """What a database makes of the steps; whole copies of the tables stand for its savepoints."""
    before, saved = rows, {}
    rows = {name: dict(table) for name, table in rows.items()}
    for step in transaction.steps:
        if isinstance(step, Savepoint):
            if step.verb == SAVE:
                saved[step.name] = {name: dict(table) for name, table in rows.items()}
            elif step.verb == ROLL_BACK:
                rows = {name: dict(table) for name, table in saved[step.name].items()}
            continue
        table = rows[step.table]
        if step.op == "t":
            table.clear()
        if step.before is not None:
            assert table.pop(step.before["id"]) == step.before
        if step.after is not None:
            assert step.after["id"] not in table
            table[step.after["id"]] = step.after
    return rows if transaction.commits else before


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans())
def test_the_rows_are_those_of_a_database_that_runs_the_steps(seed, truncates):
    model = shop(seed, truncates=truncates)
    for _ in range(60):
        before = rows(model)
        transaction = model.plan(20)
        assert rows(model) == before
        model.apply(transaction)
        assert rows(model) == interpreted(before, transaction)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_same_seed_gives_the_same_transactions(seed):
    assert list(run(shop(seed), 150)) == list(run(shop(seed), 150))
    assert list(run(shop(seed), 150)) != list(run(shop(seed + 1), 150))


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 40))
def test_a_transaction_keeps_to_its_limit_and_leaves_a_trace(seed, limit):
    model = shop(seed)
    for _ in range(40):
        transaction = model.plan(limit)
        assert len(transaction.changes()) <= limit
        before, after = rows(model), interpreted(rows(model), transaction)
        if transaction.commits:
            traces = list(transaction.traces())
            assert traces
            for table, id, there in traces:
                assert (id in after[table]) == there
                assert there or id in before[table]
        else:
            assert transaction.changes() == []
        model.apply(transaction)


def test_a_row_that_comes_and_goes_within_a_transaction_leaves_no_trace():
    row, other = {"id": 1}, {"id": 2}
    came, went = Change("users", "c", None, row), Change("users", "d", row, None)
    assert list(Transaction((came, went)).traces()) == []
    assert list(Transaction((went, came)).traces()) == [("users", 1, True)]
    assert list(Transaction((Change("users", "u", row, other),)).traces()) == [("users", 1, False), ("users", 2, True)]
    assert list(Transaction((Change("users", "u", row, row),)).traces()) == [("users", 1, True)]


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_row_is_one_that_its_table_takes(seed):
    model = shop(seed)
    for transaction in run(model, 200):
        for change in transaction.changes():
            assert_fits(change)


def assert_fits(change):
    assert (change.before is None, change.after is None) == {
        "c": (True, False), "u": (False, False), "d": (False, True), "t": (True, True),
    }[change.op]  # fmt: skip
    for row in filter(None, (change.before, change.after)):
        assert tuple(row) == COLUMNS[change.table]
        for column, value in row.items():
            if column in ("id", "user_id", "product_id"):
                assert -(2**63) <= value < 2**63
            elif isinstance(value, int):
                assert -(2**31) <= value < 2**31
            elif isinstance(value, Decimal):
                assert value.as_tuple().exponent == -2
                assert abs(value) < 10**10
                assert not (value == 0 and value.is_signed())
            elif isinstance(value, datetime.datetime):
                assert value.utcoffset() == datetime.timedelta(0)
            else:
                assert "\0" not in value
                value.encode()  # Would fail for a lone surrogate.


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(0, 1_300), st.integers(0, 40))
def test_seeding_fills_the_tables_up_and_not_further(seed, users, products):
    model = shop(seed, users, products)
    assert {name: len(table) for name, table in model.tables.items()} == {
        "users": users, "products": products, "orders": 0,
    }  # fmt: skip
    assert list(model.seeding(users, products)) == []


def test_ids_go_on_behind_those_that_are_there():
    first = shop(3)
    list(run(first, 600))
    second = Shop(4, START, {name: list(table) for name, table in first.tables.items()})
    for transaction in run(second, 400):
        interpreted(rows(second), transaction)


def test_in_a_few_thousand_changes_there_is_everything():
    model, seen = shop(11, 60, 20), collections.Counter()
    for transaction in run(model, 3_000):
        observe(seen, transaction, rows(model))
    missing = [what for what in (
        "rollback", "savepoint kept", "savepoint rolled back", "several tables", f"{LARGE} changes",
        "users c", "users u", "users d", "products c", "products u", "products d", "orders c", "orders u", "orders d",
        "id changed", "nothing changed", "time goes back",
        "pending>active", "active>suspended", "suspended>active", "active>pending",
        "bronze>gold", "gold>bronze", "no tier", "e-mail twice", "e-mail without @", "hostile", "long",
        "stock ok>low", "stock low>ok", "stock ok>out", "stock out>ok", "stock low>out", "stock out>low",
        "placed>paid", "paid>shipped", "paid>cancelled", "cancelled>placed", "another user", "another product",
        "price", "no price", "wrong amount", "unknown user", "unknown product", "user comes later", "far id",
    ) if not seen[what]]  # fmt: skip
    assert missing == []
    assert seen["t"] == 0
    assert seen["rollback"] < seen["commit"] / 4


def observe(seen, transaction, before):
    """Counts what a transaction has in it."""
    seen["commit" if transaction.commits else "rollback"] += 1
    verbs = [step.verb for step in transaction.steps if isinstance(step, Savepoint)]
    seen["savepoint rolled back"] += verbs.count(ROLL_BACK)
    seen["savepoint kept"] += verbs.count(SAVE) - verbs.count(ROLL_BACK)
    changes = transaction.changes()
    seen["several tables"] += len({change.table for change in changes}) > 1
    seen[f"{len(changes)} changes"] += 1
    emails = {row["email"].lower() for row in before["users"].values()}
    for change in changes:
        seen[f"{change.table} {change.op}"] += 1
        if change.after is not None:
            observe_row(seen, change, before, emails)
        if change.op == "u":
            observe_update(seen, change)


def observe_row(seen, change, before, emails):
    row = change.after
    texts = [value for value in row.values() if isinstance(value, str)]
    seen["hostile"] += any(text in values.HOSTILE and "DROP" in text for text in texts)
    seen["long"] += any(len(text) > 2_000 for text in texts)
    seen["far id"] += abs(row["id"]) > 2**53
    if change.table == "users":
        seen["no tier"] += row["tier"] not in values.TIERS
        seen["e-mail without @"] += "@" not in row["email"]
        moved = change.op == "c" or change.before["email"] != row["email"]
        seen["e-mail twice"] += moved and row["email"].lower() in emails
        seen["user comes later"] += change.op == "c" and any(
            order["user_id"] == row["id"] for order in before["orders"].values()
        )
    elif change.table == "orders":
        seen["unknown user"] += row["user_id"] not in before["users"]
        seen["unknown product"] += row["product_id"] not in before["products"]
        product = before["products"].get(row["product_id"])
        seen["wrong amount"] += bool(product) and row["amount"] != row["quantity"] * product["price"]
    else:
        seen["no price"] += row["price"] <= 0


def observe_update(seen, change):
    old, new = change.before, change.after
    seen["id changed"] += old["id"] != new["id"]
    seen["nothing changed"] += old == new
    seen["time goes back"] += new["updated_at"] < old["updated_at"]
    for column in ("status", "tier"):
        if column in new:
            seen[f"{old[column]}>{new[column]}"] += 1
    if change.table == "orders":
        seen["another user"] += old["user_id"] != new["user_id"]
        seen["another product"] += old["product_id"] != new["product_id"]
    if change.table == "products":
        seen["price"] += old["price"] != new["price"]
        seen[f"stock {level(old)}>{level(new)}"] += 1


def level(row):
    return "out" if row["stock"] <= 0 else "low" if row["stock"] <= row["reorder_level"] else "ok"


def test_large_transactions_come_as_often_as_they_are_to():
    model = shop(5, 50, 20)
    sizes = [len(t.changes()) for t in run(model, 2 * LARGE_EVERY)]
    assert sizes.count(LARGE) == 2


def test_truncates_come_when_they_are_wanted():
    model = shop(5, 50, 20, truncates=True)
    ops = [change.op for t in run(model, 3_000) for change in t.changes()]
    assert ops.count("t") == 4


def test_a_row_can_come_again_under_its_id():
    model = shop(7, 30, 10)
    gone, again = set(), 0
    for change in itertools.chain.from_iterable(t.changes() for t in run(model, 2_000)):
        if change.op == "d":
            gone.add((change.table, change.key))
        again += change.op == "c" and (change.table, change.key) in gone
    assert again > 3
