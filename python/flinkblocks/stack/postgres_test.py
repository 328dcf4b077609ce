"""The stack's PostgreSQL: its roles and databases, killed, up again, gone; and distributions that will not do."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys

import psycopg2
import pytest

from flinkblocks.errors import UserError
from flinkblocks.stack import Stack, cli, temporary_stack
from flinkblocks.stack.postgres import secrets_folder, server_processes
from flinkblocks.stack.postgres_databases import ANALYTICS, DEBEZIUM, PUBLICATION, ROLES, SHOP, connect
from flinkblocks.stack.postgres_programs import copied, distribution, programs

ORDER = "INSERT INTO orders (user_id, product_id, quantity, amount) VALUES (1, 2, 3, 4.50) RETURNING id"


def password(stack, role):
    return (secrets_folder(stack.folder) / role).read_text()


@contextlib.contextmanager
def session(stack, role):
    """A connection that commits each statement."""
    port = stack.services()["postgres"].site.ports["port"]
    opened = connect(port, role, password(stack, role), ROLES[role])
    opened.autocommit = True
    with contextlib.closing(opened), opened.cursor() as cursor:
        yield cursor


def answer(cursor, statement, *values):
    cursor.execute(statement, values)
    return cursor.fetchall()


def server_folder(stack):
    return (stack.folder / "postgres" / "home").resolve()


def processes(stack):
    return server_processes(stack.folder / "postgres")


@pytest.fixture(scope="class")
def stack(tmp_path_factory):
    """A stack with PostgreSQL, of which nothing is left behind."""
    with temporary_stack(tmp_path_factory.mktemp("stack") / "stack", "postgres") as stack:
        yield stack
        folder, left = server_folder(stack), processes(stack)
        assert left
    assert [process for process in left if process.is_running()] == []
    assert not folder.exists()
    assert not stack.folder.exists()


class TestOneServer:
    def test_the_owners_own_the_tables(self, stack):
        with session(stack, SHOP) as cursor:
            assert answer(cursor, "SELECT tablename FROM pg_tables WHERE tableowner = 'shop' ORDER BY 1") == [
                ("orders",), ("products",), ("users",),
            ]  # fmt: skip
        with session(stack, ANALYTICS) as cursor:
            cursor.execute("CREATE TABLE mine (id bigint)")

    def test_nobody_is_a_superuser(self, stack):
        with session(stack, SHOP) as cursor:
            roles = answer(
                cursor, "SELECT rolname, rolsuper, rolreplication FROM pg_roles WHERE rolcanlogin AND NOT rolbypassrls"
            )
        assert sorted(roles) == [(ANALYTICS, False, False), (DEBEZIUM, False, True), (SHOP, False, False)]

    def test_debezium_decodes_what_the_shop_commits(self, stack):
        decoded = (
            f"SELECT count(*) FROM pg_logical_slot_get_binary_changes('test', NULL, NULL, "
            f"'proto_version', '1', 'publication_names', '{PUBLICATION}') WHERE convert_from(substring(data, 1, 1), "
            f"'SQL_ASCII') = 'I'"
        )
        with session(stack, DEBEZIUM) as debezium, session(stack, SHOP) as shop:
            debezium.execute("SELECT pg_create_logical_replication_slot('test', 'pgoutput')")
            shop.execute(ORDER)
            assert answer(debezium, decoded) == [(1,)]
            debezium.execute("SELECT pg_drop_replication_slot('test')")

    def test_debezium_may_read_and_no_more(self, stack):
        with session(stack, DEBEZIUM) as debezium, session(stack, SHOP) as shop:
            shop.execute("CREATE TABLE later (id bigint)")
            assert answer(debezium, "SELECT * FROM later") == []
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                debezium.execute("DELETE FROM later")
            shop.execute("DROP TABLE later")

    def test_analytics_has_no_business_in_the_shop(self, stack):
        port = stack.services()["postgres"].site.ports["port"]
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            connect(port, ANALYTICS, password(stack, ANALYTICS), SHOP)

    @pytest.mark.parametrize("role", ROLES)
    def test_a_wrong_password_is_refused(self, stack, role):
        port = stack.services()["postgres"].site.ports["port"]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(port, role, "wrong", ROLES[role])

    @pytest.mark.parametrize("role", ROLES)
    def test_a_password_is_its_owners_alone(self, stack, role):
        assert (secrets_folder(stack.folder) / role).stat().st_mode & 0o777 == 0o600
        assert (secrets_folder(stack.folder) / role).stat().st_uid == os.geteuid()
        assert len(password(stack, role)) >= 32

    def test_it_listens_on_loopback_alone(self, stack):
        found = [c for p in processes(stack) for c in p.net_connections("all") if c.status == "LISTEN" or not c.raddr]
        assert {c.laddr.ip for c in found if c.family == socket.AF_INET} == {"127.0.0.1"}
        assert [c for c in found if c.family == socket.AF_INET6 and c.status == "LISTEN"] == []
        assert [c.laddr for c in found if c.family == socket.AF_UNIX and c.laddr] == []

    def test_psql(self, stack, monkeypatch, capfd):
        monkeypatch.setattr(cli.Stack, "named", lambda name: stack)
        assert cli.main(["psql", "analytics", "-At", "-c", "SELECT current_user"]) == 0
        assert capfd.readouterr().out == "analytics\n"

    def test_a_second_up_changes_nothing(self, stack):
        before = stack.services()["postgres"]
        assert stack.up("postgres") == (before, False)

    def test_a_password_that_is_gone_is_made_anew(self, stack):
        (secrets_folder(stack.folder) / ANALYTICS).unlink()
        assert not stack.services()["postgres"].ready
        stack.up("postgres")
        with session(stack, ANALYTICS) as cursor:
            assert answer(cursor, "SELECT 1") == [(1,)]


def test_killed_it_comes_back_with_its_data(tmp_path):
    with temporary_stack(tmp_path / "stack", "postgres") as stack:
        first = stack.services()["postgres"]
        with session(stack, SHOP) as cursor:
            ((order,),) = answer(cursor, ORDER)
            first.daemons["postgres"].kill()
        # Of the lock file that it has left, the number is another's by now.
        lock = server_folder(stack) / "data" / "postmaster.pid"
        sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        lock.write_text(lock.read_text().replace(f"{first.daemons['postgres'].pid}\n", f"{sleeper.pid}\n", 1))
        try:
            second, started = stack.up("postgres")
        finally:
            assert sleeper.poll() is None
            sleeper.kill()
            sleeper.wait()
        assert started
        assert second.address == first.address
        with session(stack, SHOP) as cursor:
            assert answer(cursor, "SELECT id FROM orders") == [(order,)]

        # Taken down, its port can be another's.
        stack.down()
        assert processes(stack) == []
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", first.site.ports["port"]))
            other.listen()
            with pytest.raises(UserError, match=f"postgres: another program has port {first.site.ports['port']}"):
                stack.up("postgres")


class TestDistributions:
    @staticmethod
    def script(folder, text):
        """A distribution whose server is a shell script."""
        (folder / "bin").mkdir()
        for name in ("initdb", "postgres"):
            (folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / "bin" / name).chmod(0o755)
        return folder

    def test_a_folder_that_is_none(self, tmp_path, monkeypatch):
        monkeypatch.setenv("POSTGRES_HOME", str(tmp_path))
        with pytest.raises(UserError, match="no bin/initdb") as error:
            Stack(tmp_path / "stack").up("postgres")
        assert "POSTGRES_HOME" in error.value.cure

    def test_one_that_is_too_old(self, tmp_path):
        home = self.script(tmp_path, "echo 'postgres (PostgreSQL) 14.19'")
        with pytest.raises(UserError, match="too old: postgres .PostgreSQL. 14.19") as error:
            programs(home, None, tmp_path)
        assert "15 or newer" in error.value.cure

    def test_one_for_another_machine(self, tmp_path):
        home = self.script(tmp_path, "echo 'no such library' >&2; exit 127")
        with pytest.raises(UserError, match="does not run on this machine: no such library"):
            programs(home, None, tmp_path)

    def test_one_whose_interpreter_is_missing(self, tmp_path):
        home = self.script(tmp_path, "")
        (home / "bin" / "postgres").write_text("#!/no/such/loader\n")
        with pytest.raises(UserError, match="does not run on this machine"):
            programs(home, None, tmp_path)

    def test_one_that_may_not_be_run(self, tmp_path):
        home = self.script(tmp_path, "")
        (home / "bin" / "postgres").chmod(0o644)
        with pytest.raises(UserError, match="may not be run"):
            programs(home, None, tmp_path)

    def test_a_copy_runs_by_itself(self, tmp_path):
        binaries = programs(copied(distribution(), tmp_path), None, tmp_path)
        assert tmp_path in binaries.parents
        # It finds the libraries that lie beside the package, and its own files.
        assert "PostgreSQL" in subprocess.check_output([binaries / "initdb", "--version"], text=True)
        assert list((tmp_path / distribution().parent.name / distribution().name).glob("share/**/postgres.bki"))
