"""The checker on small logs: it takes the right answer, and sees every kind of wrong one."""

from __future__ import annotations

import json
import re

import pytest

from flinkblocks.testing import cdc
from flinkblocks.testing.cdc import AUDIT, INVENTORY, LIFECYCLE, check, rows_after
from flinkblocks.testing.cdc_compare import parse


def user(id, status="pending", tier="bronze", name="Ada"):
    return {"id": id, "email": "a@example.com", "name": name, "tier": tier, "status": status}


def product(id, stock, reorder_level=5, price="12.50"):
    return {"id": id, "sku": "S", "category": "toys", "price": price, "stock": stock, "reorder_level": reorder_level}


def written(row):
    """A row as the log and the job write it: a price is a plain number."""
    text = json.dumps(row)
    price = (row or {}).get("price")
    return text.replace(f'"price": "{price}"', f'"price": {price}')


def change(op, table, before=None, after=None, txid=7):
    key = "null" if op == "t" else json.dumps({"id": (before or after)["id"]})
    return (
        f'{{"table": "{table}", "op": "{op}", "key": {key}, "before": {written(before)}, "after": {written(after)},'
        f' "txid": {txid}}}'
    )


def record(key, members):
    """A record of a topic: a number with a fraction stands in its members as text that begins with #."""
    text = json.dumps(members)
    for number in ("12.50", "12.5"):
        text = text.replace(f'"#{number}"', number)
    return key.encode(), text.encode()


def audited(table, op, before, after, changed=(), tx_id=7, lsn="0/10", time=1_000):
    key = {"id": (before or after)["id"]}
    members = {"table": table, "key": key, "op": op, "before": before, "after": after, "changed": list(changed)}
    return record(f'{table}:{{"id":{key["id"]}}}', {**members, "tx_id": tx_id, "lsn": lsn, "time": time})


def event(type, before, after, tx_id=7, lsn="0/10", time=1_000):
    id = (before or after)["id"]
    members = {"type": type, "user_id": id, "before": before, "after": after}
    return record(str(id), {**members, "time": time, "lsn": lsn, "tx_id": tx_id})


def alert(type, row, lsn="0/10", time=1_000):
    members = {"type": "stock", "alert": type, "product_id": row["id"]}
    members |= {name: row[name] for name in ("sku", "category", "stock", "reorder_level")}
    return record(str(row["id"]), {**members, "time": time, "lsn": lsn})


def outputs(audit=(), lifecycle=(), inventory=()):
    return {AUDIT: list(audit), LIFECYCLE: list(lifecycle), INVENTORY: list(inventory)}


NEW, ACTIVE, GOLD = user(1), user(1, "active"), user(1, "active", "gold")
SNAPSHOT = {"users": {2: user(2)}}
LOG = [change("c", "users", None, NEW), change("u", "users", NEW, ACTIVE), change("u", "users", ACTIVE, GOLD, txid=8)]
RIGHT = outputs(
    audit=[
        audited("users", "r", None, user(2), tx_id=None, lsn="0/1"),
        audited("users", "c", None, NEW, lsn="0/11"),
        audited("users", "u", NEW, ACTIVE, ["status"], lsn="0/12"),
        audited("users", "u", ACTIVE, GOLD, ["tier"], 8, "1/0", 2_000),
    ],
    lifecycle=[
        event("registered", None, NEW, lsn="0/11"),
        event("activated", NEW, ACTIVE, lsn="0/12"),
        event("upgraded", ACTIVE, GOLD, 8, "1/0", 2_000),
    ],
)


def changed(output, number, *records):
    """The right answer, but with other records in one place."""
    its = list(RIGHT[output])
    its[number : number + 1] = records
    return {**RIGHT, output: its}


def test_the_right_answer_passes():
    assert check(RIGHT, SNAPSHOT, LOG) == []


def test_keys_may_come_in_any_order():
    # The row of the snapshot, which is another user's, behind all the rest.
    moved = [*RIGHT[AUDIT][1:], RIGHT[AUDIT][0]]
    assert check({**RIGHT, AUDIT: moved}, SNAPSHOT, LOG) == []


@pytest.mark.parametrize("output", [AUDIT, LIFECYCLE])
@pytest.mark.parametrize("number", range(3))
def test_a_record_that_is_missing_or_there_twice(output, number):
    one = RIGHT[output][number]
    (line,) = check(changed(output, number), SNAPSHOT, LOG)
    assert line.startswith(f"{output} {one[0].decode()}: 1 missing: ")
    (line,) = check(changed(output, number, one, one), SNAPSHOT, LOG)
    assert line.startswith(f"{output} {one[0].decode()}: 1 too many: ")


def test_another_order_within_a_key():
    first, second, third = RIGHT[LIFECYCLE]
    line, *_ = check({**RIGHT, LIFECYCLE: [second, first, third]}, SNAPSHOT, LOG)
    assert line.startswith(f"{LIFECYCLE} 1: another order: number 1 of 3 is ")
    assert "activated" in line


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (audited("users", "c", None, {**NEW, "name": "Bob"}, lsn="0/11"), "1 too many: .*Bob"),
        (audited("users", "c", None, dict(reversed(NEW.items())), lsn="0/11"), "1 too many"),
        (audited("users", "c", None, NEW, ["status"], lsn="0/11"), "1 too many"),
        (audited("users", "c", None, NEW, tx_id=9, lsn="0/11"), "1 too many"),
        (audited("users", "c", None, NEW, lsn="0/xx"), "no time or no lsn"),
        (audited("users", "c", None, NEW, lsn="0/11", time=0), "no time or no lsn"),
        (audited("users", "c", None, NEW, lsn="0/13"), "lsn 0/12 is below that of the record before it"),
        (audited("users", "c", None, NEW, lsn="0/10"), "another record of the same change has"),
        ((b'users:{"id":1}', None), "1 missing|1 too many: null"),
        ((b"users:1", RIGHT[AUDIT][1][1]), "1 missing"),
    ],
)
def test_a_record_that_is_wrong(wrong, message):
    lines = check(changed(AUDIT, 1, wrong), SNAPSHOT, LOG)
    assert re.search(message, "\n".join(lines))


