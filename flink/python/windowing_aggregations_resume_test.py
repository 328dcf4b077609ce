"""windowing_aggregations resumed with other flags: more types, fewer types, windows of another length."""

from __future__ import annotations

import pytest

from flinkblocks.testing.block_process import BlockProcess

BLOCK = "flink/python/windowing_aggregations"
TYPES = "tumbling,session"
MORE = "tumbling,session,global,pattern"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Starts a run; the outputs of all of them go on in one folder."""
    folder = tmp_path_factory.mktemp("runs")

    def run(*args):
        common = ("--output-path", folder / "out", "--duration", 0, "--rate", 2000, "--checkpoint-interval", "1s")
        return BlockProcess(BLOCK, folder / "home", *common, *args)

    return run


def killed(block):
    """Kills a run behind a checkpoint of all its events; gives the path of the checkpoint."""
    with block:
        before = block.wait_read(2_000)["checkpoints"].get("completed") or 0
        path = block.wait_checkpoint(more_than=before)["checkpoints"]["path"]
        block.kill()
    return path


@pytest.fixture(scope="module")
def checkpoint(run):
    """Of a run with two types, at parallelism 2."""
    return killed(run("--parallelism", 2, "--window-types", TYPES))


def test_types_that_join_say_what_they_have_not_seen(run, checkpoint):
    # More subtasks, which have no counts of earlier runs, and another restart, after which the new types have some.
    joined = killed(run("--parallelism", 3, "--window-types", MORE, "--from-savepoint", checkpoint))
    with run("--parallelism", 2, "--window-types", MORE, "--from-savepoint", joined) as block:
        block.wait_checkpoint()
        summary = block.stop()
        assert block.wait() == 0, block.stderr
    accounts = summary["accounting"]
    assert (summary["resumed"], accounts["adds_up"], accounts["problems"]) == (True, True, [])
    seen = {a["name"].removeprefix("windowing-"): (a["used"], a["before_joining"]) for a in accounts["analyses"]}
    assert [seen.pop(name) for name in TYPES.split(",")] == [(accounts["valid"], 0)] * 2
    ((used, before),) = {seen.pop(name) for name in ("global", "pattern", "pattern-spike")}
    assert seen == {}
    assert used + before == accounts["valid"]
    assert min(used, before) > 1_000


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--window-types", "tumbling"], "the savepoint has state that this job has no place for"),
        (
            ["--window-types", TYPES, "--tumbling-minutes", 3],
            "windowing-tumbling: the state is of windows of 120,000 ms",
        ),
    ],
    ids=["fewer types", "longer windows"],
)
def test_what_does_not_fit_the_state_is_refused_in_one_line(run, checkpoint, flags, line):
    with run("--parallelism", 2, *flags, "--from-savepoint", checkpoint) as block:
        assert block.wait() == 1
    (told,) = block.stderr.splitlines()
    assert line in told
