"""streaming_analytics: what happens in a shop, from the stream of its events.

    bazel run //flink/python:streaming_analytics                                  10,000 generated events
    bazel run //flink/python:streaming_analytics -- --input-path events.jsonl     a file
    bazel run //flink/python:streaming_analytics -- --kafka-servers HOST:PORT     Kafka in, Kafka out

Five analyses of the same events, each an output of its own:

    revenue-metrics            what each category sold, minute by minute
    user-sessions              what each user did, visit by visit
    analytics-results          the most popular products of each category, in sliding windows
    fraud-alerts               purchases that four rules find suspicious
    high-value-transactions    purchases of at least a given amount

Events that come after their result was emitted go to `late-events`, records that are no events to the dead-letter
output. Nothing is lost, and the summary at the end accounts for every record.
"""

# No `from __future__ import annotations`: pydantic reads the types of the flags, in Python 3.9 too.
import sys
from decimal import Decimal

from flink_common import CommonFlags, engines
from flinkblocks.core.block import Block
from flinkblocks.flags import Duration, Group, Rule

_SESSIONS = Group("user-sessions")
_POPULARITY = Group("analytics-results")
_FRAUD = Group("fraud-alerts")
_HIGH_VALUE = Group("high-value-transactions")


class StreamingAnalyticsFlags(CommonFlags):
    """Revenue, sessions, popular products, fraud and large purchases, from a stream of shop events."""

    block = "streaming_analytics"
    examples = (
        ("", "10,000 generated events, results below /tmp/flink-output"),
        ("--duration 60", "generated events at full speed for a minute"),
        ("--kafka-servers localhost:9092 --kafka-topic orders", "Kafka in, Kafka out"),
    )
    rules = (Rule("popularity-slide", "divides", "popularity-window"),)

    engine: str = engines("java", "python")

    session_timeout: Duration = _SESSIONS.duration(
        "30min", "longest time between two events of a session", unit="min", low=1
    )

    popularity_window: Duration = _POPULARITY.duration("5min", "length of a window", unit="min", low=1)
    popularity_slide: Duration = _POPULARITY.duration(
        "1min", "time from one window's start to the next one's, a whole part of the length", unit="min", low=1
    )
    popularity_top: int = _POPULARITY.integer(10, "products in the ranking of a category", low=1, high=1000)

    fraud_history: Duration = _FRAUD.duration(
        "730d", "how long after the last purchase a user's purchases are remembered", unit="d", low=1
    )
    velocity_purchases: int = _FRAUD.integer(5, "velocity: purchases within its window that are too many", low=1)
    velocity_window: Duration = _FRAUD.duration("60s", "velocity: its window; also the pause between its alerts", low=1)
    high_amount_factor: int = _FRAUD.integer(
        10, "high_amount: an amount of more than so many times the mean of the user's earlier ones", low=1, high=10**6
    )
    high_amount_purchases: int = _FRAUD.integer(3, "high_amount: earlier purchases that make a mean", low=1)
    high_amount_window: Duration = _FRAUD.duration("60s", "high_amount: the pause between its alerts", low=1)
    small_amount: Decimal = _FRAUD.decimal("1.00", "small_then_large: at most this is small", high=10**9)
    large_amount: Decimal = _FRAUD.decimal("500.00", "small_then_large: at least this is large", high=10**9)
    small_then_large_window: Duration = _FRAUD.duration(
        "60s", "small_then_large: longest time between the two; also the pause between its alerts", low=1
    )
    many_ips: int = _FRAUD.integer(3, "many_ips: different IP addresses within its window that are too many", low=1)
    many_ips_window: Duration = _FRAUD.duration(
        "5min", "many_ips: its window; also the pause between its alerts", low=1
    )

    high_value_threshold: Decimal = _HIGH_VALUE.decimal("1000.00", "at least this amount is high", high=10**9)


def define_workflow(env, source, sinks, flags) -> None:
    """Wires the operators; any source and sinks will do.

    Args:
        env: the StreamExecutionEnvironment.
        source: opens the input: `source(env)` gives `flinkblocks.core.events.Events`.
        sinks: takes all outputs at once, so that they stay at one checkpoint.
        flags: StreamingAnalyticsFlags.
    """
    events = source(env)
    sinks.write(
        events.dead_letters,
        events.revenue(),
        events.sessions(),
        events.popularity(),
        events.fraud_alerts(),
        events.high_value(),
    )


RESULTS = ("revenue-metrics", "user-sessions", "analytics-results", "fraud-alerts", "high-value-transactions")
BLOCK = Block(StreamingAnalyticsFlags, results=RESULTS, define_workflow=define_workflow)

if __name__ == "__main__":
    sys.exit(BLOCK.run())
