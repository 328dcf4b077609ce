"""What streaming_analytics must say of an input, worked out the plainest way there is.

Nothing here is shared with the engines: decimals, dictionaries, one pass. It holds for input within the disorder
bound, where the order of the records makes no difference.
"""

from __future__ import annotations

import base64
import collections
import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from flinkblocks.testing.hostile import Line

_MINUTE_MS = 60_000


def outputs(records: Iterable[Line], session_timeout_ms: int = 30 * _MINUTE_MS) -> dict[str, list[bytes]]:
    """The records of all result outputs, as the bytes they must have, by the output's name."""
    records = list(records)
    return {
        "analytics-results": popularity(records),
        "fraud-alerts": fraud_alerts(records),
        "high-value-transactions": high_value(records),
        "revenue-metrics": revenue(records),
        "user-sessions": sessions(records, session_timeout_ms),
    }


def amount(value: Decimal) -> str:
    """A result's decimal: no exponent, at least two decimals, no zeros beyond those."""
    text = format(value.quantize(Decimal("0.000001")), "f")
    whole, decimals = text.split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def place(text: str) -> bytes:
    """The place of a text in the order of texts: that of their bytes."""
    return text.encode()


def average(total: Decimal, count: int) -> str:
    """A mean, half-up to two decimals."""
    return amount((total / count).quantize(Decimal("0.01"), ROUND_HALF_UP))


def quoted(value: str) -> str:
    """JSON of a text."""
    return json.dumps(value, ensure_ascii=False)


def to_json(members: dict[str, object]) -> str:
    """JSON of members whose values are JSON already."""
    return "{" + ",".join(f"{quoted(key)}:{value}" for key, value in members.items()) + "}"


def unit_price(event: dict) -> Decimal:
    """What one piece costs, exact."""
    return _total(event["price"], 1)


def amount_of(event: dict) -> Decimal:
    """What all pieces cost together, exact."""
    return _total(event["price"], event["quantity"])


@functools.cache
def _total(price: Decimal, quantity: int) -> Decimal:
    return price.quantize(Decimal("0.000001"), ROUND_HALF_EVEN) * quantity


def events_of(records: Iterable[Line]) -> list[dict]:
    """The valid ones among the records."""
    return [r.event for r in records if r.event]


def _purchases(records: Iterable[Line]) -> list[dict]:
    return [e for e in events_of(records) if e["action"] == "purchase"]


def revenue(records: Iterable[Line]) -> list[bytes]:
    """The records of revenue-metrics, as the bytes they must have, sorted."""
    windows = collections.defaultdict(list)
    for event in _purchases(records):
        start = event["timestamp"] // _MINUTE_MS * _MINUTE_MS
        windows[event["category"], start].append((amount_of(event), event["user_id"]))
    return sorted(_revenue_record(*key, orders) for key, orders in windows.items())


def _revenue_record(category: str, start: int, orders: list[tuple[Decimal, str]]) -> bytes:
    total = sum(a for a, _ in orders)
    members = {
        "window_key": quoted(category),
        "window_start": start,
        "window_end": start + _MINUTE_MS,
        "total_revenue": amount(total),
        "order_count": len(orders),
        "unique_users": len({u for _, u in orders}),
        "avg_order_value": average(total, len(orders)),
        "max_order_value": amount(max(a for a, _ in orders)),
    }
    return to_json(members).encode()


def high_value(records: Iterable[Line], threshold: Decimal = Decimal(1000)) -> list[bytes]:
    """The records of high-value-transactions."""
    names = ("event_id", "user_id", "product_id", "category")
    return [
        to_json(
            {**{n: quoted(e[n]) for n in names}, "amount": amount(amount_of(e)), "timestamp": e["timestamp"]}
        ).encode()
        for e in _purchases(records)
        if amount_of(e) >= threshold
    ]


def popularity(records: Iterable[Line]) -> list[bytes]:
    """The records of analytics-results: windows of five minutes, one every minute."""
    windows = collections.defaultdict(lambda: collections.defaultdict(list))
    for event in events_of(records):
        last = event["timestamp"] // _MINUTE_MS * _MINUTE_MS
        for start in range(last - 4 * _MINUTE_MS, last + 1, _MINUTE_MS):
            windows[event["category"], start][event["product_id"]].append(event)
    return [record for key, products in windows.items() for record in _ranking(*key, products)]


def _ranking(category: str, start: int, products: dict[str, list[dict]]) -> Iterator[bytes]:
    ranked = []
    for product, events in products.items():
        actions = collections.Counter(e["action"] for e in events)
        views, carts, bought = actions["view"], actions["add_to_cart"], actions["purchase"]
        users = len({e["user_id"] for e in events})
        ranked.append((-(views + 3 * carts + 5 * bought), place(product), product, views, carts, bought, users))
    for rank, (score, _, product, views, carts, bought, users) in enumerate(
        sorted(ranked, key=lambda r: r[:2])[:10], 1
    ):
        if score:
            members = {
                "type": quoted("product_popularity"), "category": quoted(category), "window_start": start,
                "window_end": start + 5 * _MINUTE_MS, "rank": rank, "product_id": quoted(product),
                "score": -score, "views": views, "add_to_carts": carts, "purchases": bought, "unique_users": users,
            }  # fmt: skip
            yield to_json(members).encode()


