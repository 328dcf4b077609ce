"""The source database: whether its changes can be captured, its publication, its replication slot."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import connection as Connection

from flinkblocks.cdc.database import Database
from flinkblocks.cdc.tables import Table
from flinkblocks.console import Check
from flinkblocks.errors import UserError

_SCHEMA = "bazel run //python/flinkblocks/shop:workload -- --schema --changes 0"
_FULL, _NOTHING = "f", "n"
_TICK_S = 0.2

_TABLES = """
    SELECT n.nspname, c.relname, c.relreplident,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND (n.nspname, c.relname) IN %s"""

# Changes of a partitioned table are told as its own, whatever partition they are in.
_CREATE = "CREATE PUBLICATION {} FOR TABLE {} WITH (publish_via_partition_root = true)"

_SLOT = """
    SELECT active, active_pid, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, wal_status
    FROM pg_replication_slots WHERE slot_name = %s"""


@dataclass(frozen=True)
class Slot:
    """A replication slot.

    Attributes:
        name: its name.
        active: whether someone reads from it.
        pid: the server process that serves the reader; None without one.
        held: bytes of WAL that the server keeps for it; None when it has been invalidated.
        lost: whether the server has deleted WAL that it needed: it is of no use any more.
    """

    name: str
    active: bool
    pid: int | None
    held: int | None
    lost: bool


def slot_name(connector: str) -> str:
    """The name of a connector's slot and publication: what PostgreSQL lets a slot be called."""
    return re.sub("[^a-z0-9_]", "_", connector.lower())


def check_source(database: Database, captured: Sequence[Table]) -> Check:
    """Whether the changes of tables can be captured.

    Args:
        database: the source.
        captured: the tables.
    """
    name = "change capture"
    try:
        with database.session() as connection, connection.cursor() as cursor:
            cursor.execute("SHOW wal_level")
            level = cursor.fetchone()[0]
            cursor.execute(_TABLES, (tuple((table.schema, table.name) for table in captured),))
            found = {Table(schema, table): (identity, key) for schema, table, identity, key in cursor.fetchall()}
    except UserError as error:
        return Check(name, False, str(error), error.cure)
    if level != "logical":
        return Check(name, False, f"wal_level is {level}", "set wal_level = logical, and restart the server")
    if missing := [table.label for table in captured if table not in found]:
        cure = f"correct --source-tables; `{_SCHEMA}` creates those of the shop"
        return Check(name, False, f"no table {', '.join(missing)}", cure)
    if keyless := [table.label for table in captured if not found[table][1]]:
        cure = "give each one, or leave it out of --source-tables"
        return Check(name, False, f"no primary key: {', '.join(keyless)}", cure)
    if bare := [table.label for table in captured if found[table][0] == _NOTHING]:
        # PostgreSQL would refuse all updates and deletes of the table as soon as it is published.
        cure = "ALTER TABLE ... REPLICA IDENTITY FULL, or leave it out of --source-tables"
        return Check(name, False, f"REPLICA IDENTITY NOTHING: {', '.join(bare)}", cure)
    short = [table.label for table in captured if found[table][0] != _FULL]
    # The job remembers rows; what changed before it saw one is all that is not known then.
    detail = f"; without REPLICA IDENTITY FULL: {', '.join(short)}" if short else ""
    return Check(name, True, f"wal_level is logical, {len(captured)} tables{detail}")


def ensure_publication(connection: Connection, name: str, captured: Sequence[Table]) -> str:
    """Creates a publication of tables, or adds to it those that it lacks.

    Args:
        connection: as the owner of the tables.
        name: of the publication.
        captured: the tables.

    Returns:
        What was done, in words.
    """
    publication = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_publication WHERE pubname = %s", (name,))
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL(_CREATE).format(publication, _listed(captured)))
            return f"created the publication {name}"
        cursor.execute("SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = %s", (name,))
        there = {Table(*row) for row in cursor.fetchall()}
        lacking = [table for table in captured if table not in there]
        if lacking:
            cursor.execute(sql.SQL("ALTER PUBLICATION {} ADD TABLE {}").format(publication, _listed(lacking)))
            return f"added {', '.join(table.label for table in lacking)} to the publication {name}"
    return f"the publication {name} has all tables"


def drop_publication(connection: Connection, name: str) -> str:
    """Drops a publication, if it is there; returns what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_publication WHERE pubname = %s", (name,))
        if cursor.fetchone() is None:
            return f"no publication {name}"
        cursor.execute(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(name)))
    return f"dropped the publication {name}"


def read_slot(connection: Connection, name: str) -> Slot | None:
    """A replication slot as it stands; None when it is not there."""
    with connection.cursor() as cursor:
        cursor.execute(_SLOT, (name,))
        row = cursor.fetchone()
    if row is None:
        return None
    active, pid, held, status = row
    return Slot(name, active, pid, held, status == "lost")


def drop_slot(
    connection: Connection, name: str, patience_s: float = 30.0, clock: Callable[[], float] = time.monotonic
) -> str:
    """Drops a replication slot, if it is there, as soon as nobody reads from it.

    Args:
        connection: as one who has the REPLICATION right.
        name: of the slot.
        patience_s: how long to wait for its reader to leave.
        clock: seconds that only grow.

    Returns:
        What was done, in words.

    Raises:
        UserError: its reader stays, or the user may not drop it.
    """
    deadline = clock() + patience_s
    while (slot := read_slot(connection, name)) is not None:
        if not slot.active:
            _drop(connection, name)
            return f"dropped the replication slot {name}"
        if clock() >= deadline:
            raise UserError(
                f"the replication slot {name} is in use: server process {slot.pid} serves its reader",
                "end the connector that reads from it: --connect-url names the Connect that runs it",
            )
        time.sleep(_TICK_S)
    return f"no replication slot {name}"


def _drop(connection: Connection, name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_drop_replication_slot(%s)", (name,))
    except InsufficientPrivilege:
        problem = f"{connection.info.user} may not drop the replication slot {name}"
        raise UserError(
            problem, "name a role with the right REPLICATION: --replication-user and its password"
        ) from None


def _listed(captured: Sequence[Table]) -> sql.Composed:
    return sql.SQL(", ").join(table.identifier for table in captured)
