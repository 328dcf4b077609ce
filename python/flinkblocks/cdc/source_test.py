"""The source database's part on a real PostgreSQL: publication, slot, comparison."""

from __future__ import annotations

import contextlib
import pathlib
import time

import psycopg2
import psycopg2.extras
import pytest
from psycopg2 import sql
from pydantic import SecretStr

from flinkblocks.cdc.database import Database
from flinkblocks.cdc.slot_watch import SlotWatch
from flinkblocks.cdc.source import check_source, drop_publication, drop_slot, ensure_publication, read_slot
from flinkblocks.cdc.tables import tables
from flinkblocks.cdc.verify import compare
from flinkblocks.errors import UserError
from flinkblocks.runtime import runfile
from flinkblocks.stack import temporary_stack

HOSTILE = "x'; DROP TABLE users;--"
SHOP = tables("users,orders,products")


@pytest.fixture(scope="module")
def logins(tmp_path_factory):
    """The databases by role: source, analytics, replication."""
    with temporary_stack(tmp_path_factory.mktemp("stack"), "postgres") as stack:
        exports = stack.services()["postgres"].exports

        def login(role, url):
            secret = pathlib.Path(exports[f"{role}_POSTGRES_PASSWORD_FILE"]).read_text()
            return Database(
                role.lower(), "the flags", exports[url], exports[f"{role}_POSTGRES_USER"], SecretStr(secret)
            )

        yield {
            "source": login("SOURCE", "SOURCE_POSTGRES_URL"),
            "analytics": login("ANALYTICS", "ANALYTICS_POSTGRES_URL"),
            "replication": login("REPLICATION", "SOURCE_POSTGRES_URL"),
        }


@pytest.fixture
def source(logins):
    with logins["source"].session() as connection:
        yield connection


@pytest.fixture
def replicator(logins):
    with logins["replication"].session() as connection:
        yield connection


