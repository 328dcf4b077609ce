"""streaming_analytics: what a shop sells, minute by minute, from the stream of its events.

    bazel run //flink/python:streaming_analytics                                  10,000 generated events
    bazel run //flink/python:streaming_analytics -- --input-path events.jsonl     a file
    bazel run //flink/python:streaming_analytics -- --kafka-servers HOST:PORT     Kafka in, Kafka out

Results go to `revenue-metrics`: one record per category and minute with a purchase. Events that come after their
window was emitted go to `late-events`, records that are no events to the dead-letter output. Nothing is lost, and
the summary at the end accounts for every record.
"""

from __future__ import annotations

import sys

from flink_common import CommonFlags
from flinkblocks.core.block import Block


class StreamingAnalyticsFlags(CommonFlags):
    """Revenue by category and minute, from a stream of shop events."""

    block = "streaming_analytics"
    examples = (
        ("", "10,000 generated events, results below /tmp/flink-output"),
        ("--duration 60", "generated events at full speed for a minute"),
        ("--kafka-servers localhost:9092 --kafka-topic orders", "Kafka in, Kafka out"),
    )


def define_workflow(env, source, sinks, flags) -> None:
    """Wires the operators; any source and sinks will do.

    Args:
        env: the StreamExecutionEnvironment.
        source: opens the input: `source(env)` gives `flinkblocks.core.events.Events`.
        sinks: takes all outputs at once, so that they stay at one checkpoint.
        flags: StreamingAnalyticsFlags.
    """
    events = source(env)
    sinks.write(events.dead_letters, events.revenue())


BLOCK = Block(StreamingAnalyticsFlags, results=("revenue-metrics",), define_workflow=define_workflow)

if __name__ == "__main__":
    sys.exit(BLOCK.run())
