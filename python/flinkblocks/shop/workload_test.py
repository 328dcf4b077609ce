"""The command line as its users run it, also on a PostgreSQL that is killed under it."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest
import stamina

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.shop.testing import Database, replayed
from flinkblocks.stack import temporary_stack

PROGRAM = "python/flinkblocks/shop/workload"
SECONDS = 120


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack") / "stack", "postgres") as stack:
        yield stack


@pytest.fixture
def database(stack):
    return Database(stack)


def without_postgres():
    kept = {key: value for key, value in java_program_environment().items() if "POSTGRES" not in key}
    return {**kept, "PGCONNECT_TIMEOUT": "5"}


def start(database, log, *flags):
    return subprocess.Popen(
        [runfile(PROGRAM), "--log", str(log), *map(str, flags)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, env={**without_postgres(), **database.env},
    )  # fmt: skip


def end(process):
    """Waits for it; returns its exit code and what it said."""
    try:
        _, said = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    return process.returncode, said


def run(database, log, *flags):
    return end(start(database, log, *flags))


def lines(log):
    return log.read_text().splitlines() if log.exists() else []


def wait_for(log, count):
    for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=SECONDS, wait_max=0.2):
        with attempt:
            assert len(lines(log)) >= count


def assert_exact(database, log):
    assert database.rows() == replayed(lines(log))


def test_it_makes_as_many_changes_as_asked_for(database, tmp_path):
    log = tmp_path / "log"
    code, said = run(database, log, "--schema", "--users", 30, "--products", 10, "--changes", 300, "--rate", 0)
    assert code == 0, said
    assert said.startswith("filled the tables: 40 changes in 2 transactions")
    assert "\n300 changes in " in said
    assert len(lines(log)) == 340
    assert_exact(database, log)

    # A second one goes on where the first has ended, on other rows than it made itself.
    code, said = run(database, log, "--users", 0, "--products", 0, "--changes", 200, "--rate", 0, "--seed", 7)
    assert code == 0, said
    assert len(lines(log)) == 540
    assert_exact(database, log)


def test_without_changes_it_fills_the_tables_only(database, tmp_path):
    log = tmp_path / "log"
    code, said = run(database, log, "--users", 700, "--products", 3, "--changes", 0)
    assert code == 0, said
    assert {name: len(table) for name, table in database.rows().items()} == {"users": 700, "products": 3, "orders": 0}
    assert_exact(database, log)


def test_the_same_seed_makes_the_same_rows(database, tmp_path):
    def texts(name):
        database.empty()
        run(database, tmp_path / name, "--users", 30, "--products", 10, "--changes", 200, "--rate", 0, "--seed", 5)
        # All but the times, which are those of the run.
        entries = map(json.loads, lines(tmp_path / name))
        return [[entry["table"], entry["op"], entry["key"], *untimed(entry["after"])] for entry in entries]

    assert texts("first") == texts("second")


def untimed(row):
    return [value for column, value in (row or {}).items() if not column.endswith("_at")]


def test_ctrl_c_ends_it_behind_a_whole_transaction(database, tmp_path):
    log = tmp_path / "log"
    process = start(database, log, "--users", 20, "--products", 10, "--rate", 500)
    wait_for(log, 100)
    process.send_signal(signal.SIGINT)
    code, said = end(process)
    assert code == 0, said
    assert "changes/s" in said.splitlines()[-1]
    assert_exact(database, log)


def test_it_ends_when_its_time_is_over(database, tmp_path):
    code, said = run(database, tmp_path / "log", "--users", 5, "--products", 5, "--duration", "300ms", "--rate", 100)
    assert code == 0, said
    assert len(lines(tmp_path / "log")) > 10
    assert_exact(database, tmp_path / "log")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_log_is_exact_when_the_server_is_killed_under_it(database, tmp_path, seed):
    log = tmp_path / "log"
    process = start(database, log, "--users", 50, "--products", 20, "--changes", 4_000, "--rate", 0, "--seed", seed)
    for count in (500, 1_500, 2_500):
        wait_for(log, count)
        database.kill()
        database.up()
    code, said = end(process)
    assert code == 0, said
    assert said.count("the database is away") >= 3
    assert len(lines(log)) == 4_070
    assert_exact(database, log)


@pytest.mark.parametrize(
    ("flags", "env", "code", "message"),
    [
        ((), {}, 2, "no database is named; give --url, or set SOURCE_POSTGRES_URL"),
        (("--url", "mysql://localhost/shop"), {}, 2, "--url is no PostgreSQL URL"),
        (("--url", "postgresql://shop:planted-secret@127.0.0.1/shop"), {}, 2, "--url is no PostgreSQL URL, or holds"),
        (("--url", "postgresql://127.0.0.1:1/shop"), {}, 1, "start it, or correct --url, --user and the password"),
        (
            ("--url", "postgresql://127.0.0.1:1/shop"),
            {"SOURCE_POSTGRES_PASSWORD_FILE": "/does/not/exist"},
            1,
            "/does/not/exist: No such file or directory; correct SOURCE_POSTGRES_PASSWORD_FILE",
        ),
        (("--changes", "many"), {}, 2, "'many' is no whole number of 0 or more"),
        (("--rate", "-1"), {}, 2, "'-1' is no number of changes a second"),
        (("--duration", "soon"), {}, 2, "'soon': not a duration; write it as 90s, 2min, 1h"),
        (("--log", "/does/not/exist/log"), {}, 1, "/does/not/exist/log: No such file or directory; correct --log"),
    ],
)
def test_what_is_wrong_is_one_clear_line(flags, env, code, message):
    done = subprocess.run([runfile(PROGRAM), *flags], env={**without_postgres(), **env}, capture_output=True, text=True)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "planted-secret" not in done.stderr


def test_tables_that_are_not_there(database, tmp_path):
    with database.session() as cursor:
        cursor.execute("ALTER TABLE orders RENAME TO elsewhere")
    try:
        code, said = run(database, tmp_path / "log", "--changes", 1)
    finally:
        with database.session() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO orders")
    assert code == 1
    assert 'relation "orders" does not exist; --schema creates the tables' in said
    assert "Traceback" not in said
