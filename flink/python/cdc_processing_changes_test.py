"""cdc_processing with a real PostgreSQL, Debezium and Kafka, and changes that are out of the ordinary."""

from __future__ import annotations

import collections
import contextlib
import datetime
import json

import pytest
import requests
from psycopg2 import sql

from flinkblocks.stack import temporary_stack
from flinkblocks.testing.waiting import until
from testing_cdc_shop import COLUMN, HOSTILE, ODD, Shop
from testing_lake import lake_differences

TEXTS = (HOSTILE, 'say "no" \\ \\u0000 \'', "Zoë 電子 \U0001f600\u2028", "a\tb\n", "${env:HOME} $1 %s", "")
WARN_BYTES = 16 * 2**20


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack"), "kafka", "postgres", "connect") as stack:
        yield stack


@pytest.fixture(scope="module")
def shop(stack, tmp_path_factory):
    """One for all tests that need no snapshot: each has rows of its own."""
    captured = ["users", "orders", "products", HOSTILE, ODD, "measured"]
    flags = ("--enable-validation", "--lake-path", tmp_path_factory.mktemp("lake"), "--slot-warn-bytes", WARN_BYTES,
             "--max-out-of-orderness", "1ms", "--idle-timeout", "500ms")  # fmt: skip
    with contextlib.closing(Shop(stack, "odd", tmp_path_factory.mktemp("odd"), captured, *flags)) as shop:
        shop.add_odd_tables()
        yield shop


def test_hostile_names_and_values_are_data(shop):
    shop.running()
    users = [shop.user(email=text, name=text, tier=text) for text in TEXTS]
    expected = {}
    for label, table in Shop.HOSTILE_TABLES.items():
        statements = sql.SQL(
            "INSERT INTO {table} VALUES (%s, %s); UPDATE {table} SET {column} = {column} || %s; DELETE FROM {table}"
        ).format(table=table, column=sql.Identifier(COLUMN))
        for id, text in enumerate(TEXTS, start=1):
            shop.sql(statements, id, text, "'")
            first, second = ({"id": id, COLUMN: value} for value in (text, text + "'"))
            changes = [("c", None, first, []), ("u", first, second, [COLUMN]), ("d", second, None, [])]
            expected[f'{label}:{{"id":{id}}}'] = changes
    assert shop.settled(lambda: shop.history(HOSTILE, ODD), expected) == expected
    shop.wait_equal()
    found = shop.analytics("SELECT tier FROM customer_analytics WHERE user_id = ANY(%s) ORDER BY user_id", users)
    assert [tier for (tier,) in found] == list(TEXTS)

    def told():
        events = [e["after"]["email"] for e in shop.records("user-lifecycle-events") if e["user_id"] in users]
        alerts = [a["value"] for a in shop.records("data-quality-alerts") if a["rule"] == "malformed_email"]
        return sorted(events), sorted(alerts)

    assert shop.settled(told, (sorted(TEXTS), sorted(TEXTS))) == (sorted(TEXTS), sorted(TEXTS))
    assert shop.sql("SELECT count(*) FROM users WHERE id = ANY(%s)", users) == [(len(TEXTS),)]


