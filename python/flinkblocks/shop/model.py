"""The shop as a state machine: the rows there are, and the transaction that comes next. No database in here."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Iterator, Mapping

from flinkblocks.shop import actions
from flinkblocks.shop.draft import Draft
from flinkblocks.shop.tables import COLUMNS, Ids, Row, Table
from flinkblocks.shop.transactions import Change, Savepoint, Transaction

__all__ = ["Change", "Savepoint", "Shop", "Transaction"]

#: A transaction of `LARGE` changes comes once in so many changes.
LARGE, LARGE_EVERY = 500, 3_000
#: A truncate once in so many, if it is wanted.
TRUNCATE_EVERY = 700

_ROLLED_BACK = 0.08
_SAVEPOINT = 0.08
_SIZES = (1, 1, 1, 1, 1, 2, 2, 3, 6)


class Shop:
    """The rows of the three tables, and what happens next.

    Everything is a function of the seed, the rows it begins with, and the calls: no clock, no other source of chance.
    `plan` leaves the rows as they are; `apply` makes a transaction true that has been committed.

    Attributes:
        tables: by name.
    """

    def __init__(
        self,
        seed: int,
        start: datetime.datetime,
        rows: Mapping[str, Iterable[Row]] | None = None,
        truncates: bool = False,
    ):
        """A shop.

        Args:
            seed: of all chance.
            start: the time of the first change, UTC; later ones are some milliseconds apart.
            rows: by table, what there is already.
            truncates: whether `orders` is truncated now and then.
        """
        self.tables = {name: Table((rows or {}).get(name, ())) for name in COLUMNS}
        self._rng = random.Random(seed)
        self._ids = Ids(self.tables)
        self._now = start
        self._changes = 0
        # The number of changes from which on the next one is due.
        self._large = LARGE_EVERY // 2
        self._truncate = TRUNCATE_EVERY // 2 if truncates else None

    def seeding(self, users: int, products: int) -> Iterator[Transaction]:
        """The transactions, of up to `LARGE` rows, that fill the tables up to so many users and products.

        Each must be applied before the next is asked for.
        """
        for table, count, row in (("users", users, actions.user), ("products", products, actions.product)):
            while (missing := count - len(self.tables[table])) > 0:
                draft = self._draft(min(missing, LARGE))
                while draft.room:
                    draft.insert(table, **row(draft, self._ids.new(table)))
                draft.undo()
                yield Transaction(tuple(draft.steps))

    def plan(self, limit: int) -> Transaction:
        """The next transaction, with up to `limit` changes (1 or more).

        One that commits has a change, and one that the database shows afterwards.
        """
        while True:
            transaction = self._attempt(limit)
            if not transaction.commits or next(transaction.traces(), None):
                return transaction

    def apply(self, transaction: Transaction) -> None:
        """Makes a committed transaction true."""
        changes = transaction.changes()
        for change in changes:
            change.play(self.tables)
        self._changes += len(changes)

    def _attempt(self, limit: int) -> Transaction:
        draft, commits = self._draft(limit), self._rng.random() >= _ROLLED_BACK
        if limit >= LARGE and self._changes >= self._large:
            actions.many(draft, LARGE)
            self._large += LARGE_EVERY * commits
        elif limit > 1 and self._truncate is not None and self._changes >= self._truncate:
            draft.truncate("orders")
            actions.place(draft)
            self._truncate += TRUNCATE_EVERY * commits
        else:
            self._usual(draft)
        draft.undo()
        return Transaction(tuple(draft.steps), commits)

    def _usual(self, draft: Draft) -> None:
        for _ in range(self._rng.choice(_SIZES)):
            if not draft.room:
                return
            if self._rng.random() >= _SAVEPOINT:
                actions.anything(draft)
                continue
            savepoint = draft.savepoint()
            actions.anything(draft)
            if self._rng.random() < 0.6:
                draft.roll_back(savepoint)
            else:
                draft.release(savepoint)

    def _draft(self, limit: int) -> Draft:
        # Times with and without a fraction: to the microsecond, the millisecond, the second.
        self._now += datetime.timedelta(microseconds=self._rng.randrange(1, 10_000))
        drawn = self._rng.random()
        if drawn < 0.01:
            self._now = self._now.replace(microsecond=0) + datetime.timedelta(seconds=1)
        elif drawn < 0.2:
            self._now += datetime.timedelta(microseconds=-self._now.microsecond % 1_000)
        return Draft(self._rng, self.tables, self._ids, self._now, limit)
