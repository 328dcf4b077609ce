"""The stack with a real broker and a real cluster: up, in use, killed, up again, down."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import confluent_kafka
import confluent_kafka.admin
import psutil
import pytest

from flinkblocks.console import FlinkRest
from flinkblocks.errors import UserError
from flinkblocks.stack import SERVICES, Stack, cli, temporary_stack
from flinkblocks.stack.flink import distribution


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "x" * 65])
def test_bad_names_are_refused(name):
    with pytest.raises(UserError, match="--name"):
        Stack.named(name)


def test_state_folder_follows_xdg(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert Stack.named("two").folder == tmp_path / "flink-building-blocks" / "stack" / "two"


def test_needs_come_first():
    names = list(SERVICES)
    assert all(names.index(need) < names.index(name) for name in names for need in SERVICES[name].needs)


def produce(address, transactional_id):
    producer = confluent_kafka.Producer({"bootstrap.servers": address, "transactional.id": transactional_id})
    producer.init_transactions(30)
    producer.begin_transaction()
    producer.produce("t", b"v")
    producer.commit_transaction(30)


def consume(address, count):
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": address,
            "group.id": "g",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe(["t"])
    try:
        got = []
        while len(got) < count:
            message = consumer.poll(30)
            assert message is not None, f"only {len(got)} of {count} records came"
            assert message.error() is None, message.error()
            got.append(message.value())
        return got
    finally:
        consumer.close()


def listens_on(running):
    """The addresses, without those ports, that a service's processes listen on."""
    connections = [c for d in running.daemons.values() for c in psutil.Process(d.pid).net_connections()]
    return {c.laddr.ip.removeprefix("::ffff:") for c in connections if c.status == "LISTEN"}


def test_broker_from_up_to_purge(tmp_path):
    with temporary_stack(tmp_path / "stack", "kafka") as stack:
        first = stack.services()["kafka"]
        admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": first.address})
        admin.create_topics([confluent_kafka.admin.NewTopic("t", 4, 1)])["t"].result(30)
        produce(first.address, "a")

        again, started = stack.up("kafka")
        assert not started
        assert again.daemons == first.daemons

        # Killed: seen as down; the next up keeps the port and the data.
        first.daemons["kafka"].kill()
        assert not stack.services()["kafka"].alive
        second, started = stack.up("kafka")
        assert started
        assert second.address == first.address
        produce(second.address, "b")
        assert consume(second.address, 2) == [b"v", b"v"]

        assert listens_on(second) == {"127.0.0.1"}
        assert stack.down() == ["kafka"]
        assert stack.down() == []
        assert stack.log("kafka", "kafka").exists()
    assert not (tmp_path / "stack").exists()
    assert second.missing == ["kafka"]


def other_distribution(folder):
    """A Flink distribution elsewhere: its scripts, and links to its parts, of which one jar is its own."""
    installed = distribution()
    shutil.copytree(installed / "bin", folder / "bin")
    for part in ("opt", "plugins"):
        (folder / part).symlink_to(installed / part)
    (folder / "lib").mkdir()
    for jar in (installed / "lib").iterdir():
        if jar.name.startswith("log4j-api-"):
            shutil.copy(jar, folder / "lib" / "its-own.jar")
        else:
            (folder / "lib" / jar.name).symlink_to(jar)
    return folder


def runs_from(process):
    """The distribution whose scripts have started a process, and whose own jar is open on its class path."""
    home = pathlib.Path(process.environ()["FLINK_BIN_DIR"]).parent
    words = process.cmdline()
    assert "/its-own.jar:" in words[words.index("-classpath") + 1]
    assert str(home / "lib" / "its-own.jar") in {file.path for file in process.open_files()}
    return home


