import fcntl
import io

import pytest

from flinkblocks.cdc.local_run import _folder
from flinkblocks.console import choose_face


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "flink-building-blocks" / "local_runs"


def folder():
    return _folder(choose_face("plain", io.StringIO()))


def test_a_run_has_a_folder_of_its_own(runs):
    with folder() as first, folder() as second:
        assert first != second
        assert first.is_dir()
        assert second.parent == runs
        first.rmdir()
        second.rmdir()
    assert [path.name for path in runs.iterdir()] == ["lock"]


def test_what_a_killed_run_has_left_is_deleted_and_a_live_one_is_left_alone(runs):
    runs.mkdir(parents=True)
    for name in ("dead", "alive"):
        (runs / f"run-{name}").mkdir()
        (runs / f"run-{name}.lock").touch()
    with (runs / "run-alive.lock").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        with folder() as mine:
            there = {path.name for path in runs.iterdir()}
            assert there == {"lock", "run-alive", "run-alive.lock", mine.name, f"{mine.name}.lock"}


def test_the_folder_of_a_run_that_failed_stays_until_the_next(runs):
    with folder() as failed:
        (failed / "log").touch()
    assert failed.is_dir()
    with folder():
        assert not failed.exists()
