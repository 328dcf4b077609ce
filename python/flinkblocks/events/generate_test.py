"""The generator's command line as users run it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_SECONDS = 120


@pytest.fixture(name="generate")
def fixture_generate(tmp_path):
    """Runs the command in a folder of its own, as `bazel run` would."""

    def run(*argv, **kwargs):
        return subprocess.run(
            _command(argv), env=_environment(tmp_path), capture_output=True, timeout=_SECONDS, **kwargs
        )

    return run


def _command(argv):
    return [sys.executable, "-m", "flinkblocks.events.generate", *map(str, argv)]


def _environment(folder):
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BUILD_WORKING_DIRECTORY": str(folder)}


def _lines(data):
    return [json.loads(line) for line in data.splitlines()]


def test_events_go_to_standard_output_and_the_summary_to_standard_error(generate):
    done = generate("--records", 500, "--seed", 1)
    assert done.returncode == 0
    events = _lines(done.stdout)
    assert len(events) == 500
    assert len({event["event_id"] for event in events}) == 500
    assert list(events[0]) == [
        "event_id",
        "user_id",
        "session_id",
        "product_id",
        "category",
        "action",
        "price",
        "quantity",
        "timestamp",
        "metadata",
    ]
    assert b"500 events in " in done.stderr
    assert b" events/s, to standard output" in done.stderr


def test_paths_are_those_of_the_users_folder(generate, tmp_path):
    (tmp_path / "in").mkdir()
    assert generate("--records", 200, "--output", "in/plain.jsonl", "--quiet").stderr == b""
    done = generate("--records", 200, "--output", "in/packed.jsonl.gz")
    assert done.stdout == b""
    assert gzip.decompress((tmp_path / "in/packed.jsonl.gz").read_bytes()) == (tmp_path / "in/plain.jsonl").read_bytes()


def test_labels_tell_of_events(generate, tmp_path):
    shares = ["--late-events", 0.01, "--invalid-records", 0.02, "--fraud-episodes", 0.05]
    done = generate("--records", 5000, *shares, "--labels", "labels.jsonl")
    records = done.stdout.splitlines()
    labels = _lines((tmp_path / "labels.jsonl").read_bytes())
    kinds = {label["label"] for label in labels}
    assert kinds == {"late", "invalid", "fraud"}
    for label in labels:
        if label["label"] != "invalid":
            assert json.loads(records[label["n"]])["event_id"] == label["event_id"]


def test_reader_that_has_enough_is_no_error(tmp_path):
    env = _environment(tmp_path)
    with subprocess.Popen(
        _command(["--records", 0]), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(_SECONDS) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_it_cleanly(tmp_path, number, code):
    # At this rate the disk stays empty, and the output shows at once.
    argv = ["--records", 0, "--rate", 2000, "--labels", "labels.jsonl", "--late-events", 0.1]
    with subprocess.Popen(
        _command(argv), env=_environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        first = process.stdout.readline()
        process.send_signal(number)
        events = _lines(first + process.stdout.read())
        error = process.stderr.read().decode()
        assert process.wait(_SECONDS) == code
    assert f"{len(events):,} events in " in error
    late = _lines((tmp_path / "labels.jsonl").read_bytes())
    assert {label["event_id"] for label in late} <= {event["event_id"] for event in events}


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (["--records", "many"], 2, "'many' is not a whole number"),
        (["--seed"], 2, "--seed"),
        (["--recrods", "1"], 2, "--recrods"),
        (["--rate", "-1"], 2, "--rate is -1"),
        (["--late-events", "1.5"], 2, "--late-events is 1.5"),
        (["--output", "x", "--kafka-servers", "localhost:9092"], 2, "--output and --kafka-servers"),
        (["--output", "no/such/folder"], 1, "--output cannot be written"),
        (["--labels", "no/such/folder"], 1, "--labels cannot be written"),
        (["--kafka-servers", "localhost:9092", "--kafka-config", "missing"], 1, "there is no such file"),
    ],
)
def test_mistakes_are_one_line(generate, argv, code, message):
    done = generate(*argv)
    error = done.stderr.decode()
    assert (done.returncode, error.count("\n")) == (code, 1), error
    assert error.startswith("error: ")
    assert message in error


def test_full_disk_is_said(tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("wb") as out:
        done = subprocess.run(
            _command(["--records", 10]),
            env=_environment(tmp_path),
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=_SECONDS,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: standard output cannot be written: ")


def test_help_names_every_flag_with_its_default(generate):
    done = generate("--help")
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0
    for piece in [
        "--records=N",
        "Default: 10000",
        "--seed=N",
        "Default: 42",
        "events per second",
        "0 to 1",
        "--labels=FILE",
    ]:
        assert piece.lower() in text.lower()
