"""One look at a running job: what every face of the console draws from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flinkblocks.console.accounting import Accounting, accounting, outputs
from flinkblocks.console.gauge import Gauge
from flinkblocks.console.loose import as_dict, as_float, as_int, as_list
from flinkblocks.console.rest import FlinkRest, documents, source_vertices
from flinkblocks.errors import java_failure

# Flink's first and last watermark: none yet, and end of input.
_NO_WATERMARK = -(2**63)
_END_WATERMARK = 2**63 - 1
# A cluster reports accumulators every 10 s unless told otherwise: silence up to this long is no standstill.
_REPORT_MS = 12_000
# A split that was idle for this much of the last second counts as idle.
_IDLE_MS_PER_SECOND = 500


@dataclass(frozen=True)
class Checkpoints:
    """Checkpoints of a job; times in ms, sizes in bytes, None before the first.

    Attributes:
        failed: 0 as long as none that had begun failed: Flink also counts those that it did not begin, as not every
            task ran yet, or any more.
    """

    completed: int = 0
    failed: int = 0
    in_progress: int = 0
    restored: int = 0
    age_ms: int | None = None
    duration_ms: int | None = None
    size_bytes: int | None = None
    path: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The state of a job at one time; None stands for what is not known (yet).

    Attributes:
        job_id: Flink's id.
        name: of the job.
        state: Flink's name of it; STARTING before Flink knows the job.
        reachable: whether the REST API answered; if not, the rest is from the last time that it did.
        running: whether every task runs or has finished, so that the job can be stopped with a savepoint.
        time_ms: of the cluster's clock, ms since the epoch.
        uptime_ms: since the job was submitted.
        records_in: read by the source, valid or not; over all runs when resumed from a savepoint.
        records_out: handed to the sinks, over all outputs.
        rate: records in per second.
        watermark_ms: the earliest event-time watermark behind the source, ms since the epoch.
        lag_ms: how far it is behind the cluster's clock.
        input_ended: whether the watermark is at the end of time.
        splits: partitions or files that are read.
        idle_splits: those of them without records; of very many splits only the first are looked at.
        checkpoints: counts and the last one.
        backpressure: share of the last second that the slowest-served subtask waited, 0 to 1.
        backpressured: the vertex of that subtask.
        late: late events over all analyses.
        dead_lettered: records that are no valid events.
        outputs: records handed to the sink, by output.
        restarts: since the job was submitted.
        last_failure: in one line, why it restarted or failed.
        counters: the accumulators, by name.
        gauges: what stands beside the job.
    """

    job_id: str
    name: str = ""
    state: str = "STARTING"
    reachable: bool = False
    running: bool = False
    time_ms: int | None = None
    uptime_ms: int | None = None
    records_in: int | None = None
    records_out: int | None = None
    rate: float | None = None
    watermark_ms: int | None = None
    lag_ms: int | None = None
    input_ended: bool = False
    splits: int | None = None
    idle_splits: int | None = None
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    backpressure: float | None = None
    backpressured: str | None = None
    late: int | None = None
    dead_lettered: int | None = None
    outputs: Mapping[str, int] = field(default_factory=dict)
    restarts: int = 0
    last_failure: str | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    gauges: Sequence[Gauge] = ()
    # When records_in last changed (ms since the epoch), for the rate.
    counted_ms: int | None = None

    def accounting(self) -> Accounting:
        """Where each record went, as far as reported."""
        return accounting(self.counters)

    def to_json(self) -> dict[str, Any]:
        """A JSON object of plain values; with gauges when there are any."""
        values = asdict(self)
        del values["counted_ms"]
        if not self.gauges:
            del values["gauges"]
        return values


def poll(rest_url: str | FlinkRest, job_id: str, previous: Snapshot | None = None) -> Snapshot:
    """Asks a job's REST API how it does.

    Args:
        rest_url: of the cluster, or a connection to reuse.
        job_id: Flink's id of the job.
        previous: the last snapshot, for the rate and for what is not reachable now.
    """
    rest = rest_url if isinstance(rest_url, FlinkRest) else FlinkRest(rest_url)
    return snapshot(job_id, documents(rest, job_id), previous)


def snapshot(job_id: str, docs: Mapping[str, Any], previous: Snapshot | None = None) -> Snapshot:
    """Makes a snapshot of REST documents (see rest.documents); what is missing or odd in them is left out.

    Args:
        job_id: Flink's id of the job.
        docs: the documents by name.
        previous: the last snapshot, for the rate and for what is missing now.
    """
    last = previous or Snapshot(job_id)
    job = as_dict(docs.get("job"))
    if not job:
        return replace(last, reachable=False, running=False)
    now = as_int(job.get("now"))
    counters = _counters(docs.get("accumulators")) or last.counters
    accounts = accounting(counters)
    written = outputs(counters)
    watermark = _watermark(docs, source_vertices(job))
    backpressure, backpressured = _backpressure(docs, job)
    exceptions = as_list(as_dict(as_dict(docs.get("exceptions")).get("exceptionHistory")).get("entries"))
    restarts = as_int(_metrics(docs.get("metrics")).get("numRestarts"))
    splits = _splits(docs)
    current = Snapshot(
        job_id=job_id,
        name=str(job.get("name") or last.name),
        state=str(job.get("state") or "UNKNOWN"),
        reachable=True,
        running=job.get("state") == "RUNNING" and _all_tasks_run(job),
        time_ms=now,
        uptime_ms=as_int(job.get("duration")),
        records_in=accounts.read,
        records_out=sum(written.values()) if written else None,
        watermark_ms=watermark if watermark != _END_WATERMARK else None,
        lag_ms=now - watermark if now is not None and watermark not in (None, _END_WATERMARK) else None,
        input_ended=watermark == _END_WATERMARK,
        splits=len(splits) if splits else None,
        idle_splits=sum(splits.values()) if splits else None,
        checkpoints=_checkpoints(docs.get("checkpoints"), now) or last.checkpoints,
        backpressure=backpressure,
        backpressured=backpressured,
        late=accounts.late if accounts.kept else None,
        dead_lettered=accounts.dead_lettered,
        outputs=written,
        restarts=last.restarts if restarts is None else restarts,
        last_failure=_failure(exceptions) or last.last_failure,
        counters=counters,
    )
    return _with_rate(current, last)


