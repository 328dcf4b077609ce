"""A copied block lives on its own: set up, run and tested with pip and Maven alone, outside the repository."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest
from python.runfiles import runfiles

from flinkblocks.runtime import java_home, java_program_environment, runfile
from flinkblocks.testing.folders import read_outputs
from tools.copy_block.testing_network import unreachable

#: Variables of Bazel's tests and of this Python, which are none of the project's business.
OURS = ("BAZEL", "HYPOTHESIS", "JAVA_RUNFILES", "PYTHON", "RUNFILES", "TEST", "XML_OUTPUT_FILE")

#: Optimised code, and bytecode of packages that nobody imports, would be ready when all is over.
BRIEF = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1", "PIP_NO_COMPILE": "1"}


def copy_block(*args: object) -> subprocess.CompletedProcess[str]:
    """The command line as users have it."""
    root = pathlib.Path(runfiles.Create().Rlocation("sources/root.txt", source_repo="")).read_text().strip()
    return subprocess.run(
        [runfile("tools/copy_block/copy_block"), *map(str, args)],
        env={**java_program_environment(), "BUILD_WORKSPACE_DIRECTORY": root},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


class Project:
    """A copy, and the programs that are called in it."""

    def __init__(self, folder: pathlib.Path, home: pathlib.Path) -> None:
        """Takes its folder, and a home folder for what it runs."""
        self.folder = folder
        self._home = home

    def commands(self, title: str) -> list[str]:
        """The first commands of a section of its README."""
        section = (self.folder / "README.md").read_text().split(f"## {title}\n")[1]
        return section.split("```sh\n")[1].split("```")[0].splitlines()

    def set_up(self, command: str) -> str:
        """What may download something; skips the test where its registry cannot be reached."""
        done = self._call(command)
        if done.returncode and (line := unreachable(done.stdout)):
            pytest.skip(f"NOTHING WAS TESTED: `{command}` cannot reach its registry: {line}")
        assert done.returncode == 0, done.stdout[-8000:]
        return done.stdout

    def run(self, command: str, code: int = 0) -> str:
        """A program of the project, in a home folder of its own."""
        done = self._call(command, HOME=str(self._home))
        assert done.returncode == code, done.stdout[-8000:]
        return done.stdout

    def _call(self, command: str, **changed: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        # The Python and the Maven that the build has, whatever the machine has beside them.
        words = {"python3": sys.executable, "mvn": os.environ.get("PROJECT_MVN") or "mvn"}
        first, *others = shlex.split(command, comments=True)
        return subprocess.run(
            [words.get(first, first), *others],
            cwd=self.folder,
            # Neither state nor logs go to the user's home folder; downloads come from there.
            env={
                **environment,
                "JAVA_HOME": java_home(),
                "LANG": "C.UTF-8",
                "XDG_STATE_HOME": str(self._home / "state"),
                **BRIEF,
                **changed,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def copied(folder: pathlib.Path, block: str = "streaming_analytics") -> Project:
    """A new copy in a folder of one's own."""
    made = copy_block(block, "--to", folder / "project")
    assert made.returncode == 0, made.stderr
    return Project(folder / "project", folder / "home")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("copy"))


@pytest.fixture(scope="module")
def project(fresh):
    """The copy, set up as its README says."""
    for command in fresh.commands("Set up"):
        fresh.set_up(command)
    return fresh


def files_of(project):
    return {str(file.relative_to(project.folder)) for file in project.folder.rglob("*") if file.is_file()}


def test_the_copy_is_complete(fresh):
    files = files_of(fresh)
    assert {
        "flink/java/StreamingAnalytics.java",
        "flink/java/streaming_analytics.flags.json",
        "flink/python/streaming_analytics.py",
        "flink/python/streaming_analytics_test.py",
        "java/io/flinkblocks/README.md",
        "java/io/flinkblocks/revenue/RevenueAggregatorTest.java",
        "java/io/flinkblocks/revenue/testdata/accumulator_v1.hex",
        "python/flinkblocks/testing/model.py",
    } <= files
    build = [file for file in files if file.endswith((".bazel", ".bzl")) or file.startswith("tools/")]
    assert build == []
    for file in ("README.md", "pom.xml", "python/flinkblocks/runtime.py", "flink/python/streaming_analytics"):
        assert "{{" not in (fresh.folder / file).read_text()


def test_another_block_comes_with_what_is_its_own(tmp_path):
    """It is set up and tested in the same way, which takes as long once more."""
    files = files_of(copied(tmp_path, "windowing_aggregations"))
    assert {
        "flink/java/WindowingAggregations.java",
        "flink/java/WindowingAggregationsTest.java",
        "flink/java/windowing_aggregations.flags.json",
        "flink/python/windowing_aggregations.py",
        "flink/python/windowing_aggregations_workflow_test.py",
        "java/io/flinkblocks/pattern/Patterns.java",
    } <= files
    assert not [file for file in files if "streaming_analytics" in file or "StreamingAnalytics" in file]


def test_nothing_has_moved_until_something_is_changed(fresh):
    same = copy_block("--diff", fresh.folder)
    assert (same.returncode, same.stderr) == (0, "")
    assert " unchanged\n" in same.stdout
    driver = fresh.folder / "flink/python/streaming_analytics.py"
    text = driver.read_text()
    driver.write_text(text + "# Our own.\n")
    changed = copy_block("--diff", fresh.folder)
    driver.write_text(text)
    assert changed.returncode == 1
    assert "1 changed in the copy" in changed.stdout
    assert "\n+# Our own.\n" in changed.stdout


def test_a_mistake_is_one_line(tmp_path):
    (tmp_path / "photo.jpg").write_text("")
    for args, code in (("no_block", "--to", tmp_path / "new"), 2), (("streaming_analytics", "--to", tmp_path), 2):
        failed = copy_block(*args)
        assert (failed.returncode, len(failed.stderr.splitlines())) == (code, 1)
    assert [file.name for file in tmp_path.iterdir()] == ["photo.jpg"]


def test_before_its_set_up_the_program_says_what_is_missing(tmp_path):
    assert "mvn -B package" in copied(tmp_path).run("flink/java/StreamingAnalytics", code=1)


def test_its_programs_run_and_agree(project, tmp_path):
    driver, main = "flink/python/streaming_analytics", "flink/java/StreamingAnalytics"
    for number, program in enumerate((driver, f"{driver} --engine python", main)):
        told = project.run(f"{program} --records 2000 --output-path {tmp_path / str(number)} --console plain")
        assert "ADDS UP" in told
    java_engine, python_engine, java = (read_outputs(tmp_path / str(number)) for number in range(3))
    assert java_engine == java
    assert python_engine == java
    assert len(java["user-sessions"]) > 100


def test_its_own_tests_pass(project):
    """By the commands of its README."""
    java, units, workflow = project.commands("Test")
    told = project.set_up(java)
    assert max(map(int, re.findall(r"Tests run: (\d+)", told))) > 500
    assert re.search(r"Tests run: [1-9].*StreamingAnalyticsTest\n", told)
    assert re.search(r"\d{3} passed, \d+ deselected", project.run(units))
    assert re.search(r"[1-9]\d* passed, \d+ deselected", project.run(workflow))


def test_what_set_up_and_runs_leave_behind_is_no_change(project):
    told = copy_block("--diff", project.folder, "--brief").stdout
    assert " unchanged" in told
    # The repository may have moved on by now, under the hands of whoever started the test.
    for state in ("changed in the copy", "changed in both", "deleted from the copy"):
        assert state not in told
