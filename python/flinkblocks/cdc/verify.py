"""Holds the analytics tables against the queries over the source that define them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extensions import connection as Connection
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flinkblocks.cdc.database import Database
from flinkblocks.errors import UserError
from flinkblocks.runtime import runfile

#: Each table, and the query that defines it.
TABLES = {
    "customer_analytics": "sql/cdc/customer_analytics.sql",
    "product_analytics": "sql/cdc/product_analytics.sql",
}

_SHOWN = 20
# Rows that are fetched at a time: the tables may be larger than memory.
_BATCH = 5_000


@dataclass(frozen=True)
class Difference:
    """A value that is not what the query says.

    Attributes:
        table: of the analytics database.
        key: of the row.
        column: of the value; empty for a whole row.
        expected: out of the query.
        found: in the table.
    """

    table: str
    key: Any
    column: str
    expected: Any
    found: Any


@dataclass
class Comparison:
    """What a comparison came to.

    Attributes:
        rows: of each table, as its query has them.
        differences: how many values or rows differ.
        first: the first of them.
    """

    rows: dict[str, int]
    differences: int
    first: list[Difference]

    @property
    def equal(self) -> bool:
        """Whether every table equals its query."""
        return self.differences == 0


def compare(source: Database, analytics: Database) -> Comparison:
    """Compares both tables with their queries, each side as of one moment.

    Args:
        source: over which the queries run.
        analytics: which has the tables.

    Raises:
        UserError: a database refuses, or has not got the tables.
    """
    result = Comparison({}, 0, [])
    with source.session(autocommit=False) as expected, analytics.session(autocommit=False) as found:
        for connection in (expected, found):
            connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        for table, path in TABLES.items():
            with open(runfile(path), encoding="utf-8") as file:
                query = file.read()
            _require(found, table)
            columns = _columns(expected, query)
            rows = _Counted(_rows(expected, query))
            its = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), sql.Identifier(columns[0])
            )
            for difference in differences(table, columns, rows, _rows(found, its)):
                result.differences += 1
                if len(result.first) < _SHOWN:
                    result.first.append(difference)
            result.rows[table] = rows.count
    return result


def differences(
    table: str, columns: Sequence[str], expected: Iterable[tuple[Any, ...]], found: Iterable[tuple[Any, ...]]
) -> Iterator[Difference]:
    """What differs between two sides, both in ascending order of their first column.

    Args:
        table: what they are of.
        columns: names, the key's first.
        expected: rows.
        found: rows.
    """
    left, right = iter(expected), iter(found)
    want, have = next(left, None), next(right, None)
    while want is not None or have is not None:
        if have is None or (want is not None and want[0] < have[0]):
            yield Difference(table, want[0], "", want[1:], None)
            want = next(left, None)
        elif want is None or have[0] < want[0]:
            yield Difference(table, have[0], "", None, have[1:])
            have = next(right, None)
        else:
            for column, should, does in zip(columns[1:], want[1:], have[1:]):
                if should != does:
                    yield Difference(table, want[0], column, should, does)
            want, have = next(left, None), next(right, None)


def report(comparison: Comparison) -> list[str]:
    """A comparison in lines for people."""
    tables = ", ".join(f"{table}: {count:,} rows" for table, count in comparison.rows.items())
    if comparison.equal:
        return [f"EQUAL to their reference queries: {tables}"]
    shown = Table("table", "key", "column", "expected", "found", box=box.SIMPLE_HEAD, pad_edge=False)
    for each in comparison.first:
        none = "null" if each.column else "no row"
        values = (none if value is None else _shown(value) for value in (each.expected, each.found))
        cells = (each.table, str(each.key), each.column or "(row)", *values)
        # What stands in a table is text, not markup.
        shown.add_row(*map(Text, cells))
    out = io.StringIO()
    Console(file=out, width=120, no_color=True, highlight=False).print(shown)
    more = f", the first {len(comparison.first)}" if comparison.differences > len(comparison.first) else ""
    head = f"NOT EQUAL to their reference queries ({tables}): {comparison.differences:,} differences{more}"
    return [head, *(line.rstrip() for line in out.getvalue().splitlines() if line.strip())]


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return str(value)


def _require(connection: Connection, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", (table,))
        if cursor.fetchone()[0] is None:
            problem = f"the analytics database has no table {table}"
            raise UserError(problem, "a run with --analytics-postgres-url creates and fills it")


def _columns(connection: Connection, query: str) -> list[str]:
    """The names of a query's columns; it is not run for its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query.strip().rstrip(';')}\n) q LIMIT 0")
        return [column.name for column in cursor.description]


def _rows(connection: Connection, query: str | sql.Composable) -> Iterator[tuple[Any, ...]]:
    with connection.cursor("rows") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(query)
        yield from cursor


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]):
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self._rows:
            self.count += 1
            yield row
