import contextlib
import json

import pytest

from flinkblocks.console.checks import check_cluster
from flinkblocks.console.rest import FlinkRest, RestError, documents
from flinkblocks.console.snapshot import poll
from flinkblocks.console.testing import serving

JOB = {
    "state": "RUNNING",
    "name": "x",
    "vertices": [{"id": "s", "parallelism": 1, "tasks": {"RUNNING": 1}}, {"id": "w", "parallelism": 1}],
    "plan": {"nodes": [{"id": "s"}, {"id": "w", "inputs": [{"id": "s"}]}]},
}


@contextlib.contextmanager
def serving_paths(answers):
    """A server whose answers hang on the path alone, and the list of the paths that it was asked for."""
    asked = []

    def answer(method, path, body):
        asked.append(path)
        return answers(path)

    with serving(answer) as url:
        yield url, asked


def not_found(path):
    return 404, json.dumps({"errors": ["Job not found"]})


def test_job_that_is_not_there_yet():
    with serving_paths(not_found) as (url, asked):
        s = poll(url, "abc")
        assert asked == ["/jobs/abc"]
    assert (s.state, s.reachable) == ("STARTING", False)


def test_errors_have_status_and_text():
    with serving_paths(not_found) as (url, _), pytest.raises(RestError, match="Job not found") as raised:
        FlinkRest(url).get("/jobs/abc")
    assert raised.value.status == 404


@pytest.mark.parametrize("body", ["", "<html>", '{"errors": 5}', "[]"])
@pytest.mark.parametrize("status", [200, 500])
def test_odd_answers(status, body):
    with serving_paths(lambda path: (status, body)) as (url, _):
        assert poll(url, "abc").running is False


def test_nobody_listens():
    with serving_paths(not_found) as (url, _):
        pass
    with pytest.raises(RestError, match="does not answer") as raised:
        FlinkRest(url).get("/")
    assert raised.value.status == 0
    assert poll(url, "abc").reachable is False


def test_only_the_job_answers():
    def answers(path):
        return (200, json.dumps(JOB)) if path == "/jobs/abc" else not_found(path)

    with serving_paths(answers) as (url, _):
        s = poll(url, "abc")
    assert (s.state, s.reachable, s.running, s.watermark_ms) == ("RUNNING", True, False, None)


def test_endpoint_that_goes_away_is_not_asked_twenty_times():
    with serving_paths(lambda path: (200, json.dumps(JOB)) if path == "/jobs/abc" else None) as (url, asked):
        s = poll(url, "abc")
    assert (s.state, s.records_in) == ("RUNNING", None)
    assert asked == ["/jobs/abc", "/jobs/abc/accumulators"]


def test_many_splits_are_asked_for_in_parts():
    names = [f"Source.split.topic-{n}.watermark.idleTimeMsPerSecond" for n in range(300)]
    odd = ["a,b.watermark.idleTimeMsPerSecond", "x" * 5000 + ".currentOutputWatermark", "numRecordsIn"]

    def answers(path):
        if path == "/jobs/abc":
            return 200, json.dumps(JOB)
        base, _, query = path.partition("?get=")
        if base != "/jobs/abc/vertices/s/subtasks/metrics":
            return not_found(path)
        if not query:
            return 200, json.dumps([{"id": name} for name in names + odd])
        return 200, json.dumps([{"id": name, "max": 1000.0} for name in query.split(",")])

    with serving_paths(answers) as (url, asked):
        docs = documents(FlinkRest(url), "abc")
        s = poll(url, "abc")
    found = docs["source"]["s"]
    assert sorted(entry["id"] for entry in found) == sorted([*names, *odd[:2]])
    assert sum("max" in entry for entry in found) == 200
    assert (s.splits, s.idle_splits) == (301, 200)
    assert max(map(len, asked)) < 4000
    assert len(asked) < 50


def test_exceptions_are_asked_for_when_something_happened():
    def answers(path):
        if path == "/jobs/abc":
            return 200, json.dumps(JOB)
        if "numRestarts" in path:
            return 200, '[{"id": "numRestarts", "value": "2"}]'
        if "exceptions" in path:
            return 200, json.dumps({"exceptionHistory": {"entries": [{"stacktrace": "a.B: c\n\tat d"}]}})
        return not_found(path)

    with serving_paths(answers) as (url, _):
        s = poll(url, "abc")
    assert (s.restarts, s.last_failure) == (2, "B: c")


def test_cluster_check():
    overview = {"flink-version": "2.2.1", "slots-available": 3, "slots-total": 4}
    with serving_paths(lambda path: (200, json.dumps(overview))) as (url, _):
        check = check_cluster(url)
    assert (check.ok, check.detail) == (True, f"Flink 2.2.1 at http://{url}, 3 of 4 slots free")
    with serving_paths(not_found) as (url, _):
        assert "answers with status 404" in check_cluster(url).detail
