"""Follows a submitted job to its end: shows it, stops it when asked to, and says how it ended."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from flinkblocks.console import Face, FlinkRest, Snapshot, poll
from flinkblocks.errors import UserError
from flinkblocks.run.job import Job, JobEnd, JvmGone, quiet_py4j
from flinkblocks.run.options import Outcome, RunOptions
from flinkblocks.run.outcome import Course, conclude
from flinkblocks.run.savepoints import drain_folder, savepoint_folder
from flinkblocks.run.signals import StopSignals
from flinkblocks.run.stop import Stop

if TYPE_CHECKING:
    from pyflink.common.job_client import JobClient

_TICK_S = 0.1
# Between two looks at a job that starts, or that is to be stopped as soon as it runs.
_IMPATIENT_S = 0.5
# A cancelled job, and the answer to a stop that is over, come within moments or not at all.
_LAST_WORD_S = 15.0


def follow(client: JobClient, rest_url: str, options: RunOptions, face: Face) -> Outcome:
    """Follows a job to its end.

    The first Ctrl-C, SIGTERM, or the end of the duration stop it cleanly; the second Ctrl-C cancels it at once.

    Args:
        client: out of env.execute_async.
        rest_url: of the cluster that runs it, embedded or not.
        options: what to know of the run.
        face: of the console; it is closed at the end.

    Returns:
        How it ended, already shown: the summary by the face, an error on stderr.
    """
    quiet_py4j()
    rest = FlinkRest(rest_url)
    try:
        with StopSignals() as signals:
            run = _Run(client, rest, options, face, signals)
            return conclude(run.to_end(), rest, options, face)
    finally:
        face.close()
        rest.close()


class _Run:
    """One run under control; a step every tick, in one thread."""

    def __init__(self, client: JobClient, rest: FlinkRest, options: RunOptions, face: Face, signals: StopSignals):
        self._client, self._rest, self._options = client, rest, options
        self._face, self._signals = face, signals
        self._begin = time.monotonic()
        self._ran_since: float | None = None
        self._next_look = self._next_show = self._begin
        self._snapshot = self._first = Snapshot("")
        self._stop: Stop | None = None
        self._canceled_at: float | None = None
        self._error: UserError | None = None
        self._warned: set[str] = set()

    def to_end(self) -> Course:
        """Keeps to the job until there is no more to wait for."""
        end: JobEnd | None = None
        try:
            job = Job(self._client)
            self._snapshot = self._first = Snapshot(job.job_id)
            while not job.done() and not self._given_up():
                self._step(job)
                time.sleep(_TICK_S)
            if job.done():
                end = job.end()
                self._await_answer()
        except JvmGone:
            self._error = self._gone()
        except KeyboardInterrupt:
            pass  # The third request: no waiting for anything.
        return Course(
            end=end,
            elapsed_ms=round((time.monotonic() - self._begin) * 1000),
            first=self._first,
            last=self._snapshot,
            stop=self._stop,
            signals=self._signals.count,
            signal=self._signals.number,
            canceled=self._canceled_at is not None,
            error=self._error,
        )

    def _step(self, job: Job) -> None:
        now = time.monotonic()
        self._look(now)
        if self._canceled_at is not None:
            return
        if self._signals.count > 1:
            self._face.note("cancelling")
            self._cancel(job, now)
        elif self._stop is None:
            self._maybe_stop(now)
        else:
            self._stop.advance(self._snapshot.running)
            if self._stop.refused:
                problem = f"the job could not be stopped with a savepoint and was cancelled: {self._stop.failure}"
                self._error = UserError(problem, "--from-savepoint latest resumes from its last checkpoint")
                self._cancel(job, now)

    def _look(self, now: float) -> None:
        if now >= self._next_look:
            snapshot = poll(self._rest, self._snapshot.job_id, self._snapshot)
            self._snapshot = replace(snapshot, gauges=tuple(self._options.gauges()))
            self._warn()
            if self._first.records_in is None:
                self._first = self._snapshot
            if self._snapshot.running and self._ran_since is None:
                self._ran_since = now
            waits = self._ran_since is None or (self._stop is not None and not self._stop.pending)
            self._next_look = now + (min(_IMPATIENT_S, self._face.interval_s) if waits else self._face.interval_s)
        # Nothing is shown before Flink knows the job: the lines before say that it is being started.
        if now >= self._next_show and self._snapshot.state != "STARTING":
            self._face.update(self._snapshot)
            self._next_show = now + self._face.interval_s

    def _warn(self) -> None:
        """Says what has begun to be wrong beside the job since the last look."""
        wrong = {gauge.label: gauge.warning for gauge in self._snapshot.gauges if gauge.warning}
        for label in wrong.keys() - self._warned:
            self._face.note(wrong[label])
        self._warned = set(wrong)

    def _maybe_stop(self, now: float) -> None:
        duration = self._options.duration_ms / 1000
        if self._signals.count:
            reason = ""
        elif duration and self._ran_since is not None and now - self._ran_since >= duration:
            reason = f"the duration of {duration:g} s is over: "
        elif self._face.gone:
            reason = "nobody reads the output any more: "
        elif self._ran_since is not None and (over := self._options.over()):
            reason = f"{over}: "
        else:
            return
        drain = self._options.bounded
        folder = (drain_folder if drain else savepoint_folder)(self._options.state_path)
        self._stop = Stop(self._rest, self._snapshot.job_id, folder, drain)
        how = "stopping, what was read is drained and every window closes" if drain else "stopping with a savepoint"
        when = "" if self._snapshot.running else " as soon as the job runs"
        self._face.note(f"{reason}{how}{when}; Ctrl-C{' again' if self._signals.count else ' twice'} cancels at once")
        self._next_look = now

    def _cancel(self, job: Job, now: float) -> None:
        self._canceled_at = now
        job.cancel()

    def _given_up(self) -> bool:
        return self._canceled_at is not None and time.monotonic() - self._canceled_at > _LAST_WORD_S

    def _await_answer(self) -> None:
        """A cluster that ends with its job still answers for the stop, and waits for that to be asked."""
        deadline = time.monotonic() + _LAST_WORD_S
        while self._stop is not None and self._stop.pending and time.monotonic() < deadline:
            self._stop.advance(ready=False)
            if self._stop.pending:
                if self._rest.find(f"/jobs/{self._snapshot.job_id}") is None:
                    return
                time.sleep(_TICK_S)

    def _gone(self) -> UserError:
        if not self._options.embedded:
            where = f"{self._rest.url}/#/job/running/{self._snapshot.job_id}"
            return UserError("the JVM of this process has gone; the job may still run", f"see {where}")
        log = os.environ.get("FLINK_LOG_DIR")
        cure = "it was killed, or ran out of memory" + (f"; its log is in {log}" if log else "")
        return UserError("the JVM that ran the job has gone", cure)
