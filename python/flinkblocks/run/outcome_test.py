import io
import json
from dataclasses import replace

import pytest

from flinkblocks.console import Checkpoints, FlinkRest, Output, Snapshot, choose_face
from flinkblocks.console.summary import CANCELED, DRAINED, FAILED, FINISHED, LOST, STOPPED
from flinkblocks.console.testing import serving
from flinkblocks.errors import UserError
from flinkblocks.run.job import JobEnd
from flinkblocks.run.options import RunOptions
from flinkblocks.run.outcome import Course, conclude
from flinkblocks.run.stop import Stop

JOB = "0123456789abcdef0123456789abcdef"
NOWHERE = FlinkRest("127.0.0.1:1")
RIGHT = {
    "accounting.source.read": 100,
    "accounting.source.valid": 98,
    "accounting.source.dead-lettered": 2,
    "accounting.revenue-metrics.used": 98,
    "accounting.output.revenue-metrics": 7,
}
LAST = Snapshot(JOB, counters={"accounting.source.read": 60}, checkpoints=Checkpoints(3, path="file:/c/chk-3"))
CANCELLATION = "a.b.JobExecutionException: x\n\tat y\nCaused by: a.JobCancellationException: Job was cancelled.\n\tat z"
FAILURE = "a.b.JobExecutionException: x\n\tat y\nCaused by: io.flinkblocks.config.UserError: no | cure: do\n\tat z"


def options(path="/nowhere", **changes):
    return replace(
        RunOptions("block", str(path), bounded=True, command=["run", "--rate", "5"], analyses=["revenue-metrics"]),
        **changes,
    )


def course(end=None, **changes):
    return replace(Course(end=end, elapsed_ms=4000, first=LAST, last=LAST), **changes)


def stopped(folder, drain, location=None):
    stop = Stop(NOWHERE, JOB, str(folder), drain)
    stop.location = location
    return stop


def ended(course, chosen=None):
    stream = io.StringIO()
    outcome = conclude(course, NOWHERE, chosen or options(), choose_face("json", stream))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[-1]["type"] == "summary"
    return outcome, lines


def test_finished():
    outcome, lines = ended(course(JobEnd(2000, RIGHT)))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.final, s.adds_up, s.elapsed_ms) == (0, FINISHED, True, True, 2000)
    assert (s.events_per_second, s.resume, s.savepoint, s.error) == (50.0, None, None, None)
    assert lines[-1]["accounting"]["adds_up"] is True


def test_mismatch_gives_an_exit_code(capsys):
    outcome, lines = ended(course(JobEnd(2000, {**RIGHT, "accounting.source.read": 101})))
    assert (outcome.exit_code, outcome.summary.ended) == (1, FINISHED)
    assert lines[-1]["accounting"]["adds_up"] is False
    assert "error: the accounting does not add up: read 101" in capsys.readouterr().err


def test_analysis_that_did_not_report_is_a_mismatch():
    counters = {name: n for name, n in RIGHT.items() if "revenue" not in name}
    assert ended(course(JobEnd(2000, counters)))[0].exit_code == 1


def test_outputs_of_the_driver_and_others_that_the_job_counts():
    outputs = [Output("dead-letter", "/o/d", "head /o/d/*"), Output("revenue-metrics", "/o/r")]
    s = ended(course(JobEnd(2000, {**RIGHT, "accounting.output.extra": 1})), options(outputs=outputs))[0].summary
    assert [(o.name, o.where, o.records) for o in s.outputs] == [
        ("dead-letter", "/o/d", None),
        ("revenue-metrics", "/o/r", 7),
        ("extra", "", 1),
    ]


def test_stopped_with_a_savepoint():
    stop = stopped("/nowhere", False, "file:/s/savepoint-1")
    outcome, _ = ended(course(JobEnd(2000, RIGHT), stop=stop, signals=1, signal=2))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.savepoint) == (0, STOPPED, "file:/s/savepoint-1")
    assert s.resume == "run --rate 5 --from-savepoint file:/s/savepoint-1"


def test_drained_deletes_its_savepoint(tmp_path):
    savepoint = tmp_path / "drained" / f"savepoint-{JOB[:6]}-1"
    savepoint.mkdir(parents=True)
    (savepoint / "_metadata").write_text("x")
    stop = stopped(tmp_path / "drained", True, savepoint.as_uri())
    outcome, _ = ended(course(JobEnd(2000, RIGHT), stop=stop), options(tmp_path))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.savepoint, s.resume) == (0, DRAINED, None, None)
    assert not (tmp_path / "drained").exists()


@pytest.mark.parametrize("embedded", [True, False])
def test_drained_says_what_it_cannot_delete(embedded):
    stop = stopped("/nowhere", True, "s3://b/savepoint-1")
    _, lines = ended(course(JobEnd(2000, RIGHT), stop=stop), options(embedded=embedded))
    assert lines[0]["text"].startswith("could not delete s3://b/savepoint-1")


