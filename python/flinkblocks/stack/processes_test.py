"""Daemons and logs, with processes that do nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from flinkblocks.stack.processes import Daemon, tail
from flinkblocks.stack.service import Command


def sleeper(tmp_path, script="import time; time.sleep(600)"):
    with Daemon.starting(Command([sys.executable, "-c", script], os.environ), tmp_path / "log") as daemon:
        return daemon


# Starts a daemon that would leave a file, says which process it is, and is killed while it notes that.
KILLED = """
import pathlib, sys, time
from flinkblocks.stack.processes import Daemon
from flinkblocks.stack.service import Command

with Daemon.starting(Command(["/usr/bin/env", "touch", sys.argv[1]], {}), pathlib.Path(sys.argv[2])) as daemon:
    print(daemon.pid, flush=True)
    time.sleep(600)
"""


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

    def test_it_begins_only_when_it_is_noted(self, tmp_path):
        command = Command(["/usr/bin/env", "touch", str(tmp_path / "begun")], os.environ)
        with pytest.raises(OSError, match="disk full"), Daemon.starting(command, tmp_path / "log") as daemon:
            raise OSError("disk full")
        wait_gone(daemon)
        assert not (tmp_path / "begun").exists()
        with Daemon.starting(command, tmp_path / "log") as daemon:
            assert daemon.alive()
        wait_gone(daemon)
        assert (tmp_path / "begun").exists()

    def test_it_does_not_begin_when_its_starter_is_killed(self, tmp_path):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", KILLED, str(tmp_path / "begun"), str(tmp_path / "log")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as starter:
            try:
                pid = int(starter.stdout.readline())
                daemon = Daemon(pid, psutil.Process(pid).create_time())
                assert daemon.alive()
            finally:
                starter.kill()
        wait_gone(daemon)
        assert not (tmp_path / "begun").exists()


def wait_gone(daemon):
    deadline = time.monotonic() + 30
    while daemon.alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_tail_reads_the_end(tmp_path):
    log = tmp_path / "log"
    assert tail(log, 3) == ""
    log.write_text("".join(f"{n}\n" for n in range(10000)))
    assert tail(log, 3) == "9997\n9998\n9999"
