import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.errors import UsageError, UserError, java_failure, java_user_error, main_guard

TRACE = """An error occurred while calling o58.get.
: java.util.concurrent.ExecutionException: org.apache.flink.runtime.client.JobExecutionException: Job execution failed.
\tat java.base/java.util.concurrent.CompletableFuture.reportGet(CompletableFuture.java:396)
Caused by: org.apache.flink.runtime.client.JobExecutionException: Job execution failed.
\tat org.apache.flink.runtime.jobmaster.JobResult.toJobExecutionResult(JobResult.java:144)
\t... 5 more
Caused by: {cause}
\tat org.apache.flink.runtime.taskmanager.Task.run(Task.java:569)
\tat java.base/java.lang.Thread.run(Thread.java:840)
"""
PHRASES = st.text(st.characters(codec="utf-8", exclude_characters="|", exclude_categories=["C"]), min_size=1)


class FakeJavaError(Exception):
    """What PyFlink raises for some Java exceptions: the trace is its text."""

    def __init__(self, trace):
        self.stack_trace = trace


def test_user_error_of_java_in_the_chain():
    error = java_failure(TRACE.format(cause="io.flinkblocks.config.UserError: no topic a | cure: create it"))
    assert (str(error), error.cure, error.line) == ("no topic a", "create it", "no topic a; create it")


def test_user_error_above_a_technical_cause():
    text = "io.flinkblocks.config.UserError: broker is down | cure: start it\n\tat a.B.c(B.java:1)\n"
    error = java_failure(TRACE.format(cause=text + "Caused by: java.net.ConnectException: Connection refused"))
    assert error.line == "broker is down; start it"


def test_user_error_named_in_the_message_of_its_wrapper():
    error = java_user_error("java.lang.RuntimeException: io.flinkblocks.config.UserError: a | cure: b\n\tat x.Y.z(Y)")
    assert error.line == "a; b"


def test_user_error_that_came_from_another_jvm():
    wrapped = "io.flinkblocks.config.UserError: io.flinkblocks.config.UserError: no topic a"
    error = java_failure(TRACE.format(cause=wrapped))
    assert (str(error), error.cure, error.line) == ("no topic a", "", "no topic a")
    full = "Caused by: io.flinkblocks.config.UserError: no topic a | cure: create it\n\tat x"
    assert java_failure(TRACE.format(cause=wrapped) + full).line == "no topic a; create it"


def test_state_of_another_job():
    flink = "java.lang.IllegalStateException: Failed to rollback. Cannot map checkpoint/savepoint state for operator 4a"
    error = java_failure(TRACE.format(cause=flink))
    assert str(error) == "the savepoint has state that this job has no place for"
    for flag in ("--engine", "--window-types", "--enable-validation", "--lake-path", "--analytics-postgres-url"):
        assert flag in error.cure


def test_deepest_cause_without_user_error():
    error = java_failure(TRACE.format(cause="a.b.Outer$BadThing: no\nluck"))
    assert error.line == "BadThing: no luck; --verbose shows the stack trace"


def test_cause_without_message():
    assert str(java_failure(TRACE.format(cause="java.lang.NullPointerException"))) == "NullPointerException"


@pytest.mark.parametrize(("text", "line"), [("", "unknown cause"), ("a: b\nc", "a: b")])
def test_text_that_is_no_trace(text, line):
    assert str(java_failure(text)) == line


@given(PHRASES, PHRASES)
def test_any_problem_and_cure_survive(problem, cure):
    error = java_user_error(TRACE.format(cause=f"io.flinkblocks.config.UserError: {problem} | cure: {cure}"))
    assert (str(error), error.cure) == (" ".join(problem.split()), " ".join(cure.split()))


@given(st.text())
def test_any_text_gives_one_line(text):
    assert "\n" not in java_failure(text).line


@pytest.mark.parametrize(
    ("raised", "code", "shown"),
    [
        (UserError("no", "do"), 1, "error: no; do\n"),
        (UsageError("--x: bad", "give y"), 2, "error: --x: bad; give y\n"),
        (FakeJavaError(TRACE.format(cause="a.B: c")), 1, "error: B: c; --verbose shows the stack trace\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_guard(capsys, raised, code, shown):
    def main(argv):
        raise raised

    assert main_guard(main)([]) == code
    assert capsys.readouterr().err == shown


def test_guard_shows_the_trace_when_verbose(capsys):
    def main(argv):
        raise UserError("no", "do")

    assert main_guard(main)(["--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_guard_lets_bugs_and_results_through(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program", "a", "b"])
    assert main_guard(lambda argv: len(argv))() == 2
    assert main_guard(lambda argv: None)([]) == 0
    with pytest.raises(ZeroDivisionError):
        main_guard(lambda argv: 1 // 0)([])
