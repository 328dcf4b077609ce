"""What goes wrong outside the block is one clear line with a cure, and an exit code; never a stack trace."""

from __future__ import annotations

import contextlib
import os
import socket

import pytest

from flinkblocks.ports import free_ports
from flinkblocks.stack import temporary_stack
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.kafka import Topics

BLOCK = "flink/python/streaming_analytics"


@pytest.fixture
def fails(tmp_path):
    """Runs the block, which must fail in the way that a user can do something about."""

    def run(*args, code=1, **env):
        with BlockProcess(BLOCK, tmp_path / "home", *args, **env) as block:
            assert block.wait() == code, block.stderr
        told = block.stderr + "".join(block.told())
        assert "Traceback" not in told
        assert "\tat " not in told
        assert "Exception" not in told
        return told

    return run


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["--paralelism", "4"], "--parallelism"),
        (["--parallelism", "0"], "--parallelism"),
        (["--duration", "soon"], "soon"),
        (["--engine", "cobol"], "cobol"),
        (["--records", "many"], "many"),
        (["--allowed-lateness", "-1s"], "--allowed-lateness"),
        (["--config", "/no/such/file.yaml"], "/no/such/file.yaml"),
        (["--from-savepoint", "latest"], "no savepoint and no retained checkpoint"),
        (["--from-savepoint", "/no/such/savepoint"], "/no/such/savepoint"),
    ],
)
def test_a_wrong_flag_is_one_line_and_exit_code_2(fails, args, line):
    told = fails(*args, code=2)
    assert line in told
    assert len(told.strip().splitlines()) == 1


def test_a_missing_input(fails, tmp_path):
    assert "none.jsonl" in fails("--input-path", tmp_path / "none.jsonl")


def test_an_empty_input_folder(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    assert str(tmp_path / "empty") in fails("--input-path", tmp_path / "empty")


def test_a_foreign_output_folder_is_refused_and_left_alone(fails, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_text("miaow")
    assert str(folder) in fails("--output-path", folder)
    assert os.listdir(folder) == ["cat.jpg"]


def test_an_output_path_that_is_a_file(fails, tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in fails("--output-path", tmp_path / "file")


def test_an_unwritable_output_folder(fails):
    # Not even root writes there.
    assert "/proc/out" in fails("--output-path", "/proc/out")


def test_an_unreachable_broker(fails):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        servers = f"127.0.0.1:{s.getsockname()[1]}"
    assert servers in fails("--kafka-servers", servers)


def test_a_broker_that_never_answers(fails):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        servers = f"127.0.0.1:{silent.getsockname()[1]}"
        assert servers in fails("--kafka-servers", servers)


def test_a_metrics_port_in_use(fails):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert "--metrics-port" in fails("--metrics-port", port)


def test_an_unreachable_database(fails):
    (port,) = free_ports(1)
    secret = {"POSTGRES_PASSWORD": "hush-hush"}
    told = fails("--postgres-url", f"postgresql://127.0.0.1:{port}/shop", "--postgres-user", "me", env=secret)
    assert "PostgreSQL" in told
    assert "Connection refused" in told
    assert "hush-hush" not in told


def test_missing_java(tmp_path):
    with BlockProcess(BLOCK, tmp_path / "home", env={"FLINKBLOCKS_JAVA_HOME": str(tmp_path / "gone")}) as block:
        assert block.wait() == 1
    told = block.stderr + "".join(block.told())
    assert "Java" in told
    assert "install a JDK 17" in told
    assert "Traceback" not in told


def test_the_jvms_end_is_noticed(tmp_path):
    with BlockProcess(BLOCK, tmp_path / "home", "--duration", 0, "--rate", 100) as block:
        block.wait_read(1)
        block.kill_jvm()
        assert block.wait() == 1
    assert "the JVM that ran the job has gone" in block.stderr
    assert "Traceback" not in block.stderr


def test_verbose_shows_the_stack_trace(tmp_path):
    args = ("--input-path", tmp_path / "none", "--verbose")
    with BlockProcess(BLOCK, tmp_path / "home", *args) as block:
        assert block.wait() == 1
    assert "\tat io.flinkblocks" in block.stderr


@pytest.fixture(scope="module")
def topics(tmp_path_factory):
    with temporary_stack(tmp_path_factory.mktemp("stack"), "kafka") as stack:
        yield Topics(stack.services()["kafka"].address)


def test_a_missing_input_topic(fails, topics):
    assert "nowhere" in fails("--kafka-servers", topics.servers, "--kafka-topic", "nowhere")


def test_an_output_topic_with_create_time(fails, topics):
    topics.create("wrong.in", 1)
    topics.create("wrong.revenue-metrics", 1, **{"message.timestamp.type": "CreateTime"})
    told = fails("--kafka-servers", topics.servers, "--kafka-topic", "in", "--topic-prefix", "wrong.")
    assert "wrong.revenue-metrics" in told
    assert "message.timestamp.type=LogAppendTime" in told


def test_an_input_that_would_be_its_own_output(fails, topics):
    topics.create("revenue-metrics", 1)
    assert "--kafka-topic" in fails("--kafka-servers", topics.servers, "--kafka-topic", "revenue-metrics")
