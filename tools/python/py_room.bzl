"""The usual shape of a Python package below python/."""

load("@rules_python//python:defs.bzl", "py_library")

def py_room(name, deps = [], data = [], **kwargs):
    """A library of a package's sources, imported by its path below python/ (flinkblocks.stack).

    Args:
      name: the library's name.
      deps: its dependencies.
      data: its runfiles.
      **kwargs: for py_library.
    """
    up = "/".join([".."] * (native.package_name().count("/")))
    py_library(
        name = name,
        srcs = native.glob(["*.py"], exclude = ["*_test.py"]),
        data = data,
        imports = [up],
        visibility = ["//visibility:public"],
        deps = deps,
        **kwargs
    )

    # By one name for all rooms: tools/copy_block takes the tests of a block's rooms along.
    native.test_suite(
        name = "room_tests",
        visibility = ["//visibility:public"],
    )
