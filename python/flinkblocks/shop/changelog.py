"""What was committed, as JSON lines: the exact counterpart of what change data capture has to tell."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TextIO

from flinkblocks.shop.tables import Row
from flinkblocks.shop.transactions import Change


class ChangeLog:
    """Writes a line per committed change, in the order of the commits.

    A line is `{"table", "op", "key", "before", "after", "txid"}`: op as in `Change`, a changed id being one `u`; key is
    `{"id": …}` of the row as it was (of a new row as it is), null for a truncate, as before and after are when there
    is none. Amounts are plain numbers with two decimals, times UTC without zeros at the end of their fraction.
    """

    def __init__(self, out: TextIO):
        """Writes to `out`, and flushes after each transaction."""
        self._out = out

    def write(self, changes: Iterable[Change], txid: int) -> None:
        """Adds a transaction.

        Args:
            changes: what it has committed.
            txid: PostgreSQL's number for it.
        """
        self._out.write("".join(line(change, txid) + "\n" for change in changes))
        self._out.flush()


def line(change: Change, txid: int) -> str:
    """One change of the log, without the end of the line."""
    key = "null" if change.key is None else row_json({"id": change.key})
    before, after = ("null" if row is None else row_json(row) for row in (change.before, change.after))
    return (
        f'{{"table":{_json(change.table)},"op":"{change.op}","key":{key},"before":{before},"after":{after},'
        f'"txid":{txid}}}'
    )


def row_json(row: Row) -> str:
    """A row as a JSON object, its columns in their order."""
    return "{" + ",".join(_members(row)) + "}"


def _members(row: Row) -> Iterator[str]:
    for column, value in row.items():
        yield f"{_json(column)}:{_json(value)}"


def _json(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.datetime):
        return f'"{timestamp(value)}"'
    return json.dumps(value)


def timestamp(value: datetime.datetime) -> str:
    """`2025-01-31T23:59:59.5Z`."""
    text = value.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"