def sessions(records: Iterable[Line], timeout_ms: int = 30 * _MINUTE_MS) -> list[bytes]:
    """The records of user-sessions."""
    return [to_json(members).encode() for members in session_members(records, timeout_ms)]


def session_members(records: Iterable[Line], timeout_ms: int) -> Iterator[dict[str, object]]:
    """The members of each session's record, their values in JSON."""
    users = collections.defaultdict(list)
    for event in sorted(events_of(records), key=lambda e: e["timestamp"]):
        found = users[event["user_id"]]
        if not found or event["timestamp"] - found[-1][-1]["timestamp"] > timeout_ms:
            found.append([])
        found[-1].append(event)
    return (_session(user, session) for user, found in users.items() for session in found)


def _session(user: str, session: list[dict]) -> dict[str, object]:
    start, end = session[0]["timestamp"], session[-1]["timestamp"]
    actions = collections.Counter(e["action"] for e in session)
    return {
        "user_id": quoted(user),
        "session_start": start,
        "session_end": end,
        "duration_ms": end - start,
        "event_count": len(session),
        "actions": to_json({a: actions[a] for a in sorted(actions, key=place)}),
        "unique_products": len({e["product_id"] for e in session}),
        "purchase_count": actions["purchase"],
        "revenue": amount(sum((amount_of(e) for e in session if e["action"] == "purchase"), Decimal(0))),
        "converted": json.dumps(actions["purchase"] > 0),
    }


def fraud_alerts(records: Iterable[Line]) -> list[bytes]:
    """The records of fraud-alerts, with the default thresholds."""
    users = collections.defaultdict(list)
    for record in records:
        if record.event and record.event["action"] == "purchase":
            users[record.event["user_id"]].append(record)
    found = []
    for lines in users.values():
        lines.sort(key=lambda r: (r.timestamp, place(r.event["event_id"]), r.raw))
        bought = [r.event for r in lines]
        last_alert: dict[str, int] = {}
        for n, event in enumerate(bought):
            for rule, (severity, pause_ms, evidence) in _suspicions(bought[: n + 1]):
                if event["timestamp"] - last_alert.get(rule, -pause_ms) >= pause_ms:
                    last_alert[rule] = event["timestamp"]
                    found.append(_alert(rule, severity, event, evidence))
    return found


def _suspicions(bought: list[dict]) -> Iterator[tuple[str, tuple[str, int, dict]]]:
    """(rule, (severity, pause, evidence)) of each rule that holds at the last of a user's purchases."""
    *earlier, event = bought
    t, spent = event["timestamp"], amount_of(event)

    recent = [e for e in bought if e["timestamp"] > t - _MINUTE_MS]
    if len(recent) >= 5:
        yield "velocity", ("medium", _MINUTE_MS, {"purchases": len(recent), "window_ms": _MINUTE_MS})

    total = sum((amount_of(e) for e in earlier), Decimal(0))
    if len(earlier) >= 3 and spent * len(earlier) > 10 * total:
        evidence = {"mean_amount": average(total, len(earlier)), "previous_purchases": len(earlier)}
        yield "high_amount", ("high", _MINUTE_MS, evidence)

    if earlier and spent >= 500 and amount_of(earlier[-1]) <= 1 and t - earlier[-1]["timestamp"] <= _MINUTE_MS:
        previous = earlier[-1]
        evidence = {"previous_event_id": quoted(previous["event_id"]), "previous_amount": amount(amount_of(previous))}
        yield "small_then_large", ("high", _MINUTE_MS, evidence)

    addresses = [e.get("metadata", {}).get("ip_address") for e in bought if e["timestamp"] > t - 5 * _MINUTE_MS]
    count = len({a for a in addresses if isinstance(a, str)})
    if count >= 3:
        yield "many_ips", ("medium", 5 * _MINUTE_MS, {"ip_count": count, "window_ms": 5 * _MINUTE_MS})


def _alert(rule: str, severity: str, event: dict, evidence: dict[str, object]) -> bytes:
    name = f"{rule}|{event['user_id']}|{event['event_id']}"
    members = {
        "alert_id": quoted(hashlib.sha256(name.encode()).hexdigest()[:16]),
        "rule": quoted(rule),
        "severity": quoted(severity),
        "user_id": quoted(event["user_id"]),
        "event_id": quoted(event["event_id"]),
        "timestamp": event["timestamp"],
        "amount": amount(amount_of(event)),
        "evidence": to_json(evidence),
    }
    return to_json(members).encode()


def dead_letters(records: Iterable[Line]) -> list[tuple[bytes, str, str | None]]:
    """Original bytes, reason and field of every refused record, sorted."""
    found = [(r.raw, r.verdict.reason, r.verdict.field) for r in records if r.verdict]
    return sorted(found, key=lambda d: (d[0], d[1], d[2] or ""))


def dead_letter_line(line: bytes) -> tuple[bytes, str, str | None]:
    """A line of the dead-letter folder, in the form of `dead_letters`."""
    found = json.loads(line)
    raw = base64.b64decode(found["value_base64"]) if "value_base64" in found else found["value"].encode()
    return raw, found["reason"], found.get("field")
