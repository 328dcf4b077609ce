"""The benchmark as it is called, tiny: that all arms agree and what is written, no speed."""

import json
import re
import subprocess

import pytest

from flinkblocks.runtime import java_program_environment, runfile

ARMS = ["ours-java", "stock", "floor"]

# What must have said the same of each workload; `ours-java-again` would be `ours-java` once more.
EVERYWHERE = ["ours-java", "ours-python", "engine-python", "stock"]
SQL = ["sql", "sql-tuned"]
AGREED = {
    "revenue": [*EVERYWHERE, *SQL, "pyflink", "floor"],
    "popularity": [*EVERYWHERE, *SQL, "floor"],
    "sessions": [*EVERYWHERE, *SQL, "floor"],
    "fraud": [*EVERYWHERE, "floor"],
    "all": [*EVERYWHERE, "floor"],
}
OUTPUTS = {
    "revenue": ["revenue-metrics"],
    "popularity": ["analytics-results"],
    "sessions": ["user-sessions"],
    "fraud": ["fraud-alerts"],
    "all": ["analytics-results", "fraud-alerts", "high-value-transactions", "revenue-metrics", "user-sessions"],
}


def bench(tmp_path, *args):
    command = [runfile("tools/bench/bench"), "streaming_analytics", "--work-path", str(tmp_path), *args]
    return subprocess.run(command, capture_output=True, text=True, env=java_program_environment(), check=False)


def test_all_arms_agree_on_all_workloads(tmp_path):
    found = bench(tmp_path, "--check", "--slow-events", "5000")
    assert found.returncode == 0, found.stdout + found.stderr
    agreed = re.findall(r"^(\S+): (\d.*); the same from (.*)$", found.stdout, re.MULTILINE)
    assert {workload: arms.split(", ") for workload, _, arms in agreed} == AGREED
    assert {workload: re.findall(r"\d+ (\S+?)(?:,|$)", counts) for workload, counts, _ in agreed} == OUTPUTS
    missing = re.findall(r"^(\S+): (\S+) is not there: .", found.stdout, re.MULTILINE)
    assert missing == [
        ("popularity", "pyflink"), ("sessions", "pyflink"),
        *(("fraud", arm) for arm in [*SQL, "pyflink"]), *(("all", arm) for arm in [*SQL, "pyflink"]),
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_the_figures_are_written(tmp_path):
    (tmp_path / "work").mkdir()
    found = bench(
        tmp_path / "work", "--workloads", "fraud", "--arms", *ARMS, "sql", "--events", "20000", "--slow-events", "5000",
        "--pairs", "1", "--warm-up", "0", "--state", "rocksdb", "--checkpoint-interval", "1", "--markdown",
        "--json", str(tmp_path / "figures.json"),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "### fraud" in found.stdout
    assert "rocksdb state, a checkpoint every 1 s" in found.stdout
    assert "- stock Flink SQL is not there: " in found.stdout
    figures = json.loads((tmp_path / "figures.json").read_text())
    arms = figures["workloads"]["fraud"]
    assert list(arms) == ARMS
    assert len({arm["digest"] for arm in arms.values()}) == 1
    assert len({arm["records"] for arm in arms.values()}) == 1
    assert arms["floor"]["records"] > 10
    assert {arm["events"] for arm in arms.values()} == {20_000}
    assert list(figures["missing"]["fraud"]) == ["sql"]
    assert figures["machine"]["flink"] == "2.2.1"
    assert figures["settings"]["pairs"] == 1
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--pairs", "0"], "'0' is not a whole number of at least 1"),
        (["--warm-up", "-1"], "'-1' is not a whole number of seconds"),
        (["--check", "--markdown"], "--check has no figures"),
        (["--arms", "bytewax"], "invalid choice: 'bytewax'"),
        (["--work-path", "nowhere"], "'nowhere' is no folder"),
        (["--json", "nowhere/figures.json"], "'nowhere/figures.json' is no file that can be written"),
        (["--json", ""], "'' is no file that can be written"),
    ],
)
def test_a_wrong_call_is_told(tmp_path, args, told):
    found = bench(tmp_path, *args)
    assert found.returncode == 2
    assert told in found.stderr
