"""What streaming_analytics must say of an input, worked out the plainest way there is.

Nothing here is shared with the engine: decimals, dictionaries, one pass. It holds for input within the disorder
bound, where the order of the records makes no difference.
"""

from __future__ import annotations

import base64
import collections
import json
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from flinkblocks.testing.hostile import Line

_WINDOW_MS = 60_000


def amount(value: Decimal) -> str:
    """A result's decimal: no exponent, at least two decimals, no zeros beyond those."""
    text = format(value.quantize(Decimal("0.000001")), "f")
    whole, decimals = text.split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def revenue(records: Iterable[Line]) -> list[bytes]:
    """The records of revenue-metrics, as the bytes they must have, sorted."""
    windows = collections.defaultdict(list)
    for record in records:
        event = record.event
        if event and event["action"] == "purchase":
            start = event["timestamp"] // _WINDOW_MS * _WINDOW_MS
            price = event["price"].quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
            windows[event["category"], start].append((price * event["quantity"], event["user_id"]))
    return sorted(_revenue_record(*key, orders) for key, orders in windows.items())


def _revenue_record(category: str, start: int, orders: list[tuple[Decimal, str]]) -> bytes:
    total = sum(a for a, _ in orders)
    average = (total / len(orders)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    members = {
        "window_key": json.dumps(category, ensure_ascii=False),
        "window_start": start,
        "window_end": start + _WINDOW_MS,
        "total_revenue": amount(total),
        "order_count": len(orders),
        "unique_users": len({u for _, u in orders}),
        "avg_order_value": amount(average),
        "max_order_value": amount(max(a for a, _ in orders)),
    }
    return ("{" + ",".join(f'"{k}":{v}' for k, v in members.items()) + "}").encode()


def dead_letters(records: Iterable[Line]) -> list[tuple[bytes, str, str | None]]:
    """Original bytes, reason and field of every refused record, sorted."""
    found = [(r.raw, r.verdict.reason, r.verdict.field) for r in records if r.verdict]
    return sorted(found, key=lambda d: (d[0], d[1], d[2] or ""))


def dead_letter_line(line: bytes) -> tuple[bytes, str, str | None]:
    """A line of the dead-letter folder, in the form of `dead_letters`."""
    found = json.loads(line)
    raw = base64.b64decode(found["value_base64"]) if "value_base64" in found else found["value"].encode()
    return raw, found["reason"], found.get("field")
