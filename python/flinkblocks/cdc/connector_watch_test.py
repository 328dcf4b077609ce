"""The watch over a connector, against a worker that answers by a script."""

from __future__ import annotations

import json
import time

import pytest

from flinkblocks.cdc import connector_watch
from flinkblocks.cdc.connector_watch import ConnectorWatch
from flinkblocks.console.testing import serving
from flinkblocks.errors import UserError


class Worker:
    """A worker with one connector, whose task is in the given state."""

    state = "RUNNING"

    def __call__(self, method, path, body):
        task = {"state": self.state, "trace": "permission denied for table users"}
        return 200, json.dumps({"connector": {"state": "RUNNING"}, "tasks": [task]})


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(connector_watch, "_PAUSE_S", 0.01)


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_failure_is_shown_and_ends_the_run():
    worker = Worker()
    with serving(worker) as address:
        watch = ConnectorWatch(f"http://{address}", "cdc")
        watch.__enter__()
        worker.state = "FAILED"
        until(watch.gauges)
        assert "grant" in watch.gauges()[0].warning
        with pytest.raises(UserError, match="permission denied"):
            watch.__exit__(None, None, None)


def test_a_failure_that_has_passed_is_none():
    worker = Worker()
    with serving(worker) as address, ConnectorWatch(f"http://{address}", "cdc") as watch:
        worker.state = "FAILED"
        until(watch.gauges)
        worker.state = "RUNNING"
        until(lambda: not watch.gauges())


def test_a_worker_that_does_not_answer_is_no_failure_of_the_connector():
    with ConnectorWatch("http://127.0.0.1:1", "cdc") as watch:
        until(watch.gauges)
        assert "does not answer" in watch.gauges()[0].text or "127.0.0.1:1" in watch.gauges()[0].text
