"""Stopping a job with a savepoint through the REST API, a step at a time."""

from __future__ import annotations

import time
import uuid
from typing import Any, Callable

from flinkblocks.console import FlinkRest, RestError
from flinkblocks.console.loose import as_dict
from flinkblocks.errors import java_failure

_ATTEMPTS = 3
_PAUSE_S = 1.0
# No answer, no such job (any more), not available: the job has ended, or the endpoint is not up to it now.
_PASSING = (0, 404, 503)


class Stop:
    """One stop with savepoint, on its way.

    Attributes:
        location: of the savepoint; None until it is there.
        failure: why the last attempt failed; None when none did.
        refused: whether all attempts failed.
    """

    def __init__(
        self,
        rest: FlinkRest,
        job_id: str,
        folder: str,
        drain: bool,
        clock: Callable[[], float] = time.monotonic,
    ):
        """Begins nothing yet.

        Args:
            rest: of the job's cluster.
            job_id: Flink's id of the job.
            folder: where the savepoint is to go.
            drain: whether event time is advanced to its end first, so that every window closes.
            clock: seconds that only grow.
        """
        self.drain = drain
        self.folder = folder
        self.location: str | None = None
        self.failure: str | None = None
        self._rest = rest
        self._base = f"/jobs/{job_id}"
        self._clock = clock
        self._triggered = False
        self._trigger = uuid.uuid4().hex
        self._failures = 0
        self._not_before = 0.0

    @property
    def refused(self) -> bool:
        """Whether all attempts failed."""
        return self._failures >= _ATTEMPTS

    @property
    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._triggered and self.location is None

    def advance(self, ready: bool) -> None:
        """Takes the next step, if it is time for it.

        Args:
            ready: whether all tasks of the job run.
        """
        if self.location is not None or self.refused:
            return
        if self._triggered:
            self._look()
        elif ready and self._clock() >= self._not_before:
            self._begin()

    def _begin(self) -> None:
        # The id makes the request safe to repeat when its answer was lost: a second stop would fail the first.
        body = {"drain": self.drain, "targetDirectory": self.folder, "triggerId": self._trigger}
        try:
            self._rest.post(f"{self._base}/stop", body)
            self._triggered = True
        except RestError as error:
            if error.status not in _PASSING:
                self._failed(str(error))
            self._not_before = self._clock() + _PAUSE_S

    def _look(self) -> None:
        try:
            answer: Any = self._rest.get(f"{self._base}/savepoints/{self._trigger}")
        except RestError as error:
            if error.status not in (0, 503):
                self._failed(str(error))
            return
        if as_dict(as_dict(answer).get("status")).get("id") != "COMPLETED":
            return
        operation = as_dict(as_dict(answer).get("operation"))
        # COMPLETED only says that it is over; with a location it is a success.
        if isinstance(operation.get("location"), str):
            self.location = operation["location"]
        else:
            self._failed(str(as_dict(operation.get("failure-cause")).get("stack-trace") or "unknown cause"))

    def _failed(self, trace: str) -> None:
        self.failure = str(java_failure(trace))
        self._failures += 1
        self._triggered = False
        self._trigger = uuid.uuid4().hex
        self._not_before = self._clock() + _PAUSE_S
