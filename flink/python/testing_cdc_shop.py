"""A shop of its own for a test: databases in a stack that others use too, and the block between them."""

from __future__ import annotations

import contextlib
import itertools
import json
import pathlib
import subprocess
from collections.abc import Sequence
from typing import Any, Callable, TypeVar

import psutil
from psycopg2 import sql
from pydantic import SecretStr

from flinkblocks.cdc.database import Database
from flinkblocks.cdc.tables import tables, topics
from flinkblocks.cdc.verify import compare
from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import Stack, postgres_databases
from flinkblocks.stack.postgres import secrets_folder
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.kafka import Topics
from flinkblocks.testing.waiting import PATIENCE_S, until

BLOCK = "flink/python/cdc_processing"
HOSTILE = "x'; DROP TABLE users;--"
_SCHEMA = "o\"dd's"
ODD = f"{_SCHEMA}.{HOSTILE}"
#: Of the hostile tables, beside their id.
COLUMN = "na\"me'; --"
_MEASURED = """
    CREATE TABLE measured (id bigint, day date, value text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE measured_2 PARTITION OF measured FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    ALTER TABLE measured REPLICA IDENTITY FULL;
    ALTER TABLE measured_1 REPLICA IDENTITY FULL;
    ALTER TABLE measured_2 REPLICA IDENTITY FULL;
    INSERT INTO measured VALUES (1, '2026-01-07', 'read')"""

T = TypeVar("T")


