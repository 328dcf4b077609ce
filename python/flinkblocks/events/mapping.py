"""How the columns of somebody's table become events: the mapping file, checked, and what it does to one row.

A mapping is YAML; `events/mappings/ecom.yaml` is an example. Every field of an event has one rule:

    constant: VALUE            the same for every row
    column: NAME               the column as it is
    template: "{a}-{row}"      columns put together; {row} is the row's number, from 1
    map: {from: to}            then looked up; what is not in it is `default`, or the row is refused
    number: {decimal: ",", thousands: "."}          for price and quantity
    time: "%d.%m.%Y %H:%M" | iso | epoch_s | epoch_ms   with zone: Europe/Berlin unless the text names one
"""

from __future__ import annotations

import datetime
import json
import re
import string
import zoneinfo
from decimal import Decimal
from typing import Any, Optional, Union

import pydantic
import yaml

from flinkblocks.errors import UserError

STRINGS = ("event_id", "user_id", "session_id", "product_id", "category", "action")
MAX_BYTES = 256
MAX_QUANTITY = 1_000_000
MAX_AMOUNT = 1_000_000_000
MAX_TIMESTAMP_MS = 253402300800000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
# Decimal takes more than a table should hold: NaN, Infinity, underscores. Each digit can match in one way only, or a
# long text that is no number would be tried in millions.
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


class RowError(Exception):
    """A row that cannot be mapped; the message says which field, which value, and why."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")


class NumberFormat(_Strict):
    """How numbers are written: 1.234,50 has decimal "," and thousands "."."""

    decimal: str = "."
    thousands: str = ""


class Rule(_Strict):
    """Where one field comes from; exactly one of constant, column and template."""

    constant: Optional[Union[int, Decimal, str]] = None
    column: Optional[str] = None
    template: Optional[str] = None
    map: Optional[dict[str, str]] = None
    default: Optional[str] = None
    number: NumberFormat = NumberFormat()
    time: Optional[str] = None
    zone: Optional[str] = None

    @pydantic.model_validator(mode="after")
    def _one_origin(self) -> Rule:
        if sum(x is not None for x in (self.constant, self.column, self.template)) != 1:
            raise ValueError("give exactly one of constant, column and template")
        try:
            parts = self._parts()
        except ValueError as error:
            raise ValueError(f"template: {error}") from None
        if "" in (name for _, name in parts):
            raise ValueError("template: name a column between { and }")
        if self.time not in (None, "iso", "epoch_s", "epoch_ms"):
            try:
                datetime.datetime.strptime(_EPOCH.strftime(self.time), self.time)
            except (ValueError, re.error) as error:
                raise ValueError(f"time: {self.time!r} is no time format: {error}") from None
        if self.zone is not None:
            try:
                zoneinfo.ZoneInfo(self.zone)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError):
                raise ValueError(f"unknown time zone {self.zone!r}") from None
        return self

    def _parts(self) -> list[tuple[str, Optional[str]]]:
        """The template's texts, each with the name of the column behind it; None behind the last."""
        return [(text, name) for text, name, _, _ in string.Formatter().parse(self.template or "")]

    def columns(self) -> set[str]:
        """The columns that a row must have for this rule."""
        if self.column is not None:
            return {self.column}
        return {name for _, name in self._parts() if name not in (None, "row")}

    def text(self, row: dict[str, str], number: int) -> str:
        """The field's text in a row, mapped.

        Raises:
            RowError: the value map has no such value.
        """
        if self.constant is not None:
            found = str(self.constant)
        elif self.column is not None:
            found = row[self.column]
        else:
            # Not str.format: a column may be called `a.b`, which means something else there.
            values = {**row, "row": str(number)}
            found = "".join(text + (values[name] if name is not None else "") for text, name in self._parts())
        if self.map is None:
            return found
        mapped = self.map.get(found, self.default)
        if mapped is None:
            raise RowError(f"{found!r} is not in its map, which has no default")
        return mapped


