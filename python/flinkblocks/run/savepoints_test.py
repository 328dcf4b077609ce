import os
import pathlib
import shlex
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.errors import UsageError
from flinkblocks.run.savepoints import (
    checkpoint_folder,
    delete_savepoint,
    drain_folder,
    latest,
    resolve_savepoint,
    resume_command,
    savepoint_folder,
    stopped_savepoint,
    tidy_checkpoints,
)

JOBS = st.sampled_from(["0123456789abcdef0123456789abcdef", "fedcba98765432100123456789abcdef"])
HEX = st.text("0123456789abcdef", min_size=6, max_size=12)
PLACES = st.one_of(
    st.builds("savepoints/savepoint-{}-{}".format, HEX, HEX),
    st.builds("checkpoints/{}/chk-{}".format, JOBS, st.integers(1, 2000)),
)
# Things that lie there too and are nothing to resume from.
LITTER = st.sampled_from(
    ["savepoints/other", "checkpoints/x/shared", "drained/savepoint-aaaaaa-bb", "savepoint-aaaaaa-cc", "chk-7"]
)


def put(root, place, mtime=None, metadata=b"x"):
    folder = pathlib.Path(root) / place
    folder.mkdir(parents=True, exist_ok=True)
    if metadata is not None:
        (folder / "_metadata").write_bytes(metadata)
        if mtime is not None:
            os.utime(folder / "_metadata", (mtime, mtime))
    return str(folder)


@given(
    st.dictionaries(PLACES, st.tuples(st.integers(10**9, 10**9 + 20), st.sampled_from([b"x", b"", None])), max_size=8),
    st.lists(LITTER, max_size=3, unique=True),
)
def test_latest_is_the_newest_complete_one(places, litter):
    with tempfile.TemporaryDirectory() as root:
        for place, (mtime, metadata) in places.items():
            put(root, place, mtime, metadata)
        for place in litter:
            put(root, place, 2 * 10**9)
        complete = {place: mtime for place, (mtime, metadata) in places.items() if metadata}
        if not complete:
            with pytest.raises(UsageError, match="no savepoint and no retained checkpoint"):
                latest(root)
            return
        found = os.path.relpath(latest(root), root)
        assert complete[found] == max(complete.values())
        number = int(found.rpartition("chk-")[2]) if "chk-" in found else 0
        ties = [p for p, mtime in complete.items() if mtime == complete[found] and "chk-" in p]
        assert number == max((int(p.rpartition("chk-")[2]) for p in ties), default=0)


def test_latest_by_uri_and_by_path(tmp_path):
    place = put(tmp_path / "a b", "savepoints/savepoint-1-2")
    assert resolve_savepoint("latest", str(tmp_path / "a b")) == place
    assert resolve_savepoint("latest", (tmp_path / "a b").as_uri()) == place


def test_latest_without_any_state(tmp_path):
    with pytest.raises(UsageError) as raised:
        resolve_savepoint("latest", str(tmp_path / "none"))
    assert raised.value.exit_code == 2
    assert "--checkpoint-path" in raised.value.cure


def test_latest_elsewhere():
    with pytest.raises(UsageError, match="not on this machine"):
        resolve_savepoint("latest", "s3://bucket/state")


def test_path_as_given(tmp_path):
    place = put(tmp_path, "savepoint-1-2")
    for choice in (place, place + "/", place + "/_metadata", pathlib.Path(place).as_uri(), "file:" + place):
        assert resolve_savepoint(choice, "/nowhere") == choice
    assert resolve_savepoint("hdfs:///a/b", "/nowhere") == "hdfs:///a/b"


def test_path_that_is_missing_or_incomplete(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        resolve_savepoint(str(tmp_path / "none"), str(tmp_path))
    for metadata in (None, b""):
        place = put(tmp_path, f"savepoint-{metadata}", metadata=metadata)
        with pytest.raises(UsageError, match="no complete savepoint"):
            resolve_savepoint(place, str(tmp_path))


def test_folders_below():
    assert [f("s3://b/x/") for f in (checkpoint_folder, savepoint_folder, drain_folder)] == [
        "s3://b/x/checkpoints",
        "s3://b/x/savepoints",
        "s3://b/x/drained",
    ]


def test_savepoint_of_a_job(tmp_path):
    put(tmp_path, "savepoint-abcdef-1", 10**9)
    newer = put(tmp_path, "savepoint-abcdef-0", 10**9 + 1)
    put(tmp_path, "savepoint-abcdef-2", metadata=None)
    put(tmp_path, "savepoint-123456-3", 10**9 + 2)
    assert stopped_savepoint(tmp_path.as_uri(), "abcdef0123456789") == newer
    assert stopped_savepoint(str(tmp_path), "ffffff") is None
    assert stopped_savepoint("s3://a/b", "abcdef") is None


def test_delete(tmp_path):
    first, second = put(tmp_path / "drained", "savepoint-a-1"), put(tmp_path / "drained", "savepoint-a-2")
    assert delete_savepoint("file:" + first)
    assert (tmp_path / "drained").exists()
    assert delete_savepoint(second)
    assert not (tmp_path / "drained").exists()
    assert not delete_savepoint(second)


def test_delete_leaves_what_is_no_savepoint(tmp_path):
    place = put(tmp_path, "precious")
    assert not delete_savepoint(place)
    assert not delete_savepoint("s3://a/savepoint-1")
    assert os.path.exists(place)


def test_tidy_leaves_what_is_not_empty(tmp_path):
    for job in ("empty", "kept"):
        (tmp_path / "checkpoints" / job / "shared").mkdir(parents=True)
        (tmp_path / "checkpoints" / job / "taskowned").mkdir()
    put(tmp_path, "checkpoints/kept/chk-3")
    for job in ("empty", "kept", "unknown"):
        tidy_checkpoints(str(tmp_path), job, patience_s=0)
    tidy_checkpoints("s3://a", "empty")
    assert [p.name for p in (tmp_path / "checkpoints").iterdir()] == ["kept"]
    assert latest(str(tmp_path)).endswith("chk-3")


def test_resume_command_replaces_the_flag():
    command = ["bazel", "run", "//x", "--", "--from-savepoint", "latest", "--app-name", "a b", "--from-savepoint=/old"]
    assert resume_command(command, "/new") == "bazel run //x -- --app-name 'a b' --from-savepoint /new"
    assert resume_command(["x", "--from-savepoint"], "latest") == "x --from-savepoint latest"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(
    lambda word: not word.startswith("--from-savepoint")
)


@given(st.lists(WORDS), WORDS)
def test_resume_command_keeps_every_other_word(command, savepoint):
    assert shlex.split(resume_command(command, savepoint)) == [*command, "--from-savepoint", savepoint]