class Shop:
    """The databases NAME and NAME_analytics of a stack, with a connector NAME and topics that begin with `NAME-`.

    Attributes:
        name: of all this.
        topics: of the broker.
        connect: URL of Connect.
        block: its present or last run; None before the first.
    """

    #: Hostile tables as records call them, and as they stand in a statement.
    HOSTILE_TABLES = {HOSTILE: sql.Identifier("public", HOSTILE), ODD: sql.Identifier(_SCHEMA, HOSTILE)}

    def __init__(self, stack: Stack, name: str, folder: pathlib.Path, captured: Sequence[str], *flags: object):
        """Makes the databases and the shop's tables.

        Args:
            stack: with Kafka, PostgreSQL and Connect.
            name: lower case letters.
            folder: for state.
            captured: the tables that the block is told of.
            *flags: more of the block's flags.
        """
        self.name, self._folder, self._flags = name, folder, flags
        services = stack.services()
        self._postgres = services["postgres"].site
        self._secrets = secrets_folder(stack.folder)
        exports = stack.exports()
        self.topics, self.connect = Topics(exports["KAFKA_SERVERS"]), exports["CONNECT_URL"]
        server = exports["SOURCE_POSTGRES_URL"].rpartition("/")[0]
        its = {"SOURCE": name, "ANALYTICS": f"{name}_analytics"}
        self._env = {**exports, **{f"{role}_POSTGRES_URL": f"{server}/{database}" for role, database in its.items()}}
        self._source, self._analytics = (
            Database(role, "", f"{server}/{database}", owner, SecretStr((self._secrets / owner).read_text()))
            for owner, (role, database) in zip(postgres_databases.OWNERS, its.items())
        )
        self.captured = list(captured)
        self.block: BlockProcess | None = None
        self._jvms: list[psutil.Process] = []
        self._ids = itertools.count(1_000)
        for owner, database in zip(postgres_databases.OWNERS, its.values()):
            self.admin(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(owner)))
        self.sql("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO debezium")
        self.sql("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO debezium")
        self.sql(pathlib.Path(runfile("sql/cdc/source_schema.sql")).read_text(encoding="utf-8"))

    def add_odd_tables(self) -> None:
        """Makes the hostile tables, and `measured`, which has partitions and a row."""
        self.sql(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_SCHEMA)))
        create = "CREATE TABLE {0} (id bigint PRIMARY KEY, {1} text); ALTER TABLE {0} REPLICA IDENTITY FULL"
        for table in self.HOSTILE_TABLES.values():
            self.sql(sql.SQL(create).format(table, sql.Identifier(COLUMN)))
        self.sql(_MEASURED)

    def close(self) -> None:
        """Ends the block if it runs."""
        if self.block is not None:
            self.block.kill()

    def admin(self, statement: str | sql.Composable, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement as the server's superuser."""
        secret = postgres_databases.secret(self._postgres.folder / "superuser", postgres_databases.SUPERUSER)
        port = self._postgres.ports["port"]
        with contextlib.closing(
            postgres_databases.connect(port, postgres_databases.SUPERUSER, secret, "postgres")
        ) as connection:
            connection.autocommit = True
            return _rows(connection, statement, values)

    def sql(self, statement: str | sql.Composable, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement, or several as one transaction, as the owner of the tables."""
        with self._source.session() as connection:
            return _rows(connection, statement, values)

    def analytics(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement on the analytics tables."""
        with self._analytics.session() as connection:
            return _rows(connection, statement, values)

    def user(self, **columns: object) -> int:
        """Registers a user; returns the id."""
        its = {"id": next(self._ids), "email": "a@example.com", "name": "Ada", "status": "active", **columns}
        names = sql.SQL(", ").join(map(sql.Identifier, its))
        values = sql.SQL(", ").join([sql.Placeholder()] * len(its))
        self.sql(sql.SQL("INSERT INTO users ({}) VALUES ({})").format(names, values), *its.values())
        return its["id"]

    def product(self) -> int:
        """Adds a product; returns the id."""
        id = next(self._ids)
        self.sql("INSERT INTO products VALUES (%s, 'sku', 'Ball', 'toys', 2.50, 9, 5, now())", id)
        return id

    def order(self, user: int, product: int) -> None:
        """A user orders two of a product."""
        self.sql("INSERT INTO orders (user_id, product_id, quantity, amount) VALUES (%s, %s, 2, 5.00)", user, product)

    def launch(self, *flags: object) -> BlockProcess:
        """Starts the block."""
        self.block = BlockProcess(BLOCK, self._folder / "home", "--duration", 0, *self.flags(), *flags, env=self._env)
        return self.block

    def start(self, *flags: object) -> BlockProcess:
        """Starts the block, and waits until it has a checkpoint to go on from."""
        self.launch(*flags).wait_checkpoint()
        self._jvms += psutil.Process(self.block.process.pid).children(recursive=True)
        return self.block

    def running(self) -> BlockProcess:
        """The block; when it has ended, it goes on from where it was."""
        if self.block is None:
            return self.start()
        if self.block.process.poll() is not None:
            return self.start("--from-savepoint", "latest")
        return self.block

    def run(self, *flags: object) -> tuple[int, str]:
        """Runs the block to its end; returns the exit code and all it has said."""
        done = subprocess.run(
            [runfile(BLOCK), *map(str, self.flags()), *map(str, flags)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**java_program_environment(), **self._env, "XDG_STATE_HOME": str(self._folder / "home/state")},
            timeout=PATIENCE_S,
        )  # fmt: skip
        return done.returncode, done.stdout

    def flags(self) -> list[object]:
        """The flags of every run."""
        return [
            "--parallelism", 2, "--checkpoint-interval", "1s", "--topic-prefix", f"{self.name}-",
            "--connector-name", self.name, "--source-tables", ",".join(self.captured), *self._flags,
        ]  # fmt: skip

    def ended(self) -> int:
        """Waits for the block's end; returns the exit code. No process of it, nor of its earlier runs, is left."""
        code = self.block.wait()
        assert psutil.wait_procs(self._jvms, timeout=60)[1] == []
        return code

    @property
    def lake(self) -> pathlib.Path:
        """The folder of --lake-path."""
        return self._flags[self._flags.index("--lake-path") + 1]

    def wait_seen(self, kind: str, fits: Callable[[dict], bool]) -> dict:
        """The first object of the block's console, of those not looked at before, that fits."""
        for found in self.block.objects():
            if found["type"] == kind and fits(found):
                return found
        raise AssertionError(f"it ended before: {self.block.told()}{self.block.stderr}")

    def wait_note(self, text: str) -> str:
        """The first note of the block's console that has a text in it."""
        until(lambda: self._notes(text) or self.block.process.poll() is not None)
        found = self._notes(text)
        assert found, f"it ended without {text!r}: {self.block.told()}{self.block.stderr}"
        return found[0]

    def _notes(self, text: str) -> list[str]:
        notes = [json.loads(line)["text"] for line in self.block.said().splitlines() if '"type": "note"' in line]
        return [note for note in notes if text in note]

    def slot(self, columns: str, *values: object) -> tuple[Any, ...] | None:
        """What the server says of the replication slot; None without one."""
        found = self.admin(f"SELECT {columns} FROM pg_replication_slots WHERE slot_name = %s", *values, self.name)
        return found[0] if found else None

    def table_topics(self) -> list[str]:
        """The topics of the tables."""
        return topics(tables(",".join(self.captured)), f"{self.name}-cdc")

    def records(self, output: str) -> list[dict]:
        """The committed records of an output."""
        return [json.loads(record.value) for record in self.topics.read(f"{self.name}-{output}")]

    def history(self, *labels: str) -> dict[str, list[tuple]]:
        """What the audit trail says of tables: op, before, after and changed columns, in the order of each key."""
        told: dict[str, list[tuple]] = {}
        for record in self.topics.read(f"{self.name}-audit-trail"):
            its = json.loads(record.value)
            if its["table"] in labels:
                change = (its["op"], its["before"], its["after"], its["changed"])
                told.setdefault(record.key.decode(), []).append(change)
        return told

    def wait_equal(self) -> None:
        """Waits until the analytics tables equal their queries."""
        found = self.settled(lambda: compare(self._source, self._analytics).first, [])
        assert found == []

    @staticmethod
    def settled(look: Callable[[], T], expected: T) -> T:
        """What there is to see as soon as it is what is expected, or after minutes."""
        with contextlib.suppress(TimeoutError):
            until(lambda: look() == expected)
        return look()


def _rows(connection: Any, statement: str | sql.Composable, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
