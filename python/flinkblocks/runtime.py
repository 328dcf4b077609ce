"""Where the parts that are built beside the Python code lie at run time."""

from __future__ import annotations

import os

from python.runfiles import runfiles

from flinkblocks.errors import UserError


def runfile(path: str) -> str:
    """The real path of a file that the build put beside the program.

    Args:
        path: its path below the workspace, `java/io/flinkblocks/core_deploy.jar`.

    Raises:
        UserError: it is not there: the program was not started by Bazel, or its BUILD file lacks it.
    """
    found = runfiles.Create()
    located = found.Rlocation(f"_main/{path}") if found else None
    if not located or not os.path.exists(located):
        raise UserError(f"{path} is not among the program's files", "start it with `bazel run`, or add it to `data`")
    return located


def java_home() -> str:
    """The JDK of the build's Java toolchain, or the one that FLINKBLOCKS_JAVA_HOME names.

    Raises:
        UserError: there is no Java.
    """
    path = os.environ.get("FLINKBLOCKS_JAVA_HOME")
    if not path:
        with open(runfile("tools/java/java_home.txt"), encoding="utf-8") as f:
            path = f.read().strip()
    # A manifest of runfiles knows files only, no folders.
    java = f"{path}/bin/java" if os.path.isabs(path) else runfiles.Create().Rlocation(f"{path}/bin/java")
    if not java or not os.path.exists(java):
        raise UserError(f"no Java in {path}", "install a JDK 17 or newer, or name one with FLINKBLOCKS_JAVA_HOME")
    return os.path.dirname(os.path.dirname(java))


def run_command(target: str) -> list[str]:
    """What a user types to run a program, up to its flags.

    Args:
        target: its label.
    """
    return ["./tools/bazelw", "run", target, "--"]


def java_program_environment() -> dict[str, str]:
    """The environment in which a `java_binary` among the runfiles finds its own jars."""
    return {**os.environ, **runfiles.Create().EnvVars()}