def test_members_in_another_order():
    key, value = RIGHT[AUDIT][1]
    turned = json.dumps(dict(reversed(json.loads(value).items()))).encode()
    assert any(
        "has not the members table, key, op" in line for line in check(changed(AUDIT, 1, (key, turned)), SNAPSHOT, LOG)
    )


def test_a_transaction_number_of_the_snapshot_says_nothing():
    assert check(changed(AUDIT, 0, audited("users", "r", None, user(2), tx_id=3, lsn="0/1")), SNAPSHOT, LOG) == []


def test_a_great_many_differences_are_told_in_a_few_lines():
    rows = {"users": {id: user(id) for id in range(1_000)}}
    lines = check(outputs(), rows, [])
    assert len(lines) == 16
    assert lines[-1] == f"{AUDIT}: and 985 lines more"


def test_digits_count():
    row = product(1, 9)
    log = [change("c", "products", None, row)]
    assert check(outputs([audited("products", "c", None, {**row, "price": "#12.50"})]), {}, log) == []
    assert check(outputs([audited("products", "c", None, {**row, "price": "#12.5"})]), {}, log) != []
    assert check(outputs([audited("products", "c", None, row)]), {}, log) != []


def test_a_new_id_is_the_end_of_one_row_and_the_begin_of_another():
    moved = {**ACTIVE, "id": 9}
    told = outputs(
        audit=[audited("users", "d", ACTIVE, None), audited("users", "c", None, moved)],
        lifecycle=[event("deleted", ACTIVE, None), event("registered", None, moved)],
    )
    log = [change("u", "users", ACTIVE, moved)]
    snapshot = {"users": {1: ACTIVE}}
    told[AUDIT].insert(0, audited("users", "r", None, ACTIVE, tx_id=None))
    assert check(told, snapshot, log) == []
    assert rows_after(log, snapshot) == {"users": {9: moved}}


def test_a_truncate():
    log = [change("t", "users"), change("c", "users", None, NEW, txid=8)]
    members = {"table": "users", "key": None, "op": "t", "before": None, "after": None, "changed": []}
    told = outputs(
        audit=[
            audited("users", "r", None, user(2), tx_id=None),
            record("users", {**members, "tx_id": 7, "lsn": "0/10", "time": 1_000}),
            audited("users", "c", None, NEW, tx_id=8, lsn="0/11"),
        ],
        lifecycle=[event("deleted", user(2), None), event("registered", None, NEW, 8, "0/11")],
    )
    assert check(told, SNAPSHOT, log) == []
    assert rows_after(log, SNAPSHOT) == {"users": {1: NEW}}


@pytest.mark.parametrize(
    ("before", "after", "types"),
    [
        (("pending", "bronze"), ("active", "bronze"), ["activated"]),
        (("pending", "bronze"), ("suspended", "bronze"), ["suspended"]),
        (("suspended", "bronze"), ("active", "gold"), ["reactivated", "upgraded"]),
        (("active", "platinum"), ("suspended", "silver"), ["suspended", "downgraded"]),
        (("active", "bronze"), ("pending", "bronze"), []),
        (("active", "bronze"), ("active", "diamond"), []),
        (("active", ""), ("active", "gold"), []),
        (("active", "gold"), ("active", "gold"), []),
    ],
)
def test_steps_of_users(before, after, types):
    log = [change("u", "users", user(1, *before), user(1, *after))]
    assert [told.members["type"] for told in cdc.lifecycle({"users": {1: user(1, *before)}}, log)] == types


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, (6, 5), []), (None, (5, 5), ["low"]), (None, (0, 5), ["out"]), ((6, 5), (5, 5), ["low"]),
        ((5, 5), (0, 5), ["out"]), ((0, 5), (-1, 5), []), ((0, 5), (1, 5), ["low"]), ((0, 5), (6, 5), ["restocked"]),
        ((6, 5), (6, 6), ["low"]), ((6, 6), (6, 5), ["restocked"]), ((1, 0), (0, 0), ["out"]), ((5, 5), (4, 5), []),
        ((5, 5), None, []),
    ],
)  # fmt: skip
def test_stock_crosses_levels(before, after, told):
    rows = [row and product(1, *row) for row in (before, after)]
    op = "c" if before is None else "d" if after is None else "u"
    assert [t.members["alert"] for t in cdc.inventory([change(op, "products", *rows)])] == told


def test_an_alert_as_it_must_be():
    low = product(1, 5)
    log = [change("c", "products", None, low)]
    told = outputs([audited("products", "c", None, {**low, "price": "#12.50"})], inventory=[alert("low", low)])
    assert check(told, {}, log) == []
    told[INVENTORY] = [alert("low", low, lsn="0/11")]
    assert "another record of the same change" in check(told, {}, log)[0]
    assert parse('{"a": 1.0}') != parse('{"a": 1.00}')
