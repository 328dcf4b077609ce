import os
import signal
import subprocess
import sys
import threading

import pytest

from flinkblocks.run.signals import StopSignals, leaving_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_requests_are_counted(number):
    before = signal.getsignal(number)
    with StopSignals() as signals:
        assert (signals.count, signals.number) == (0, 0)
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert (signals.count, signals.number) == (2, number)
    assert signal.getsignal(number) is before


def test_third_request_interrupts():
    with StopSignals() as signals:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        assert signals.count == 3


def test_elsewhere_than_in_the_main_thread_nothing_is_caught():
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def enter():
        with StopSignals() as signals:
            seen.append((signals.count, signal.getsignal(signal.SIGINT) is before))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [(0, True)]


def test_who_ignores_the_end_of_the_terminal_is_not_stopped_by_it():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with leaving_on_signals(), StopSignals() as signals:
            signal.raise_signal(signal.SIGHUP)
            assert signals.count == 0
    finally:
        signal.signal(signal.SIGHUP, before)


_LEAVING = """
import atexit, os, signal, sys
from flinkblocks.run.signals import StopSignals, leaving_on_signals
atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))
atexit.register(lambda: print("cleared away", flush=True))
with leaving_on_signals():
    with StopSignals():
        signal.raise_signal(signal.SIGTERM)
    try:
        signal.raise_signal(int(sys.argv[1]))
    except SystemExit:
        raise AttributeError("as of an import that was torn")
    print("still there")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_before_there_is_a_job_the_program_leaves_in_order(number):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    code = [sys.executable, "-c", _LEAVING, str(int(number))]
    # Whoever runs the tests in the background may have these ignored.
    run = subprocess.run(
        code, env=env, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)],
    )  # fmt: skip
    assert (run.returncode, run.stdout, run.stderr) == (128 + number, "cleared away\n", "interrupted\n")