def run(connection, statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def published(connection, name):
    rows = run(connection, "SELECT tablename FROM pg_publication_tables WHERE pubname = %s", name)
    return sorted(row[0] for row in rows)


def test_a_wrong_password_is_refused_and_not_shown(logins):
    wrong = Database("source", "the password", logins["source"].url, "shop", SecretStr("planted-5e3c"))
    with pytest.raises(UserError, match="password authentication failed") as error, wrong.session():
        pass
    assert "planted-5e3c" not in error.value.line
    assert "correct the password" in error.value.cure
    assert check_source(wrong, SHOP).ok is False


def test_the_shop_can_be_captured(logins):
    assert logins["source"].check().ok
    assert logins["analytics"].check().ok
    found = check_source(logins["source"], SHOP)
    assert (found.ok, found.detail) == (True, "wal_level is logical, 3 tables")


def test_what_cannot_be_captured(logins, source):
    run(source, "CREATE TABLE keyless (a int); CREATE TABLE short (a int PRIMARY KEY)")
    missing = check_source(logins["source"], tables(f"users,{HOSTILE},shop.users"))
    assert (missing.ok, missing.detail) == (False, f"no table {HOSTILE}, shop.users")
    assert check_source(logins["source"], tables("users,keyless")).detail == "no primary key: keyless"
    short = check_source(logins["source"], tables("users,short"))
    assert (short.ok, short.detail.rpartition("; ")[2]) == (True, "without REPLICA IDENTITY FULL: short")
    run(source, "ALTER TABLE short REPLICA IDENTITY NOTHING")
    bare = check_source(logins["source"], tables("users,short"))
    assert (bare.ok, bare.detail) == (False, "REPLICA IDENTITY NOTHING: short")
    run(source, "DROP TABLE keyless, short")


def test_publication(source):
    assert ensure_publication(source, "p", SHOP[:1]) == "created the publication p"
    assert ensure_publication(source, "p", SHOP[:1]) == "the publication p has all tables"
    hostile = tables(HOSTILE)
    run(source, sql.SQL("CREATE TABLE {} (id int PRIMARY KEY)").format(hostile[0].identifier))
    assert ensure_publication(source, "p", [*SHOP[:2], *hostile]) == f"added orders, {HOSTILE} to the publication p"
    assert published(source, "p") == sorted(["users", "orders", HOSTILE])
    assert drop_publication(source, "p") == "dropped the publication p"
    assert drop_publication(source, "p") == "no publication p"
    run(source, sql.SQL("DROP TABLE {}").format(hostile[0].identifier))


def test_a_hostile_name_of_a_publication_is_only_a_name(source):
    assert ensure_publication(source, HOSTILE, SHOP[:1]) == f"created the publication {HOSTILE}"
    assert published(source, HOSTILE) == ["users"]
    drop_publication(source, HOSTILE)
    assert run(source, "SELECT to_regclass('users')::text") == [("users",)]


def test_slot(source, replicator):
    assert read_slot(source, "s") is None
    assert drop_slot(source, "s") == "no replication slot s"
    run(replicator, "SELECT pg_create_logical_replication_slot('s', 'pgoutput')")
    slot = read_slot(source, "s")
    assert (slot.active, slot.pid, slot.lost) == (False, None, False)
    assert slot.held >= 0
    with pytest.raises(UserError, match="may not drop"):
        drop_slot(source, "s")
    assert drop_slot(replicator, "s") == "dropped the replication slot s"
    assert drop_slot(replicator, "s") == "no replication slot s"


def test_a_slot_in_use_is_not_dropped(logins, replicator):
    run(replicator, "SELECT pg_create_logical_replication_slot('busy', 'pgoutput')")
    its = logins["replication"]
    reader = psycopg2.connect(
        its.url, user=its.user, password=its.password.get_secret_value(),
        connection_factory=psycopg2.extras.LogicalReplicationConnection,
    )  # fmt: skip
    with contextlib.closing(reader), reader.cursor() as cursor:
        options = {"proto_version": "1", "publication_names": "flinkblocks_cdc"}
        cursor.start_replication(slot_name="busy", options=options)
        slot = read_slot(replicator, "busy")
        assert slot.active
        with pytest.raises(UserError, match=f"in use: server process {slot.pid} serves its reader"):
            drop_slot(replicator, "busy", patience_s=0)
    # The server notices a moment later that the reader has left: that is waited for.
    assert drop_slot(replicator, "busy") == "dropped the replication slot busy"


def test_the_watch_sees_the_slot(logins, replicator):
    with SlotWatch(logins["source"], "watched", 2**30) as watch:
        wait_for(lambda: watch.gauges() and "is not there" in watch.gauges()[0].text)
        run(replicator, "SELECT pg_create_logical_replication_slot('watched', 'pgoutput')")
        wait_for(lambda: watch.gauges()[0].text.endswith("of WAL, nobody reads it"))
    drop_slot(replicator, "watched")


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_comparison(logins, source):
    with open(runfile("sql/cdc/analytics_schema.sql"), encoding="utf-8") as file:
        schema = file.read()
    run(source, "INSERT INTO users (id, email, name, tier) VALUES (1, 'a', 'a', %s), (2, 'b', 'b', 'gold')", HOSTILE)
    run(source, "INSERT INTO products VALUES (5, 's', 'n', 'c', 2, 3, 1)")
    run(source, "INSERT INTO orders VALUES (1, 1, 5, 2, 4.1, 'paid', '2026-01-01Z')")
    its = logins["analytics"]
    with pytest.raises(UserError, match="has no table customer_analytics"):
        compare(logins["source"], its)
    with its.session() as analytics:
        run(analytics, schema)
        missing = compare(logins["source"], its)
        assert (missing.rows, missing.differences) == ({"customer_analytics": 2, "product_analytics": 1}, 3)
        assert {(d.key, d.column, d.found) for d in missing.first} == {(1, "", None), (2, "", None), (5, "", None)}
        run(analytics, "INSERT INTO customer_analytics VALUES (1, %s, 1, 4.1, 4.1, '2026-01-01Z')", HOSTILE)
        run(analytics, "INSERT INTO customer_analytics VALUES (2, 'gold', 0, 0, NULL, NULL)")
        run(analytics, "INSERT INTO product_analytics VALUES (5, 'c', 2, 4.11, 3)")
        (cent,) = compare(logins["source"], its).first
        assert (cent.table, cent.key, cent.column, str(cent.expected), str(cent.found)) == (
            "product_analytics", 5, "revenue", "4.10", "4.11",
        )  # fmt: skip
        run(analytics, "UPDATE product_analytics SET revenue = 4.10")
        assert compare(logins["source"], its).equal
