"""What the end of a run comes to: its summary, its savepoint, its exit code."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flinkblocks.console import Accounting, Face, FlinkRest, Output, RestError, Snapshot, Summary, accounting
from flinkblocks.console.accounting import outputs as output_counts
from flinkblocks.console.loose import as_dict, as_list
from flinkblocks.console.summary import CANCELED, DRAINED, FAILED, FINISHED, LOST, STOPPED
from flinkblocks.errors import UserError, java_failure, java_user_error, report
from flinkblocks.run.job import JobEnd
from flinkblocks.run.options import Outcome, RunOptions
from flinkblocks.run.savepoints import delete_savepoint, resume_command, stopped_savepoint, tidy_checkpoints
from flinkblocks.run.stop import Stop


@dataclass(frozen=True)
class Course:
    """What happened in a run.

    Attributes:
        end: how the job ended; None when that is not known.
        elapsed_ms: since it was followed.
        first: the first snapshot with counters.
        last: the last snapshot.
        stop: the stop with savepoint that was asked for, None for none.
        signals: requests to stop by signal.
        signal: the number of the last of them.
        canceled: whether the job was cancelled from here.
        error: what went wrong outside the job.
    """

    end: JobEnd | None
    elapsed_ms: int
    first: Snapshot
    last: Snapshot
    stop: Stop | None = None
    signals: int = 0
    signal: int = 0
    canceled: bool = False
    error: UserError | None = None


def conclude(course: Course, rest: FlinkRest, options: RunOptions, face: Face) -> Outcome:
    """Shows how a run ended, and clears up what it leaves behind.

    Args:
        course: what happened.
        rest: of the cluster, which may be gone.
        options: of the run.
        face: shows the summary; an error goes to stderr after it.
    """
    location = _savepoint(course)
    if location is not None and course.stop is not None and course.stop.drain:
        _delete(location, rest, options, face)
    ended, error = _ended(course, location, rest, options)
    if options.embedded and ended in (FINISHED, STOPPED, DRAINED):
        tidy_checkpoints(options.state_path, course.last.job_id)
    summary = _summary(course, options, ended, location, error)
    face.summary(summary)
    face.close()
    trace = course.end.trace if course.end and options.verbose else None
    if error is not None:
        report(error, trace=trace)
        return Outcome(summary, 1)
    if summary.ended == CANCELED:
        return Outcome(summary, 128 + course.signal)
    if summary.adds_up is False:
        report(UserError("the accounting does not add up: " + "; ".join(summary.accounting.problems()), ""))
        return Outcome(summary, 1)
    return Outcome(summary, 0)


def _savepoint(course: Course) -> str | None:
    """Where the savepoint is that the stop made."""
    stop, end = course.stop, course.end
    if stop is None or end is None or end.trace is not None:
        return None
    if stop.location is None and stop.pending:
        # The endpoint went down before it could tell.
        return stopped_savepoint(stop.folder, course.last.job_id)
    return stop.location


def _delete(location: str, rest: FlinkRest, options: RunOptions, face: Face) -> None:
    """Deletes the savepoint of a drained job, also where only the cluster can."""
    if delete_savepoint(location):
        return
    try:
        if options.embedded:
            raise RestError(0, "the cluster has ended")
        rest.post("/savepoint-disposal", {"savepoint-path": location})
    except RestError:
        face.note(f"could not delete {location}, which nothing needs any more")


def _ended(course: Course, savepoint: str | None, rest: FlinkRest, options: RunOptions) -> tuple[str, UserError | None]:
    end = course.end
    if end is None:
        given_up = course.canceled or course.signals > 1
        return (CANCELED if given_up else LOST), course.error
    if end.trace is None:
        if savepoint is None or course.stop is None:
            return FINISHED, course.error
        return (DRAINED if course.stop.drain else STOPPED), course.error
    if not options.embedded and rest.find("/overview") is None:
        problem = f"the cluster at {rest.url} does not answer any more"
        return LOST, UserError(problem, "look at its logs; the job is lost only if the cluster does not bring it back")
    if not end.canceled:
        return FAILED, _failure(end.trace, course.last.job_id, rest)
    if not course.canceled:
        return CANCELED, UserError("the job was cancelled, though not from here", "run the command again")
    return CANCELED, course.error


def _failure(trace: str, job_id: str, rest: FlinkRest) -> UserError:
    """Why the job failed; a cluster that still answers knows more than what came over from it."""
    error = java_failure(trace)
    if not error.cure:
        history = as_dict(as_dict(rest.find(f"/jobs/{job_id}/exceptions?maxExceptions=1")).get("exceptionHistory"))
        traces = [as_dict(entry).get("stacktrace") for entry in as_list(history.get("entries"))]
        found = [java_user_error(text) for text in traces if isinstance(text, str)]
        return next((full for full in found if full is not None), error)
    return error


def _summary(
    course: Course, options: RunOptions, ended: str, savepoint: str | None, error: UserError | None
) -> Summary:
    end, last = course.end, course.last
    final = end is not None and end.trace is None
    counters = end.counters if end is not None and final else last.counters
    elapsed = end.runtime_ms if end is not None and end.runtime_ms is not None else course.elapsed_ms
    accounts = accounting(counters, options.analyses) if counters or final else Accounting()
    return Summary(
        name=options.name,
        job_id=last.job_id,
        ended=ended,
        elapsed_ms=elapsed,
        events_per_second=_speed(course, options, accounts.read, elapsed),
        accounting=accounts,
        final=final,
        resumed=options.resumed,
        outputs=_outputs(options, output_counts(counters)),
        checkpoints=last.checkpoints,
        restarts=last.restarts,
        savepoint=savepoint if ended == STOPPED else None,
        resume=_resume(options, ended, savepoint, last),
        error=error.line if error else None,
    )


def _outputs(options: RunOptions, written: dict[str, int]) -> list[Output]:
    known = {output.name for output in options.outputs}
    # What the job counts, though nobody said where it goes, is shown too.
    unknown = [Output(name, "") for name in written if name not in known]
    return [replace(output, records=written.get(output.name)) for output in [*options.outputs, *unknown]]


def _speed(course: Course, options: RunOptions, read: int | None, elapsed_ms: int) -> float | None:
    """Events per second of this run; a resumed one does not start to count at 0."""
    before: int | None = 0
    since_ms = 0
    if options.resumed:
        before, since_ms = course.first.records_in, course.first.uptime_ms or 0
    if read is None or before is None or elapsed_ms <= since_ms:
        return None
    return (read - before) * 1000 / (elapsed_ms - since_ms)


def _resume(options: RunOptions, ended: str, savepoint: str | None, last: Snapshot) -> str | None:
    if not options.command:
        return None
    if ended == STOPPED and savepoint:
        return resume_command(options.command, savepoint)
    cut_short = ended in (FAILED, LOST, CANCELED)
    return resume_command(options.command, "latest") if cut_short and last.checkpoints.path else None
