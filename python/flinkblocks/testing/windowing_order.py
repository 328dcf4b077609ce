"""What windowing_aggregations must say where the order of events counts: global windows, patterns, spikes."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterable, Iterator
from decimal import Decimal

from flinkblocks.testing.hostile import Line
from flinkblocks.testing.model import amount, average, place, quoted, to_json, unit_price

_MINUTE_MS = 60_000
_PATTERN_MS = 10 * _MINUTE_MS
_TIMEOUT_MS = 5 * _MINUTE_MS
_KEPT_MS = 10 * _MINUTE_MS
_KEPT = 500
_QUIET_MINUTES = 5


def in_order(records: Iterable[Line], field: str) -> dict[str, list[dict]]:
    """The events by one of their fields, those of each key in order."""
    valid = [r for r in records if r.event]
    keys = collections.defaultdict(list)
    for line in sorted(valid, key=lambda r: (r.timestamp, place(r.event["event_id"]), r.raw)):
        keys[line.event[field]].append(line.event)
    return keys


def global_windows(records: Iterable[Line], trigger_count: int) -> list[bytes]:
    """The records of windowing-global, to the end of the input."""
    return [
        to_json({"product_id": quoted(product), **members}).encode()
        for product, events in in_order(records, "product_id").items()
        for members in _firings(events, trigger_count)
    ]


def _firings(events: list[dict], trigger_count: int) -> Iterator[dict[str, object]]:
    contents: list[dict] = []
    since: list[dict] = []  # the events since the last firing
    for event in events:
        if since and event["timestamp"] >= since[0]["timestamp"] + _TIMEOUT_MS:
            contents, since = _evicted(contents), []
            yield _contents("timeout", contents)
        contents.append(event)
        since.append(event)
        if len(since) == trigger_count:
            contents, since = _evicted(contents), []
            yield _contents("count", contents)
    if since:
        yield _contents("timeout", _evicted(contents))


def _evicted(contents: list[dict]) -> list[dict]:
    newest = contents[-1]["timestamp"]
    return [e for e in contents if e["timestamp"] > newest - _KEPT_MS][-_KEPT:]


def _contents(fired_by: str, events: list[dict]) -> dict[str, object]:
    prices = [unit_price(e) for e in events]
    return {
        "fired_by": quoted(fired_by),
        "from": events[0]["timestamp"],
        "to": events[-1]["timestamp"],
        "count": len(events),
        "avg_price": average(sum(prices), len(prices)),
        "min_price": amount(min(prices)),
        "max_price": amount(max(prices)),
    }


def user_patterns(records: Iterable[Line]) -> list[bytes]:
    """The records of windowing-pattern that are of a user."""
    found = []
    for user, events in in_order(records, "user_id").items():
        windows = collections.defaultdict(list)
        for event in events:
            windows[event["product_id"], event["timestamp"] // _PATTERN_MS * _PATTERN_MS].append(event)
        for (product, start), some in windows.items():
            for pattern, look in _PATTERNS.items():
                matched = look(some)
                if matched:
                    found.append(_pattern_record(pattern, user, product, start, matched))
    return found


def _conversion(events: list[dict]) -> list[dict]:
    """The first view, the first add_to_cart behind it, the first purchase behind that."""
    found: list[dict] = []
    rest = iter(events)
    for action in ("view", "add_to_cart", "purchase"):
        found += itertools.islice((e for e in rest if e["action"] == action), 1)
    return found if len(found) == 3 else []


def _abandoned_cart(events: list[dict]) -> list[dict]:
    """The last add_to_cart, unless a purchase or remove_from_cart is behind it."""
    abandoned = [
        e
        for n, e in enumerate(events)
        if e["action"] == "add_to_cart"
        and not any(later["action"] in ("purchase", "remove_from_cart") for later in events[n + 1 :])
    ]
    return abandoned[-1:]


def _indecision(events: list[dict]) -> list[dict]:
    """The first five views, when nothing was added to the cart."""
    views = [e for e in events if e["action"] == "view"]
    added = any(e["action"] == "add_to_cart" for e in events)
    return views[:5] if len(views) >= 5 and not added else []


_PATTERNS = {"conversion": _conversion, "abandoned_cart": _abandoned_cart, "indecision": _indecision}


def _pattern_record(pattern: str, user: str, product: str, start: int, matched: list[dict]) -> bytes:
    members = {
        "pattern": quoted(pattern),
        "user_id": quoted(user),
        "product_id": quoted(product),
        "window_start": start,
        "window_end": start + _PATTERN_MS,
        "event_ids": "[" + ",".join(quoted(e["event_id"]) for e in matched) + "]",
    }
    return to_json(members).encode()


def spikes(records: Iterable[Line]) -> list[bytes]:
    """The records of windowing-pattern that are of a category."""
    found = []
    for category, events in in_order(records, "category").items():
        counts = collections.Counter(e["timestamp"] // _MINUTE_MS for e in events)
        first = last = None
        for minute in sorted(counts):
            if last is None or minute - last > _QUIET_MINUTES:
                first = minute  # not known, or not any more
            before = sum(counts[m] for m in range(minute - 5, minute))
            if minute >= first + 5 and 5 * counts[minute] > 3 * before:
                found.append(_spike_record(category, minute, counts[minute], before))
            last = minute
    return found


def _spike_record(category: str, minute: int, count: int, before: int) -> bytes:
    members = {
        "pattern": quoted("spike"),
        "category": quoted(category),
        "window_start": minute * _MINUTE_MS,
        "window_end": (minute + 1) * _MINUTE_MS,
        "event_count": count,
        "baseline": average(Decimal(before), 5),
    }
    return to_json(members).encode()
