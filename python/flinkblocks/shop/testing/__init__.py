"""A stack's shop database as tests see it, and what a log says that is in it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from flinkblocks.shop.changelog import row_json
from flinkblocks.shop.database import connect
from flinkblocks.shop.executor import Executor
from flinkblocks.shop.tables import COLUMNS, Row
from flinkblocks.stack import Stack

#: Rows by table and id, as the log has them.
Rows = dict[str, dict[int, dict[str, Any]]]


class Database:
    """The shop's database of a stack.

    Attributes:
        env: that names it, as `up` exports it.
        url: of it.
        port: of the server.
    """

    def __init__(self, stack: Stack):
        """Empties the tables."""
        self._stack = stack
        self.env = stack.services()["postgres"].exports
        self.url = self.env["SOURCE_POSTGRES_URL"]
        self.port = stack.services()["postgres"].site.ports["port"]
        self.empty()

    def empty(self) -> None:
        """Deletes all rows."""
        with self.session() as cursor:
            cursor.execute("TRUNCATE users, products, orders")

    def connect(self, port: int | None = None) -> Connection:
        """A connection as the owner of the tables.

        Args:
            port: of a relay to the server; None for the server's own.
        """
        return connect(self.url.replace(str(self.port), str(port or self.port)), None, self.env)

    @contextlib.contextmanager
    def session(self) -> Iterator[Cursor]:
        """A cursor that commits each statement."""
        with contextlib.closing(self.connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def kill(self) -> None:
        """Ends the server without warning."""
        self._stack.services()["postgres"].daemons["postgres"].kill()

    def up(self) -> None:
        """Starts the server again, and waits until it takes connections."""
        self._stack.up("postgres")

    def rows(self) -> Rows:
        """What is in the tables."""
        with contextlib.closing(Executor(self.connect, 1)) as executor:
            return readable(executor.rows())


def readable(tables: Mapping[str, Iterable[Row]]) -> Rows:
    """Rows by table and id, as the log has them."""
    return {
        name: {row["id"]: json.loads(row_json(row), parse_float=Decimal) for row in table}
        for name, table in tables.items()
    }


def replayed(lines: Iterable[str]) -> Rows:
    """The rows that there are when empty tables take a log's changes; each change finds what it says was there."""
    tables: Rows = {name: {} for name in COLUMNS}
    for text in lines:
        change = json.loads(text, parse_float=Decimal)
        table = tables[change["table"]]
        if change["op"] == "t":
            table.clear()
        if change["before"] is not None:
            assert table.pop(change["key"]["id"]) == change["before"]
        if change["after"] is not None:
            assert change["after"]["id"] not in table
            table[change["after"]["id"]] = change["after"]
    return tables