def test_changes_of_partitions_are_their_tables(shop):
    shop.running()
    shop.sql("INSERT INTO measured VALUES (2, '2026-01-08', 'a'), (3, '2026-02-08', 'b')")
    shop.sql("UPDATE measured SET value = 'c' WHERE id = 3")
    shop.sql("UPDATE measured SET day = '2026-02-09' WHERE id = 2")  # Into another partition.
    shop.sql(
        """CREATE TABLE measured_3 PARTITION OF measured FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
        ALTER TABLE measured_3 REPLICA IDENTITY FULL; INSERT INTO measured_3 VALUES (4, '2026-03-08', 'd')"""
    )
    shop.sql("DELETE FROM measured_2 WHERE id = 3")
    shop.sql("TRUNCATE measured")

    def row(id, month, day, value):
        return {"id": id, "day": (datetime.date(2026, month, day) - datetime.date(1970, 1, 1)).days, "value": value}

    def key(its):
        return f'measured:{{"id":{its["id"]},"day":{its["day"]}}}'

    one, two, moved, four = row(1, 1, 7, "read"), row(2, 1, 8, "a"), row(2, 2, 9, "a"), row(4, 3, 8, "d")
    b, c = row(3, 2, 8, "b"), row(3, 2, 8, "c")
    expected = {
        key(one): [("r", None, one, [])],
        key(two): [("c", None, two, []), ("d", two, None, [])],
        key(moved): [("c", None, moved, [])],
        key(b): [("c", None, b, []), ("u", b, c, ["value"]), ("d", c, None, [])],
        key(four): [("c", None, four, [])],
        "measured": [("t", None, None, [])],
    }
    assert shop.settled(lambda: shop.history("measured"), expected) == expected


def test_columns_come_and_go(shop):
    shop.running()
    users, another = [shop.user() for _ in range(3)], shop.user()

    def drifts():
        # What depends on the order of several rows is told when event time has passed it.
        shop.sql("UPDATE users SET updated_at = now() WHERE id = %s", another)
        alerts = shop.records("data-quality-alerts")
        return [(a["table"], a["field"], a["value"], a["detail"]) for a in alerts if a["rule"] == "schema_drift"]

    expected = []
    for statement, values, alert in (
        ("ALTER TABLE users ADD COLUMN score integer", (7, 8), (None, "was added")),
        ("ALTER TABLE users ALTER COLUMN score TYPE text", ("9", "10"), ("string", "was number before")),
        ("ALTER TABLE users DROP COLUMN score", (), (None, "was dropped")),
    ):
        shop.sql(statement)
        for value in values:
            shop.sql("UPDATE users SET score = %s WHERE id = ANY(%s)", value, users)
        shop.sql("UPDATE users SET name = name || '!' WHERE id = ANY(%s)", users)
        expected.append(("users", "score", *alert))
        assert shop.settled(drifts, expected) == expected
    # What has changed, in the order of the statements.
    changed = [["score"], ["score"], ["name"]] * 2 + [["name"]]

    def updates():
        return [
            [change[3] for change in shop.history("users")[f'users:{{"id":{id}}}'] if change[0] == "u"] for id in users
        ]

    assert shop.settled(updates, [changed] * 3) == [changed] * 3
    shop.wait_equal()
    assert drifts() == expected


def test_truncates(shop):
    shop.running()
    user, product = shop.user(), shop.product()
    earlier = len(shop.history("orders").get("orders", ()))

    def truncates():
        told = shop.history("orders", "products")
        return [[op for op, *_ in told.get(table, ())][n:] for table, n in (("orders", earlier), ("products", 0))]

    for statement, expected in (("TRUNCATE orders", [["t"], []]), ("TRUNCATE orders, products", [["t", "t"], ["t"]])):
        shop.order(user, product)
        shop.order(user, product)
        shop.wait_equal()
        shop.sql(statement)
        shop.order(user, product)
        assert shop.settled(truncates, expected) == expected
        shop.wait_equal()
        count = "SELECT order_count FROM customer_analytics WHERE user_id = %s"
        assert shop.analytics(count, user) == [(1,)]
    assert shop.analytics("SELECT count(*) FROM product_analytics") == [(0,)]


