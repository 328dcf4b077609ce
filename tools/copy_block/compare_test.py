from __future__ import annotations

import pytest

from tools.copy_block.compare import Change, State, compare
from tools.copy_block.manifest import Entry, Manifest, sha256
from tools.copy_block.plan import Piece

OLD, NEW, MINE = b"old\n", b"new\n", b"mine\n"


@pytest.mark.parametrize(
    ("here", "copied", "now", "state"),
    [
        (OLD, OLD, OLD, State.SAME),
        (MINE, OLD, OLD, State.COPY),
        (OLD, OLD, NEW, State.REPOSITORY),
        (MINE, OLD, NEW, State.BOTH),
        (NEW, OLD, NEW, State.SAME),
        (None, OLD, OLD, State.DELETED),
        (None, OLD, NEW, State.DELETED),
        (OLD, OLD, None, State.GONE),
        (MINE, OLD, None, State.GONE),
        (None, OLD, None, State.SAME),
        (None, None, NEW, State.NEW),
        (NEW, None, NEW, State.SAME),
        (MINE, None, NEW, State.BOTH),
    ],
)
def test_what_became_of_a_file(tmp_path, here, copied, now, state):
    if here is not None:
        (tmp_path / "f").write_bytes(here)
    then = Manifest("b", "c", False, {"f": Entry("from", sha256(copied))} if copied else {})
    (change,) = compare(tmp_path, then, {"f": Piece("from", now)} if now else {})
    assert (change.state, change.origin, change.ours, change.theirs) == (state, "from", here, now)


@pytest.mark.parametrize(
    ("state", "ours", "theirs", "lines"),
    [
        (State.COPY, MINE, OLD, ["--- repository/f", "+++ copy/f", "@@ -1 +1 @@", "-old", "+mine"]),
        (State.DELETED, None, OLD, ["--- repository/f", "+++ /dev/null", "@@ -1 +0,0 @@", "-old"]),
        (State.REPOSITORY, OLD, NEW, ["--- copy/f", "+++ repository/f", "@@ -1 +1 @@", "-old", "+new"]),
        (State.BOTH, MINE, NEW, ["--- copy/f", "+++ repository/f", "@@ -1 +1 @@", "-mine", "+new"]),
        (State.GONE, OLD, None, ["--- copy/f", "+++ /dev/null", "@@ -1 +0,0 @@", "-old"]),
        (State.NEW, None, NEW, ["--- /dev/null", "+++ repository/f", "@@ -0,0 +1 @@", "+new"]),
        (State.COPY, b"\xff", OLD, ["f: the two are no text"]),
        (State.COPY, b"old", OLD, ["f: no line differs"]),
    ],
)
def test_the_diff_shows_ones_own_work_or_what_is_to_take_over(state, ours, theirs, lines):
    assert Change("f", "from", state, ours, theirs).patch() == lines


def test_a_folder_where_a_file_was_is_no_file(tmp_path):
    (tmp_path / "f").mkdir()
    (change,) = compare(tmp_path, Manifest("b", "c", None, {"f": Entry("f", sha256(OLD))}), {"f": Piece("f", OLD)})
    assert change.state is State.DELETED
