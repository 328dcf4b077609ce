"""Counting the cases of a run from Bazel's events and the reports they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.ci import count_tests

ALL_KINDS = """\
<testsuites><testsuite name="s">
  <testcase name="a"/><testcase name="b"/>
  <testcase name="c"><skipped/></testcase>
  <testcase name="d"><failure/></testcase>
  <testcase name="e"><error/></testcase>
</testsuite></testsuites>
"""
ONE = '<testsuite><testcase name="a"><system-out/></testcase></testsuite>'


class Events:
    """The events of a run, and the reports they name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []

    def test(self, label: str, report: str | None, status: str = "PASSED", **identity: int) -> None:
        """A test target that ran."""
        outputs = [{"name": "test.log", "uri": "file:///none"}]
        if report is not None:
            file = self.folder / f"{len(self.lines)} test.xml"
            file.write_text(report)
            outputs.append({"name": "test.xml", "uri": file.as_uri()})
        self.add(
            {"testResult": {"label": label, **identity}}, testResult={"status": status, "testActionOutput": outputs}
        )

    def target(self, label: str, success: bool, test: bool = True) -> None:
        """A target that was built, or not."""
        self.add({"targetConfigured": {"label": label}}, configured={"testSize": "SMALL"} if test else {})
        self.add({"targetCompleted": {"label": label}}, completed={"success": True} if success else {})

    def add(self, identity: dict, **payload: dict) -> None:
        self.lines.append(json.dumps({"id": identity, **payload}))

    def run(self, exit_code: int = 0) -> int:
        """Runs the program on what there is so far."""
        file = self.folder / "events.json"
        file.write_text("".join(line + "\n" for line in self.lines))
        return count_tests.main([str(file), "--exit-code", str(exit_code)])


@pytest.fixture
def events(tmp_path: Path) -> Events:
    return Events(tmp_path)


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_cases_of_all_targets_and_shards_are_added(events: Events, capsys) -> None:
    events.test("//a", ALL_KINDS, status="FAILED")
    events.test("//b", ONE, shard=1)
    events.test("//b", ONE, shard=2)

    assert events.run(exit_code=3) == 1
    assert last_line(capsys) == "4 passed, 2 failed, 1 skipped"


def test_passed_run(events: Events, capsys) -> None:
    events.target("//b", success=True)
    events.test("//b", ONE)

    assert events.run() == 0
    assert last_line(capsys) == "1 passed, 0 failed"


def test_last_attempt_of_a_flaky_test_counts(events: Events, capsys) -> None:
    events.test("//a", ALL_KINDS, status="FAILED", run=1, shard=1, attempt=1)
    events.test("//a", ONE, run=1, shard=1, attempt=2)

    assert events.run() == 0
    assert last_line(capsys) == "1 passed, 0 failed"


@pytest.mark.parametrize("report", [None, "<testsuite>", ONE], ids=["absent", "broken", "passed so far"])
def test_target_that_failed_without_a_case_is_one_failure(events: Events, capsys, report: str | None) -> None:
    events.test("//a", report, status="TIMEOUT")

    assert events.run(exit_code=3) == 1
    out = capsys.readouterr().out.splitlines()
    assert "//a: TIMEOUT" in out
    assert out[-1].endswith("1 failed")


def test_passed_target_without_report_is_one_case(events: Events, capsys) -> None:
    events.test("//a", None)

    assert events.run() == 0
    assert last_line(capsys) == "1 passed, 0 failed"


def test_shard_without_cases_adds_nothing(events: Events, capsys) -> None:
    events.test("//a", ONE, shard=1)
    events.test("//a", "<testsuites/>", shard=2)

    assert events.run() == 0
    assert last_line(capsys) == "1 passed, 0 failed"


def test_test_that_was_not_built_is_a_failure(events: Events, capsys) -> None:
    events.target("//a", success=False)
    events.target("//lib", success=False, test=False)
    events.test("//b", ONE)

    assert events.run(exit_code=1) == 1
    out = capsys.readouterr().out.splitlines()
    assert out == ["//a: was not built", "1 passed, 1 failed"]


def test_bad_end_of_bazel_is_a_failure(events: Events, capsys) -> None:
    events.test("//b", ONE)

    assert events.run(exit_code=37) == 1
    assert last_line(capsys) == "1 passed, 1 failed"


def test_run_without_tests_fails(events: Events, capsys) -> None:
    assert events.run() == 1
    assert last_line(capsys) == "0 passed, 0 failed"
