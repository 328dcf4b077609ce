"""What pytest_main makes of Bazel's environment: each test runs it in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools.python import pytest_main

TESTS = """\
import pytest

@pytest.mark.parametrize("n", [1, 2])
def test_number(n):
    assert n

def test_other():
    pass
"""
BAZEL_VARIABLES = ("TEST_", "TESTBRIDGE_", "XML_OUTPUT_FILE")


def run(folder: Path, source: str, **env: str) -> tuple[int, list[str]]:
    """Runs the source as a file of tests; returns the exit code and the names in the report."""
    file = folder / "sample_test.py"
    file.write_text(source)
    report = folder / "report.xml"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(BAZEL_VARIABLES)}
    done = subprocess.run(
        [sys.executable, pytest_main.__file__, str(file)],
        env={**clean, "XML_OUTPUT_FILE": str(report), "TEST_TMPDIR": str(folder), **env},
        capture_output=True,
        cwd=folder,
    )
    return done.returncode, [case.get("name") for case in ET.parse(report).iter("testcase")]


def test_each_case_is_in_the_report(tmp_path: Path) -> None:
    assert run(tmp_path, TESTS) == (0, ["test_number[1]", "test_number[2]", "test_other"])


def test_filter_is_a_regular_expression(tmp_path: Path) -> None:
    assert run(tmp_path, TESTS, TESTBRIDGE_TEST_ONLY=r"number\[2|other") == (0, ["test_number[2]", "test_other"])


def test_filter_may_leave_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, TESTS, TESTBRIDGE_TEST_ONLY="absent") == (0, [])


def test_shards_share_the_cases(tmp_path: Path) -> None:
    status = tmp_path / "status"
    names = []
    for index in "01":
        shard = {"TEST_TOTAL_SHARDS": "2", "TEST_SHARD_INDEX": index, "TEST_SHARD_STATUS_FILE": str(status)}
        code, some = run(tmp_path, TESTS, **shard)
        assert code == 0
        names += some
    assert sorted(names) == ["test_number[1]", "test_number[2]", "test_other"]
    assert status.exists()


def test_failure_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "def test_no():\n    assert False\n") == (1, ["test_no"])


def test_file_without_tests_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "") == (int(pytest.ExitCode.NO_TESTS_COLLECTED), [])


def test_hypothesis_sets_no_deadline() -> None:
    from hypothesis import settings

    assert settings.default.deadline is None
    assert settings.default.derandomize
