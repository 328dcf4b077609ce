"""Changes of a shop's tables as Debezium 3.7 writes them: envelopes of its PostgreSQL connector, one a line.

Converters without schemas, decimals as text, REPLICA IDENTITY FULL, transaction metadata. Each table has a file, as it
would have a topic of one partition: first the rows of a snapshot, then what a seeded shop does.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, BinaryIO

#: The tables and their files, those first that others refer to: whoever reads them one by one in the order of their
#: names then knows a user when an order comes.
FILES = {"users": "1-users.jsonl", "products": "2-products.jsonl", "orders": "3-orders.jsonl"}

_MOST_USERS = 20_000
_CHANGES_PER_USER = 10
_USERS_PER_PRODUCT = 10

#: Of 100 changes; the others are of orders.
_USERS, _PRODUCTS = 3, 2
_MOST_IN_TRANSACTION = 3

_START = datetime(2026, 1, 1, tzinfo=timezone.utc)
_TIERS = ("bronze", "silver", "gold", "platinum")
_STATUSES = ("pending", "active", "suspended")
_CATEGORIES = ("electronics", "clothing", "home", "sports", "books", "toys", "beauty", "garden")
_STEPS = {"placed": "paid", "paid": "shipped"}

Row = dict[str, Any]


def write(folder: pathlib.Path, changes: int, seed: int) -> dict[str, int]:
    """Writes the files.

    Args:
        folder: where to.
        changes: how many, after the snapshot; there is a user to 10 of them, 20,000 at most, and a product to 10 users.
        seed: the same gives the same bytes.

    Returns:
        The number of lines by table.
    """
    users = max(1, min(_MOST_USERS, changes // _CHANGES_PER_USER))
    with contextlib.ExitStack() as stack:
        log = _Log({name: stack.enter_context(open(folder / file, "wb")) for name, file in FILES.items()})
        shop = _Shop(log, random.Random(seed), users, max(1, users // _USERS_PER_PRODUCT))
        shop.snapshot()
        shop.run(changes)
        return dict(log.lines)


class _Log:
    """The write-ahead log, as Debezium hands it on.

    Attributes:
        lines: how many were written, by table.
        time_us: of the transaction, microseconds since the epoch.
    """

    def __init__(self, files: dict[str, BinaryIO]):
        self.lines: Counter[str] = Counter()
        self.time_us = int(_START.timestamp() * 1e6)
        self._files = files
        self._lsn, self._committed = 24_000_000, 23_999_000
        self._transaction = 700
        self._orders: Counter[str] = Counter()

    def begin(self, after_us: int) -> None:
        """A new transaction, some time after the one before."""
        self.time_us += after_us
        self._committed, self._transaction = self._lsn, self._transaction + 1
        self._orders.clear()

    def read(self, table: str, row: bytes, mark: str) -> None:
        """A row of the snapshot, and which of its table or of all it is, as `source.snapshot` says."""
        self._write(table, b"null", row, "r", mark, b"null")

    def change(self, table: str, op: str, before: bytes | None, after: bytes | None, size: int) -> None:
        """A change in the transaction; its size in the log is what the next one lies behind."""
        self._lsn += size
        self._orders.update((table, ""))
        block = b'{"id":"%d:%d","total_order":%d,"data_collection_order":%d}' % (
            self._transaction,
            self._lsn,
            self._orders[""],
            self._orders[table],
        )
        self._write(table, before or b"null", after or b"null", op, "false", block)

    def _write(self, table: str, before: bytes, after: bytes, op: str, mark: str, block: bytes) -> None:
        read_us = self.time_us + 12_345
        sequence = f'[null,\\"{self._lsn}\\"]' if op == "r" else f'[\\"{self._committed}\\",\\"{self._lsn}\\"]'
        source = (
            '{"version":"3.7.0.Final","connector":"postgresql","name":"cdc",'
            f'"ts_ms":{self.time_us // 1000},"snapshot":"{mark}","db":"shop","sequence":"{sequence}",'
            f'"ts_us":{self.time_us},"ts_ns":{self.time_us}000,"schema":"public","table":"{table}",'
            f'"txId":{self._transaction},"lsn":{self._lsn},"xmin":null,"origin":null,"origin_lsn":null}}'
        ).encode()
        self._files[table].write(
            b'{"before":%s,"after":%s,"source":%s,"transaction":%s,"op":"%s","ts_ms":%d,"ts_us":%d,"ts_ns":%d000}\n'
            % (before, after, source, block, op.encode(), read_us // 1000, read_us, read_us)
        )
        self.lines[table] += 1


@dataclasses.dataclass
class _Table:
    """The rows that are there, each with its JSON text."""

    name: str
    rows: list[tuple[Row, bytes]] = dataclasses.field(default_factory=list)
    last_id: int = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


class _Shop:
    """What happens in the shop: orders that are placed, paid, shipped, cancelled, deleted; tiers, prices, stock."""

    def __init__(self, log: _Log, rng: random.Random, users: int, products: int):
        self._log = log
        self._rng = rng
        self._users, self._products, self._orders = (_Table(name) for name in FILES)
        for _ in range(users):
            self._add(self._users, self._user())
        for _ in range(products):
            self._add(self._products, self._product())

    def snapshot(self) -> None:
        """All rows, the tables by name."""
        tables = (self._products, self._users)
        for table in tables:
            for number, (_, text) in enumerate(table.rows):
                first = "first" if table is tables[0] else "first_in_data_collection"
                last = "last" if table is tables[-1] else "last_in_data_collection"
                mark = first if number == 0 else "true"
                self._log.read(table.name, text, last if number == len(table.rows) - 1 else mark)

    def run(self, changes: int) -> None:
        """As many changes, in transactions of up to three."""
        left = changes
        while left:
            self._log.begin(self._rng.randrange(1_000, 20_000))
            size = min(left, self._rng.randint(1, _MOST_IN_TRANSACTION))
            for _ in range(size):
                self._step()
            left -= size

    def _step(self) -> None:
        what, how = self._rng.randrange(100), self._rng.randrange(100)
        if what < _USERS:
            self._change(self._users, how, 15, 95, self._user, self._changed_user)
        elif what < _USERS + _PRODUCTS:
            self._change(self._products, how, 4, 100, self._product, self._changed_product)
        else:
            self._change(self._orders, how, 32, 93, self._order, self._changed_order)

    def _change(
        self,
        table: _Table,
        how: int,
        creates: int,
        updates: int,
        new: Callable[[], Row],
        changed: Callable[[Row], Row],
    ) -> None:
        """Of 100, the first are creates, those up to another number updates, the others deletes."""
        if how < creates or not table.rows:
            text = self._add(table, new())
            self._log.change(table.name, "c", None, text, self._rng.randrange(100, 200))
            return
        place = self._rng.randrange(len(table.rows))
        row, before = table.rows[place]
        if how < updates:
            after = self._changed(row, changed(row))
            table.rows[place] = after
            self._log.change(table.name, "u", before, after[1], self._rng.randrange(200, 400))
        else:
            table.rows[place] = table.rows[-1]
            table.rows.pop()
            self._log.change(table.name, "d", before, None, self._rng.randrange(100, 200))

    def _add(self, table: _Table, row: Row) -> bytes:
        complete = {"id": table.next_id(), **row}
        table.rows.append((complete, _json(complete)))
        return table.rows[-1][1]

    def _changed(self, row: Row, values: Row) -> tuple[Row, bytes]:
        after = {**row, **values, "updated_at": self._now()}
        return after, _json(after)

    def _now(self) -> str:
        """The transaction's time as Debezium writes a timestamptz: without zeros at the end of the fraction."""
        seconds, fraction = divmod(self._log.time_us, 1_000_000)
        text = (_START + timedelta(seconds=seconds - _START.timestamp())).strftime("%Y-%m-%dT%H:%M:%S")
        return text + (f".{fraction:06}".rstrip("0") if fraction else "") + "Z"

    def _skewed(self, table: _Table) -> Row:
        """One of the rows, more often an early one."""
        return table.rows[int(len(table.rows) * self._rng.random() ** 2)][0]

    def _user(self) -> Row:
        name = f"user {self._rng.randrange(10**6)}"
        now = self._now()
        return {
            "email": f"{name.replace(' ', '.')}@example.com",
            "name": name,
            "tier": self._rng.choice(_TIERS),
            "status": self._rng.choice(_STATUSES),
            "created_at": now,
            "updated_at": now,
        }

    def _changed_user(self, row: Row) -> Row:
        if self._rng.random() < 0.5:
            return {"tier": self._rng.choice(_TIERS)}
        return {"status": self._rng.choice(_STATUSES)}

    def _product(self) -> Row:
        return {
            "sku": f"SKU-{self._rng.randrange(10**8):08}",
            "name": f"product {self._rng.randrange(10**4)}",
            "category": self._rng.choice(_CATEGORIES),
            "price": _money(self._rng.randrange(100, 50_000)),
            "stock": self._rng.randrange(500),
            "reorder_level": 20,
            "updated_at": self._now(),
        }

    def _changed_product(self, row: Row) -> Row:
        if self._rng.random() < 0.9:
            return {"stock": max(0, row["stock"] + self._rng.randrange(-20, 21))}
        return {"price": _money(self._rng.randrange(100, 50_000))}

    def _order(self) -> Row:
        product, quantity, now = self._skewed(self._products), self._rng.randint(1, 5), self._now()
        return {
            "user_id": self._skewed(self._users)["id"],
            "product_id": product["id"],
            "quantity": quantity,
            "amount": _money(quantity * _cents(product["price"])),
            "status": "placed",
            "created_at": now,
            "updated_at": now,
        }

    def _changed_order(self, row: Row) -> Row:
        """Mostly the next step of its status; sometimes more of it, or it goes to another user."""
        chance = self._rng.random()
        if chance < 0.02:
            return {"user_id": self._skewed(self._users)["id"]}
        if chance < 0.15:
            quantity = self._rng.randint(1, 5)
            return {"quantity": quantity, "amount": _money(_cents(row["amount"]) // row["quantity"] * quantity)}
        if chance < 0.3:
            return {"status": "cancelled"}
        return {"status": _STEPS.get(row["status"], row["status"])}


def _json(row: Row) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _cents(money: str) -> int:
    return int(money.replace(".", ""))
