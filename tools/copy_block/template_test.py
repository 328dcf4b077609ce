"""The template's stand-in for the build offers what the libraries ask for."""

from __future__ import annotations

import ast
import importlib.util
import pathlib

import pytest

from flinkblocks import runtime
from flinkblocks.errors import UserError

TEMPLATE = pathlib.Path(__file__).parent / "template" / "runtime.py"


def functions(file):
    """The public functions of a module with their parameters."""
    tree = ast.parse(pathlib.Path(file).read_text())
    return {
        node.name: [arg.arg for arg in node.args.args]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


@pytest.fixture
def copied(tmp_path):
    file = tmp_path / "python/flinkblocks/runtime.py"
    file.parent.mkdir(parents=True)
    file.write_text(TEMPLATE.read_text().replace("{{artifact}}", "shop"))
    spec = importlib.util.spec_from_file_location("copied_runtime", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_have_the_same_functions():
    assert functions(TEMPLATE) == functions(runtime.__file__)


def test_files_lie_below_the_project(copied, tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "target/shop.jar").write_text("")
    (tmp_path / "shop.yaml").write_text("")
    assert copied.runfile("shop.yaml") == str(tmp_path / "shop.yaml")
    assert copied.runfile("java/io/flinkblocks/core_deploy.jar") == str(tmp_path / "target/shop.jar")


@pytest.mark.parametrize(
    ("path", "cure"), [("java/io/flinkblocks/core_deploy.jar", "mvn -B package"), ("a.yaml", "restore it")]
)
def test_a_missing_file(copied, path, cure):
    with pytest.raises(UserError) as missing:
        copied.runfile(path)
    assert cure in missing.value.line


def test_java_is_the_one_that_is_named_else_the_one_on_path(copied, tmp_path, monkeypatch):
    for name in ("named", "home", "path"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin/java").write_text("")
        (tmp_path / name / "bin/java").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path/bin"))
    monkeypatch.setenv("FLINKBLOCKS_JAVA_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert copied.java_home() == str(tmp_path / "named")
    monkeypatch.delenv("FLINKBLOCKS_JAVA_HOME")
    assert copied.java_home() == str(tmp_path / "home")
    monkeypatch.delenv("JAVA_HOME")
    assert copied.java_home() == str(tmp_path / "path")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no Java in PATH"):
        copied.java_home()


def test_a_program_is_its_start_script(copied):
    assert copied.run_command("//flink/python:shop") == ["./flink/python/shop"]
