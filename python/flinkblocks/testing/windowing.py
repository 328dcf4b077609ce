"""What windowing_aggregations must say of an input: each window worked out by itself, from all its events.

Nothing here is shared with the engines. It holds for input within the disorder bound and without allowed lateness:
no result is corrected.
"""

from __future__ import annotations

import bisect
import collections
import dataclasses
from collections.abc import Iterable, Iterator
from decimal import Decimal

from flinkblocks.testing.hostile import Line
from flinkblocks.testing.model import (
    amount,
    amount_of,
    average,
    events_of,
    place,
    quoted,
    session_members,
    to_json,
    unit_price,
)
from flinkblocks.testing.windowing_order import global_windows, spikes, user_patterns

MINUTE_MS = 60_000
LEVELS = {"1min": MINUTE_MS, "5min": 5 * MINUTE_MS, "1h": 60 * MINUTE_MS}


@dataclasses.dataclass(frozen=True)
class Sizes:
    """The block's flags that decide on its windows, durations in milliseconds; the defaults are the block's."""

    tumbling_ms: int = 2 * MINUTE_MS
    sliding_ms: int = 10 * MINUTE_MS
    slide_ms: int = 2 * MINUTE_MS
    session_timeout_ms: int = 30 * MINUTE_MS
    trigger_count: int = 50


def outputs(records: Iterable[Line], sizes: Sizes | None = None) -> dict[str, list[bytes]]:
    """The records of all result outputs, as the bytes they must have, by the output's name."""
    records, sizes = list(records), sizes or Sizes()
    return {
        "windowing-global": global_windows(records, sizes.trigger_count),
        "windowing-multi_level": multi_level(records),
        "windowing-pattern": patterns(records),
        "windowing-session": sessions(records, sizes.session_timeout_ms),
        "windowing-sliding": sliding(records, sizes.sliding_ms, sizes.slide_ms),
        "windowing-tumbling": tumbling(records, sizes.tumbling_ms),
    }


def patterns(records: Iterable[Line]) -> list[bytes]:
    """The records of windowing-pattern, of users and of categories."""
    records = list(records)
    return user_patterns(records) + spikes(records)


def tumbling(records: Iterable[Line], size_ms: int) -> list[bytes]:
    """The records of windowing-tumbling."""
    return [
        to_json({**_frame(category, start, size_ms), **_measures(events), "revision": 0}).encode()
        for category, start, events in _windows(records, size_ms, size_ms)
    ]


def sliding(records: Iterable[Line], size_ms: int, slide_ms: int) -> list[bytes]:
    """The records of windowing-sliding."""
    windows = list(_windows(records, size_ms, slide_ms))
    revenue = {(category, start): _revenue(events) for category, start, events in windows}
    found = []
    for category, start, events in windows:
        before = revenue.get((category, start - size_ms))
        change = "null" if before is None else amount(revenue[category, start] - before)
        members = {**_frame(category, start, size_ms), **_measures(events), "revenue_change": change, "revision": 0}
        found.append(to_json(members).encode())
    return found


def sessions(records: Iterable[Line], timeout_ms: int) -> list[bytes]:
    """The records of windowing-session."""
    return [to_json({**members, "revision": 0}).encode() for members in session_members(records, timeout_ms)]


def multi_level(records: Iterable[Line]) -> list[bytes]:
    """The records of windowing-multi_level: each level from the events, whatever the level below says."""
    records = list(records)
    found = []
    for level, size_ms in LEVELS.items():
        for category, start, events in _windows(records, size_ms, size_ms):
            measures = _measures(events)
            del measures["avg_price"]
            members = {"level": quoted(level), **_frame(category, start, size_ms), **measures, "revision": 0}
            found.append(to_json(members).encode())
    return found


def _windows(records: Iterable[Line], size_ms: int, slide_ms: int) -> Iterator[tuple[str, int, list[dict]]]:
    """(category, start, events) of each window with an event."""
    categories = collections.defaultdict(list)
    for event in sorted(events_of(records), key=lambda e: e["timestamp"]):
        categories[event["category"]].append(event)
    for category in sorted(categories, key=place):
        events = categories[category]
        stamps = [e["timestamp"] for e in events]
        for start in range((stamps[0] - size_ms) // slide_ms * slide_ms, stamps[-1] + 1, slide_ms):
            inside = events[bisect.bisect_left(stamps, start) : bisect.bisect_left(stamps, start + size_ms)]
            if inside:
                yield category, start, inside


def _frame(category: str, start: int, size_ms: int) -> dict[str, object]:
    return {"window_key": quoted(category), "window_start": start, "window_end": start + size_ms}


def _measures(events: list[dict]) -> dict[str, object]:
    prices = [unit_price(e) for e in events]
    return {
        "event_count": len(events),
        "purchase_count": sum(e["action"] == "purchase" for e in events),
        "unique_users": len({e["user_id"] for e in events}),
        "revenue": amount(_revenue(events)),
        "avg_price": average(sum(prices), len(prices)),
        "min_price": amount(min(prices)),
        "max_price": amount(max(prices)),
    }


def _revenue(events: list[dict]) -> Decimal:
    return sum((amount_of(e) for e in events if e["action"] == "purchase"), Decimal(0))
