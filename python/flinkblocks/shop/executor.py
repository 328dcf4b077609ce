"""Makes a plan happen in PostgreSQL, exactly once, also when the server goes away in the middle of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Callable, Optional, Union

import psycopg2
import psycopg2.errors
import stamina
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from flinkblocks.errors import UserError
from flinkblocks.shop.tables import COLUMNS, Row
from flinkblocks.shop.transactions import Change, Savepoint, Transaction

# What psycopg2 raises when the server, or the way to it, has gone.
_GONE = (psycopg2.OperationalError, psycopg2.InterfaceError)

# Not behind the odd ones, of which there are no more to come.
_SEQUENCE = sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {} WHERE id BETWEEN 1 AND 2^53 - 1")


class Executor:
    """One connection, which is made anew when it is lost."""

    def __init__(
        self, connect: Callable[[], Connection], patience: float, lost: Callable[[str], None] = lambda _: None
    ):
        """Connects.

        Args:
            connect: makes a connection to the database of the shop.
            patience: how long the database may be away, seconds.
            lost: is told, in words, whenever it is.

        Raises:
            psycopg2.OperationalError: it is not there to begin with.
        """
        self._connect, self._patience, self._lost = connect, patience, lost
        self._connection: Optional[Connection] = connect()

    def close(self) -> None:
        """Closes the connection; a transaction that is open there is rolled back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def script(self, text: str) -> None:
        """Runs the statements of a file as one transaction."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(text)

    def rows(self) -> dict[str, list[Row]]:
        """The rows of all tables as they are, each table by id."""
        with self._open() as connection, connection.cursor() as cursor:
            return {table: _rows(cursor, table) for table in COLUMNS}

    def finish(self) -> None:
        """Moves the tables' sequences behind the ids that were used, for whoever inserts without one.

        Nothing is lost without that: a database that is away is left alone.
        """
        with contextlib.suppress(*_GONE):
            for attempt in stamina.retry_context(_GONE, attempts=2, wait_max=1):
                with attempt:
                    self._move_sequences()

    def run(self, transaction: Transaction) -> int | None:
        """Runs a transaction, again and again until it is known what became of it.

        Returns:
            Its number (pg_current_xact_id) when it has committed, None when it is one that rolls back.

        Raises:
            UserError: the database was away for too long, or holds other rows than the plan knows.
        """
        try:
            for attempt in self._attempts():
                with attempt:
                    return self._run(transaction)
        except _GONE as error:
            raise self._away(error, "nothing of the transaction that it was to begin is in the database") from error
        raise AssertionError("retrying ends with a result or an error")

    def _run(self, transaction: Transaction) -> int | None:
        try:
            with self._open().cursor() as cursor:
                txid = _number(cursor)
                for step in transaction.steps:
                    _execute(cursor, step)
                if not transaction.commits:
                    cursor.connection.rollback()
                    return None
        except _GONE as error:
            # COMMIT was not sent: nothing of it stays.
            self._drop(error)
            raise
        try:
            self._connection.commit()
        except _GONE as error:
            self._drop(error)
            if not self._has_committed(txid, transaction):
                raise
        return txid

    def _has_committed(self, txid: int, transaction: Transaction) -> bool:
        """Asks, as often as it takes, for the fate of a transaction whose COMMIT was not answered."""
        try:
            for attempt in self._attempts(_Undecided):
                with attempt:
                    return self._fate(txid, transaction)
        except (*_GONE, _Undecided) as error:
            raise self._away(error, f"whether transaction {txid} is committed is not known, and not logged") from error
        raise AssertionError("retrying ends with a result or an error")

    def _fate(self, txid: int, transaction: Transaction) -> bool:
        try:
            with self._open() as connection, connection.cursor() as cursor:
                cursor.execute("SELECT pg_xact_status(%s::xid8)", (str(txid),))
                status = cursor.fetchone()[0]
                if status not in ("committed", "aborted"):
                    raise _Undecided  # The server has not noticed yet that we are gone.
                # After a crash a number that no record on disk has is given away again: what committed may be another.
                return status == "committed" and all(_shows(cursor, txid, *trace) for trace in transaction.traces())
        except psycopg2.errors.InvalidParameterValue:
            return False  # "is in the future": the crash took it, and the number has not been given away again.
        except _GONE as error:
            self._drop(error)
            raise

    def _move_sequences(self) -> None:
        try:
            with self._open() as connection, connection.cursor() as cursor:
                for table in COLUMNS:
                    cursor.execute(_SEQUENCE.format(sql.Identifier(table)), [table])
        except _GONE as error:
            self._drop(error)
            raise

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _drop(self, error: BaseException) -> None:
        if self._connection is not None:  # It is told once that it has gone, not whenever it is not there yet.
            self._lost(" ".join(str(error).split()) or type(error).__name__)
        self.close()

    def _attempts(self, *more: type[Exception]) -> Iterator[stamina.Attempt]:
        on = (*_GONE, *more)
        return stamina.retry_context(on, attempts=None, timeout=self._patience, wait_initial=0.05, wait_max=1)

    def _away(self, error: BaseException, meaning: str) -> UserError:
        reason = " ".join(str(error).split()) or type(error).__name__
        return UserError(
            f"the database was away for more than {self._patience:.0f} s ({reason}); {meaning}",
            "start the database, and this again",
        )


class _Undecided(Exception):
    """A transaction is still in progress."""


def _number(cursor: Cursor) -> int:
    cursor.execute("SELECT pg_current_xact_id()::text")
    return int(cursor.fetchone()[0])


def _execute(cursor: Cursor, step: Union[Change, Savepoint]) -> None:
    """Runs one step; all values are parameters, all names identifiers."""
    if isinstance(step, Savepoint):
        cursor.execute(sql.SQL(step.verb + " {}").format(sql.Identifier(step.name)))
        return
    statement, values = _statement(step)
    cursor.execute(statement, values)
    if step.op != "t" and cursor.rowcount != 1:
        raise UserError(
            f"{step.table} has no row with id {step.key}, which it had a moment ago",
            "let nothing else write to the tables while the workload runs",
        )


def _statement(change: Change) -> tuple[sql.Composed, list[object]]:
    table, before, after = sql.Identifier(change.table), change.before, change.after
    if change.op == "t":
        return sql.SQL("TRUNCATE {}").format(table), []
    if after is None:
        return sql.SQL("DELETE FROM {} WHERE id = %s").format(table), [before["id"]]
    names = sql.SQL(", ").join(map(sql.Identifier, after))
    places = sql.SQL(", ").join(sql.Placeholder() * len(after))
    if before is None:
        return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, names, places), list(after.values())
    update = sql.SQL("UPDATE {} SET ({}) = ({}) WHERE id = %s").format(table, names, places)
    return update, [*after.values(), before["id"]]


def _shows(cursor: Cursor, txid: int, table: str, id: int, there: bool) -> bool:
    """Whether a row is there, written by this transaction or a savepoint of it, or is not, as expected."""
    cursor.execute(sql.SQL("SELECT xmin::text FROM {} WHERE id = %s").format(sql.Identifier(table)), [id])
    found = cursor.fetchone()
    # A row has the number's lower half; a savepoint's number is above that of its transaction.
    return (found is not None and int(found[0]) >= txid % 2**32) if there else found is None


def _rows(cursor: Cursor, table: str) -> list[Row]:
    columns = COLUMNS[table]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    cursor.execute(sql.SQL("SELECT {} FROM {} ORDER BY id").format(names, sql.Identifier(table)))
    return [dict(zip(columns, row)) for row in cursor]
