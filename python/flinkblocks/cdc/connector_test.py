"""The connector's configuration, and how it is registered and deleted, against a worker that answers by a script."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from pydantic import SecretStr

from flinkblocks.cdc import connector
from flinkblocks.cdc.connect import Connect
from flinkblocks.cdc.connector_failures import refused
from flinkblocks.cdc.tables import Table
from flinkblocks.console.testing import serving
from flinkblocks.errors import UsageError, UserError

SECRET = "planted-5e3c"
USERS = Table("public", "users")


def flags(**changed):
    values = {
        "source_postgres_url": "postgresql://db.example:6432/shop", "source_postgres_user": "shop",
        "source_postgres_password": None, "source_postgres_password_file": None, "postgres_user": None,
        "postgres_password": None, "postgres_password_file": None, "connector_name": "My-CDC", "topic_prefix": "x.",
        "kafka_topic": "cdc", "replication_user": None, "replication_password": None,
        "replication_password_file": None, "replication_password_reference": None,
    }  # fmt: skip
    return SimpleNamespace(**{**values, **changed})


class Worker:
    """A worker as far as a connector needs one; it keeps what it was asked."""

    def __init__(self, states=("RUNNING",), trace=None, connector_state="RUNNING", refusals=()):
        self.configs: dict[str, dict] = {}
        self.asked: list[str] = []
        self._states = list(states)
        self._trace, self._refusals = trace, list(refusals)
        self._state = connector_state

    def __call__(self, method, path, body):
        if method != "GET":
            self.asked.append(f"{method} {path}")
        if method != "GET" and self._refusals:
            status, message = self._refusals.pop(0)
            return status, json.dumps({"error_code": status, "message": message})
        _, _, name, *rest = unquote(path).split("/")
        if method == "PUT" and rest == ["config"]:
            self.configs[name] = {**json.loads(body), "name": name}
        elif name not in self.configs:
            return 404, json.dumps({"error_code": 404, "message": "no such connector"})
        elif rest == ["config"]:
            return 200, json.dumps(self.configs[name])
        elif rest == ["status"]:
            return 200, json.dumps(self._status())
        elif rest == ["stop"]:
            self._state = "STOPPED"
        elif rest == ["resume"]:
            self._state = "RUNNING"
        elif (method, rest) == ("DELETE", ["offsets"]) and self._state != "STOPPED":
            return 400, json.dumps({"error_code": 400, "message": "not stopped"})
        elif (method, rest) == ("DELETE", []):
            del self.configs[name]
        return 200, "{}"

    def _status(self):
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        task = {"state": state, **({"trace": self._trace} if state == "FAILED" else {})}
        return {"connector": {"state": self._state}, "tasks": [] if self._state == "STOPPED" else [task]}


@contextlib.contextmanager
def connect(worker):
    with serving(worker) as address, Connect(f"http://{address}/") as found:
        yield found


def test_config_of_the_source():
    found = connector.config(flags(), [USERS, Table("other", "a b")])
    assert found["database.hostname"] == "db.example"
    assert (found["database.port"], found["database.dbname"], found["database.user"]) == ("6432", "shop", "shop")
    assert found["topic.prefix"] == "x.cdc"
    assert found["table.include.list"] == r"(?-i)public\.users,(?-i)other\.a\x{20}b"
    assert found["slot.name"] == found["publication.name"] == "my_cdc"
    assert "database.password" not in found
    assert connector.transaction_topic("x.cdc") == "x.cdc.transaction"


@pytest.mark.parametrize(
    "url", ["jdbc:postgresql://[::1]/a%20b?sslmode=require", "postgres://[::1]/a%20b?sslmode=require"]
)
def test_config_of_another_url(url):
    found = connector.config(flags(source_postgres_url=url), [USERS])
    assert (found["database.hostname"], found["database.port"]) == ("::1", "5432")
    assert (found["database.dbname"], found["database.sslmode"]) == ("a b", "require")


def test_several_hosts_are_refused():
    with pytest.raises(UsageError, match="one host"):
        connector.config(flags(source_postgres_url="postgresql://a:1,b:2/shop"), [USERS])


@pytest.mark.parametrize(
    ("given", "reference"),
    [
        ({"source_postgres_password_file": "/s/shop"}, "${directory:/s:shop}"),
        ({"postgres_password_file": "/shop"}, "${directory:/:shop}"),
        ({"replication_user": "dbz", "replication_password_file": "/s/dbz"}, "${directory:/s:dbz}"),
        ({"replication_user": "shop", "source_postgres_password_file": "/s/shop"}, "${directory:/s:shop}"),
        ({"replication_password_reference": "${env:P}", "source_postgres_password": SecretStr(SECRET)}, "${env:P}"),
        ({"replication_user": "dbz"}, None),
    ],
)
def test_password_is_a_reference(given, reference):
    found = connector.config(flags(**given), [USERS])
    assert found.get("database.password") == reference
    assert SECRET not in json.dumps(found)


@pytest.mark.parametrize(
    "given",
    [
        {"source_postgres_password": SecretStr(SECRET)},
        {"postgres_password": SecretStr(SECRET)},
        {"replication_user": "dbz", "replication_password": SecretStr(SECRET)},
    ],
)
def test_a_password_that_connect_cannot_see(given):
    with pytest.raises(UsageError, match="cannot see the password") as error:
        connector.config(flags(**given), [USERS])
    assert SECRET not in error.value.line


@pytest.mark.parametrize("file", ["/a:b/c", "/a/b}"])
def test_a_file_that_no_reference_can_name(file):
    with pytest.raises(UsageError, match="cannot read") as error:
        connector.config(flags(source_postgres_password_file=file), [USERS])
    assert error.value.cure == "use a path without ':' and '}'"


def test_registering_twice_is_registering_once():
    worker = Worker(states=["UNASSIGNED", "RUNNING"])
    with connect(worker) as its:
        assert connector.register(its, "a b", {"tasks.max": "1"}) == "registered the connector a b, it runs"
        assert worker.asked == ["PUT /connectors/a%20b/config"]
        assert connector.register(its, "a b", {"tasks.max": "1"}) == "found the connector a b, it runs"
        assert worker.asked[1:] == ["POST /connectors/a%20b/restart?includeTasks=true&onlyFailed=true"]
        assert connector.register(its, "a b", {"tasks.max": "2"}) == "updated the connector a b, it runs"
    assert worker.configs["a b"]["tasks.max"] == "2"


def test_the_failure_of_before_is_not_the_one_of_now():
    worker = Worker(states=("FAILED", "FAILED", "FAILED", "RUNNING"), trace="wrong password")
    with connect(worker) as its:
        worker.configs["cdc"] = {"name": "cdc", "table.include.list": "a"}
        assert connector.register(its, "cdc", {"table.include.list": "a", "x": "y"}) == (
            "updated the connector cdc, it runs"
        )


def test_a_failure_that_stays_is_told():
    times = iter(range(0, 1000, 5))
    worker = Worker(states=("FAILED",), trace="wrong password")
    with connect(worker) as its:
        worker.configs["cdc"] = {"name": "cdc", "table.include.list": "a"}
        with pytest.raises(UserError, match="wrong password"):
            connector.register(its, "cdc", {"table.include.list": "a", "x": "y"}, lambda: next(times))


def test_another_prefix_needs_another_connector():
    worker = Worker()
    with connect(worker) as its:
        connector.register(its, "cdc", {"topic.prefix": "a"})
        with pytest.raises(UserError, match="writes to topics a, not b"):
            connector.register(its, "cdc", {"topic.prefix": "b"})
    assert worker.configs["cdc"]["topic.prefix"] == "a"


def test_a_failure_is_told_while_it_lasts():
    with connect(Worker(states=("RUNNING", "FAILED", "RUNNING"), trace="permission denied for table users")) as its:
        assert connector.failure(its, "cdc") is None
        its.request("PUT", "cdc", "config", {"x": "y"})
        found = [connector.failure(its, "cdc") for _ in range(3)]
    assert [bool(each) for each in found] == [False, True, False]
    assert "grant" in found[1].cure


def test_a_table_that_joins_needs_a_new_snapshot():
    worker = Worker()
    with connect(worker) as its:
        connector.register(its, "cdc", {"table.include.list": "(?-i)public\\.users"})
        more = {"table.include.list": "(?-i)public\\.users,(?-i)public\\.orders"}
        with pytest.raises(UserError, match="without 1 of --source-tables") as refused:
            connector.register(its, "cdc", more)
        assert "--cleanup" in refused.value.cure
        assert worker.asked == ["PUT /connectors/cdc/config"]


def test_a_stopped_connector_is_resumed():
    worker = Worker(connector_state="STOPPED")
    with connect(worker) as its:
        connector.register(its, "c", {})
    assert worker.asked[-1] == "PUT /connectors/c/resume"


def test_a_busy_worker_is_asked_again():
    worker = Worker(refusals=[(409, "a rebalance is in process"), (503, "later")])
    with connect(worker) as its:
        connector.register(its, "c", {})
    assert worker.asked == ["PUT /connectors/c/config"] * 3


@pytest.mark.parametrize(
    ("cause", "cure"),
    [
        ('PSQLException: FATAL: password authentication failed for user "dbz"', "--replication-password-reference"),
        ("ConfigException: Could not read properties from file /x", "config.providers"),
        ("ConnectException: Postgres server wal_level property must be 'logical'", "wal_level = logical"),
        ('PSQLException: ERROR: publication "p" does not exist', "--source-postgres-user"),
        ('PSQLException: ERROR: replication slot "s" is active for PID 7', "--connector-name"),
        ("PSQLException: ERROR: all replication slots are in use", "max_replication_slots"),
        ("PSQLException: ERROR: permission denied for table users", "SELECT"),
        ("PSQLException: ERROR: permission denied to start WAL sender", "LOGIN and REPLICATION"),
        ('PSQLException: ERROR: can no longer access replication slot "s"', "--cleanup"),
    ],
)
def test_a_failed_task_says_why_and_what_to_do(cause, cure):
    trace = (
        "org.apache.kafka.connect.errors.ConnectException: it ended\n\tat io.debezium.A.b(A.java:1)\n"
        f"Caused by: org.postgresql.util.{cause}\n\tat org.C.createPublication(C.java:2)\n"
    )
    worker = Worker(states=["UNASSIGNED", "FAILED"], trace=trace)
    with connect(worker) as its, pytest.raises(UserError) as error:
        connector.register(its, "c", {})
    assert str(error.value) == f"the connector c has failed: {cause}"
    assert cure in error.value.cure


def test_a_failure_that_nobody_knows():
    assert refused("c", "IllegalStateException: odd").cure == "see Connect's log"


def test_a_configuration_that_connect_refuses():
    message = (
        "Connector configuration is invalid and contains the following 1 error(s):\nUnable to connect: the password "
        "authentication failed\nYou can also find the above list of errors at the endpoint `/x`"
    )
    with connect(Worker(refusals=[(400, message)])) as its, pytest.raises(UserError) as error:
        connector.register(its, "c", {})
    assert "Unable to connect: the password authentication failed" in str(error.value)
    assert "endpoint" not in error.value.line


def test_a_connector_that_never_runs():
    times = iter(range(0, 10_000, 50))
    with connect(Worker(states=["UNASSIGNED"])) as its, pytest.raises(UserError, match="UNASSIGNED"):
        connector.register(its, "c", {}, clock=lambda: next(times))


def test_deleting_takes_the_offsets_along():
    worker = Worker()
    with connect(worker) as its:
        connector.register(its, "c", {})
        del worker.asked[:]
        assert connector.delete(its, "c") == "deleted the connector c and its offsets"
        assert worker.asked == ["PUT /connectors/c/stop", "DELETE /connectors/c/offsets", "DELETE /connectors/c"]
        assert connector.delete(its, "c") == "no connector c"
    assert worker.configs == {}


def test_nobody_is_there():
    with serving(Worker()) as address:
        pass
    with Connect(f"http://{address}") as its:
        assert its.check().ok is False
        with pytest.raises(UserError, match="does not answer: Connection refused"):
            connector.delete(its, "c")


def test_something_else_is_there():
    with serving(lambda *_: (200, "<html>")) as address, Connect(f"http://{address}") as its:
        assert its.check().detail.endswith("but not as Connect does")
