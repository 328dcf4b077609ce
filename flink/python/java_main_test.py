"""The Java main against the Python driver of the same block: same records, same flags, same errors, same savepoints."""

from __future__ import annotations

import contextlib
import pathlib
import signal
import socket
import subprocess

import pytest
import yaml

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import temporary_stack
from flinkblocks.testing import hostile, model
from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.checker import differences
from flinkblocks.testing.folders import read_outputs
from flinkblocks.testing.kafka import Topics

PYTHON = "flink/python/streaming_analytics"
JAVA = "flink/java/StreamingAnalytics"
BOTH = [PYTHON, JAVA]
LINES = hostile.lines(seed=21, count=20_000)
RESULTS = model.outputs(LINES)


@pytest.mark.parametrize("parallelism", [1, 4])
def test_same_records_from_hostile_events(tmp_path, parallelism):
    (tmp_path / "in").mkdir()
    for n, records in enumerate(hostile.partitions(parallelism, LINES, 3)):
        (tmp_path / "in" / f"{n}.jsonl").write_bytes(b"".join(r.raw + b"\n" for r in records))
    found, summaries = [], []
    for number, target in enumerate(BOTH):
        with BlockProcess(
            target, tmp_path / "home", "--parallelism", parallelism, "--input-path", tmp_path / "in",
            "--output-path", tmp_path / f"out{number}",
        ) as block:  # fmt: skip
            summaries.append(block.summary())
            assert block.wait() == 0, block.stderr
        found.append(read_outputs(tmp_path / f"out{number}"))
    python, java = found
    assert python == java
    for output, expected in RESULTS.items():
        assert differences(expected, java[output], output) == []
    dead = [model.dead_letter_line(line) for line in java["dead-letter"]]
    assert differences(model.dead_letters(LINES), dead, "dead letters") == []
    assert java["late-events"] == []
    assert summaries[0]["accounting"] == summaries[1]["accounting"]
    assert summaries[1]["accounting"]["adds_up"] is True
    assert [o["records"] for o in summaries[0]["outputs"]] == [o["records"] for o in summaries[1]["outputs"]]


def told_once(target, tmp_path, *args):
    done = subprocess.run(
        [runfile(target), *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**java_program_environment(), "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")},
    )
    return done.returncode, done.stdout, done.stderr


def test_same_help(tmp_path):
    python, java = (told_once(target, tmp_path, "--help") for target in BOTH)
    assert python == java
    assert python[0] == 0
    assert "--checkpoint-interval" in python[1]
    assert "KAFKA_SERVERS" in python[1]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--paralelism", "4"], 2),
        (["--duration", "soon"], 2),
        (["--from-savepoint", "latest"], 2),
        (["--from-savepoint", "/no/such/savepoint"], 2),
        (["--input-path", "/no/such/input"], 1),
        (["--output-path", "/proc/out"], 1),
    ],
)
def test_same_error_line(tmp_path, args, code):
    (python_code, _, python), (java_code, _, java) = (told_once(target, tmp_path, *args) for target in BOTH)
    assert (python_code, java_code) == (code, code)
    assert python == java
    assert len(java.splitlines()) == 1


def test_same_failed_check(tmp_path):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        told = [told_once(target, tmp_path, "--metrics-port", port, "--console", "plain") for target in BOTH]
    assert [code for code, _, _ in told] == [1, 1]
    failed = [[line for line in out.splitlines() if line.startswith("FAIL")] for _, out, _ in told]
    assert failed[0] == failed[1]
    assert len(failed[0]) == 1


def test_verbose_shows_the_stack_trace(tmp_path):
    code, _, error = told_once(JAVA, tmp_path, "--input-path", "/no/such/input", "--verbose")
    assert code == 1
    assert "\tat io.flinkblocks" in error


def shape(value):
    """Field names, deeply; what is counted by name (accumulators, outputs, reasons) may differ."""
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, dict):
        return {k: None if k in ("counters", "outputs", "reasons") else shape(v) for k, v in value.items()}
    return None