def test_answer_lost_but_the_savepoint_is_there(tmp_path):
    savepoint = tmp_path / f"savepoint-{JOB[:6]}-1"
    savepoint.mkdir()
    (savepoint / "_metadata").write_text("x")
    stop = stopped(tmp_path, False)
    stop._triggered = True
    s = ended(course(JobEnd(2000, RIGHT), stop=stop))[0].summary
    assert (s.ended, s.savepoint) == (STOPPED, str(savepoint))


def test_ended_before_it_could_be_stopped():
    outcome, _ = ended(course(JobEnd(2000, RIGHT), stop=stopped("/nowhere", True), signals=1, signal=2))
    assert (outcome.exit_code, outcome.summary.ended) == (0, FINISHED)


@pytest.mark.parametrize("number", [2, 15])
def test_cancelled_by_signal(number):
    outcome, _ = ended(course(JobEnd(None, {}, CANCELLATION), canceled=True, signals=2, signal=number))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.final, s.adds_up) == (128 + number, CANCELED, False, None)
    assert s.resume == "run --rate 5 --from-savepoint latest"
    assert s.accounting.read == 60


def test_cancelled_and_not_waited_for():
    outcome, _ = ended(course(None, canceled=True, signals=2, signal=2))
    assert (outcome.exit_code, outcome.summary.ended) == (130, CANCELED)
    outcome, _ = ended(course(None, signals=3, signal=2))
    assert (outcome.exit_code, outcome.summary.ended) == (130, CANCELED)


def test_cancelled_from_elsewhere(capsys):
    outcome, _ = ended(course(JobEnd(None, {}, CANCELLATION)))
    assert (outcome.exit_code, outcome.summary.ended) == (1, CANCELED)
    assert "though not from here" in capsys.readouterr().err


def test_cancelled_as_it_could_not_be_stopped(capsys):
    outcome, _ = ended(course(JobEnd(None, {}, CANCELLATION), canceled=True, error=UserError("stuck", "resume it")))
    assert (outcome.exit_code, outcome.summary.ended, outcome.summary.error) == (1, CANCELED, "stuck; resume it")
    assert capsys.readouterr().err == "error: stuck; resume it\n"


@pytest.mark.parametrize("verbose", [True, False])
def test_failed(capsys, verbose):
    outcome, _ = ended(course(JobEnd(None, {}, FAILURE)), options(verbose=verbose))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.error, s.elapsed_ms) == (1, FAILED, "no; do", 4000)
    assert s.resume == "run --rate 5 --from-savepoint latest"
    shown = capsys.readouterr().err
    assert shown.startswith("error: no; do\n")
    assert ("\tat z" in shown) is verbose


def test_failure_on_a_cluster_that_knows_more():
    trace = FAILURE.replace("UserError: no | cure: do", "UserError: io.flinkblocks.config.UserError: no")
    asked = []

    def answer(method, path, body):
        asked.append(path)
        return 200, json.dumps({"exceptionHistory": {"entries": [{"stacktrace": FAILURE}]}})

    with serving(answer) as url:
        face = choose_face("json", io.StringIO())
        outcome = conclude(course(JobEnd(None, {}, trace)), FlinkRest(url), options(), face)
    assert outcome.summary.error == "no; do"
    assert asked == [f"/jobs/{JOB}/exceptions?maxExceptions=1"]
    assert ended(course(JobEnd(None, {}, trace)))[0].summary.error == "no"


def test_cluster_that_has_gone(capsys):
    outcome, _ = ended(course(JobEnd(None, {}, "java.net.ConnectException: refused")), options(embedded=False))
    assert (outcome.exit_code, outcome.summary.ended) == (1, LOST)
    assert "error: the cluster at http://127.0.0.1:1 does not answer any more; " in capsys.readouterr().err


def test_lost_before_the_first_checkpoint(capsys):
    last = Snapshot(JOB)
    outcome, _ = ended(course(None, first=last, last=last, error=UserError("the JVM has gone", "see its log")))
    s = outcome.summary
    assert (outcome.exit_code, s.ended, s.resume, s.adds_up) == (1, LOST, None, None)
    assert capsys.readouterr().err == "error: the JVM has gone; see its log\n"


def test_speed_of_a_resumed_run_leaves_the_earlier_ones_out():
    first = replace(LAST, records_in=1000, uptime_ms=1000)
    counters = {
        "accounting.source.read": 5000,
        "accounting.source.valid": 5000,
        "accounting.revenue-metrics.used": 5000,
    }
    resumed = options(resumed=True)
    assert ended(course(JobEnd(3000, counters), first=first), resumed)[0].summary.events_per_second == 2000.0
    unknown = course(JobEnd(3000, counters), first=Snapshot(JOB))
    assert ended(unknown, resumed)[0].summary.events_per_second is None
