"""A block's Python driver: the library, the program, and the flags for the Java side."""

load("@rules_python//python:defs.bzl", "py_binary", "py_library")
load("//python/flinkblocks/flags:flag_table.bzl", "flag_table")
load("//tools/python:pytest.bzl", "pytest_test")

def python_block(name, flags, deps = []):
    """A block that runs with `bazel run //flink/python:<name>`.

    Args:
      name: of the program; the source is <name>.py. <name>_lib is the library, <name>_flags the table of its flags.
      flags: the class of its flags.
      deps: what it is composed of beside the core.
    """
    py_library(
        name = name + "_lib",
        srcs = [name + ".py"],
        imports = ["."],
        visibility = ["//visibility:public"],
        deps = deps + [
            ":flink_common",
            "//python/flinkblocks/core",
        ],
    )
    py_binary(
        name = name,
        srcs = [name + ".py"],
        visibility = ["//visibility:public"],
        deps = [":%s_lib" % name],
    )
    flag_table(
        name = name + "_flags",
        block = name,
        flags = "%s:%s" % (name, flags),
        deps = [":%s_lib" % name],
    )

def block_test(name, src, deps, data = [], tags = []):
    """Tests that run a block, in processes of its own or in that of the test.

    Args:
      name: of the target.
      src: the file of tests.
      deps: as of pytest_test.
      data: runfiles.
      tags: beside `integration`.
    """
    pytest_test(
        name = name,
        size = "large",
        src = src,
        data = data,
        tags = tags + ["integration"],
        deps = deps,
    )
