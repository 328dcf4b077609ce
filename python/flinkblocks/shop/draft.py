"""A transaction in the making: its steps, and the tables as they are after them."""

from __future__ import annotations

import datetime
import random
from typing import Callable, Union

from flinkblocks.shop.tables import Ids, Row, Table
from flinkblocks.shop.transactions import RELEASE, ROLL_BACK, SAVE, Change, Savepoint


class Draft:
    """Steps are played on the tables themselves; `undo` takes all of them back.

    Attributes:
        rng: decides everything.
        tables: as the transaction sees them.
        ids: new ones, and those that orders wait for.
        now: the time that rows are stamped with, UTC.
        steps: so far.
    """

    def __init__(self, rng: random.Random, tables: dict[str, Table], ids: Ids, now: datetime.datetime, limit: int):
        """Begins one that may keep up to `limit` changes."""
        self.rng, self.tables, self.ids, self.now = rng, tables, ids, now
        self.steps: list[Union[Change, Savepoint]] = []
        self._limit = limit
        self._undo: list[Callable[[], object]] = []
        self._savepoints = 0

    @property
    def room(self) -> int:
        """How many changes more it may keep."""
        return self._limit - len(self._undo)

    def any(self, table: str) -> Row | None:
        """A row of a table, None when it is empty."""
        return self.tables[table].pick(self.rng)

    def insert(self, table: str, **columns: object) -> None:
        """Adds a row."""
        self._step(Change(table, "c", None, columns))

    def update(self, table: str, before: Row, **columns: object) -> None:
        """Changes columns of a row, and stamps it unless `updated_at` is among them."""
        self._step(Change(table, "u", before, {**before, "updated_at": self.now, **columns}))

    def touch(self, table: str, row: Row) -> None:
        """Updates a row to what it is."""
        self._step(Change(table, "u", row, row))

    def delete(self, table: str, row: Row) -> None:
        """Removes a row."""
        self._step(Change(table, "d", row, None))

    def truncate(self, table: str) -> None:
        """Empties a table."""
        self._step(Change(table, "t"))

    def savepoint(self) -> tuple[str, int]:
        """Sets a savepoint; returns what `roll_back` and `release` take."""
        self._savepoints += 1
        name = f"s{self._savepoints}"
        self.steps.append(Savepoint(SAVE, name))
        return name, len(self._undo)

    def roll_back(self, savepoint: tuple[str, int]) -> None:
        """Takes back what was done since the savepoint."""
        name, kept = savepoint
        self.steps.append(Savepoint(ROLL_BACK, name))
        self._back_to(kept)

    def release(self, savepoint: tuple[str, int]) -> None:
        """Forgets the savepoint and keeps what was done since."""
        self.steps.append(Savepoint(RELEASE, savepoint[0]))

    def undo(self) -> None:
        """Leaves the tables as they were before the first step."""
        self._back_to(0)

    def _step(self, change: Change) -> None:
        gone = self.tables[change.table]
        change.play(self.tables)
        self.steps.append(change)
        if change.op == "t":
            self._undo.append(lambda: self.tables.update({change.table: gone}))
        else:
            self._undo.append(lambda: Change(change.table, "", change.after, change.before).play(self.tables))

    def _back_to(self, kept: int) -> None:
        while len(self._undo) > kept:
            self._undo.pop()()