def test_a_slot_that_nobody_reads_is_warned_of_and_an_idle_one_goes_on(shop):
    shop.running()
    url = f"{shop.connect}/connectors/{shop.name}"

    def write_elsewhere():
        """More WAL than is let pass, of a table that is not captured."""
        shop.sql("CREATE TABLE IF NOT EXISTS elsewhere (text text)")
        texts = "SELECT string_agg(md5(n::text || m), '') FROM generate_series(1, 2500) n, generate_series(1, 250) m"
        shop.sql(f"INSERT INTO elsewhere {texts} GROUP BY n")

    requests.put(f"{url}/stop", timeout=60).raise_for_status()
    until(lambda: shop.slot("active") == (False,))
    write_elsewhere()
    assert "more than --slot-warn-bytes (16.8 MB): its connector is behind or has ended" in shop.wait_note("holds back")
    (gauge,) = shop.wait_seen("snapshot", lambda s: "gauges" in s and s["gauges"][0]["warning"])["gauges"]
    assert "nobody reads it" in gauge["text"]
    assert gauge["value"] > WARN_BYTES
    requests.put(f"{url}/resume", timeout=60).raise_for_status()
    shop.sql("SELECT pg_logical_emit_message(false, 'no', 'row')")
    user = shop.user()
    until(lambda: f'users:{{"id":{user}}}' in shop.history("users"))
    # From now on nothing happens in the captured tables.
    write_elsewhere()
    (written,) = shop.admin("SELECT pg_current_wal_lsn()")

    def has_passed():
        shop.admin("SELECT pg_log_standby_snapshot()")  # The server does so every 15 s, and forgets WAL only then.
        return shop.slot("confirmed_flush_lsn >= %s::pg_lsn AND restart_lsn >= %s::pg_lsn", *written * 2) == (True,)

    until(has_passed)
    shop.wait_seen("snapshot", lambda s: not s["gauges"][0]["warning"] and s["gauges"][0]["value"] < WARN_BYTES)


def test_a_killed_job_goes_on_and_registers_nothing_twice(shop):
    block = shop.running()
    shop.wait_equal()
    config = requests.get(f"{shop.connect}/connectors/{shop.name}/config", timeout=60).json()
    trail = f"{shop.name}-audit-trail"
    begin, many = shop.topics.end(trail), 20_000
    shop.sql(
        "INSERT INTO users (id, email, name) SELECT 100000 + n, 'a@example.com', 'Ada' FROM generate_series(1, %s) n",
        many,
    )
    until(lambda: shop.topics.end(trail) > begin, tick_s=0.01)
    block.kill()
    assert len(created(shop)) < many
    block = shop.running()
    assert shop.wait_note("the connector") == f"found the connector {shop.name}, it runs"
    assert requests.get(f"{shop.connect}/connectors/{shop.name}/config", timeout=60).json() == config
    assert shop.settled(lambda: len(created(shop)), many) == many
    assert len(set(created(shop))) == many
    shop.wait_equal()
    assert shop.settled(lambda: lake_differences(shop.lake, [r.value for r in shop.topics.read(trail)]), []) == []


def created(shop):
    """The users of the one statement, as far as the audit trail has them."""
    found = [record for record in shop.records("audit-trail") if record["table"] == "users" and record["op"] == "c"]
    return [record["key"]["id"] for record in found if record["key"]["id"] > 100_000]


def test_a_connector_that_fails_ends_the_run_and_goes_on_when_it_is_cured(shop):
    block = shop.running()
    url = f"{shop.connect}/connectors/{shop.name}/config"
    config = requests.get(url, timeout=60).json()
    # What it does for ten minutes, for some seconds.
    hasty = {**config, "errors.max.retries": "2", "retriable.restart.connector.wait.ms": "500"}
    requests.put(url, json=hasty, timeout=60).raise_for_status()
    until(lambda: shop.slot("active") == (True,))
    shop.admin("ALTER ROLE debezium NOREPLICATION")
    try:
        shop.admin("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = %s", shop.name)
        note = shop.wait_note("has failed")
        user = shop.user()
        block.stop()
        assert shop.ended() == 1
    finally:
        shop.admin("ALTER ROLE debezium REPLICATION")
    assert "give the role of --replication-user LOGIN and REPLICATION" in note
    assert f"error: {note}" in block.stderr
    shop.captured.remove(ODD)
    shop.running()
    assert shop.wait_note("the connector") == f"updated the connector {shop.name}, it runs"
    until(lambda: f'users:{{"id":{user}}}' in shop.history("users"))
    shop.wait_equal()
    shop.captured.append(ODD)
    code, said = shop.run("--from-savepoint", "latest")
    assert (code, "has taken its snapshot without 1 of --source-tables" in said) == (1, True), said
    assert "publication" not in said


