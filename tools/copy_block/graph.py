"""Which files, tests and jars a block is made of, from the targets of the build."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable
from dataclasses import dataclass

#: How labels of Maven's jars end: `<repository>//:<name>`.
_JAR = "maven//:"
#: The build's own files. What a project without Bazel needs of them, the template has.
_BUILD = "tools"


@dataclass(frozen=True)
class Block:
    """A block as blocks.bzl describes it.

    Attributes:
        name: as on the command line.
        driver: label of the Python program.
        main: label of the Java program's library.
        main_class: the Java program's class.
        core: label of the driver's jar.
        flag_table: label of the Java program's flags.
        tests: labels of the block's own tests.
    """

    name: str
    driver: str
    main: str
    main_class: str
    core: str
    flag_table: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """A target of the build.

    Attributes:
        label: its name.
        kind: the rule.
        tags: as in its BUILD file.
        files: paths of its source files below the repository.
        deps: labels of what it depends on, jars of Maven among them.
    """

    label: str
    kind: str
    tags: tuple[str, ...]
    files: tuple[str, ...]
    deps: tuple[str, ...]

    @property
    def package(self) -> str:
        """The folder of its BUILD file."""
        return package(self.label)

    @property
    def is_test(self) -> bool:
        """Whether it is a test, no suite of tests."""
        return self.kind.endswith("_test")


@dataclass(frozen=True)
class Contents:
    """What a copy of a block consists of.

    Attributes:
        files: paths of source files below the repository.
        packages: folders of the libraries.
        jars: names of Maven's jars in the build that the libraries use.
        test_jars: those that the tests use.
        integration_tests: sources of the tests that start an engine, in Java and in Python.
        test_libraries: sources in Java of which only tests make use, and which are not called so.
    """

    files: frozenset[str]
    packages: frozenset[str]
    jars: frozenset[str]
    test_jars: frozenset[str]
    integration_tests: frozenset[str]
    test_libraries: frozenset[str]


def package(label: str) -> str:
    """The folder of a label, `flink/java` of `//flink/java:conf`."""
    return label.partition("//")[2].partition(":")[0]


def blocks(file: pathlib.Path) -> dict[str, Block]:
    """The blocks of blocks.json, by name."""
    described = json.loads(file.read_text(encoding="utf-8"))
    return {name: Block(name=name, **{**fields, "tests": tuple(fields["tests"])}) for name, fields in described.items()}


class Graph:
    """The targets that the blocks and the tests of all rooms depend on."""

    def __init__(self, targets: Iterable[Target]):
        self._targets = {target.label: target for target in targets}

    @classmethod
    def read(cls, file: pathlib.Path) -> Graph:
        """The graph of graph.json."""
        return cls(
            Target(t["label"], t["kind"], tuple(t["tags"]), tuple(t["files"]), tuple(t["deps"]))
            for t in json.loads(file.read_text(encoding="utf-8"))
        )

    def contents(self, block: Block) -> Contents:
        """What a copy of a block consists of.

        The tests of the rooms that it uses come along: unit tests with whatever they need, integration tests when
        that brings no further room with it.
        """
        used = self._closure([block.driver, block.main, block.core])
        rooms = _packages(used)
        tests = [t for t in self._targets.values() if t.is_test and t.package in rooms and _is_room(t.package)]
        chosen = [*block.tests, *(t.label for t in tests if "integration" not in t.tags)]
        known = rooms | _packages(self._closure(chosen))
        chosen += [t.label for t in tests if "integration" in t.tags and _packages(self._closure([t.label])) <= known]
        tested = self._closure(chosen)
        main, all_files = _sources(used), _sources([*used, *tested])
        return Contents(
            files=frozenset(all_files),
            packages=frozenset(rooms),
            jars=frozenset(_jars(used)),
            test_jars=frozenset(_jars(tested)),
            integration_tests=frozenset(
                file for t in tested if t.is_test and "integration" in t.tags for file in t.files if _is_test(file)
            ),
            test_libraries=frozenset(f for f in all_files - main if f.endswith(".java") and not _is_java_test(f)),
        )

    def _closure(self, labels: Iterable[str]) -> list[Target]:
        """The targets of this repository that these depend on, and they themselves."""
        found: dict[str, Target] = {}
        left = list(labels)
        while left:
            label = left.pop()
            if label not in found and label in self._targets:
                found[label] = self._targets[label]
                left += found[label].deps
        return list(found.values())


def _is_room(folder: str) -> bool:
    """Whether it holds a library of all blocks. The other folders are the blocks' own, which name their tests."""
    return folder.startswith(("java/", "python/"))


def _is_build(folder: str) -> bool:
    return folder in ("", _BUILD) or folder.startswith(_BUILD + "/")


def _packages(targets: Iterable[Target]) -> set[str]:
    return {t.package for t in targets if not _is_build(t.package)}


def _sources(targets: Iterable[Target]) -> set[str]:
    files = {file for target in targets for file in target.files}
    return {file for file in files if not _is_build(file.rpartition("/")[0])}


def _jars(targets: Iterable[Target]) -> set[str]:
    """What the test runner needs is among them: it is the build's, but the engines that it finds are the tests'."""
    return {dep.partition(_JAR)[2] for target in targets for dep in target.deps if _JAR in dep}


def _is_test(file: str) -> bool:
    return file.endswith("_test.py") or _is_java_test(file)


def _is_java_test(file: str) -> bool:
    """Whether a file is a test or a helper of tests by its name."""
    name = file.rpartition("/")[2]
    return name.endswith("Test.java") or (name.startswith("Testing") and name.endswith(".java"))
