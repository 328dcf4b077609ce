import json

import pytest

from tools.bench import compare


@pytest.fixture
def written(tmp_path):
    """Writes an arm's outputs: by name of the folder, by name of the file."""

    def write(arm, outputs):
        for output, files in outputs.items():
            (tmp_path / arm / output).mkdir(parents=True)
            for name, lines in files.items():
                (tmp_path / arm / output / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return compare.read(tmp_path / arm)

    return write


def test_neither_order_nor_files_nor_empty_outputs_matter(written):
    one = written("one", {"a": {"part-0": ['{"n":1}', '{"n":2}']}, "late": {}})
    other = written("other", {"a": {"part-0": ['{"n":2}'], "part-1": ['{"n":1}']}})
    assert compare.differences(one, other) == []
    assert one.digest == other.digest
    assert one.count == 2


def test_no_folder_is_no_record(tmp_path):
    assert compare.read(tmp_path / "nothing").count == 0


def test_files_in_progress_and_markers_do_not_count(written):
    found = written("one", {"a": {"part-0": ["{}"], ".part-1.inprogress": ['{"n":1}'], "_SUCCESS": []}})
    assert found.outputs == {"a": ("{}",)}


def test_a_line_is_not_split_at_other_separators(written):
    assert written("one", {"a": {"part-0": ['{"text":"\u2028\x85"}']}}).count == 1


def test_how_often_a_record_is_there_matters(written):
    one = written("one", {"a": {"part-0": ['{"n":1}']}})
    other = written("other", {"a": {"part-0": ['{"n":1}', '{"n":1}']}})
    assert compare.differences(one, other) == [
        "a: 0 records are missing, 1 are there that should not be",
        '  instead: {"n":1}',
    ]


def test_the_first_records_that_differ_are_shown(written):
    one = written("one", {"a": {"part-0": [f'{{"n":{n}}}' for n in range(9)]}})
    other = written("other", {"b": {"part-0": ['{"n":1}']}})
    told = compare.differences(one, other)
    assert told == [
        "a: 9 records are missing, 0 are there that should not be",
        *(f'  missing: {{"n":{n}}}' for n in range(3)),
        "b: 0 records are missing, 1 are there that should not be",
        '  instead: {"n":1}',
    ]


def test_bytes_that_differ_may_be_the_same_record(written):
    one = written("one", {"a": {"part-0": ['{"total":12.50,"key":"ü","map":{"x":1,"y":2}}']}})
    other = written("other", {"a": {"part-0": ['{"map": {"y":2,"x":1}, "key":"\\u00fc", "total":12.500000}']}})
    assert compare.differences(one, other) != []
    assert compare.differences(one.canonical(), other) == []
    assert one.canonical().digest == other.canonical().digest


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"n":1.00}', '{"n":1}', True),
        ('{"n":0.000001}', '{"n":1e-6}', True),
        ('{"n":100.0}', '{"n":1E2}', True),
        ('{"n":0.1}', '{"n":0.10000000000000000001}', False),
        ('{"n":1}', '{"n":"1"}', False),
        ('{"n":true}', '{"n":1}', False),
        ('{"n":null}', "{}", False),
    ],
)
def test_canonical_numbers_are_exact(one, other, same):
    assert (compare.canonical(one) == compare.canonical(other)) is same


def tables(folder, files):
    (folder / "table").mkdir(parents=True)
    for name, changes in files.items():
        lines = [json.dumps(dict(zip(("op", "before", "after"), change))) for change in changes]
        (folder / "table" / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return compare.read_tables(folder)


def test_of_a_table_the_rows_in_the_end_count(tmp_path):
    one, two, three = {"id": 1, "n": 5}, {"id": 2, "n": 5}, {"id": 1, "n": 6}
    retracting = [("c", None, one), ("c", None, two), ("d", one, None), ("c", None, three), ("d", two, None)]
    found = tables(tmp_path / "a", {"part-x-0-0": retracting})
    assert found.outputs == {"table": (compare.canonical('{"id":1,"n":6}'),)}
    upserts = [("u", None, two), ("d", {"id": 2}, None), ("d", {"id": 3}, None), ("u", None, {"n": 7, "id": 4})]
    other = tables(tmp_path / "b", {"part-x-0-0": [("u", None, three), *upserts[:3]]})
    assert compare.differences(found, other) == []
    more = tables(tmp_path / "c", {"part-x-0-0": [("u", None, three), *upserts]})
    assert compare.differences(found, more)[0] == "table: 0 records are missing, 1 are there that should not be"


def test_parts_of_a_table_are_read_in_the_order_of_their_numbers(tmp_path):
    parts = {f"part-7f-0-{number}": [("u", None, {"id": 1, "n": number})] for number in (10, 9, 2)}
    assert tables(tmp_path, parts).outputs == {"table": ('{"id":1,"n":10}',)}


def test_a_table_without_rows_is_left_out(tmp_path):
    assert tables(tmp_path, {"part-0": [("c", None, {"id": 1}), ("d", {"id": 1}, None)]}).outputs == {}
