"""Compares records that must be there with those that are, key by key and in their order."""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional, Union

_SHOWN = 15
_SHOWN_LETTERS = 400
_LSN = re.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}")

#: Time and lsn of changes, by their number.
Stamps = dict[int, tuple[int, str]]


@dataclasses.dataclass(frozen=True)
class Number:
    """A JSON number with a fraction, digit by digit: 12.50 is not 12.5."""

    text: str


@dataclasses.dataclass(frozen=True)
class Told:
    """A record that must be there.

    Attributes:
        key: of the Kafka record.
        members: of its value, but `time`, `lsn`, and `tx_id` where nobody knows it beforehand.
        change: the number of the change that it is about; None for a row of a snapshot.
    """

    key: str
    members: Mapping[str, Any]
    change: Optional[int] = None


def parse(text: Union[str, bytes]) -> Any:
    """Reads JSON without losing a digit."""
    return json.loads(text, parse_float=Number)


def compare(
    output: str,
    names: Sequence[str],
    expected: Iterable[Told],
    found: Iterable[tuple[Optional[bytes], Optional[bytes]]],
    stamps: Stamps,
) -> list[str]:
    """What is missing, too many, in another order, or otherwise than it must be.

    Args:
        output: its name.
        names: of the members of its records, in their order.
        expected: the records, those of a key in their order.
        found: keys and values, those of a key in their order.
        stamps: what the records of one change must agree on; those that it lacks are added.

    Returns:
        Lines for people, the first few; empty when all is right.
    """
    wanted: dict[str, list[Told]] = collections.defaultdict(list)
    there: dict[str, list[Any]] = collections.defaultdict(list)
    for told in expected:
        wanted[told.key].append(told)
    for key, value in found:
        there["null" if key is None else key.decode()].append(None if value is None else parse(value))
    lines = []
    for key in dict.fromkeys([*wanted, *there]):
        wrong = [*_differences(wanted[key], there[key]), *_wrong_forms(names, there[key])]
        # What does not match says nothing about which change it is.
        wrong = wrong or _wrong_stamps(wanted[key], there[key], stamps)
        lines += [f"{output} {key}: {line}" for line in wrong]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"{output}: and {len(lines) - _SHOWN} lines more"]
    return lines


def _differences(wanted: list[Told], there: list[Any]) -> Iterator[str]:
    want, have = [_text(told.members) for told in wanted], [_text(_known(value)) for value in there]
    rest = collections.Counter(have)
    rest.subtract(want)
    for text, count in rest.items():
        if count:
            yield f"{abs(count)} {'too many' if count > 0 else 'missing'}: {text[:_SHOWN_LETTERS]}"
    if want != have and not any(rest.values()):
        n = next(n for n, (left, right) in enumerate(zip(want, have)) if left != right)
        yield f"another order: number {n + 1} of {len(want)} is {have[n][:_SHOWN_LETTERS]}"


def _wrong_forms(names: Sequence[str], there: list[Any]) -> Iterator[str]:
    last = 0
    for value in there:
        if not isinstance(value, dict) or list(value) != list(names):
            yield f"has not the members {', '.join(names)}: {_text(value)[:_SHOWN_LETTERS]}"
        elif not (isinstance(value["time"], int) and value["time"] > 0 and _LSN.fullmatch(str(value["lsn"]))):
            yield f"no time or no lsn: time {value['time']}, lsn {value['lsn']}"
        else:
            high, low = value["lsn"].split("/")
            place = int(high, 16) << 32 | int(low, 16)
            if place < last:
                yield f"lsn {value['lsn']} is below that of the record before it"
            last = place


def _wrong_stamps(wanted: list[Told], there: list[Any], stamps: Stamps) -> list[str]:
    lines = []
    for told, value in zip(wanted, there):
        if told.change is not None:
            stamp = value["time"], value["lsn"]
            known = stamps.setdefault(told.change, stamp)
            if known != stamp:
                lines.append(f"time and lsn are {stamp}; another record of the same change has {known}")
    return lines


def _known(value: Any) -> Any:
    """What one can know of a record beforehand."""
    if not isinstance(value, dict):
        return value
    unknown = {"time", "lsn"} | ({"tx_id"} if value.get("op") == "r" else set())
    return {name: member for name, member in value.items() if name not in unknown}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda number: f"number {number.text}")
