"""Whether two arms wrote the same: the sorted records of each output."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pathlib
import re
from collections import Counter
from decimal import Decimal
from typing import Any

_SHOWN = 3


@dataclasses.dataclass(frozen=True)
class Records:
    """What an arm wrote.

    Attributes:
        outputs: the lines of each output, sorted; outputs without a line are left out.
        exact: whether the lines are as they were written; otherwise they are in canonical form.
    """

    outputs: dict[str, tuple[str, ...]]
    exact: bool

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(len(lines) for lines in self.outputs.values())

    @property
    def digest(self) -> str:
        """SHA-256 of all records, by output, in their order."""
        digest = hashlib.sha256()
        for output, lines in sorted(self.outputs.items()):
            for line in lines:
                digest.update(f"{output}\t{line}\n".encode())
        return digest.hexdigest()

    def canonical(self) -> Records:
        """The same in canonical form: sorted fields, no white space, numbers without trailing zeros."""
        if not self.exact:
            return self
        outputs = {name: tuple(sorted(map(canonical, lines))) for name, lines in self.outputs.items()}
        return Records(outputs, exact=False)


def read(folder: pathlib.Path) -> Records:
    """Reads an arm's output folder; files that a sink has not finished begin with a dot and do not count."""
    return Records({name: tuple(sorted(lines)) for name, lines in _lines(folder).items()}, exact=True)


def read_tables(folder: pathlib.Path) -> Records:
    """Reads an output folder in which each output is a table's changes: what rows the table has in the end.

    A change is an object with `before`, `after` and `op`, as Flink's Debezium format writes it; `d` takes away the row
    before, any other op puts the row after. The first field of a row is its key.
    """
    outputs = {name: tuple(sorted(_rows(lines))) for name, lines in _lines(folder).items()}
    return Records({name: rows for name, rows in outputs.items() if rows}, exact=False)


def _rows(lines: list[str]) -> list[str]:
    rows: dict[Any, str] = {}
    for line in lines:
        change = json.loads(line, parse_float=Decimal)
        row = change["before" if change["op"] == "d" else "after"]
        key = next(iter(row.values()))
        if change["op"] == "d":
            rows.pop(key, None)
        else:
            rows[key] = _text(row)
    return list(rows.values())


def _lines(folder: pathlib.Path) -> dict[str, list[str]]:
    """The lines of each output that has any, in the order in which one subtask wrote them."""
    outputs = {}
    for output in sorted(path for path in folder.glob("*") if path.is_dir()):
        lines: list[str] = []
        for part in sorted(output.rglob("*"), key=_number):
            if part.is_file() and part.name[0] not in "._":
                # Not splitlines: a line may hold separators that only that would split at.
                lines += [line for line in part.read_text(encoding="utf-8").split("\n") if line]
        if lines:
            outputs[output.name] = lines
    return outputs


def _number(part: pathlib.Path) -> int:
    """The last number in a file's name, which Flink counts up."""
    numbers = re.findall(r"\d+", part.stem)
    return int(numbers[-1]) if numbers else 0


def canonical(line: str) -> str:
    """A JSON object with its fields sorted and its numbers in their shortest form: 12.50 is 12.5."""
    return _text(json.loads(line, parse_float=Decimal))


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        # As text, so that no binary floating point comes near it; a whole number of JSON stays one.
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    return value


def differences(expected: Records, found: Records) -> list[str]:
    """What two arms do not agree on, for people: a line for each output and the first records that differ.

    Records that both arms write alike are compared as they are; otherwise in canonical form.
    """
    if not (expected.exact and found.exact):
        expected, found = expected.canonical(), found.canonical()
    told = []
    for output in sorted({*expected.outputs, *found.outputs}):
        one, other = Counter(expected.outputs.get(output, ())), Counter(found.outputs.get(output, ()))
        missing, more = one - other, other - one
        if not missing and not more:
            continue
        told.append(
            f"{output}: {sum(missing.values())} records are missing, {sum(more.values())} are there that should not be"
        )
        told += [f"  missing: {line}" for line in sorted(missing.elements())[:_SHOWN]]
        told += [f"  instead: {line}" for line in sorted(more.elements())[:_SHOWN]]
    return told