def test_cleanup_and_a_snapshot_of_more_tables(shop):
    shop.running().stop()
    assert shop.ended() == 0
    rest = "topics, analytics tables and savepoints stay"
    did = [f"{each} {shop.name}" for each in ("dropped the replication slot", "dropped the publication")]
    code, said = shop.run("--cleanup")
    assert (code, said.splitlines()) == (0, [f"deleted the connector {shop.name} and its offsets", *did, rest])
    nothing = [f"no {what} {shop.name}" for what in ("connector", "replication slot", "publication")]
    code, said = shop.run("--cleanup")
    assert (code, said.splitlines()) == (0, [*nothing, rest])
    shop.sql("CREATE TABLE IF NOT EXISTS late (id bigint PRIMARY KEY); INSERT INTO late VALUES (1)")
    shop.captured.append("late")
    shop.running()
    shop.sql("INSERT INTO late VALUES (2)")
    expected = {f'late:{{"id":{id}}}': [(op, None, {"id": id}, [])] for op, id in (("r", 1), ("c", 2))}
    assert shop.settled(lambda: shop.history("late"), expected) == expected
    shop.wait_equal()


def test_a_snapshot_that_is_cut_short(stack, tmp_path):
    """The next attempt reads all tables anew, as of its own moment: a row that both have read is told by both."""
    rows = 100_000
    with contextlib.closing(Shop(stack, "cut", tmp_path, ["users", "orders", "products"])) as cut:
        cut.sql(
            "INSERT INTO users (email, name, status) SELECT n || '@example.com', 'Ada', 'active' "
            "FROM generate_series(1, %s) n",
            rows,
        )
        (topic,) = (topic for topic in cut.table_topics() if topic.endswith("users"))
        block = cut.launch()
        cut.wait_note("registered the connector")
        until(lambda: cut.topics.end(topic) > rows // 20, tick_s=0.01)
        stack.services()["connect"].daemons["connect"].kill()
        assert cut.topics.end(topic) < rows
        # Nobody tells of these: they are behind the one snapshot, and before the other.
        cut.sql("DELETE FROM users WHERE id = 1; UPDATE users SET tier = 'gold', status = 'suspended' WHERE id = 2")
        stack.up("connect")
        until(lambda: cut.slot("active") == (True,))
        cut.sql("UPDATE users SET status = 'suspended' WHERE id = %s", rows)
        until(lambda: cut.records("user-lifecycle-events"))
        cut.wait_equal()
        block.stop()
        assert cut.ended() == 0
        assert [(e["type"], e["user_id"]) for e in cut.records("user-lifecycle-events")] == [("suspended", rows)]
        attempts = collections.defaultdict(list)
        for envelope in map(json.loads, (record.value for record in cut.topics.read(topic))):
            if envelope["op"] == "r":
                attempts[envelope["source"]["lsn"]].append(envelope["after"]["id"])
        first, second = attempts.values()
        assert first == list(range(1, len(first) + 1))
        assert sorted(second) == list(range(2, rows + 1))
        trail = [(r["key"]["id"], r["op"], r["lsn"]) for r in cut.records("audit-trail")]
        assert len(trail) == len(set(trail))
        assert collections.Counter(id for id, op, _ in trail if op == "r") == collections.Counter(first + second)
        assert [(id, op) for id, op, _ in trail if op != "r"] == [(rows, "u")]
