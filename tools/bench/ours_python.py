"""The arm `ours-python`: the block by its Python driver, with the analyses that a workload asks for.

WORKLOAD WARM_UP_SECONDS WARM_UP_INPUT INPUT OUTPUT: warm-up runs in this process until they took that
much CPU time, then the run that is measured.
"""

from __future__ import annotations

import sys

import psutil

from flinkblocks.core.block import Block
from streaming_analytics import StreamingAnalyticsFlags

#: The method of Events and the output's name, by analysis.
ANALYSES = {
    "revenue": ("revenue", "revenue-metrics"),
    "sessions": ("sessions", "user-sessions"),
    "fraud": ("fraud_alerts", "fraud-alerts"),
    "popularity": ("popularity", "analytics-results"),
    "high-value": ("high_value", "high-value-transactions"),
}


def run(workload: str, path: str, out: str) -> None:
    """Runs the block once over a file; raises RuntimeError when it fails."""
    analyses = list(ANALYSES.values()) if workload == "all" else [ANALYSES[workload]]

    def define_workflow(env, source, sinks, flags) -> None:
        events = source(env)
        sinks.write(events.dead_letters, *(getattr(events, method)() for method, _ in analyses))

    flags = {
        "input-path": path,
        "output-path": out,
        "checkpoint-path": f"{out}-state",
        # None before the end, as in the other arms.
        "checkpoint-interval": "24h",
        "parallelism": "1",
        "console": "plain",
    }
    block = Block(StreamingAnalyticsFlags, tuple(output for _, output in analyses), define_workflow)
    code = block.run([word for name, value in flags.items() for word in (f"--{name}", value)] + ["--verbose"])
    if code:
        raise RuntimeError(f"the block ended with exit code {code}")


def main(workload: str, warm_up_seconds: str, warm_up: str, path: str, out: str) -> None:
    """Warms up, then makes the run that is measured."""
    start = cpu_seconds()
    while cpu_seconds() - start < int(warm_up_seconds):
        run(workload, warm_up, out)
    run(workload, path, out)


def cpu_seconds() -> float:
    """CPU time of this process and its JVM so far."""
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(each.user + each.system for each in times)


if __name__ == "__main__":
    main(*sys.argv[1:])
