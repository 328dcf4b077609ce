"""pytest under Bazel: one py_test per file."""

load("@rules_python//python:defs.bzl", "py_test")
load("//tools:test_jvm.bzl", "JVM_FLAG")
load("//tools:test_tags.bzl", "sized", "tagged")

_MAIN = "//tools/python:pytest_main.py"

# For PyFlink's JVM and Flink's scripts, and for the start scripts of java_binary.
_ENV = {name: JVM_FLAG for name in ["JVM_ARGS", "JVM_FLAGS"]}

def pytest_test(name, src, srcs = [], deps = [], data = [], args = [], env = {}, size = None, tags = ["unit"], **kwargs):
    """One file of tests.

    Args:
      name: of the target.
      src: the file of tests.
      srcs: modules that it shares with other tests, when no library holds them.
      deps: as of py_test; pytest is among them.
      data: runfiles.
      args: for pytest, after the file.
      env: more variables, or other values.
      size: Bazel's size; small for a unit test, medium for an integration test.
      tags: with `unit` or `integration` among them.
      **kwargs: for py_test.
    """
    py_test(
        name = name,
        size = sized(size, tags),
        srcs = [src, _MAIN] + srcs,
        args = ["$(rootpath %s)" % src] + args,
        data = data + ["//:pyproject.toml"],
        env = _ENV | env,
        main = _MAIN,
        tags = tagged(name, tags),
        # A test may name them too.
        deps = {d: None for d in deps + ["@pypi//:hypothesis", "@pypi//:pytest"]}.keys(),
        **kwargs
    )

def pytest_tests(name, srcs, common = [], **kwargs):
    """One target per file, and a suite with the given name.

    Args:
      name: of the suite.
      srcs: the files of tests, often glob(["*_test.py"]).
      common: modules that they share.
      **kwargs: for each pytest_test.
    """
    tests = []
    for src in srcs:
        test = src.removesuffix(".py").replace("/", "_")
        if test == name:
            fail("%s: the suite may not be called as one of its tests" % name)
        pytest_test(name = test, src = src, srcs = common, **kwargs)
        tests.append(test)
    native.test_suite(name = name, tests = tests)
