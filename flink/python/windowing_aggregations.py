"""windowing_aggregations: six kinds of windows over one stream of shop events.

    bazel run //flink/python:windowing_aggregations                                  10,000 generated events
    bazel run //flink/python:windowing_aggregations -- --window-types sliding        one kind of window only
    bazel run //flink/python:windowing_aggregations -- --input-path events.jsonl     a file
    bazel run //flink/python:windowing_aggregations -- --kafka-servers HOST:PORT     Kafka in, Kafka out

Each kind is an output of its own, and all of them share one parse of the events:

    windowing-tumbling       what each category did, in windows one after the other
    windowing-sliding        the same in windows that overlap, and how the revenue changed
    windowing-session        what each user did, visit by visit
    windowing-global         the prices of each product, after so many events or so much time
    windowing-multi_level    each category by minute, 5 minutes and hour, each level made of the one below
    windowing-pattern        what users do in a telling order, and minutes in which a category's traffic jumps

Late events correct what has been emitted within --allowed-lateness; after that they go to `late-events`, unless
--late-policy drops them. Records that are no events go to the dead-letter output. The summary at the end accounts for
every record, dropped or not.
"""

# No `from __future__ import annotations`: pydantic reads the types of the flags, in Python 3.9 too.
import sys

from flink_common import CommonFlags, engines
from flinkblocks.core.block import Block
from flinkblocks.flags import Duration, Group, Rule

# Each type of window, and the operator that makes its output.
TYPES = {
    "tumbling": lambda events: events.tumbling(),
    "sliding": lambda events: events.sliding(),
    "session": lambda events: events.session_windows(),
    "global": lambda events: events.global_windows(),
    "multi_level": lambda events: events.multi_level(),
    "pattern": lambda events: events.patterns(),
}

_WINDOWS = Group("Windows")
_TUMBLING = Group("windowing-tumbling")
_SLIDING = Group("windowing-sliding")
_SESSION = Group("windowing-session")
_GLOBAL = Group("windowing-global")


def _needs(flag: str, *types: str) -> Rule:
    """A flag that means nothing unless one of these types is computed."""
    return Rule(flag, "needs", "window-types", among=types)


class WindowingAggregationsFlags(CommonFlags):
    """Tumbling, sliding, session, global, multi-level and pattern windows over a stream of shop events."""

    block = "windowing_aggregations"
    examples = (
        ("", "10,000 generated events, results below /tmp/flink-output"),
        ("--window-types sliding --slide-minutes 10s", "one type of window, which starts every 10 seconds"),
        ("--kafka-servers localhost:9092 --kafka-topic orders", "Kafka in, Kafka out"),
    )
    rules = (
        Rule("engine", "takes-only", "window-types", among=("tumbling", "sliding", "session")),
        _needs("tumbling-minutes", "tumbling"),
        _needs("sliding-minutes", "sliding"),
        _needs("slide-minutes", "sliding"),
        _needs("session-timeout", "session"),
        _needs("custom-trigger-count", "global"),
        _needs("early-firing", "tumbling", "sliding", "session"),
        _needs("allowed-lateness", "tumbling", "sliding", "session", "multi_level"),
        Rule("slide-minutes", "divides", "sliding-minutes"),
        Rule("early-firing", "less-than", "tumbling-minutes", when=("window-types", "tumbling")),
        Rule("early-firing", "less-than", "sliding-minutes", when=("window-types", "sliding")),
        Rule("early-firing", "not-too-often", "tumbling-minutes", when=("window-types", "tumbling")),
        Rule("early-firing", "not-too-often", "sliding-minutes", when=("window-types", "sliding")),
        Rule("early-firing", "not-too-often", "session-timeout", when=("window-types", "session")),
    )

    engine: str = engines("java", "python")

    window_types: tuple[str, ...] = _WINDOWS.choices(
        "all", "the types to compute", options=tuple(TYPES), default_help="all"
    )
    early_firing: Duration = _WINDOWS.duration(
        "0", "event time between results so far of open tumbling, sliding and session windows; 0 = none"
    )
    late_policy: str = _WINDOWS.choice(
        "side-output",
        "side-output = late events go to late-events; drop = they are counted only",
        options=("side-output", "drop"),
    )

    tumbling_minutes: Duration = _TUMBLING.duration("2min", "length of a window", unit="min", low=1)

    sliding_minutes: Duration = _SLIDING.duration("10min", "length of a window", unit="min", low=1)
    slide_minutes: Duration = _SLIDING.duration(
        "2min", "time from one window's start to the next one's, a whole part of the length", unit="min", low=1
    )

    session_timeout: Duration = _SESSION.duration(
        "30min", "longest time between two events of a session", unit="min", low=1
    )

    custom_trigger_count: int = _GLOBAL.integer(
        50, "events of a product since its last result that make the next one", low=1, high=10**9
    )


def define_workflow(env, source, sinks, flags) -> None:
    """Wires the operators; any source and sinks will do.

    Args:
        env: the StreamExecutionEnvironment.
        source: opens the input: `source(env)` gives `flinkblocks.core.events.Events`.
        sinks: takes all outputs at once, so that they stay at one checkpoint.
        flags: WindowingAggregationsFlags.
    """
    events = source(env)
    sinks.write(events.dead_letters, *(TYPES[name](events) for name in flags.window_types))


def results(flags) -> tuple[str, ...]:
    """The outputs of the types that are asked for."""
    return tuple(f"windowing-{name}" for name in flags.window_types)


def analyses(flags) -> tuple[str, ...]:
    """What has accounts: the outputs, and the spikes, whose records go to windowing-pattern."""
    return (*results(flags), *(["windowing-pattern-spike"] if "pattern" in flags.window_types else []))


BLOCK = Block(WindowingAggregationsFlags, results=results, define_workflow=define_workflow, analyses=analyses)

if __name__ == "__main__":
    sys.exit(BLOCK.run())
