"""The benchmark as it is called, tiny: that all arms agree and what is written, no speed."""

import json
import subprocess

import pytest

from flinkblocks.runtime import java_program_environment, runfile

ARMS = ["ours-java", "ours-python", "stock", "sql", "floor"]


def bench(tmp_path, *args):
    command = [runfile("tools/bench/bench"), "streaming_analytics", "--work-path", str(tmp_path), *args]
    return subprocess.run(command, capture_output=True, text=True, env=java_program_environment(), check=False)


def test_all_arms_agree_and_the_figures_are_written(tmp_path):
    (tmp_path / "work").mkdir()
    found = bench(
        tmp_path / "work", "--workloads", "revenue", "--arms", *ARMS, "--events", "20000", "--slow-events", "20000",
        "--pairs", "1", "--warm-up", "0", "--markdown", "--json", str(tmp_path / "figures.json"),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "### revenue" in found.stdout
    figures = json.loads((tmp_path / "figures.json").read_text())
    arms = figures["workloads"]["revenue"]
    assert list(arms) == ARMS
    assert len({arm["digest"] for arm in arms.values()}) == 1
    assert len({arm["records"] for arm in arms.values()}) == 1
    assert arms["floor"]["records"] > 10
    assert {arm["events"] for arm in arms.values()} == {20_000}
    assert figures["machine"]["flink"] == "2.2.1"
    assert figures["settings"]["pairs"] == 1
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--pairs", "0"], "'0' is not a whole number of at least 1"),
        (["--warm-up", "-1"], "'-1' is not a whole number of seconds"),
        (["--arms", "bytewax"], "invalid choice: 'bytewax'"),
        (["--work-path", "nowhere"], "'nowhere' is no folder"),
    ],
)
def test_a_wrong_call_is_told(tmp_path, args, told):
    found = bench(tmp_path, *args)
    assert found.returncode == 2
    assert told in found.stderr
