import json
from collections import Counter

import pytest

from tools.bench import changes

COUNT = 3_000


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The lines by table, and what was said of their number."""
    folder = tmp_path_factory.mktemp("changes")
    said = changes.write(folder, COUNT, seed=7)
    return {name: (folder / file).read_bytes().splitlines() for name, file in changes.FILES.items()}, said


@pytest.fixture(scope="module")
def envelopes(written):
    return {name: [json.loads(line) for line in lines] for name, lines in written[0].items()}


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    assert changes.write(tmp_path, COUNT, seed=7) == written[1]
    for name, lines in written[0].items():
        assert (tmp_path / changes.FILES[name]).read_bytes().splitlines() == lines


def test_lines_are_counted(written):
    lines, said = written
    assert {name: len(each) for name, each in lines.items()} == said
    assert sum(said.values()) == COUNT + COUNT // 10 + COUNT // 100


def test_every_row_goes_from_change_to_change(envelopes):
    for found in envelopes.values():
        rows = {}
        for change in found:
            before, after = change["before"], change["after"]
            row_id = (before or after)["id"]
            assert rows.get(row_id) == before
            assert change["op"] == ("d" if after is None else "u" if before else change["op"])
            assert change["op"] in "crud"
            rows[row_id] = after


def test_the_snapshot_has_marks_and_no_transactions(envelopes):
    assert "r" not in {change["op"] for change in envelopes["orders"]}
    for name, marks in {
        "products": ("first", "last_in_data_collection"),
        "users": ("first_in_data_collection", "last"),
    }.items():
        reads = [change for change in envelopes[name] if change["op"] == "r"]
        assert envelopes[name][: len(reads)] == reads
        assert (reads[0]["source"]["snapshot"], reads[-1]["source"]["snapshot"]) == marks
        assert {change["source"]["snapshot"] for change in reads[1:-1]} == {"true"}
        assert {change["transaction"] for change in reads} == {None}


def test_the_log_goes_forward_and_transactions_count(envelopes):
    stream = [change for found in envelopes.values() for change in found if change["op"] != "r"]
    stream.sort(key=lambda change: change["source"]["lsn"])
    assert len({change["source"]["lsn"] for change in stream}) == COUNT
    seen = Counter()
    for change in stream:
        source, block = change["source"], change["transaction"]
        seen.update([source["txId"], (source["txId"], source["table"])])
        assert block["id"] == f"{source['txId']}:{source['lsn']}"
        assert block["total_order"] == seen[source["txId"]]
        assert block["data_collection_order"] == seen[source["txId"], source["table"]]
        assert source["ts_ms"] == source["ts_us"] // 1000 == source["ts_ns"] // 1_000_000
        assert json.loads(source["sequence"])[1] == str(source["lsn"])
    assert [change["source"]["txId"] for change in stream] == sorted(change["source"]["txId"] for change in stream)


def test_what_the_queries_tell_apart_is_there(envelopes):
    orders = envelopes["orders"]
    assert {change["op"] for change in orders} == {"c", "u", "d"}
    statuses = {change["after"]["status"] for change in orders if change["after"]}
    assert statuses == {"placed", "paid", "shipped", "cancelled"}
    updates = [change for change in orders if change["op"] == "u"]
    for column in ("user_id", "amount", "status"):
        assert any(change["before"][column] != change["after"][column] for change in updates)
    gone = {change["before"]["id"] for change in envelopes["users"] if change["op"] == "d"}
    assert gone & {change["after"]["user_id"] for change in orders if change["after"]}
    assert all(len(change["after"]["amount"].split(".")[1]) == 2 for change in orders if change["after"])
    assert all(change["after"]["updated_at"].endswith("Z") for change in orders if change["after"])
