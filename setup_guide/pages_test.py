"""What the pages on rooms and new blocks name is there. Their code is read and imported, but not built or run."""

from __future__ import annotations

import ast
import importlib.util
import pathlib
import re
import shlex
from unittest.mock import Mock, create_autospec

import pytest
from python.runfiles import runfiles

import streaming_analytics
from flinkblocks.core.events import Events, Sinks
from flinkblocks.engine import PythonEvents
from flinkblocks.flags import resolve
from flinkblocks.logic import analyses


def source_tree() -> pathlib.Path:
    """Its root; Bazel runs the test again whenever a source has changed."""
    return pathlib.Path(
        pathlib.Path(runfiles.Create().Rlocation("sources/root.txt", source_repo="")).read_text().strip()
    )


ROOT = source_tree()
CORE = ROOT / "java/io/flinkblocks"
PAGE = (ROOT / "setup_guide/07_add_a_block.md").read_text()
#: What its text quotes: `PaneOperator`, `java/io/flinkblocks/<name>`.
QUOTED = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))


def code(language: str) -> list[str]:
    """The code of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def command_lines(program: str) -> list[list[str]]:
    """The arguments with which the page starts a program."""
    lines = [shlex.split(line) for block in code("sh") for line in block.splitlines()]
    return [line[line.index("--") + 1 :] for line in lines if line[:3] == ["./tools/bazelw", "run", program]]


def renamed(text: str) -> str:
    """Code of the page's block under the name of the one that the repository has."""
    return text.replace("large_orders", "streaming_analytics").replace("LargeOrders", "StreamingAnalytics")


def targets(build: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The rules of a BUILD file by their names; who may see them does not count."""
    found = {}
    for call in (statement.value for statement in ast.parse(build).body if isinstance(statement, ast.Expr)):
        arguments = {each.arg: ast.unparse(each.value) for each in call.keywords if each.arg != "visibility"}
        if "name" in arguments:
            found[ast.literal_eval(arguments["name"])] = call.func.id, arguments
    return found


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    """The driver of the page."""
    (text,) = code("python")
    file = tmp_path_factory.mktemp("page") / "large_orders.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location("large_orders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_driver_takes_the_flags_of_its_command_line(driver):
    ((name, value),) = command_lines("//flink/python:large_orders")
    flags = resolve(driver.BLOCK.flags, [name, value])
    assert str(getattr(flags, name.removeprefix("--").replace("-", "_"))) == value


def test_the_driver_writes_results_that_there_are(driver):
    events, sinks = create_autospec(Events, instance=True), create_autospec(Sinks, instance=True)
    driver.define_workflow(Mock(), lambda env: events, sinks, Mock())
    sinks.write.assert_called_once_with(events.dead_letters, events.revenue(), events.high_value())
    assert set(driver.BLOCK.results) < set(streaming_analytics.BLOCK.results)


def test_its_targets_are_those_of_the_block_that_there_is():
    shown = targets(renamed(code("starlark")[0]))
    there = targets((ROOT / "flink/python/BUILD.bazel").read_text())
    assert shown == {"streaming_analytics": there.get("streaming_analytics")}


def test_its_copy_is_described_as_that_of_the_block_that_there_is():
    described = (ROOT / "tools/copy_block/blocks.bzl").read_text()
    there = ast.literal_eval(re.search(r"^BLOCKS = (\{.*?^\})", described, re.DOTALL | re.MULTILINE)[1])
    ((name, shown),) = ast.literal_eval("{" + renamed(code("starlark")[1]) + "}").items()
    assert set(shown["tests"]) < set(there[name]["tests"])
    assert {**shown, "tests": there[name]["tests"]} == there[name]
    ((copied, *_),) = command_lines("//tools:copy_block")
    assert renamed(copied) == name


@pytest.mark.parametrize("path", sorted(quoted for quoted in QUOTED if "/" in quoted and "large_orders" not in quoted))
def test_a_path_is_there(path):
    folder, _, rest = path.partition("<")
    assert (ROOT / folder).exists()
    assert not rest or (ROOT / folder).is_dir()


@pytest.mark.parametrize("name", sorted(quoted for quoted in QUOTED if re.fullmatch(r"[A-Z]+[a-z]\w*", quoted)))
def test_a_class_is_declared(name):
    sources = [file for part in ("flink", "java", "python") for file in (ROOT / part).rglob("*.*")]
    declared = re.compile(rf"^(?:\w+ )*(?:class|interface|record) {name}\b", re.MULTILINE)
    assert any(declared.search(file.read_text()) for file in sources if file.suffix in (".java", ".py"))


def test_its_macros_and_rooms_are_there():
    defined = "".join(
        file.read_text() for part in ("flink", "python", "tools") for file in (ROOT / part).rglob("*.bzl")
    )
    for macro in ("java_block", "java_room", "python_block"):
        assert macro in QUOTED
        assert f"def {macro}(" in defined
    examples = [
        row.rstrip(" |").rpartition("|")[2]
        for row in PAGE.splitlines()
        if row.startswith("| a") or row.startswith("| each")
    ]
    rooms = [room for cell in examples for room in re.findall(r"`(\w+)`", cell)]
    assert len(rooms) == 5
    assert [room for room in rooms if not (CORE / room / "BUILD.bazel").exists()] == []


def test_the_analyses_have_one_name_in_both_engines():
    java, python = ({name for name in vars(events) if not name.startswith("_")} for events in (Events, PythonEvents))
    # What windowing_aggregations refuses to do with --engine python.
    assert java - python == {"global_windows", "multi_level", "patterns"}
    assert python < java
    assert [name for name in python - {"dead_letters"} if not callable(getattr(analyses, name, None))] == []


def test_the_table_of_rooms_has_them_all_with_their_entries():
    table = [row.split("|")[1:-1] for row in (CORE / "README.md").read_text().split("\n\n")[2].splitlines()[2:]]
    named = [room for rooms, _, _ in table for room in re.findall(r"`(\w+)`", rooms)]
    assert sorted(named) == sorted(file.parent.name for file in CORE.glob("*/BUILD.bazel"))
    for rooms, what, entries in table:
        names = re.findall(r"`(\w+)`", entries) + re.findall(r"any `(\w+)`", what)
        assert names
        for name in names:
            assert any((CORE / room / f"{name}.java").exists() for room in re.findall(r"`(\w+)`", rooms)), name