def _with_rate(current: Snapshot, last: Snapshot) -> Snapshot:
    """The rate between the last two changes of the count, as accumulators come in steps of seconds."""
    now, count = current.time_ms, current.records_in
    if now is None or count is None:
        return current
    if last.counted_ms is None or last.records_in is None or count < last.records_in:
        # The first count, or a restart that went back to a checkpoint.
        return replace(current, counted_ms=now, rate=None)
    elapsed = now - last.counted_ms
    if count == last.records_in:
        return replace(current, counted_ms=last.counted_ms, rate=last.rate if elapsed < _REPORT_MS else 0.0)
    return replace(current, counted_ms=now, rate=(count - last.records_in) * 1000 / max(elapsed, 1))


def _all_tasks_run(job: Mapping[str, Any]) -> bool:
    vertices = [as_dict(vertex) for vertex in as_list(job.get("vertices"))]
    ready = 0
    for vertex in vertices:
        tasks = as_dict(vertex.get("tasks"))
        ready += (as_int(tasks.get("RUNNING")) or 0) + (as_int(tasks.get("FINISHED")) or 0)
    return bool(vertices) and ready == sum(as_int(vertex.get("parallelism")) or 0 for vertex in vertices)


def _counters(document: Any) -> dict[str, int]:
    found = {}
    for entry in as_list(as_dict(document).get("user-task-accumulators")):
        value = as_int(as_dict(entry).get("value"))
        if value is not None:
            found[str(as_dict(entry).get("name"))] = value
    return found


def _watermark(docs: Mapping[str, Any], sources: Iterable[str]) -> int | None:
    """The earliest watermark that has arrived behind the source; a subtask without one yet is left out."""
    values = [
        as_int(as_dict(entry).get("value"))
        for vertex in as_dict(docs.get("watermarks")).values()
        for entry in as_list(vertex)
    ]
    if not as_dict(docs.get("watermarks")):
        # Everything is chained to the source: what its operators emit is all there is.
        values = [
            as_int(as_dict(entry).get("min"))
            for source in sources
            for entry in as_list(as_dict(docs.get("source")).get(source))
            if str(as_dict(entry).get("id")).endswith(".currentOutputWatermark")
        ]
        # These come as floating point: near the ends of time they are rounded.
        values = [_END_WATERMARK if v is not None and v > 2**62 else v for v in values]
    return min((v for v in values if v is not None and v > _NO_WATERMARK // 2), default=None)


def _splits(docs: Mapping[str, Any]) -> dict[str, bool]:
    """Whether each split is idle."""
    found = {}
    for vertex in as_dict(docs.get("source")).values():
        for entry in as_list(vertex):
            name = str(as_dict(entry).get("id"))
            idle = as_float(as_dict(entry).get("max"))
            if name.endswith(".watermark.idleTimeMsPerSecond"):
                found[name] = idle is not None and idle >= _IDLE_MS_PER_SECOND
    return found


def _checkpoints(document: Any, now: int | None) -> Checkpoints | None:
    counts = as_dict(as_dict(document).get("counts"))
    if not counts:
        return None
    latest = as_dict(as_dict(document).get("latest"))
    last = as_dict(latest.get("completed"))
    at = as_int(last.get("latest_ack_timestamp"))
    return Checkpoints(
        completed=as_int(counts.get("completed")) or 0,
        failed=(as_int(counts.get("failed")) or 0) if latest.get("failed") else 0,
        in_progress=as_int(counts.get("in_progress")) or 0,
        restored=as_int(counts.get("restored")) or 0,
        age_ms=max(now - at, 0) if now is not None and at is not None else None,
        duration_ms=as_int(last.get("end_to_end_duration")),
        size_bytes=as_int(last.get("state_size")),
        path=last.get("external_path") if isinstance(last.get("external_path"), str) else None,
    )


def _backpressure(docs: Mapping[str, Any], job: Mapping[str, Any]) -> tuple[float | None, str | None]:
    names = {str(as_dict(v).get("id")): str(as_dict(v).get("name")) for v in as_list(job.get("vertices"))}
    worst: tuple[float | None, str | None] = (None, None)
    for vertex_id, document in as_dict(docs.get("backpressure")).items():
        for subtask in as_list(as_dict(document).get("subtasks")):
            ratio = as_float(as_dict(subtask).get("ratio"))
            if ratio is not None and (worst[0] is None or ratio > worst[0]):
                worst = (min(max(ratio, 0.0), 1.0), names.get(vertex_id))
    return worst


def _failure(entries: list[Any]) -> str | None:
    trace = as_dict(entries[0]).get("stacktrace") if entries else None
    return str(java_failure(trace)) if isinstance(trace, str) else None


def _metrics(document: Any) -> dict[str, Any]:
    return {str(as_dict(entry).get("id")): as_dict(entry).get("value") for entry in as_list(document)}
