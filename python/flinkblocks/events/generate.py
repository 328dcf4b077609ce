"""Generates a web shop's events: `bazel run //python/flinkblocks/events:generate -- --help`.

The generator is part of the Java core and so is its command line; this is how users start it.
"""

from __future__ import annotations

import os
import sys

from flinkblocks.errors import main_guard
from flinkblocks.runtime import java_program_environment, runfile

_PROGRAM = "java/io/flinkblocks/generator/generate"


def main(argv: list[str]) -> None:
    """Becomes the Java program: its output, signals and exit code are then this process's.

    Args:
        argv: the arguments for it.

    Raises:
        UserError: the program is not among the runfiles.
    """
    program = runfile(_PROGRAM)
    os.execve(program, [program, *argv], java_program_environment())


if __name__ == "__main__":
    sys.exit(main_guard(main)())
