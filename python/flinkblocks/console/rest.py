"""Flink's REST API: the documents that a snapshot is made of."""

from __future__ import annotations

from typing import Any, Callable
from urllib.parse import quote

import requests

from flinkblocks.console.loose import as_dict, as_list

# (connect, read) in seconds: an endpoint that is slower is as good as not there yet.
TIMEOUT = (2.0, 4.0)
# Metrics asked for in one request, so that its line stays within Netty's limit of 4096 bytes.
_URL_BYTES = 3000
# And in all, as each split has its own: of a folder of 10,000 files only the first are looked at.
_MOST_METRICS = 200


class RestError(Exception):
    """The endpoint answered with an error, or not at all.

    Attributes:
        status: the HTTP status, 0 when there was no answer.
    """

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status = status


class FlinkRest:
    """A connection to the REST endpoint of a cluster, embedded or remote."""

    def __init__(self, url: str):
        """Connects on the first request.

        Args:
            url: of the endpoint, with http:// or without.
        """
        self.url = (url if "://" in url else "http://" + url).rstrip("/")
        self._session = requests.Session()
        # The endpoint is on loopback or named by the user: a proxy of the environment has no part in it.
        self._session.trust_env = False

    def get(self, path: str) -> Any:
        """The JSON document at a path; raises RestError."""
        return self._ask("GET", path)

    def find(self, path: str) -> Any | None:
        """The JSON document at a path, None when there is none (yet)."""
        try:
            return self.get(path)
        except RestError:
            return None

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Sends a JSON document, gives the answer; raises RestError."""
        return self._ask("POST", path, body)

    def close(self) -> None:
        """Gives the connection back."""
        self._session.close()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._session.request(method, self.url + path, json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise RestError(0, f"{self.url} does not answer: {error}") from error
        try:
            document = answer.json()
        except ValueError as error:
            raise RestError(answer.status_code, f"{self.url}{path} did not answer with JSON") from error
        if not answer.ok:
            errors = as_list(as_dict(document).get("errors")) or [document]
            raise RestError(answer.status_code, "\n".join(map(str, errors)))
        return document


def documents(rest: FlinkRest, job_id: str) -> dict[str, Any]:
    """All that a snapshot needs of a job, by name; what is not there (yet) is None.

    Returns:
        job, accumulators, checkpoints, metrics (the job's), exceptions (only when something happened), and by
        vertex id: watermarks, backpressure, source (metrics of the vertices that read).
    """
    ask = _Patient(rest).find
    base = f"/jobs/{job_id}"
    job = ask(base)
    found: dict[str, Any] = {"job": job, "watermarks": {}, "backpressure": {}, "source": {}}
    if job is None:
        return found
    found["accumulators"] = ask(f"{base}/accumulators")
    found["checkpoints"] = ask(f"{base}/checkpoints")
    found["metrics"] = ask(f"{base}/metrics?get=numRestarts")
    restarted = any(as_dict(entry).get("value") not in (None, "0") for entry in as_list(found["metrics"]))
    if restarted or as_dict(job).get("state") in ("FAILING", "FAILED", "RESTARTING"):
        found["exceptions"] = ask(f"{base}/exceptions?maxExceptions=1")
    readers = source_vertices(job)
    for vertex in as_list(as_dict(job).get("vertices")):
        vertex_id = str(as_dict(vertex).get("id"))
        path = f"{base}/vertices/{vertex_id}"
        found["backpressure"][vertex_id] = ask(f"{path}/backpressure")
        if vertex_id in readers:
            found["source"][vertex_id] = _source_metrics(ask, f"{path}/subtasks/metrics")
        else:
            found["watermarks"][vertex_id] = ask(f"{path}/watermarks")
    return found


class _Patient:
    """Asks until an answer stays out: to wait for each of twenty more would hold up whoever wants to stop the job."""

    def __init__(self, rest: FlinkRest):
        self._rest = rest
        self._gone = False

    def find(self, path: str) -> Any | None:
        """The JSON document at a path, None when there is none."""
        if self._gone:
            return None
        try:
            return self._rest.get(path)
        except RestError as error:
            self._gone = error.status == 0
            return None


def source_vertices(job: Any) -> set[str]:
    """Ids of the vertices without input in the plan of a job document."""
    nodes = as_list(as_dict(as_dict(job).get("plan")).get("nodes"))
    return {str(as_dict(node).get("id")) for node in nodes if not as_dict(node).get("inputs")}


def _source_metrics(ask: Callable[[str], Any], path: str) -> list[Any]:
    """The idle time of each split, and the watermark that leaves the source; those not asked for have no value."""
    names = [str(as_dict(entry).get("id")) for entry in as_list(ask(path))]
    wanted = [n for n in names if n.endswith((".watermark.idleTimeMsPerSecond", ".currentOutputWatermark"))]
    # The endpoint splits the list at commas, also at escaped ones.
    fit = [n for n in wanted if "," not in n and len(quote(n, safe="")) < _URL_BYTES][:_MOST_METRICS]
    asked = set(fit)
    values = [{"id": name} for name in wanted if name not in asked]
    while fit:
        size, length = 0, 0
        while size < len(fit) and length + len(quote(fit[size], safe="")) < _URL_BYTES:
            length += len(quote(fit[size], safe="")) + 1
            size += 1
        query = ",".join(quote(name, safe="") for name in fit[:size])
        values += as_list(ask(f"{path}?get={query}"))
        fit = fit[size:]
    return values