class Mapping(_Strict):
    """A mapping file."""

    format: Optional[str] = pydantic.Field(None, pattern="^(csv|jsonl)$")
    delimiter: str = pydantic.Field(",", min_length=1, max_length=1)
    quote: str = pydantic.Field('"', min_length=1, max_length=1)
    encoding: str = "utf-8-sig"
    fields: dict[str, Rule]
    metadata: dict[str, Rule] = {}

    @pydantic.model_validator(mode="after")
    def _all_fields(self) -> Mapping:
        wanted = [*STRINGS, "price", "quantity", "timestamp"]
        if missing := [f for f in wanted if f not in self.fields]:
            raise ValueError(f"no rule for {', '.join(missing)}")
        if unknown := [f for f in self.fields if f not in wanted]:
            raise ValueError(f"not a field of an event: {', '.join(unknown)}; more goes to `metadata`")
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(f"unknown encoding {self.encoding!r}") from None
        return self

    def columns(self) -> set[str]:
        """All columns that the rules name."""
        return set().union(*(rule.columns() for rule in [*self.fields.values(), *self.metadata.values()]))

    def event(self, row: dict[str, str], number: int) -> bytes:
        """One row as an event of the contract: a JSON object in UTF-8.

        Args:
            row: the columns' texts, by name.
            number: the row's number, from 1.

        Raises:
            RowError: a field cannot be had from it, or would not be valid.
        """
        event: dict[str, Any] = {}
        for field, rule in self.fields.items():
            try:
                event[field] = _value(field, rule, rule.text(row, number))
            except RowError as error:
                raise RowError(f"{field}: {error}") from None
        if event["price"] * event["quantity"] > MAX_AMOUNT:
            raise RowError(f"quantity: price x quantity is over {MAX_AMOUNT:,}")
        if self.metadata:
            event["metadata"] = {name: rule.text(row, number) for name, rule in self.metadata.items()}
        # json has no exact decimals: the price is put in as text, by a marker that no string can contain.
        price, event["price"] = event["price"], "\0"
        text = json.dumps(event, ensure_ascii=False).replace('"\\u0000"', format(price, "f"), 1)
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            raise RowError("a text is not valid in the file's encoding") from None


def load(path: str) -> Mapping:
    """Reads a mapping file.

    Raises:
        UserError: it is missing, no YAML, or not a mapping; the message names the place.
    """
    cure = "see the comments in python/flinkblocks/events/mappings/ecom.yaml"
    try:
        with open(path, encoding="utf-8") as f:
            return Mapping.model_validate(yaml.safe_load(f) or {})
    except OSError as error:
        raise UserError(f"--mapping: {path}: {error.strerror}", "give the path of a mapping file") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"--mapping: {path} is not YAML: {' '.join(str(error).split())}", cure) from None
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UserError(f"--mapping: {path}: {place}: {first['msg'].removeprefix('Value error, ')}", cure) from None


def _value(field: str, rule: Rule, text: str) -> Any:
    if field == "timestamp":
        return _timestamp(rule, text)
    if field in ("price", "quantity"):
        return _number(field, rule, text)
    size = len(text.encode("utf-8", "replace"))
    if not text:
        raise RowError("is empty")
    if size > MAX_BYTES:
        raise RowError(f"has {size} bytes, more than {MAX_BYTES}")
    if "\0" in text:
        raise RowError("has a NUL character")
    return text


def _number(field: str, rule: Rule, text: str) -> Any:
    plain = text.strip()
    if rule.number.thousands:
        plain = plain.replace(rule.number.thousands, "")
    plain = plain.replace(rule.number.decimal, ".") if rule.number.decimal != "." else plain
    value = _decimal(plain)
    if value is None:
        raise RowError(f"{text!r} is not a number")
    if field == "price":
        if not 0 <= value <= MAX_AMOUNT:
            raise RowError(f"{text!r} is not in 0 ... {MAX_AMOUNT:,}")
        return round(value, 6) if value.as_tuple().exponent < -6 else value
    if value != value.to_integral_value() or not 1 <= value <= MAX_QUANTITY:
        raise RowError(f"{text!r} is not a whole number in 1 ... {MAX_QUANTITY:,}")
    return int(value)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _timestamp(rule: Rule, text: str) -> int:
    kind = rule.time or "epoch_ms"
    if kind in ("epoch_s", "epoch_ms"):
        number = _decimal(text.strip())
        if number is None:
            raise RowError(f"{text!r} is not a number of {'seconds' if kind == 'epoch_s' else 'milliseconds'}")
        millis = int(number * (1000 if kind == "epoch_s" else 1))
    else:
        millis = _local_time(kind, rule.zone, text.strip())
    if not 0 < millis < MAX_TIMESTAMP_MS:
        raise RowError(f"{text!r} is not between 1970 and 9999")
    return millis


def _local_time(kind: str, zone: str | None, text: str) -> int:
    try:
        if kind == "iso":
            # Python before 3.11 does not know the Z.
            time = datetime.datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        else:
            time = datetime.datetime.strptime(text, kind)
    except ValueError:
        raise RowError(f"{text!r} is not a time of the form {kind}") from None
    if time.tzinfo is None:
        if zone is None:
            raise RowError(f"{text!r} names no time zone and the mapping has no `zone`")
        time = time.replace(tzinfo=zoneinfo.ZoneInfo(zone))
        # An hour that the clocks skip in spring does not come back the same; of one that they repeat in autumn the
        # first is taken.
        try:
            back = time.astimezone(datetime.timezone.utc).astimezone(time.tzinfo)
        except OverflowError:
            raise RowError(f"{text!r} is not between 1970 and 9999") from None
        if back.replace(tzinfo=None) != time.replace(tzinfo=None):
            raise RowError(f"{text!r} does not exist in {zone}: the clocks were put forward")
    return (time - _EPOCH) // datetime.timedelta(milliseconds=1)
