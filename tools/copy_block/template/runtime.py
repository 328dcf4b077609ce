"""Where the parts of the project lie that are no Python code."""

from __future__ import annotations

import os
import pathlib
import shutil

from flinkblocks.errors import UserError

_ROOT = pathlib.Path(__file__).resolve().parents[2]
#: What Maven builds, by the name that the code knows it by.
_BUILT = {"java/io/flinkblocks/core_deploy.jar": "target/{{artifact}}.jar"}


def runfile(path: str) -> str:
    """The absolute path of a file of the project.

    Args:
        path: its path below the project's folder.

    Raises:
        UserError: it is not there.
    """
    located = _ROOT / _BUILT.get(path, path)
    if not located.exists():
        cure = "build it with: mvn -B package" if path in _BUILT else "restore it: it is a part of this project"
        raise UserError(f"{located} is not there", cure)
    return str(located)


def java_home() -> str:
    """The JDK that FLINKBLOCKS_JAVA_HOME or JAVA_HOME names, else that of the `java` on PATH.

    Raises:
        UserError: there is no Java.
    """
    path = os.environ.get("FLINKBLOCKS_JAVA_HOME") or os.environ.get("JAVA_HOME") or _java_on_path()
    if not os.path.exists(os.path.join(path, "bin", "java")):
        raise UserError(f"no Java in {path or 'PATH'}", "install a JDK 17 or newer, or name one with JAVA_HOME")
    return path


def _java_on_path() -> str:
    java = shutil.which("java")
    return os.path.dirname(os.path.dirname(os.path.realpath(java))) if java else ""


def run_command(target: str) -> list[str]:
    """What a user types to run a program, without its flags.

    Args:
        target: its name, `//flink/python:streaming_analytics`.
    """
    return ["./" + target.removeprefix("//").replace(":", "/")]


def java_program_environment() -> dict[str, str]:
    """The environment for the project's programs."""
    return dict(os.environ)
