"""What holds for all files of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools.lint import sources
from tools.lint.sources import Sources

# Written so that they do not find themselves: this file is looked through as well. `me` is anybody.
MACHINE_PATHS = re.compile(r"/(root|work|home/(?!me/)\w+|Users/(?!me/)\w+)[/]")
REGISTRY_HOSTS = re.compile(
    r"\b(pypi[.]org|pythonhosted[.]org|repo[.]maven[.]apache[.]org|repo1[.]maven[.]org"
    r"|registry[.]npmjs[.]org|deb[.]debian[.]org|snapshot[.]debian[.]org|bcr[.]bazel[.]build)\b"
)
TRAILING_SPACE = re.compile(r"[ \t]$", re.MULTILINE)


@pytest.fixture(scope="module")
def tree() -> Sources:
    return sources.load()


@pytest.fixture(scope="module")
def text(tree: Sources) -> dict[Path, str]:
    return tree.text()


def places(text: dict[Path, str], pattern: re.Pattern[str]) -> list[str]:
    """`file:line: text` of each line in which the pattern is found."""
    return [
        f"{file}:{number}: {line.strip()[:120]}"
        for file, content in text.items()
        if pattern.search(content)
        for number, line in enumerate(content.splitlines(), 1)
        if pattern.search(line)
    ]


def without_target(files: list[Path], text: dict[Path, str], macro: str) -> list[Path]:
    """The tests that the BUILD file of their package does not name, and beside which none has a macro or glob."""
    missing = []
    for file in files:
        package = next((folder for folder in file.parents if folder / "BUILD.bazel" in text), file.parent)
        named = f'"{file.relative_to(package).as_posix()}"' in text.get(package / "BUILD.bazel", "")
        if not named and not re.search(macro, text.get(file.parent / "BUILD.bazel", "")):
            missing.append(file)
    return missing


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATHS, "cd /" + "root/.cache"),
        (MACHINE_PATHS, "/" + "home/alice/x"),
        (REGISTRY_HOSTS, "https://" + "pypi" + ".org/simple"),
        (TRAILING_SPACE, "x" + " "),
    ],
    ids=["root", "home", "registry", "space"],
)
def test_patterns_find_what_they_are_for(pattern: re.Pattern[str], line: str) -> None:
    assert places({Path("a"): f"first\n{line}\n"}, pattern) == [f"a:2: {line.strip()}"]


def test_tests_without_a_target_are_found() -> None:
    covered = [Path("p/a_test.py"), Path("p/deep/a_test.py"), Path("q/c_test.py")]
    # A glob does not reach into folders below it.
    missing = [Path("p/b_test.py"), Path("p/deep/b_test.py"), Path("q/deep/c_test.py"), Path("r/d_test.py")]
    builds = {
        Path("p/BUILD.bazel"): 'src = "a_test.py", src = "deep/a_test.py"',
        Path("q/BUILD.bazel"): 'glob(["*_test.py"])',
    }

    assert without_target(covered + missing, builds, r'"\*_test\.py"') == missing


def test_list_has_the_tree(tree: Sources) -> None:
    assert Path("MODULE.bazel") in tree.files
    assert Path("tools/lint/repository_test.py") in tree.files
    assert Path("tools/bazelw") in tree.shell()


def test_no_path_of_a_machine(text: dict[Path, str]) -> None:
    assert places(text, MACHINE_PATHS) == []


def test_no_registry_host(text: dict[Path, str]) -> None:
    assert places(text, REGISTRY_HOSTS) == []


def test_lines_are_tidy(text: dict[Path, str]) -> None:
    # In Markdown two spaces at the end of a line mean something.
    spaces = places({f: c for f, c in text.items() if f.suffix != ".md"}, TRAILING_SPACE)
    no_newline = [str(file) for file, content in text.items() if content and not content.endswith("\n")]

    assert spaces == []
    assert no_newline == []


def test_shell_scripts_parse(tree: Sources) -> None:
    for file in tree.shell():
        done = subprocess.run(["bash", "-n", str(tree.root / file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_every_python_test_has_a_target(tree: Sources, text: dict[Path, str]) -> None:
    assert without_target(tree.with_suffix("_test.py"), text, r'"\*_test\.py"') == []


def test_every_java_test_has_a_target(tree: Sources, text: dict[Path, str]) -> None:
    assert without_target(tree.with_suffix("Test.java"), text, r"java_room\(") == []
