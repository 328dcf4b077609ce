"""The programs that format and lint, as commands: to check a source tree, or to put it in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from python.runfiles import runfiles

from tools.lint.sources import Sources, runfile


class Unavailable(Exception):
    """A program cannot be had on this machine; the message says why."""


def ruff(sources: Sources, *, fix: bool) -> list[list[str]]:
    """Commands for Python: its lint rules, then its format."""
    program = str(Path(sys.executable).parent / "ruff")
    files = [str(file) for file in sources.with_suffix(".py")]
    if fix:
        return [[program, "check", "--no-cache", "--fix", *files], [program, "format", "--no-cache", *files]]
    return [[program, "check", "--no-cache", *files], [program, "format", "--no-cache", "--diff", *files]]


def google_java_format(sources: Sources, *, fix: bool) -> list[list[str]]:
    """Commands for Java; the check prints the names of files that are not in format."""
    program = str(runfile("_main/tools/lint/google_java_format"))
    mode = ["--replace"] if fix else ["--dry-run", "--set-exit-if-changed"]
    return [[program, *mode, *(str(file) for file in sources.with_suffix(".java"))]]


def buildifier(sources: Sources, *, fix: bool) -> list[list[str]]:
    """Commands for BUILD and .bzl files.

    Raises:
        Unavailable: there is none for this machine.
    """
    try:
        program = str(runfile("buildifier/buildifier"))
    except FileNotFoundError:
        raise Unavailable(runfile("buildifier/missing.txt").read_text().strip()) from None
    mode = ["-mode=fix", "-lint=fix"] if fix else ["-mode=diff", "-lint=warn"]
    return [[program, *mode, *(str(file) for file in sources.starlark())]]


ALL = (ruff, google_java_format, buildifier)


def run(commands: list[list[str]], root: Path) -> tuple[bool, str]:
    """Runs commands in the source tree, all of them whatever they find.

    Returns:
        Whether all were content, and what they printed.
    """
    # A Java program finds its jars by the runfiles of this one.
    env = {**os.environ, **runfiles.Create().EnvVars()}
    done = [
        subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        for command in commands
    ]
    return all(d.returncode == 0 for d in done), "".join(d.stdout for d in done)
