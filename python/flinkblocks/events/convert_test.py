"""The converter: mappings, hostile rows, time zones, sorting, and a real shop's click stream."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import os
import subprocess
import sys
import zoneinfo
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.errors import UserError
from flinkblocks.events import convert, mapping

MAPPING = {
    "fields": {
        "event_id": {"template": "{order}-{row}"},
        "user_id": {"column": "customer"},
        "session_id": {"constant": "none"},
        "product_id": {"column": "sku"},
        "category": {"column": "kind", "map": {"B": "books", "T": "toys"}},
        "action": {"constant": "purchase"},
        "price": {"column": "price", "number": {"decimal": ",", "thousands": "."}},
        "quantity": {"column": "pieces"},
        "timestamp": {"column": "when", "time": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
    },
    "metadata": {"source": {"column": "shop"}},
    "delimiter": ";",
}
HEADER = "order;customer;sku;kind;price;pieces;when;shop"
GOOD = "o1;ann;s1;B;1.234,50;2;15.06.2024 12:00;web"


@pytest.fixture
def run(tmp_path, capsysbinary):
    def run(text, *args, name="in.csv", rules=MAPPING):
        (tmp_path / "m.yaml").write_text(yaml.safe_dump(rules))
        path = tmp_path / name
        data = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        code = convert.main(
            ["--mapping", str(tmp_path / "m.yaml"), "--output", str(tmp_path / "out"), str(path), *args]
        )
        out = (tmp_path / "out").read_bytes() if (tmp_path / "out").exists() else b""
        err = capsysbinary.readouterr().err.decode().replace(str(tmp_path) + "/", "")
        return code, [json.loads(line, parse_float=Decimal) for line in out.splitlines()], err

    return run


@pytest.mark.parametrize("name", ["in.csv", "in.csv.gz"])
def test_a_row_becomes_an_event(run, name):
    code, events, err = run(f"{HEADER}\n{GOOD}\n", name=name)
    assert (code, err) == (0, "1 events, 0 rows refused\n")
    assert events == [
        {
            "event_id": "o1-1", "user_id": "ann", "session_id": "none", "product_id": "s1", "category": "books",
            "action": "purchase", "price": Decimal("1234.50"), "quantity": 2, "timestamp": 1718445600000,
            "metadata": {"source": "web"},
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("customer", "", "user_id: is empty"),
        ("customer", "x" * 257, "user_id: has 257 bytes, more than 256"),
        ("kind", "X", "category: 'X' is not in its map, which has no default"),
        ("price", "abc", "price: 'abc' is not a number"),
        ("price", "NaN", "price: 'NaN' is not a number"),
        ("price", "-1", "price: '-1' is not in 0 ... 1,000,000,000"),
        pytest.param("price", "9" * 200_000 + "x", "is not a number", id="a_long_text_is_no_number"),
        ("pieces", "1,5", "quantity: '1,5' is not a number"),
        ("pieces", "0", "quantity: '0' is not a whole number in 1 ... 1,000,000"),
        ("when", "2024-06-15", "timestamp: '2024-06-15' is not a time of the form %d.%m.%Y %H:%M"),
        ("when", "31.03.2024 02:30", "does not exist in Europe/Berlin: the clocks were put forward"),
        ("when", "01.01.1960 00:00", "is not between 1970 and 9999"),
        ("when", "01.01.0001 00:00", "is not between 1970 and 9999"),
    ],
)
def test_a_row_that_cannot_be_mapped_is_reported_with_its_line(run, column, value, why):
    bad = dict(zip(HEADER.split(";"), GOOD.split(";")))
    bad[column] = value
    code, events, err = run(f"{HEADER}\n{GOOD}\n{';'.join(bad.values())}\n{GOOD}\n")
    assert code == 1
    assert len(events) == 2
    assert err.startswith("in.csv:3: ")
    assert why in err
    assert err.endswith("2 events, 1 rows refused\n")


def test_lines_are_counted_over_quoted_line_ends(run):
    text = f"{HEADER}\n{GOOD.replace('web', chr(34) + 'a' + chr(10) + 'b' + chr(34))}\n{GOOD}\n;short\n{GOOD}\n"
    code, events, err = run(text)
    assert code == 1
    assert len(events) == 3
    assert "in.csv:5: has 2 columns, the header 8" in err


def test_broken_encoding_and_endless_quotes_do_not_stop_it(run):
    text = f"{HEADER}\n{GOOD}\n".encode() + GOOD.replace("ann", "?").encode().replace(b"?", b"\xff") + b"\n"
    code, events, err = run(text)
    assert code == 1
    assert len(events) == 1
    assert "in.csv:3: a text is not valid in the file's encoding" in err
    code, events, err = run(f'{HEADER}\n{GOOD}\n"never closed;\n{GOOD}')
    assert code == 1
    assert len(events) == 1
    assert "in.csv:3: unexpected end of data" in err


def test_a_cut_gz_keeps_what_was_readable(tmp_path, run):
    packed = gzip.compress((HEADER + "\n" + (GOOD + "\n") * 50_000).encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING))
    out = tmp_path / "out"
    assert convert.main(["--mapping", str(tmp_path / "m.yaml"), "--output", str(out), str(path)]) == 1
    assert 1000 < len(out.read_bytes().splitlines()) < 50_000


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({}, "fields: Field required"),
        ({"fields": {}}, "no rule for event_id"),
        ({**MAPPING, "colour": 1}, "colour: Extra inputs are not permitted"),
        ({**MAPPING, "fields": {**MAPPING["fields"], "sku": {"constant": 1}}}, "not a field of an event: sku"),
        ({**MAPPING, "fields": {**MAPPING["fields"], "action": {}}}, "give exactly one of constant, column"),
        ({**MAPPING, "fields": {**MAPPING["fields"], "action": {"column": "no"}}}, "has no column no; it has order"),
        ({**MAPPING, "encoding": "utf-99"}, "unknown encoding 'utf-99'"),
        ({**MAPPING, "fields": {**MAPPING["fields"], "action": {"template": "{"}}}, "fields.action: template: "),
        ({**MAPPING, "fields": {**MAPPING["fields"], "action": {"template": "{}"}}}, "name a column between { and }"),
        ({**MAPPING, "fields": {**MAPPING["fields"], "action": {"template": "{no.x}"}}}, "has no column no.x"),
        (
            {**MAPPING, "fields": {**MAPPING["fields"], "timestamp": {"column": "when", "time": "%d %d"}}},
            "no time format",
        ),
        ({**MAPPING, "encoding": "utf-16"}, "in.csv is not in utf-16"),
    ],
)
def test_a_wrong_mapping_is_one_clear_line(run, rules, why):
    code, events, err = run(f"{HEADER}\n{GOOD}\n", rules=rules)
    assert code == 1
    assert events == []
    assert why in err
    assert err.count("\n") == 1


def test_columns_of_a_template_may_have_any_name(run):
    rules = {**MAPPING, "fields": {**MAPPING["fields"], "session_id": {"template": "{{{a.b}}}-{row}"}}}
    code, events, err = run(f"{HEADER};a.b;row\n{GOOD};x;77\n", rules=rules)
    assert (code, err) == (0, "1 events, 0 rows refused\n")
    assert events[0]["session_id"] == "{x}-1"


def test_a_header_that_is_no_csv_is_one_clear_line(run):
    code, events, err = run('"never closed')
    assert (code, events) == (1, [])
    assert err.startswith("convert: in.csv: its first line: ")


@pytest.mark.parametrize("text", ["1e999999999", "Infinity", "NaN", "9" * 400, "-1"])
def test_numbers_that_are_no_time(text):
    with pytest.raises(mapping.RowError):
        mapping._timestamp(mapping.Rule(column="t", time="epoch_s"), text)


def test_the_input_is_not_written_over(tmp_path, run, capsysbinary):
    run(f"{HEADER}\n{GOOD}\n")
    path = str(tmp_path / "in.csv")
    assert convert.main(["--mapping", str(tmp_path / "m.yaml"), "--output", path, path]) == 1
    assert b"that is the file to convert" in capsysbinary.readouterr().err
    assert GOOD in (tmp_path / "in.csv").read_text()


def test_a_full_disk_is_one_clear_line(tmp_path, run, capsysbinary):
    run(f"{HEADER}\n{GOOD}\n")
    args = ["--mapping", str(tmp_path / "m.yaml"), "--output", "/dev/full", str(tmp_path / "in.csv")]
    assert convert.main(args) == 1
    assert capsysbinary.readouterr().err.startswith(b"convert: No space left on device; ")


def test_json_lines(run):
    rules = {"fields": {f: {"column": f} for f in (*mapping.STRINGS, "price", "quantity", "timestamp")}}
    row = {**dict.fromkeys(mapping.STRINGS, "x"), "price": 12.499999999999998, "quantity": 1, "timestamp": 1000}
    lines = [json.dumps(row), "", "[1]", "{", json.dumps({**row, "price": None}), json.dumps({**row, "quantity": 3})]
    code, events, err = run("\n".join(lines), name="in.jsonl", rules=rules)
    assert code == 1
    assert [e["quantity"] for e in events] == [1, 3]
    assert events[0]["price"] == Decimal("12.500000")
    assert [line.split(": ", 1)[0] for line in err.splitlines()[:-1]] == ["in.jsonl:3", "in.jsonl:4", "in.jsonl:5"]


def test_sorting_spills_and_merges(monkeypatch):
    monkeypatch.setattr(convert, "_SORT_ROWS", 7)
    events = [json.dumps({"timestamp": (n * 37) % 50, "n": n}).encode() for n in range(100)]
    found = list(convert.sorted_by_time(iter(events)))
    assert found == sorted(events, key=lambda e: json.loads(e)["timestamp"])


@given(
    st.datetimes(datetime.datetime(1971, 1, 1), datetime.datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"]),
)
def test_local_times_are_instants(time, zone):
    time = time.replace(microsecond=0)
    rule = mapping.Rule(column="t", time="%Y-%m-%dT%H:%M:%S", zone=zone)
    try:
        millis = mapping._timestamp(rule, time.isoformat())
    except mapping.RowError:
        # Skipped by the clocks: then the instant that the library makes of it has another local time.
        guess = time.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.timezone.utc)
        assert guess.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) != time
        return
    back = datetime.datetime.fromtimestamp(millis / 1000, zoneinfo.ZoneInfo(zone))
    assert back.replace(tzinfo=None) == time


def test_missing_input_and_mapping_are_clear(tmp_path, capsys):
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING))
    assert convert.main(["--mapping", str(tmp_path / "m.yaml"), str(tmp_path / "none.csv")]) == 1
    assert "none.csv: No such file" in capsys.readouterr().err
    with pytest.raises(UserError, match="No such file"):
        mapping.load(str(tmp_path / "none.yaml"))


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(MAPPING))
    command = [
        sys.executable,
        "-m",
        "flinkblocks.events.convert",
        "--quiet",
        "--mapping",
        str(tmp_path / "m.yaml"),
        "-",
    ]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    process.stdout.close()
    _, err = process.communicate((HEADER + "\n" + (GOOD + "\n") * 20_000).encode())
    assert (process.returncode, err) == (0, b"")


def test_the_real_click_stream():
    rules = mapping.load(os.path.join(os.path.dirname(convert.__file__), "mappings", "ecom.yaml"))
    err = io.StringIO()
    with open(os.environ["ECOM_CSV"], "rb") as f:
        rejected = convert.Rejected("ecom.csv.gz", err)
        source = convert.Input("ecom.csv.gz", f, rules, rejected)
        events = [json.loads(e) for e in convert.sorted_by_time(convert.convert(source, rules, rejected))]
    assert err.getvalue() == ""
    assert len(events) == 31_106
    assert sum(e["action"] == "purchase" for e in events) == 470
    assert [e["timestamp"] for e in events] == sorted(e["timestamp"] for e in events)
