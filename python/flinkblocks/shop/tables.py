"""The shop's tables in memory, and the ids of their rows."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping

#: A row: its columns in the table's order. It is never changed in place.
Row = Mapping[str, object]

#: The columns of sql/cdc/source_schema.sql, in its order.
COLUMNS = {
    "users": ("id", "email", "name", "tier", "status", "created_at", "updated_at"),
    "products": ("id", "sku", "name", "category", "price", "stock", "reorder_level", "updated_at"),
    "orders": ("id", "user_id", "product_id", "quantity", "amount", "status", "created_at", "updated_at"),
}

# What is added to an id that no binary floating point can hold.
_FAR = 2**53


class Table:
    """The rows of one table by id, and a random one of them in constant time."""

    def __init__(self, rows: Iterable[Row] = ()):
        self._rows: dict[int, Row] = {}
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        for row in rows:
            self.put(row)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def get(self, id: int) -> Row | None:
        """The row with that id."""
        return self._rows.get(id)

    def put(self, row: Row) -> None:
        """Adds a row, or replaces the one with its id."""
        id = row["id"]
        if id not in self._rows:
            self._places[id] = len(self._ids)
            self._ids.append(id)
        self._rows[id] = row

    def take(self, id: int) -> None:
        """Removes a row that is there."""
        place, last = self._places.pop(id), self._ids.pop()
        if last != id:
            self._ids[place] = last
            self._places[last] = place
        del self._rows[id]

    def pick(self, rng: random.Random) -> Row | None:
        """Any row, some far more often than others; None when there is none."""
        if not self._ids:
            return None
        drawn = rng.random()
        return self._rows[self._ids[int(len(self._ids) * drawn * drawn)]]

    def sample(self, rng: random.Random, count: int) -> list[Row]:
        """Up to so many different rows."""
        return [self._rows[id] for id in rng.sample(self._ids, min(count, len(self._ids)))]


class Ids:
    """Ids that no row has had, by table. They are not given back, no more than a sequence's are."""

    def __init__(self, tables: Mapping[str, Table]):
        """Goes on behind the ids that rows have."""
        self._next = {name: 1 + max((_plain(row["id"]) for row in table), default=0) for name, table in tables.items()}
        self._promised: dict[str, list[int]] = {name: [] for name in tables}

    def new(self, table: str) -> int:
        """The next one."""
        self._next[table] += 1
        return self._next[table] - 1

    def odd(self, rng: random.Random, table: str) -> int:
        """One that is allowed, but that nobody expects: negative, or beyond what a double holds."""
        return rng.choice([-1, 1]) * (rng.choice([0, _FAR]) + self.new(table))

    def promise(self, table: str, id: int) -> None:
        """Remembers an id that rows refer to, although there is no row with it."""
        self._promised[table].append(id)

    def promised(self, rng: random.Random, table: str) -> int | None:
        """One that was promised, once; it may have come by itself since."""
        ids = self._promised[table]
        return ids.pop(rng.randrange(len(ids))) if ids else None


def _plain(id: int) -> int:
    return abs(id) - _FAR if abs(id) >= _FAR else abs(id)
