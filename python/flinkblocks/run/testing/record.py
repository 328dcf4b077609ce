"""Records what Flink's REST API says of real jobs, for the console's tests: record.py FOLDER."""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import time
from typing import Any, Callable

from flinkblocks.console import FlinkRest, Snapshot, snapshot
from flinkblocks.console.rest import documents
from flinkblocks.run.testing.embedded import TestingJob, submit

_DEADLINE_S = 60


def _restarting(state: str) -> TestingJob:
    options = {
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "1000",
        "restart-strategy.fixed-delay.delay": "1 s",
    }
    return TestingJob(state, 1_000_000, 500, fail_at=1500, user_error=True, options=options)


# What to run, and from which state on to keep the documents.
_SCENES: dict[str, tuple[Callable[[str], TestingJob], Callable[[Snapshot], bool]]] = {
    "starting": (lambda state: TestingJob(state, 1_000_000, 500), lambda s: s.reachable),
    "running": (
        lambda state: TestingJob(state, 1_000_000, 500),
        lambda s: s.checkpoints.completed >= 2 and (s.records_in or 0) > 1000 and s.watermark_ms is not None,
    ),
    "idle": (lambda state: TestingJob(state, 1_000_000, 0.1), lambda s: s.idle_splits == 2),
    "restarted": (_restarting, lambda s: s.restarts >= 2 and s.last_failure is not None and s.running),
}


def main() -> None:
    """Writes one file for each scene."""
    folder = pathlib.Path(sys.argv[1])
    for name, (job, enough) in _SCENES.items():
        with tempfile.TemporaryDirectory() as state:
            client, url = submit(job(state))
            docs = _wait(FlinkRest(url), str(client.get_job_id()), enough)
            client.cancel().result()
            text = json.dumps(docs, indent=1, sort_keys=True).replace(state, "/state")
            (folder / f"{name}.json").write_text(text + "\n")
            print(name)


def _wait(rest: FlinkRest, job_id: str, enough: Callable[[Snapshot], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + _DEADLINE_S
    last = None
    while time.monotonic() < deadline:
        docs = documents(rest, job_id)
        last = snapshot(job_id, docs, last)
        if enough(last):
            return docs
        time.sleep(0.1)
    raise TimeoutError(str(last))


if __name__ == "__main__":
    main()
