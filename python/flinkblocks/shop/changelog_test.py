"""The log's lines."""

from __future__ import annotations

import datetime
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.shop.changelog import ChangeLog, line, timestamp
from flinkblocks.shop.model import Change

UTC = datetime.timezone.utc
ROW = {
    "id": 7,
    "name": "x'; DROP \"\\\n\u2028👩",
    "price": Decimal("1200.50"),
    "updated_at": datetime.datetime(2025, 1, 31, 1, 2, 3, tzinfo=UTC),
}


def test_a_line():
    text = line(Change("products", "u", ROW, {**ROW, "id": 8}), 99)
    assert "\n" not in text
    assert text.isascii()
    assert '"price":1200.50,' in text
    parsed = json.loads(text, parse_float=Decimal)
    assert list(parsed) == ["table", "op", "key", "before", "after", "txid"]
    assert (parsed["table"], parsed["op"], parsed["key"], parsed["txid"]) == ("products", "u", {"id": 7}, 99)
    assert parsed["before"] == {**ROW, "updated_at": "2025-01-31T01:02:03Z"}
    assert list(parsed["after"]) == list(ROW)
    assert parsed["after"]["id"] == 8


def test_what_there_is_none_of_is_null():
    def read(change):
        return {k: v for k, v in json.loads(line(change, 1)).items() if k in ("key", "before", "after") and v is None}

    row = {"id": 1}
    assert read(Change("users", "c", None, row)).keys() == {"before"}
    assert read(Change("users", "d", row, None)).keys() == {"after"}
    assert read(Change("users", "t")).keys() == {"key", "before", "after"}


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "Z"), (500_000, ".5Z"), (1, ".000001Z"), (123_400, ".1234Z"), (999_999, ".999999Z")],
)
def test_a_time_has_the_fraction_that_it_needs(micros, text):
    zone = datetime.timezone(datetime.timedelta(hours=2))
    assert timestamp(datetime.datetime(1960, 1, 1, 2, 0, 0, micros, zone)) == f"1960-01-01T00:00:00{text}"


@given(st.decimals("-9999999999.99", "9999999999.99", places=2))
def test_an_amount_is_a_plain_number_with_two_decimals(amount):
    text = line(Change("orders", "c", None, {"id": 1, "amount": amount}), 1)
    number = json.loads(text, parse_float=str)["after"]["amount"]
    assert Decimal(number) == amount
    assert "E" not in number
    assert number[-3] == "."


def test_each_transaction_is_there_when_it_was_written():
    out = io.StringIO()
    log = ChangeLog(out)
    log.write([Change("users", "c", None, {"id": 1}), Change("users", "d", {"id": 1}, None)], 5)
    assert [json.loads(text)["txid"] for text in out.getvalue().splitlines()] == [5, 5]
