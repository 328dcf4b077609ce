from __future__ import annotations

import pytest

from tools.copy_block.graph import Block, Graph, Target, package
from tools.copy_block.testing_repository import SHOP

BLOCK = Block(name="shop", **{**SHOP, "tests": tuple(SHOP["tests"])})


def library(label, files=(), deps=()):
    return Target(label, "java_library", (), files, deps)


def java_test(label, files, deps, tag):
    return Target(label, "java_test", (tag,), files, deps)


# The shop uses room a; room a's tests need room b, and one of them a broker.
TARGETS = [
    library("//flink/python:shop", ("flink/python/shop.py",), ("//java:core",)),
    library("//flink/java:Shop_lib", ("flink/java/Shop.java",), ("//java/a:a", "//tools/java:home")),
    library("//java:core", (), ("//java/a:a",)),
    library("//java/a:a", ("java/a/A.java",), ("@m~maven//:flink",)),
    library("//java/a:a_testing", ("java/a/TestingA.java",), ("//java/b:b",)),
    library("//java/b:b", ("java/b/B.java",)),
    library("//java/broker:broker", ("java/broker/Broker.java",), ("@m~maven//:kafka",)),
    library("//java/unused:unused", ("java/unused/Unused.java",)),
    library("//tools/java:home", ("tools/java/home.txt",)),
    library("//tools/java:runner", ("tools/java/Runner.java",), ("@m~maven//:junit",)),
    java_test("//java/a:ATest", ("java/a/ATest.java", "java/a/testdata/a.hex"), ("//java/a:a_testing",), "unit"),
    java_test("//java/a:JobTest", ("java/a/JobTest.java",), ("//java/b:b", "//tools/java:runner"), "integration"),
    java_test("//java/a:BrokerTest", ("java/a/BrokerTest.java",), ("//java/broker:broker",), "integration"),
    java_test("//java/unused:UnusedTest", ("java/unused/UnusedTest.java",), ("//java/unused:unused",), "unit"),
    java_test("//flink/python:shop_test", ("flink/python/shop_test.py", "pyproject.toml"), (), "integration"),
    java_test("//java/a:logic_test", ("java/a/logic_test.py",), (), "unit"),
    java_test("//flink/python:other_test", ("flink/python/other_test.py",), (), "unit"),
]


@pytest.fixture(scope="module")
def contents():
    return Graph(TARGETS).contents(BLOCK)


def test_files_are_those_of_the_programs_the_rooms_and_their_tests(contents):
    assert contents.files == {
        "flink/java/Shop.java",
        "flink/python/shop.py",
        "flink/python/shop_test.py",
        "java/a/A.java",
        "java/a/ATest.java",
        "java/a/JobTest.java",
        "java/a/TestingA.java",
        "java/a/logic_test.py",
        "java/a/testdata/a.hex",
        "java/b/B.java",
    }


def test_the_build_stays_behind_but_not_the_jars_of_its_test_runner(contents):
    assert not [file for file in contents.files if file.startswith("tools/")]
    assert contents.jars == {"flink"}
    assert contents.test_jars == {"junit"}


def test_tests_that_start_an_engine_and_libraries_of_tests_are_told_apart(contents):
    assert contents.integration_tests == {"java/a/JobTest.java", "flink/python/shop_test.py"}
    assert contents.test_libraries == {"java/b/B.java"}


def test_a_room_that_comes_into_use_brings_its_tests():
    more = [library("//java/a:a", ("java/a/A.java",), ("//java/unused:unused",)), *TARGETS]
    used = {target.label: target for target in reversed(more)}
    assert "java/unused/UnusedTest.java" in Graph(used.values()).contents(BLOCK).files


@pytest.mark.parametrize(("label", "folder"), [("//a/b:c", "a/b"), ("//:c", ""), ("repo//a:c", "a")])
def test_package(label, folder):
    assert package(label) == folder
