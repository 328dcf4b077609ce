"""What cdc_processing must tell of a shop's changes, worked out from the log of the workload that made them.

Nothing here is shared with the job. The analytics tables are not in here: their definition is a query.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flinkblocks.testing.cdc_compare import Stamps, Told, compare, parse

AUDIT, LIFECYCLE, INVENTORY = "audit-trail", "user-lifecycle-events", "inventory-alerts"
#: The members of each output's records, in their order.
MEMBERS = {
    AUDIT: ("table", "key", "op", "before", "after", "changed", "tx_id", "lsn", "time"),
    LIFECYCLE: ("type", "user_id", "before", "after", "time", "lsn", "tx_id"),
    INVENTORY: ("type", "alert", "product_id", "sku", "category", "stock", "reorder_level", "time", "lsn"),
}
TIERS = ("bronze", "silver", "gold", "platinum")

Row = dict[str, Any]
#: Rows by table and id.
Rows = dict[str, dict[int, Row]]


def rows_after(log: Iterable[str], before: Rows | None = None) -> Rows:
    """The rows that a log's changes leave.

    Args:
        log: its lines.
        before: the rows before it; None for empty tables.
    """
    rows: Rows = {table: dict(its) for table, its in (before or {}).items()}
    for change in map(parse, log):
        _play(rows, change)
    return rows


def check(
    found: Mapping[str, Iterable[tuple[bytes | None, bytes | None]]], snapshot: Rows, log: Iterable[str]
) -> list[str]:
    """Holds the committed records of the three outputs against what the log says.

    Args:
        found: keys and values, by output; those of one key in the topic's order.
        snapshot: the rows that the connector found when it began.
        log: the lines that the workload has written since.

    Returns:
        Lines for people; empty when all is there once, in its order for each key, and nothing else.
    """
    stamps: Stamps = {}
    log = list(log)
    lines = []
    for output, told in (
        (AUDIT, audit(snapshot, log)),
        (LIFECYCLE, lifecycle(snapshot, log)),
        (INVENTORY, inventory(log)),
    ):
        lines += compare(output, MEMBERS[output], told, found[output], stamps)
    return lines


def audit(snapshot: Rows, log: Iterable[str]) -> Iterator[Told]:
    """The records of audit-trail: each row of the snapshot, then each change."""
    for table, rows in snapshot.items():
        for row in rows.values():
            yield _audited(table, "r", None, row, None, None)
    for number, change in enumerate(map(parse, log)):
        table, txid = change["table"], change["txid"]
        if change["op"] == "t":
            members = {"table": table, "key": None, "op": "t", "before": None, "after": None, "changed": []}
            yield Told(table, {**members, "tx_id": txid}, number)
            continue
        for op, before, after in _as_captured(change):
            yield _audited(table, op, before, after, txid, number)


def _audited(table: str, op: str, before: Row | None, after: Row | None, txid: int | None, change: int | None) -> Told:
    key = {"id": (before or after)["id"]}
    changed = [column for column in before if before[column] != after[column]] if op == "u" else []
    members = {"table": table, "key": key, "op": op, "before": before, "after": after, "changed": changed}
    if txid is not None:
        members["tx_id"] = txid
    return Told(f"{table}:{json.dumps(key, separators=(',', ':'))}", members, change)


def lifecycle(snapshot: Rows, log: Iterable[str]) -> Iterator[Told]:
    """The records of user-lifecycle-events; a snapshot has none."""
    rows = {table: dict(its) for table, its in snapshot.items()}
    for number, change in enumerate(map(parse, log)):
        if change["table"] == "users":
            gone = list(rows.get("users", {}).values()) if change["op"] == "t" else []
            for before, after in [(row, None) for row in gone] or [(b, a) for _, b, a in _as_captured(change)]:
                for type in _user_events(before, after):
                    id = (before or after)["id"]
                    members = {"type": type, "user_id": id, "before": before, "after": after, "tx_id": change["txid"]}
                    yield Told(str(id), members, number)
        _play(rows, change)


def _user_events(before: Row | None, after: Row | None) -> Iterator[str]:
    if before is None or after is None:
        yield "registered" if before is None else "deleted"
        return
    was, now = before["status"], after["status"]
    if was != now and now in ("active", "suspended"):
        yield "suspended" if now == "suspended" else "reactivated" if was == "suspended" else "activated"
    if before["tier"] in TIERS and after["tier"] in TIERS:
        step = TIERS.index(after["tier"]) - TIERS.index(before["tier"])
        if step:
            yield "upgraded" if step > 0 else "downgraded"


def inventory(log: Iterable[str]) -> Iterator[Told]:
    """The records of inventory-alerts; neither a snapshot nor a product that goes has any."""
    for number, change in enumerate(map(parse, log)):
        if change["table"] != "products" or change["op"] == "t":
            continue
        for _, before, after in _as_captured(change):
            if after is None or _level(before) == _level(after):
                continue
            level = _level(after)
            members = {
                "type": "stock", "alert": "restocked" if level == "ok" else level, "product_id": after["id"],
                **{column: after[column] for column in ("sku", "category", "stock", "reorder_level")},
            }  # fmt: skip
            yield Told(str(after["id"]), members, number)


def _level(row: Row | None) -> str:
    if row is None:
        return "ok"
    return "out" if row["stock"] <= 0 else "low" if row["stock"] <= row["reorder_level"] else "ok"


def _as_captured(change: Row) -> list[tuple[str, Row | None, Row | None]]:
    """Op, before and after as change data capture has them: a new id is the end of one row and the begin of another."""
    op, before, after = change["op"], change["before"], change["after"]
    if op == "u" and before["id"] != after["id"]:
        return [("d", before, None), ("c", None, after)]
    return [(op, before, after)]


def _play(rows: Rows, change: Row) -> None:
    table = rows.setdefault(change["table"], {})
    if change["op"] == "t":
        table.clear()
    if change["before"] is not None:
        del table[change["before"]["id"]]
    if change["after"] is not None:
        table[change["after"]["id"]] = change["after"]
