"""The console: one snapshot of a running job, several faces that show it."""

from flinkblocks.console.accounting import Accounting, Analysis, accounting
from flinkblocks.console.checks import (
    Check,
    check_cluster,
    check_jar,
    check_java,
    check_port,
    check_postgres,
    check_python,
    preflight,
)
from flinkblocks.console.faces import MODES, Face, choose_face
from flinkblocks.console.gauge import Gauge
from flinkblocks.console.rest import FlinkRest, RestError
from flinkblocks.console.snapshot import Checkpoints, Snapshot, poll, snapshot
from flinkblocks.console.summary import Output, Summary

# Flink options that let an embedded job's numbers follow it within a second; a cluster keeps its own.
LIVE_OPTIONS = {
    "heartbeat.interval": "1 s",
    "metrics.fetcher.update-interval": "1 s",
    "web.refresh-interval": "500 ms",
}

__all__ = [
    "LIVE_OPTIONS",
    "MODES",
    "Accounting",
    "Analysis",
    "Check",
    "Checkpoints",
    "Face",
    "FlinkRest",
    "Gauge",
    "Output",
    "RestError",
    "Snapshot",
    "Summary",
    "accounting",
    "check_cluster",
    "check_jar",
    "check_java",
    "check_port",
    "check_postgres",
    "check_python",
    "choose_face",
    "poll",
    "preflight",
    "snapshot",
]
