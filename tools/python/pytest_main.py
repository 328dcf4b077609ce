"""Runs pytest on the files named on the command line, in Bazel's terms.

The report with every case goes to XML_OUTPUT_FILE, scratch files below TEST_TMPDIR; `--test_filter`
(a regular expression, as for the Java tests), `shard_count` and `--test_runner_fail_fast` work.
Arguments and exit code are pytest's.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile

import pytest


class BazelSelection:
    """Leaves the tests that --test_filter asks for and that are this shard's.

    pytest's own -k is no regular expression and refuses `|`.
    """

    def __init__(self, environ: dict[str, str]) -> None:
        self._filter = environ.get("TESTBRIDGE_TEST_ONLY", "")
        self._shards = int(environ.get("TEST_TOTAL_SHARDS") or 1)
        self._shard = int(environ.get("TEST_SHARD_INDEX") or 0)

    @property
    def may_be_empty(self) -> bool:
        """Whether a file without a test for this run is in order."""
        return bool(self._filter) or self._shards > 1

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselects what is not asked for (a pytest hook)."""
        chosen = [item for item in items if re.search(self._filter, item.nodeid)]
        mine = [item for number, item in enumerate(chosen) if number % self._shards == self._shard]
        kept = {id(item) for item in mine}
        config.hook.pytest_deselected(items=[item for item in items if id(item) not in kept])
        items[:] = mine


def pytest_arguments(environ: dict[str, str], scratch: str) -> list[str]:
    """The options that make pytest write where Bazel wants it to.

    Args:
        environ: the test's environment.
        scratch: an existing folder that the test may write to.
    """
    # xunit1 names the file and line of each case. Hypothesis' profile for CI sets no deadline per example (a loaded
    # machine would fail it) and derives the examples from the test, so that a cached result means something.
    args = ["-p", "no:cacheprovider", "-ra", "--color=yes", "-o", "junit_family=xunit1", "--hypothesis-profile=ci"]
    args.append("--basetemp=" + os.path.join(scratch, "pytest"))
    if environ.get("XML_OUTPUT_FILE"):
        args.append("--junitxml=" + environ["XML_OUTPUT_FILE"])
    if environ.get("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1":
        args.append("-x")
    return args


def main(argv: list[str]) -> int:
    """Runs the tests and returns pytest's exit code."""
    scratch = os.environ.get("TEST_TMPDIR") or tempfile.mkdtemp(prefix="pytest-")
    # Bazel gives tests no HOME, and libraries write there.
    os.environ.setdefault("HOME", scratch)
    # Neither of these belongs into the source tree, which is where links in the runfiles lead.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(scratch, "hypothesis"))
    sys.dont_write_bytecode = True
    if os.environ.get("TEST_SHARD_STATUS_FILE"):
        # Tells Bazel that shard_count is understood.
        with open(os.environ["TEST_SHARD_STATUS_FILE"], "a"):
            pass
    selection = BazelSelection(dict(os.environ))
    code = pytest.main(pytest_arguments(dict(os.environ), scratch) + argv, plugins=[selection])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and selection.may_be_empty:
        return 0
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
