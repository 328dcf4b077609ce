"""Daemons and logs, with processes that do nothing else."""

from __future__ import annotations

import os
import sys
import time

from flinkblocks.stack.processes import Daemon, tail
from flinkblocks.stack.service import Command


def sleeper(tmp_path, script="import time; time.sleep(600)"):
    return Daemon.start(Command([sys.executable, "-c", script], os.environ), tmp_path / "log")


class TestDaemon:
    def test_stop_ends_the_process(self, tmp_path):
        daemon = sleeper(tmp_path)
        assert daemon.alive()
        assert daemon.resident_bytes() > 0
        daemon.stop(10)
        assert not daemon.alive()
        daemon.stop(10)  # a second stop is no error

    def test_stop_kills_what_does_not_listen(self, tmp_path):
        script = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
        daemon = sleeper(tmp_path, script)
        while not tail(tmp_path / "log", 1):
            time.sleep(0.01)
        daemon.stop(0.1)
        assert not daemon.alive()

    def test_a_reused_number_is_not_taken_for_ours(self, tmp_path):
        daemon = sleeper(tmp_path)
        try:
            other = Daemon(daemon.pid, daemon.started - 1)
            assert not other.alive()
            other.kill()
            assert daemon.alive()
        finally:
            daemon.kill()


def test_tail_reads_the_end(tmp_path):
    log = tmp_path / "log"
    assert tail(log, 3) == ""
    log.write_text("".join(f"{n}\n" for n in range(10000)))
    assert tail(log, 3) == "9997\n9998\n9999"