def test_a_stop_drains_and_the_consoles_have_the_same_fields(tmp_path):
    shapes = []
    for target in BOTH:
        args = ("--records", 0, "--rate", 1000, "--output-path", tmp_path / "out")
        with BlockProcess(target, tmp_path / "home", *args) as block:
            snapshot = block.wait_read(1_000)
            summary = block.stop()
            assert block.wait() == 0, block.stderr
        assert (summary["ended"], summary["accounting"]["adds_up"]) == ("DRAINED", True)
        assert summary["accounting"]["read"] >= 1_000
        assert (
            sum(map(len, read_outputs(tmp_path / "out").values())) == sum(o["records"] for o in summary["outputs"]) > 0
        )
        assert not list((tmp_path / "home").rglob("savepoint-*"))
        shapes.append((shape(snapshot), shape(summary)))
    assert shapes[0] == shapes[1]


def test_the_second_ctrl_c_cancels(tmp_path):
    args = ("--records", 0, "--rate", 1000, "--output-path", tmp_path / "out", "--checkpoint-interval", "200ms")
    with BlockProcess(JAVA, tmp_path / "home", *args) as block:
        block.wait_checkpoint()
        # Both before the next step of its run control: nothing is stopped first.
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
            block.process.send_signal(number)
        summary = block.summary()
        assert block.wait() in (130, 143)  # Which of two pending signals is the last one is the kernel's choice.
    assert (summary["ended"], summary["accounting"]["adds_up"]) == ("CANCELED", None)
    assert summary["resume"].endswith("--from-savepoint latest")
    retained = max(int(p.name[4:]) for p in (tmp_path / "home").rglob("chk-*"))
    with BlockProcess(JAVA, tmp_path / "home", *args, "--from-savepoint", "latest") as block:
        snapshot = block.wait_checkpoint()
        assert block.stop()["accounting"]["adds_up"] is True
    assert (snapshot["checkpoints"]["restored"], retained > 0) == (1, True)


def test_the_savepoint_of_one_resumes_in_the_other(tmp_path):
    with temporary_stack(tmp_path / "stack", "kafka") as stack:
        topics = Topics(stack.services()["kafka"].address)
        topics.create("shop", 3)

        def run(target, *flags):
            return BlockProcess(
                target, tmp_path / "home", "--kafka-servers", topics.servers, "--kafka-topic", "shop", "--duration",
                0, "--idle-timeout", "10min", "--checkpoint-interval", "1s", *flags,
            )  # fmt: skip

        def write(records):
            for n, part in enumerate(hostile.partitions(1, records, 3)):
                topics.write("shop", n, [r.raw for r in part])

        write(LINES[:2_000])
        with run(PYTHON) as block:
            block.wait_read(2_000)
            first = block.stop()
        assert first["ended"] == "STOPPED"

        write(LINES[2_000:4_000])
        with run(JAVA, "--from-savepoint", "latest") as block:
            block.wait_read(4_000)
            second = block.stop()
            assert block.wait() == 0, block.stderr
        assert (second["ended"], second["resumed"]) == ("STOPPED", True)
        assert second["accounting"]["read"] == 4_000
        assert second["resume"].startswith("./tools/bazelw run //flink/java:StreamingAnalytics -- --console json")
        assert second["resume"].endswith(f"--from-savepoint {second['savepoint']}")

        write(LINES[4_000:])
        for n in range(3):
            topics.write("shop", n, [hostile.CLOSING.raw])
        with run(PYTHON, "--from-savepoint", second["savepoint"]) as block:
            block.wait_read(len(LINES) + 3)
            third = block.stop()
        assert third["accounting"]["adds_up"] is True
        for output, expected in RESULTS.items():
            assert differences(expected, [r.value for r in topics.read(output)], output) == []
        assert topics.read("late-events") == []
        assert len(topics.read("shop-dlq")) == len(model.dead_letters(LINES))


def test_same_jvm():
    conf = yaml.safe_load(pathlib.Path(runfile("flink/conf/local/config.yaml")).read_text())
    script = pathlib.Path(runfile(JAVA)).read_text()
    for option in conf["env"]["java"]["opts"]["all"].split():
        assert option in script
