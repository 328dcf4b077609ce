"""Plans on a real PostgreSQL: whatever becomes of the connection or the server, the log is what was committed."""

from __future__ import annotations

import datetime
import io
import json

import pytest

from flinkblocks.errors import UserError
from flinkblocks.shop import ChangeLog, Executor, Shop, Transaction
from flinkblocks.shop.testing import Database, readable, replayed
from flinkblocks.shop.transactions import RELEASE, ROLL_BACK, SAVE, Change, Savepoint
from flinkblocks.stack import temporary_stack
from flinkblocks.testing.relay import BEFORE, BEHIND, Relay

START = datetime.datetime(2025, 1, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack") / "stack", "postgres") as stack:
        yield stack


@pytest.fixture
def database(stack):
    return Database(stack)


class Run:
    """A shop and an executor, through a relay."""

    def __init__(self, database, relay, seed=1, patience=60, truncates=False):
        self.shop = Shop(seed, START, truncates=truncates)
        self.lost = []
        self.executor = Executor(lambda: database.connect(relay.port), patience, self.lost.append)
        self.log = io.StringIO()
        for transaction in self.shop.seeding(40, 20):
            self.run(transaction)

    def run(self, transaction):
        txid = self.executor.run(transaction)
        if txid is not None:
            ChangeLog(self.log).write(transaction.changes(), txid)
            self.shop.apply(transaction)
        return txid

    def play(self, changes):
        while changes > 0:
            transaction = self.shop.plan(changes)
            self.run(transaction)
            changes -= len(transaction.changes())

    def committing(self):
        """The next transaction that commits."""
        while not (transaction := self.shop.plan(20)).commits:
            pass
        return transaction

    def assert_exact(self, database):
        rows = database.rows()
        assert rows == readable(self.shop.tables)
        assert rows == replayed(self.log.getvalue().splitlines())


@pytest.fixture
def relay(database):
    with Relay(database.port) as relay:
        yield relay


@pytest.fixture
def run(database, relay):
    made = Run(database, relay)
    yield made
    made.executor.close()


def test_model_database_and_log_agree(database, relay):
    run = Run(database, relay, truncates=True)
    run.play(2_200)
    run.executor.finish()
    run.assert_exact(database)
    entries = [json.loads(text) for text in run.log.getvalue().splitlines()]
    assert len(entries) == 2_260
    assert {entry["op"] for entry in entries} == {"c", "u", "d", "t"}
    txids = [entry["txid"] for entry in entries]
    assert txids == sorted(txids)
    with database.session() as cursor:
        for row in cursor_rows(cursor, "SELECT id, xmin::text::bigint FROM users"):
            assert row[1] >= min(txids)
        # Whoever inserts without an id gets one that is free.
        cursor.execute("INSERT INTO users (email, name) VALUES ('new@example.com', 'New') RETURNING id")
    run.executor.close()


def cursor_rows(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()


def test_savepoints_and_rollbacks_are_what_the_plan_says(database, run):
    def user(id, name):
        return {
            "id": id, "email": "", "name": name, "tier": "gold", "status": "active", "created_at": START,
            "updated_at": START,
        }  # fmt: skip

    hostile = "x'; DROP TABLE users;-- %s \\ \" 👩"
    steps = (
        Savepoint(SAVE, "s1"),
        Change("users", "c", None, user(901, hostile)),
        Savepoint(RELEASE, "s1"),
        Savepoint(SAVE, "s2"),
        Change("users", "u", user(901, hostile), user(902, "b")),
        Savepoint(ROLL_BACK, "s2"),
        Change("users", "c", None, user(903, "c")),
    )
    assert run.run(Transaction(steps, commits=False)) is None
    assert not database.rows()["users"].keys() & {901, 902, 903}
    assert run.run(Transaction(steps)) is not None
    assert {id: row["name"] for id, row in database.rows()["users"].items() if id > 900} == {901: hostile, 903: "c"}
    run.assert_exact(database)


@pytest.mark.parametrize("where", [BEFORE, BEHIND])
@pytest.mark.parametrize("statement", [b"pg_current_xact_id", b"INSERT", b"COMMIT"])
def test_a_connection_that_is_cut(database, relay, run, statement, where):
    relay.cut_at(statement, where)
    run.play(60)
    assert relay.cuts == 1
    assert len(run.lost) == 1
    run.play(10)
    run.assert_exact(database)


@pytest.mark.parametrize("where", [BEFORE, BEHIND])
def test_a_commit_whose_answer_is_lost_together_with_the_server(database, relay, run, where):
    run.play(10)
    transaction = run.committing()

    def crash():
        database.kill()
        database.up()
        with database.session() as cursor:
            # Other transactions, which may get the number that was given to ours.
            for _ in range(10):
                cursor.execute("CREATE TABLE IF NOT EXISTS other (id int)")
                cursor.execute("INSERT INTO other VALUES (1)")

    relay.cut_at(b"COMMIT", where, crash)
    run.run(transaction)
    assert relay.cuts == 1
    run.assert_exact(database)
    run.play(10)
    run.assert_exact(database)


def test_a_number_that_another_transaction_has_got_says_nothing(database, run):
    """What a crash can do, without one: the number is committed, but not by us."""
    with database.session() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        theirs = int(cursor.fetchone()[0])
    transaction = run.committing()
    assert not run.executor._has_committed(theirs, transaction)
    assert not run.executor._has_committed(theirs + 1_000_000, transaction)
    assert run.executor._has_committed(run.run(transaction), transaction)


def test_a_server_that_stays_away_is_a_clear_error(database, relay):
    run = Run(database, relay, patience=0.5)
    relay.cut_at(b"COMMIT", BEHIND, database.kill)
    try:
        with pytest.raises(UserError, match="away for more than 0 s.*whether transaction [0-9]+ is committed"):
            run.run(run.committing())
        with pytest.raises(UserError, match="away for more than 0 s.*nothing of the transaction"):
            run.run(run.committing())
    finally:
        database.up()


def test_rows_that_somebody_else_has_deleted(database, run):
    row = next(iter(run.shop.tables["users"]))
    with database.session() as cursor:
        cursor.execute("DELETE FROM users WHERE id = %s", [row["id"]])
    with pytest.raises(UserError, match=f"users has no row with id {row['id']}"):
        run.run(Transaction((Change("users", "u", row, row),)))
