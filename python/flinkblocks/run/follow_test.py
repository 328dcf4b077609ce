"""Run control on a real job in an embedded cluster, in this process and as a program of its own."""

import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from flinkblocks.console import Gauge, choose_face
from flinkblocks.console.summary import DRAINED, FAILED, FINISHED, STOPPED
from flinkblocks.run import RunOptions, follow, resolve_savepoint
from flinkblocks.run.testing.embedded import TestingJob, submit

ENDLESS = 10**9


def run(state: pathlib.Path, bounded=True, duration_ms=0, more=None, **job):
    """Runs the testing job here; gives the outcome and the JSON lines of the console."""
    client, url = submit(TestingJob(str(state), **job))
    stream = io.StringIO()
    options = RunOptions(
        "testing", str(state), bounded, duration_ms, analyses=["sums"], command=["testing"], **(more or {})
    )
    outcome = follow(client, url, options, choose_face("json", stream))
    return outcome, [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ends_by_itself(tmp_path):
    outcome, lines = run(tmp_path, count=500)
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.final, s.adds_up) == (0, FINISHED, True, True)
    assert (s.accounting.read, s.accounting.analyses[0].used) == (500, 500)
    assert [(o.name, o.records) for o in s.outputs] == [("sums", 4)]
    assert s.events_per_second > 0
    assert lines[-1]["type"] == "summary"
    # Nothing of it is left: no checkpoint to resume from, no empty folders.
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_duration_drains_bounded_input(tmp_path):
    outcome, lines = run(tmp_path, count=ENDLESS, per_second=500, duration_ms=1500)
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.adds_up, s.savepoint, s.resume) == (0, DRAINED, True, None, None)
    assert 0 < s.accounting.read < ENDLESS
    # The windows, ten years long, closed.
    assert s.outputs[0].records == 4
    assert not (tmp_path / "drained").exists()
    assert any(line["type"] == "note" and "the duration of 1.5 s is over" in line["text"] for line in lines)
    shown = [line for line in lines if line["type"] == "snapshot"]
    assert shown[-1]["running"]
    assert shown[-1]["job_id"] == s.job_id


def test_duration_leaves_a_savepoint_of_unbounded_input(tmp_path):
    outcome, _ = run(tmp_path, bounded=False, count=ENDLESS, per_second=500, duration_ms=500)
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.adds_up) == (0, STOPPED, True)
    assert s.outputs[0].records == 0
    assert s.resume == f"testing --from-savepoint {s.savepoint}"
    assert resolve_savepoint(s.savepoint, str(tmp_path)) == s.savepoint
    assert s.savepoint.endswith(resolve_savepoint("latest", str(tmp_path)))


def test_what_stands_beside_the_job_is_shown_and_its_warnings_are_told_once_each(tmp_path):
    looks = 0

    def gauges():
        nonlocal looks
        looks += 1
        wrong = ["", "first", "first", "", "second"][min(looks, 5) - 1]
        return [Gauge("source", f"look {looks}", looks, wrong)]

    asked = []

    def over():
        # Not before every task runs.
        asked.append(looks)
        return "looked enough" if looks > 6 else ""

    outcome, lines = run(tmp_path, count=ENDLESS, per_second=500, more={"gauges": gauges, "over": over})
    assert (outcome.exit_code, outcome.summary.ended, outcome.summary.adds_up) == (0, DRAINED, True)
    notes = [line["text"] for line in lines if line["type"] == "note"]
    assert notes[:2] == ["first", "second"]
    assert notes[2].startswith("looked enough: stopping")
    shown = [line for line in lines if line["type"] == "snapshot"]
    assert all(line["gauges"][0]["text"] == f"look {line['gauges'][0]['value']}" for line in shown)
    first_running = next(line["gauges"][0]["value"] for line in shown if line["running"])
    assert asked[0] >= first_running


def test_failure_of_the_users_making(tmp_path, capfd):
    outcome, _ = run(tmp_path, fail_at=100, user_error=True)
    assert (outcome.exit_code, outcome.summary.ended) == (1, FAILED)
    assert outcome.summary.error == "record 100 is too much; ask for fewer records"
    assert "error: record 100 is too much; ask for fewer records\n" in capfd.readouterr().err


