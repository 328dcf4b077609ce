"""What comes out of an analysis: records of its output, late events, and changes of its counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple, Union

from flinkblocks.logic.amounts import Amount
from flinkblocks.logic.events import Event

LATE_EVENTS = "late-events"

#: A string of JSON, or white space outside of one.
_STRING_OR_SPACE = re.compile(r'"(?:[^"\\]|\\.)*"|[ \t\r\n]+')


class Record(NamedTuple):
    """A record of an output: its name, the record's key, and one JSON object."""

    output: str
    key: str
    value: str


class Count(NamedTuple):
    """A change of one of the analysis' counts."""

    name: str
    number: int


Outcome = Union[Record, Count]

USED = Count("used", 1)
LATE = Count("late", 1)
PARTIAL = Count("partial", 1)
NOT_RELEVANT = Count("not-relevant", 1)


def encode(value: object) -> str:
    """JSON without white space, with amounts as plain decimals and text as it is."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode(name)}:{encode(member)}" for name, member in value.items()) + "}"
    return str(value) if isinstance(value, Amount) else json.dumps(value, ensure_ascii=False)


def record(output: str, key: str, /, **members: object) -> Record:
    """A record with these members, in their order."""
    return Record(output, key, encode(members))


def standing(revision: int, *, early: bool) -> dict[str, object]:
    """The last member of a record that others of its identity may replace.

    Args:
        revision: how many there were before it, early ones left out.
        early: whether it tells a result so far, which the final one will follow.
    """
    return {"early": True} if early else {"revision": revision}


def too_late(analysis: str, event: Event) -> Iterator[Outcome]:
    """What comes of an event that is too late for an analysis: it is shown as it was written, on one line."""
    written = _STRING_OR_SPACE.sub(lambda m: m.group() if m.group()[0] == '"' else "", event.raw)
    head = encode({"analysis": analysis, "late_by_ms": event.watermark - event.timestamp})
    yield LATE
    yield Record(LATE_EVENTS, event.user_id, f'{head[:-1]},"event":{written}}}')
