import os
import signal
import threading

import pytest

from flinkblocks.run.signals import StopSignals


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
