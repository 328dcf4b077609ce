import json

import pytest

from flinkblocks.console import FlinkRest
from flinkblocks.console.testing import serving
from flinkblocks.run.stop import Stop

JOB = "0123456789abcdef0123456789abcdef"
IN_PROGRESS = (200, {"status": {"id": "IN_PROGRESS"}, "operation": None})
DONE = (200, {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/s/savepoint-1"}})
FAILED = (
    200,
    {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": {"class": "a.B", "stack-trace": "a.B: no\n\tat c"}}},
)
ACCEPTED = (202, {"request-id": "x"})


class Cluster:
    """Answers a stop from two scripts: for the request itself, and for how it goes."""

    def __init__(self, stops, looks):
        self.stops, self.looks = list(stops), list(looks)
        self.bodies, self.looked = [], []

    def __call__(self, method, path, body):
        if method == "POST":
            assert path == f"/jobs/{JOB}/stop"
            self.bodies.append(json.loads(body))
            status, document = self.stops.pop(0)
        else:
            self.looked.append(path)
            status, document = self.looks.pop(0)
        return status, json.dumps(document)


def run(cluster, steps, ready=lambda step: True, drain=True):
    """Takes steps of two seconds each."""
    now = [0.0]
    with serving(cluster) as url:
        stop = Stop(FlinkRest(url), JOB, "/s", drain, clock=lambda: now[0])
        for step in range(steps):
            stop.advance(ready(step))
            now[0] += 2
    return stop


@pytest.mark.parametrize("drain", [True, False])
def test_stop(drain):
    cluster = Cluster([ACCEPTED], [IN_PROGRESS, DONE])
    stop = run(cluster, 6, drain=drain)
    assert (stop.location, stop.failure, stop.refused, stop.pending) == ("file:/s/savepoint-1", None, False, False)
    (body,) = cluster.bodies
    assert (body["drain"], body["targetDirectory"]) == (drain, "/s")
    assert cluster.looked == [f"/jobs/{JOB}/savepoints/{body['triggerId']}"] * 2


def test_waits_until_the_job_runs():
    cluster = Cluster([ACCEPTED], [DONE])
    stop = run(cluster, 5, ready=lambda step: step == 3)
    assert stop.location is not None
    assert len(cluster.bodies) == 1


def test_completed_without_location_is_a_failure_and_tried_again():
    cluster = Cluster([ACCEPTED, ACCEPTED], [FAILED, DONE])
    stop = run(cluster, 6)
    assert (stop.location, stop.failure) == ("file:/s/savepoint-1", "B: no")
    assert cluster.bodies[0]["triggerId"] != cluster.bodies[1]["triggerId"]


def test_gives_up_after_three_failures():
    stop = run(Cluster([ACCEPTED] * 3, [FAILED] * 3), 10)
    assert (stop.refused, stop.failure, stop.pending) == (True, "B: no", False)


def test_refused_requests_count_as_failures():
    stop = run(Cluster([(400, {"errors": ["no folder"]})] * 3, []), 10)
    assert (stop.refused, stop.failure) == (True, "no folder")


@pytest.mark.parametrize("status", [404, 503])
def test_endpoint_that_is_not_there_now_does_not_count(status):
    cluster = Cluster([(status, {"errors": ["x"]})] * 5 + [ACCEPTED], [(503, {"errors": ["x"]}), DONE])
    stop = run(cluster, 9)
    assert (stop.location, stop.failure) == ("file:/s/savepoint-1", None)
    # The same request, as its answer may have been lost.
    assert len({body["triggerId"] for body in cluster.bodies}) == 1


def test_forgotten_request_is_made_again():
    cluster = Cluster([ACCEPTED, ACCEPTED], [(404, {"errors": ["no such operation"]}), DONE])
    stop = run(cluster, 6)
    assert stop.location is not None
    assert len(cluster.bodies) == 2


def test_nobody_answers():
    with serving(Cluster([], [])) as url:
        pass
    stop = Stop(FlinkRest(url), JOB, "/s", True)
    stop.advance(True)
    assert (stop.pending, stop.refused, stop.failure) == (False, False, None)
