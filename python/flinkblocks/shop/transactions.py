"""What a transaction does, step by step, and what is left of it when it has committed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Optional, Union

from flinkblocks.shop.tables import Row, Table

SAVE, ROLL_BACK, RELEASE = "SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"


@dataclasses.dataclass(frozen=True)
class Change:
    """One row inserted, updated or deleted; or a table truncated.

    Attributes:
        table: its name.
        op: as Debezium writes it: c (insert), u, d, t (truncate).
        before: the row that was there; None for c and t.
        after: the row that is there then, maybe with another id; None for d and t.
    """

    table: str
    op: str
    before: Optional[Row] = None
    after: Optional[Row] = None

    @property
    def key(self) -> int | None:
        """The id under which the row was there, or is from now on; None of a truncate."""
        row = self.after if self.before is None else self.before
        return None if row is None else row["id"]

    def play(self, tables: dict[str, Table]) -> None:
        """Makes the change in memory."""
        if self.op == "t":
            tables[self.table] = Table()
            return
        if self.before is not None and (self.after is None or self.after["id"] != self.before["id"]):
            tables[self.table].take(self.before["id"])
        if self.after is not None:
            tables[self.table].put(self.after)


@dataclasses.dataclass(frozen=True)
class Savepoint:
    """A savepoint set, rolled back to, or released.

    Attributes:
        verb: SAVE, ROLL_BACK or RELEASE.
        name: of the savepoint, a plain identifier.
    """

    verb: str
    name: str


@dataclasses.dataclass(frozen=True)
class Transaction:
    """Steps in their order, and whether COMMIT or ROLLBACK ends them."""

    steps: tuple[Union[Change, Savepoint], ...]
    commits: bool = True

    def changes(self) -> list[Change]:
        """What is committed: nothing of a rollback, and nothing that a savepoint took back."""
        kept: list[Change] = []
        marks: dict[str, int] = {}
        for step in self.steps if self.commits else ():
            if isinstance(step, Change):
                kept.append(step)
            elif step.verb == SAVE:
                marks[step.name] = len(kept)
            elif step.verb == ROLL_BACK:
                del kept[marks[step.name] :]
        return kept

    def traces(self) -> Iterator[tuple[str, int, bool]]:
        """Table, id and whether a row has it: what the database shows when this has committed, and did not before.

        A row that is there was written by this transaction. One that came and went within it leaves no trace.
        """
        first: dict[tuple[str, int], bool] = {}
        last: dict[tuple[str, int], bool] = {}
        for change in self.changes():
            for row, there in ((change.before, False), (change.after, True)):
                if row is not None:
                    first.setdefault((change.table, row["id"]), not there)
                    last[change.table, row["id"]] = there
        return ((table, id, there) for (table, id), there in last.items() if there or first[table, id])