@pytest.mark.parametrize("verbose", [False, True])
def test_bug_in_the_job(tmp_path, capfd, verbose):
    assert run(tmp_path, fail_at=100, more={"verbose": verbose})[0].exit_code == 1
    error = capfd.readouterr().err
    assert "error: IllegalStateException: a bug at record 100; --verbose shows the stack trace\n" in error
    assert ("\tat io.flinkblocks.run.testing.TestingJob" in error) is verbose


def test_records_that_are_not_accounted_for(tmp_path, capfd):
    outcome, _ = run(tmp_path, count=500, uncounted=7)
    assert (outcome.exit_code, outcome.summary.ended, outcome.summary.adds_up) == (1, FINISHED, False)
    assert "500, but 499 used" in capfd.readouterr().err


class Program:
    """The testing job as a process of its own."""

    def __init__(self, state, *flags):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flinkblocks.run.testing.program", "--state", str(state), *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def wait_for(self, enough):
        """Reads lines until one is enough."""
        for line in self.process.stdout:
            document = json.loads(line)
            if enough(document):
                return document
        raise AssertionError(self.process.stderr.read())

    def end(self):
        """Its last line, what it said on stderr, its exit code."""
        out, err = self.process.communicate(timeout=120)
        lines = out.splitlines()
        return json.loads(lines[-1]) if lines else None, err, self.process.returncode

    def children(self):
        """Process ids of its JVM."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


@pytest.fixture
def program():
    started = []

    def start(*args):
        started.append(Program(*args))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def reads(document):
    return document["type"] == "snapshot" and document["running"] and (document["records_in"] or 0) > 100


def checkpointed(document):
    return reads(document) and document["checkpoints"]["path"]


def test_ctrl_c_stops_unbounded_input_with_a_savepoint(tmp_path, program):
    running = program(tmp_path, "--unbounded")
    running.wait_for(reads)
    running.process.send_signal(signal.SIGINT)
    note = running.wait_for(lambda document: document["type"] == "note")
    assert "stopping with a savepoint; Ctrl-C again cancels at once" in note["text"]
    summary, err, code = running.end()
    assert (code, summary["ended"], summary["accounting"]["adds_up"]) == (0, STOPPED, True), err
    assert f"--unbounded --from-savepoint {summary['savepoint']}" in summary["resume"]
    assert summary["savepoint"].endswith(resolve_savepoint("latest", str(tmp_path)))


def test_ctrl_c_before_the_job_runs_drains_it_as_soon_as_it_does(tmp_path, program):
    running = program(tmp_path)
    running.wait_for(lambda document: document["type"] == "snapshot")
    running.process.send_signal(signal.SIGINT)
    summary, err, code = running.end()
    assert (code, summary["ended"], summary["accounting"]["adds_up"]) == (0, DRAINED, True), err


def test_second_ctrl_c_cancels(tmp_path, program):
    running = program(tmp_path)
    running.wait_for(checkpointed)
    # Both before the next step: nothing is stopped first.
    os.kill(running.process.pid, signal.SIGSTOP)
    running.process.send_signal(signal.SIGTERM)
    running.process.send_signal(signal.SIGINT)
    os.kill(running.process.pid, signal.SIGCONT)
    summary, err, code = running.end()
    assert (code, summary["ended"], summary["accounting"]["adds_up"]) in [
        (130, "CANCELED", None),
        (143, "CANCELED", None),
    ]
    assert summary["resume"].endswith("--from-savepoint latest")
    assert re.search(r"/chk-\d+$", resolve_savepoint("latest", str(tmp_path)))
    assert "Traceback" not in err


def test_jvm_killed(tmp_path, program):
    running = program(tmp_path, "--unbounded")
    running.wait_for(checkpointed)
    (jvm,) = running.children()
    os.kill(jvm, signal.SIGKILL)
    summary, err, code = running.end()
    assert (code, summary["ended"]) == (1, "LOST")
    assert re.fullmatch(r"error: the JVM that ran the job has gone; .*its log is in .*\n", err)
    assert re.search(r"/chk-\d+$", resolve_savepoint("latest", str(tmp_path)))
