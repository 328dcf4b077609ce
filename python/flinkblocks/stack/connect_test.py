"""Kafka Connect with Debezium against the stack's PostgreSQL and Kafka: a row arrives, no secret does."""

from __future__ import annotations

import contextlib
import json
import secrets
import time

import confluent_kafka
import psutil
import pytest
import requests

from flinkblocks.stack import Stack, cli
from flinkblocks.stack.postgres import secrets_folder
from flinkblocks.stack.postgres_databases import DEBEZIUM, PUBLICATION, ROLES, SHOP, connect

CLASS = "io.debezium.connector.postgresql.PostgresConnector"
#: As each password begins: found nowhere but in its file.
PLANTED = "planted" + secrets.token_hex(8)


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Kafka, PostgreSQL and Connect, with passwords that were there before, as awkward as they come."""
    stack = Stack(tmp_path_factory.mktemp("stack") / "stack")
    folder = secrets_folder(stack.folder)
    folder.mkdir(parents=True)
    for role in ROLES:
        (folder / role).write_text(f'{PLANTED} {role}\'s \\ "${{x}}" ö;--', encoding="utf-8")
    try:
        stack.up_all(["connect", "postgres"])
        yield stack
    finally:
        running = stack.services().values()
        stack.down(purge=True)
        assert [service.service.name for service in running if service.daemons and service.alive] == []


@pytest.fixture(scope="module")
def connector(stack):
    """The REST address of a connector that follows the table users."""
    port = stack.services()["postgres"].site.ports["port"]
    url = f"{stack.services()['connect'].exports['CONNECT_URL']}/connectors/shop"
    registered = requests.put(f"{url}/config", json=config(port, secrets_folder(stack.folder)), timeout=60)
    assert registered.status_code == 201, registered.text
    return url


def config(port, folder):
    return {
        "connector.class": CLASS,
        "topic.prefix": "cdc",
        "database.hostname": "127.0.0.1",
        "database.port": str(port),
        "database.dbname": SHOP,
        "database.user": DEBEZIUM,
        "database.password": f"${{directory:{folder}:{DEBEZIUM}}}",
        "plugin.name": "pgoutput",
        "slot.name": "test",
        "publication.name": PUBLICATION,
        "publication.autocreate.mode": "disabled",
        "table.include.list": "public.users",
        "exactly.once.support": "required",
        "topic.creation.default.replication.factor": "1",
        "topic.creation.default.partitions": "1",
    }


def wait_running(url):
    end = time.monotonic() + 120
    while True:
        # Asked too early it is not found, and rebalancing is a conflict.
        status = requests.get(f"{url}/status", timeout=10).json()
        states = [task["state"] for task in status.get("tasks", [])]
        if states == ["RUNNING"]:
            return
        assert "FAILED" not in states, status
        assert time.monotonic() < end, status
        time.sleep(0.2)


def register_user(stack, email):
    port = stack.services()["postgres"].site.ports["port"]
    password = (secrets_folder(stack.folder) / SHOP).read_text(encoding="utf-8")
    with contextlib.closing(connect(port, SHOP, password, SHOP)) as shop, shop, shop.cursor() as cursor:
        cursor.execute("INSERT INTO users (email, name) VALUES (%s, 'n')", (email,))


def emails(stack, count):
    """The e-mails of the first records, committed, of the table's topic."""
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": stack.services()["kafka"].address,
        "group.id": secrets.token_hex(4),
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "allow.auto.create.topics": False,
        "topic.metadata.refresh.interval.ms": 200,
    })  # fmt: skip
    consumer.subscribe(["cdc.public.users"])
    found = []
    end = time.monotonic() + 120
    try:
        while len(found) < count:
            assert time.monotonic() < end, found
            message = consumer.poll(1)
            if message is not None and not message.error():
                found.append(json.loads(message.value())["after"]["email"])
        return found
    finally:
        consumer.close()


def test_the_plugin_is_there(stack):
    plugins = requests.get(f"{stack.services()['connect'].exports['CONNECT_URL']}/connector-plugins", timeout=10).json()
    assert CLASS in [plugin["class"] for plugin in plugins]


