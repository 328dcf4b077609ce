"""The arms `ours-python` and `engine-python`: the block by its Python driver, on the engine that the first word names.

The other words are as python_process.py has them.
"""

from __future__ import annotations

import sys

from flinkblocks.core.block import Block
from streaming_analytics import StreamingAnalyticsFlags
from tools.bench.python_process import Run, serve
from windowing_aggregations import WindowingAggregationsFlags

#: By the block's name.
FLAGS = {flags.block: flags for flags in (StreamingAnalyticsFlags, WindowingAggregationsFlags)}

#: The workflow's method and the output's name, by analysis.
ANALYSES = {
    "revenue": ("revenue", "revenue-metrics"),
    "sessions": ("sessions", "user-sessions"),
    "fraud": ("fraud_alerts", "fraud-alerts"),
    "popularity": ("popularity", "analytics-results"),
    "high-value": ("high_value", "high-value-transactions"),
    "tumbling": ("tumbling", "windowing-tumbling"),
    "sliding": ("sliding", "windowing-sliding"),
    "session": ("session_windows", "windowing-session"),
    "global": ("global_windows", "windowing-global"),
    "multi_level": ("multi_level", "windowing-multi_level"),
    "pattern": ("patterns", "windowing-pattern"),
}

#: Accounts beside those of the output itself.
MORE_ACCOUNTS = {"pattern": ("windowing-pattern-spike",)}

# None before the end: the block does not run without.
NEVER = "24h"


def run(engine: str, order: Run) -> None:
    """Runs the block once over a file; raises RuntimeError when it fails."""
    wanted = [ANALYSES[name] for name in order.analyses]

    def define_workflow(env, source, sinks, flags) -> None:
        events = source(env)
        sinks.write(events.dead_letters, *(getattr(events, method)() for method, _ in wanted))

    flags = {
        "engine": engine,
        "input-path": order.path,
        "output-path": order.out,
        "checkpoint-path": order.checkpoints,
        "checkpoint-interval": f"{order.checkpoint_seconds}s" if order.checkpoint_seconds else NEVER,
        "state-backend": order.backend,
        "parallelism": 1,
        "console": "plain",
    }
    results = tuple(output for _, output in wanted)
    more = tuple(account for name in order.analyses for account in MORE_ACCOUNTS.get(name, ()))
    block = Block(FLAGS[order.block], results, define_workflow, analyses=(*results, *more))
    words = [word for name, value in flags.items() for word in (f"--{name}", str(value))]
    code = block.run([*words, *order.flags, "--verbose"])
    if code:
        raise RuntimeError(f"the block ended with exit code {code}")


if __name__ == "__main__":
    serve(lambda order: run(sys.argv[1], order), sys.argv[2:])
