"""Errors that a user can put right, from Python and from Java, shown as one line without a stack trace."""

from __future__ import annotations

import functools
import re
import sys
import traceback
from typing import Callable

_JAVA_USER_ERROR = "io.flinkblocks.config.UserError"
_CURE = " | cure: "
# Flink's words. Its own advice is an option that leaves the state behind.
_FOREIGN_STATE = "Cannot map checkpoint/savepoint state for operator"
# Where a message ends and frames, or the next exception of the chain, begin.
_MESSAGE_END = r"(?=\n\s*(?:at |\.\.\. \d+ |Caused by: |Suppressed: |\[CIRCULAR)|\s*\Z)"
_USER_ERROR = re.compile(re.escape(_JAVA_USER_ERROR) + r": (.*?)" + _MESSAGE_END, re.DOTALL)
# The head of an exception: at the begin, after py4j's "An error occurred while calling x.", or a cause.
_HEAD = re.compile(r"(?:\A\s*|\n: |\n\s*Caused by: )((?:[\w$]+\.)+[\w$]+)(?:: (.*?))?" + _MESSAGE_END, re.DOTALL)


class UserError(Exception):
    """Something the user can put right: shown as one line without a stack trace.

    Attributes:
        cure: what to do about it, a phrase that can stand after the message.
        exit_code: of a program that ends with it.
    """

    exit_code = 1

    def __init__(self, problem: str, cure: str):
        super().__init__(problem)
        self.cure = cure

    @property
    def line(self) -> str:
        """The one line that is shown."""
        text = " ".join(str(self).split())
        return f"{text}; {self.cure}" if self.cure else text


class UsageError(UserError):
    """A wrong flag, or a wrong value of one."""

    exit_code = 2


def java_user_error(trace: str) -> UserError | None:
    """Finds a UserError of the Java core in the text of a Java stack trace.

    Args:
        trace: what Java printed, or a REST answer or py4j error that holds it.

    Returns:
        The error, or None when there is none anywhere in the chain.
    """
    errors = []
    for found in _USER_ERROR.findall(trace):
        problem, _, cure = found.partition(_CURE)
        # Flink wraps an exception that it sends to another JVM: the name of the class stands there twice then.
        problem = problem.removeprefix(f"{_JAVA_USER_ERROR}: ")
        errors.append(UserError(" ".join(problem.split()), " ".join(cure.split())))
    # And its own text, with the cure, may follow or not.
    return next((error for error in errors if error.cure), errors[0] if errors else None)


def java_failure(trace: str) -> UserError:
    """Says in one line what a Java stack trace is about: a UserError in it, else the deepest cause.

    Args:
        trace: what Java printed, or a REST answer or py4j error that holds it.
    """
    error = java_user_error(trace)
    if error:
        return error
    if _FOREIGN_STATE in trace:
        return UserError(
            "the savepoint has state that this job has no place for",
            "resume with the block and version that wrote it, and with its flags: --engine, --window-types, "
            "--enable-validation, --lake-path and --analytics-postgres-url say what a job is made of",
        )
    heads = _HEAD.findall(trace)
    cure = "--verbose shows the stack trace"
    if not heads:
        return UserError(trace.strip().split("\n")[0] or "unknown cause", cure)
    name, message = heads[-1]
    name = re.split(r"[.$]", name)[-1]
    return UserError(" ".join(f"{name}: {message}".split()).rstrip(":"), cure)


def java_trace(error: BaseException) -> str | None:
    """The Java stack trace that an exception out of py4j or PyFlink carries; None when it is not from Java.

    When the JVM has gone, what py4j knows is all there is.
    """
    if hasattr(error, "java_exception"):
        try:
            return str(error)
        except Exception:
            # The text lies in the JVM, and that cannot be asked any more.
            return str(getattr(error, "errmsg", "the JVM has gone"))
    return getattr(error, "stack_trace", None)


def report(error: BaseException, trace: str | None = None) -> None:
    """Shows an error on stderr: one line, and below it the stack trace if one is given."""
    if not isinstance(error, UserError):
        java = java_trace(error)
        error = java_failure(java) if java is not None else UserError(f"{type(error).__name__}: {error}", "")
    print(f"error: {error.line}", file=sys.stderr)
    if trace:
        print(trace.rstrip(), file=sys.stderr)
    sys.stderr.flush()


def main_guard(main: Callable[[list[str]], int | None]) -> Callable[..., int]:
    """Turns a program's errors into one line and an exit code; with --verbose the stack trace follows.

    UserError gives its exit code, an error out of Java 1, Ctrl-C 130. Any other exception is a bug of the
    program and passes through.

    Args:
        main: takes the arguments without the program's name, gives the exit code (None is 0).

    Returns:
        The guarded main; without arguments it takes those of the process.
    """

    @functools.wraps(main)
    def guarded(argv: list[str] | None = None) -> int:
        argv = sys.argv[1:] if argv is None else argv
        try:
            return main(argv) or 0
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return 130
        except Exception as error:
            if not isinstance(error, UserError) and java_trace(error) is None:
                raise
            verbose = "--verbose" in argv
            report(error, (java_trace(error) or traceback.format_exc()) if verbose else None)
            return getattr(error, "exit_code", 1)

    return guarded