def test_a_committed_row_arrives(stack, connector):
    register_user(stack, "first")
    wait_running(connector)
    register_user(stack, "second")
    assert emails(stack, 2) == ["first", "second"]


def test_a_killed_worker_goes_on_where_it_was(stack, connector):
    before = stack.services()
    before["connect"].daemons["connect"].kill()
    register_user(stack, "third")
    ups = stack.up_all(["connect", "postgres"])
    assert [name for name, (_, started) in ups.items() if started] == ["connect"]
    assert ups["connect"][0].address == before["connect"].address
    assert emails(stack, 3) == ["first", "second", "third"]
    wait_running(connector)


def test_a_secret_stays_in_its_file(stack, connector):
    stack_files = [file for file in stack.folder.rglob("*") if file.is_file()]
    server_files = [file for file in (stack.folder / "postgres" / "home").resolve().rglob("*") if file.is_file()]
    holders = {file for file in {*stack_files, *server_files} if PLANTED.encode() in file.read_bytes()}
    assert holders == {secrets_folder(stack.folder) / role for role in ROLES}
    assert stack.log("connect", "connect") in stack_files

    words = [word for process in psutil.process_iter(["cmdline"]) for word in process.info["cmdline"] or []]
    assert [word for word in words if PLANTED in word] == []


@pytest.mark.parametrize(
    "path",
    ["", "/config", "/status", "/tasks", "/tasks/0/status", "/offsets", "/../?expand=info&expand=status", "/topics"],
)
def test_a_secret_is_in_no_answer(connector, path):
    answer = requests.get(connector + path, timeout=30)
    assert answer.status_code == 200, answer.text
    assert PLANTED not in answer.text


def test_a_secret_is_not_in_what_a_validation_says(stack, connector):
    settings = requests.get(f"{connector}/config", timeout=30).json()
    url = f"{stack.services()['connect'].exports['CONNECT_URL']}/connector-plugins/{CLASS}/config/validate"
    for changed in ({}, {"database.dbname": "none"}, {"database.user": SHOP}):
        answer = requests.put(url, json={**settings, **changed}, timeout=30)
        assert answer.status_code == 200, answer.text
        assert PLANTED not in answer.text


def test_only_the_secrets_folder_can_be_referred_to(stack, connector):
    settings = requests.get(f"{connector}/config", timeout=30).json()
    url = f"{stack.services()['connect'].exports['CONNECT_URL']}/connector-plugins/{CLASS}/config/validate"
    for folder, file in ((stack.folder / "postgres" / "superuser", "postgres"), ("/etc", "passwd")):
        reference = f"${{directory:{folder}:{file}}}"
        answer = requests.put(url, json={**settings, "database.dbname": reference}, timeout=30)
        assert "root:" not in answer.text
        assert (stack.folder / "postgres" / "superuser" / "postgres").read_text() not in answer.text


def test_what_is_exported_are_names(stack, monkeypatch, capsys):
    monkeypatch.setattr(cli.Stack, "named", lambda name: stack)
    assert cli.main(["up", "kafka", "postgres", "connect"]) == 0
    exports = dict(line.removeprefix("export ").split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert PLANTED not in str(exports)
    assert exports["SOURCE_POSTGRES_PASSWORD_FILE"] == str(secrets_folder(stack.folder) / SHOP)
    assert exports["CONNECT_URL"].startswith("http://127.0.0.1:")
    assert sorted(exports) == sorted(
        ["KAFKA_SERVERS", "CONNECT_URL", "SOURCE_POSTGRES_URL", "ANALYTICS_POSTGRES_URL"]
        + [
            f"{who}_POSTGRES_{what}"
            for who in ("SOURCE", "ANALYTICS", "REPLICATION")
            for what in ("USER", "PASSWORD_FILE")
        ]
    )


def test_everything_listens_on_loopback(stack):
    for name in ("kafka", "connect"):
        connections = [
            c for d in stack.services()[name].daemons.values() for c in psutil.Process(d.pid).net_connections()
        ]
        assert {c.laddr.ip.removeprefix("::ffff:") for c in connections if c.status == "LISTEN"} == {"127.0.0.1"}, name