def test_cluster_from_up_to_purge(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # What a shell has set for another Flink is not for this one.
    monkeypatch.setenv("FLINK_LIB_DIR", str(tmp_path / "elsewhere"))
    home = other_distribution(tmp_path / "flink")
    monkeypatch.setenv("FLINK_HOME", str(home))
    stack = Stack.named("default")
    try:
        assert cli.main(["up", "flink"]) == 0
        first = stack.services()["flink"]
        assert capsys.readouterr().out == f"export FLINK_REST={first.address}\n"
        assert listens_on(first) == {"127.0.0.1"}
        for daemon in first.daemons.values():
            assert runs_from(psutil.Process(daemon.pid)) == home
        rest = FlinkRest(first.address)
        assert rest.get("/overview")["slots-total"] == 4
        (manager,) = rest.get("/taskmanagers")["taskmanagers"]
        for shown in ("jobmanager", f"taskmanagers/{manager['id']}"):
            assert {"jobmanager.log", "taskmanager.log"} <= {log["name"] for log in rest.get(f"/{shown}/logs")["logs"]}
        rest.close()

        # One process killed: only that one is started again.
        first.daemons["taskmanager"].kill()
        assert cli.main(["status"]) == 3
        assert "partly down" in capsys.readouterr().out
        second, started = stack.up("flink")
        assert started
        assert second.daemons["jobmanager"] == first.daemons["jobmanager"]
        assert second.daemons["taskmanager"] != first.daemons["taskmanager"]
        assert second.address == first.address
        assert cli.main(["logs", "flink", "--lines", "3"]) == 0
        out = capsys.readouterr().out
        assert "jobmanager.log" in out
        assert "taskmanager.log" in out
    finally:
        assert cli.main(["down", "--purge"]) == 0
    assert "stopped: flink" in capsys.readouterr().err
    assert second.missing == ["jobmanager", "taskmanager"]
    assert not stack.folder.exists()


@pytest.mark.parametrize(
    ("home", "lacks"),
    [("missing", "bin/jobmanager.sh"), ("file", "bin/jobmanager.sh"), ("scripts", "lib/flink-dist-*.jar")],
)
def test_what_is_no_flink_distribution_is_one_clear_line(tmp_path, monkeypatch, capsys, home, lacks):
    (tmp_path / "file").touch()
    (tmp_path / "scripts" / "bin").mkdir(parents=True)
    (tmp_path / "scripts" / "bin" / "jobmanager.sh").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("FLINK_HOME", str(tmp_path / home))
    assert cli.main(["up", "flink"]) == 1
    assert capsys.readouterr().err == (
        f"stack: {tmp_path / home} is no Flink distribution: it has no {lacks}; correct or unset FLINK_HOME\n"
    )
    assert Stack.named("default").services() == {}


def test_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert cli.main(["status"]) == 3
    assert "nothing was started" in capsys.readouterr().out
    try:
        assert cli.main(["up", "kafka"]) == 0
        address = capsys.readouterr().out.strip().removeprefix("export KAFKA_SERVERS=")
        assert cli.main(["status"]) == 0
        assert address in capsys.readouterr().out
        assert cli.main(["logs", "kafka", "--lines", "5"]) == 0
        assert "kafka.log" in capsys.readouterr().out
    finally:
        assert cli.main(["down", "--purge"]) == 0
    assert not Stack.named("default").folder.exists()


def test_a_service_that_cannot_start_says_why(tmp_path):
    stack = Stack(tmp_path / "stack")
    folder = stack.folder / "kafka" / "data"
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the data folder belongs")
    with pytest.raises(UserError, match="(?s)kafka ended while starting.*kafka.log"):
        stack.up("kafka")
    stack.down(purge=True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kafka": 1}', '{"other": {"daemons": {}, "ports": {}}}'])
def test_a_damaged_state_file_is_one_clear_line(tmp_path, monkeypatch, capsys, text):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "flink-building-blocks" / "stack" / "torn"
    folder.mkdir(parents=True)
    (folder / "stack.json").write_text(text)
    for command in (["status"], ["down", "--purge"], ["up", "kafka"]):
        assert cli.main(["--name", "torn", *command]) == 1
        assert capsys.readouterr().err.startswith(f"stack: {folder}/stack.json is damaged, or of another version: ")
    assert (folder / "stack.json").exists()


def test_a_state_folder_that_cannot_be_written_is_one_clear_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert cli.main(["up", "kafka"]) == 1
    assert capsys.readouterr().err.endswith("Not a directory; $XDG_STATE_HOME names another folder\n")


def test_unknown_service_is_a_usage_error():
    with pytest.raises(SystemExit) as error:
        cli.main(["up", "oracle"])
    assert error.value.code == 2


def test_nothing_is_left_running():
    """Runs last: this process has no child of the stack any more."""
    left = [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
    assert left == [], subprocess.list2cmdline([str(p) for p in left])
