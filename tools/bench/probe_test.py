import subprocess
import sys

import pytest

from tools.bench.probe import Probe, Reading, slope

SIZE = 1_000


def way(*positions, cpu=7, wall=5, start=10_000):
    return [Reading(at, start + cpu * at, start + wall * at) for at in positions]


def test_a_slope_is_the_cost_per_byte_of_the_steady_part():
    found = slope(way(0, 350, 400, 600, 970, 1_000), SIZE)
    assert (found.cpu_ns, found.wall_ns, found.share) == (7, 5, 0.57)


def test_start_and_end_do_not_count():
    readings = [Reading(0, 0, 0), *way(450, 900, start=10**9), Reading(1_000, 10**12, 10**12)]
    assert slope(readings, SIZE).cpu_ns == pytest.approx(7)


@pytest.mark.parametrize("positions", [(), (500,), (0, 1_000), (0, 400, 600, 1_000)])
def test_too_few_readings_make_no_slope(positions):
    assert slope(way(*positions), SIZE) is None


READER = """
import os, sys, time
fd = os.open(sys.argv[1], os.O_RDONLY)
while os.read(fd, 100):
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
os.close(fd)
"""


@pytest.mark.parametrize("nested", [False, True])
def test_a_process_and_its_children_are_followed_through_their_input(tmp_path, nested):
    path = tmp_path / "input"
    path.write_bytes(bytes(SIZE))
    command = [sys.executable, "-c", READER, str(path)]
    if nested:
        command = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)", *command]
    with subprocess.Popen(command) as process:
        readings = Probe(process, path).readings()
    assert process.returncode == 0
    positions = [reading.position for reading in readings]
    assert positions == sorted(set(positions))
    assert len(positions) >= 2
    # 100 ms for each 100 bytes; a reading may come late, up to the next one.
    first, last = readings[0], readings[-1]
    assert last.cpu_ns - first.cpu_ns >= (last.position - first.position - 100) * 1e6
