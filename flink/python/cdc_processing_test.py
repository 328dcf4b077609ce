"""cdc_processing without any flag about the world outside: it brings a whole pipeline, and leaves only its results."""

from __future__ import annotations

import pathlib
import signal

import psutil
import pytest

from flinkblocks.testing.block_process import BlockProcess
from flinkblocks.testing.folders import read_outputs
from testing_lake import lake_differences

BLOCK = "flink/python/cdc_processing"


@pytest.fixture
def run(tmp_path):
    """Starts it; whatever becomes of the test, nothing of it keeps running."""

    def run(*args):
        return BlockProcess(BLOCK, tmp_path / "home", "--output-path", tmp_path / "out", *args)

    yield run
    for process in left(tmp_path):
        process.kill()


def left(folder: pathlib.Path) -> list[psutil.Process]:
    """The processes that have a folder in their command line."""
    return [p for p in psutil.process_iter(["cmdline"]) if any(str(folder) in word for word in p.info["cmdline"] or ())]


def nothing_is_left(folder: pathlib.Path) -> bool:
    runs = folder / "home/state/flink-building-blocks/local_runs"
    return left(folder) == [] and [path.name for path in runs.iterdir()] == ["lock"]


def wait_note(block, text):
    for found in block.objects():
        if found["type"] == "note" and text in found["text"]:
            return
    raise AssertionError(f"ended without {text!r}: {block.told()}{block.stderr}")


def test_it_proves_that_the_tables_equal_their_queries(run, tmp_path):
    with run("--changes", 500, "--rate", 0, "--enable-validation", "--lake-path", tmp_path / "lake") as block:
        found = list(block.objects())
        assert block.wait() == 0, block.stderr
    (summary,) = (each for each in found if each["type"] == "summary")
    assert (summary["ended"], summary["accounting"]["adds_up"]) == ("DRAINED", True)
    notes = [each["text"] for each in found if each["type"] == "note"]
    assert any(note.startswith("EQUAL to their reference queries: customer_analytics") for note in notes)
    gauges = {gauge["label"] for each in found if each["type"] == "snapshot" for gauge in each.get("gauges", ())}
    assert gauges == {"source", "workload"}
    written = {name: len(records) for name, records in read_outputs(tmp_path / "out").items()}
    assert written["audit-trail"] > 500
    assert {o["name"]: o["records"] for o in summary["outputs"] if o["name"] in written} == written
    assert lake_differences(tmp_path / "lake", read_outputs(tmp_path / "out")["audit-trail"]) == []
    assert nothing_is_left(tmp_path)


def test_what_a_killed_run_has_left_goes_with_the_next(run, tmp_path):
    with run() as block:
        wait_note(block, "the connector")
        block.kill()
    assert left(tmp_path)
    with run() as block:
        wait_note(block, "ending and deleting what an earlier run has left")
        wait_note(block, "kafka: ")
        block.process.send_signal(signal.SIGTERM)
        assert block.wait() == 143
    assert nothing_is_left(tmp_path)
