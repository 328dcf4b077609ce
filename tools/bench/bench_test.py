"""The benchmark as it is called, tiny: that all arms agree and what is written, no speed."""

import json
import re
import subprocess

import pytest

from flinkblocks.runtime import java_program_environment, runfile

SHOP, WINDOWS, TABLES = "streaming_analytics", "windowing_aggregations", "cdc_processing"

# What must have said the same of each workload; `ours-java-again` would be `ours-java` once more. The other sliding
# windows are `sliding` with other numbers.
OURS = ["ours-java", "ours-python"]
EVERYWHERE = [*OURS, "engine-python", "stock"]
SQL = ["sql", "sql-tuned"]
TABLES_SQL = ["sql", "sql-without-doubles", "sql-tuned", "sql-mini-batch"]
AGREED = {
    SHOP: {
        "revenue": [*EVERYWHERE, *SQL, "pyflink", "floor"],
        "popularity": [*EVERYWHERE, *SQL, "floor"],
        "sessions": [*EVERYWHERE, *SQL, "floor"],
        "fraud": [*EVERYWHERE, "floor"],
        "all": [*EVERYWHERE, "floor"],
    },
    WINDOWS: {
        "parse": [*OURS, "stock", "floor"],
        "tumbling": [*EVERYWHERE, *SQL, "floor"],
        "sliding": [*EVERYWHERE, *SQL, "floor"],
        "session": [*EVERYWHERE, *SQL, "floor"],
        "global": [*OURS, "stock", "floor"],
        "multi_level": [*OURS, "stock", "floor"],
        "pattern": [*OURS, "stock", "floor"],
        "all": [*OURS, "stock", "floor"],
    },
    TABLES: {
        "parse": ["ours-java"],
        **dict.fromkeys(("customers", "products", "all"), ["ours-java", *TABLES_SQL]),
    },
}
OUTPUTS = {
    SHOP: {
        "revenue": ["revenue-metrics"],
        "popularity": ["analytics-results"],
        "sessions": ["user-sessions"],
        "fraud": ["fraud-alerts"],
        "all": ["analytics-results", "fraud-alerts", "high-value-transactions", "revenue-metrics", "user-sessions"],
    },
    WINDOWS: {
        "parse": [],
        "tumbling": ["windowing-tumbling"],
        "sliding": ["windowing-sliding"],
        "session": ["windowing-session"],
        "global": ["windowing-global"],
        "multi_level": ["windowing-multi_level"],
        "pattern": ["windowing-pattern"],
        "all": [
            "windowing-global", "windowing-multi_level", "windowing-pattern", "windowing-session",
            "windowing-sliding", "windowing-tumbling",
        ],
    },
    TABLES: {
        "parse": [],
        "customers": ["customer-analytics"],
        "products": ["product-analytics"],
        "all": ["customer-analytics", "product-analytics"],
    },
}  # fmt: skip
PYTHON = "engine-python"
MISSING = {
    SHOP: [
        ("popularity", "pyflink"), ("sessions", "pyflink"),
        *(("fraud", arm) for arm in [*SQL, "pyflink"]), *(("all", arm) for arm in [*SQL, "pyflink"]),
    ],
    WINDOWS: [
        *(("parse", arm) for arm in [PYTHON, *SQL]),
        *((workload, arm) for workload in ["global", "multi_level", "pattern", "all"] for arm in [PYTHON, *SQL]),
    ],
    TABLES: [("parse", arm) for arm in TABLES_SQL],
}  # fmt: skip


def bench(tmp_path, block, *args):
    command = [runfile("tools/bench/bench"), block, "--work-path", str(tmp_path), *args]
    # Most of the time would go into optimising code for runs that are over before it pays.
    env = {**java_program_environment(), "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def agreed(found):
    """Workload, counts of its records, and arms."""
    assert found.returncode == 0, found.stdout + found.stderr
    return re.findall(r"^(\S+): (\d.*|no record); the same from (.*)$", found.stdout, re.MULTILINE)


@pytest.mark.parametrize("block", AGREED)
def test_all_arms_agree_on_all_workloads(tmp_path, block):
    found = bench(tmp_path, block, "--check", "--slow-events", "2000", "--workloads", *AGREED[block])
    told = agreed(found)
    assert {workload: arms.split(", ") for workload, _, arms in told} == AGREED[block]
    assert {workload: re.findall(r"\d+ (\S+?)(?:,|$)", counts) for workload, counts, _ in told} == OUTPUTS[block]
    missing = re.findall(r"^(\S+): (\S+) is not there: .", found.stdout, re.MULTILINE)
    assert missing == MISSING[block]
    assert list(tmp_path.iterdir()) == []


def test_windows_are_compared_beyond_their_length(tmp_path):
    # 13 minutes: a window has one to be compared with.
    found = bench(
        tmp_path, WINDOWS, "--check", "--slow-events", "40000", "--workloads", "sliding-10",
        "--arms", "stock", "sql", "floor",
    )  # fmt: skip
    ((workload, counts, arms),) = agreed(found)
    assert (workload, arms) == ("sliding-10", "ours-java, stock, sql, floor")
    assert int(counts.split()[0]) > 200


def test_the_figures_are_written(tmp_path):
    (tmp_path / "work").mkdir()
    arms, workloads = ["ours-java", "floor"], ["sliding-10", "sliding-600"]
    found = bench(
        tmp_path / "work", WINDOWS, "--workloads", *workloads, "--arms", *arms, PYTHON, "--events", "20000",
        "--slow-events", "2000", "--pairs", "1", "--warm-up", "0", "--state", "rocksdb", "--checkpoint-interval", "1",
        "--markdown", "--json", str(tmp_path / "figures.json"),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "### sliding-10" in found.stdout
    assert "rocksdb state, a checkpoint every 1 s" in found.stdout
    assert "- ours, Python engine is not there: " in found.stdout
    figures = json.loads((tmp_path / "figures.json").read_text())
    for workload in workloads:
        measured = figures["workloads"][workload]
        assert list(measured) == arms
        assert len({arm["digest"] for arm in measured.values()}) == 1
        assert len({arm["records"] for arm in measured.values()}) == 1
        assert measured["floor"]["records"] > 10
        assert {arm["events"] for arm in measured.values()} == {20_000}
        assert list(figures["missing"][workload]) == [PYTHON]
    assert figures["machine"]["flink"] == "2.2.1"
    assert figures["settings"]["pairs"] == 1
    assert list((tmp_path / "work").iterdir()) == []
    costs = [figures["workloads"][name]["ours-java"]["cpu_ns"] for name in ("sliding-600", "sliding-10")]
    if all(costs):  # Else a run was too short to measure.
        relation = figures["relations"][0]
        assert (relation["workload"], relation["other"]) == ("sliding-600", "sliding-10")
        assert [relation["cpu_ns"], relation["other_cpu_ns"]] == [cost["median"] for cost in costs]
        assert "sliding-600, ours, Java main: " in found.stdout


def test_tables_are_measured_without_writing_them(tmp_path):
    (tmp_path / "work").mkdir()
    found = bench(
        tmp_path / "work", TABLES, "--workloads", "products", "--arms", "sql", "--events", "20000",
        "--slow-events", "1000", "--pairs", "1", "--warm-up", "0", "--markdown",
        "--json", str(tmp_path / "figures.json"),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "CPU ns/change" in found.stdout
    assert "came to the same rows over 1,000 changes" in found.stdout
    measured = json.loads((tmp_path / "figures.json").read_text())["workloads"]["products"]
    assert list(measured) == ["ours-java", "sql"]
    assert len({arm["digest"] for arm in measured.values()}) == 1
    assert {arm["events"] for arm in measured.values()} == {20_000}
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
        (["--workloads", "tumbling"], "invalid choice: 'tumbling'"),
    ],
)
def test_a_wrong_call_is_told(tmp_path, args, told):
    found = bench(tmp_path, SHOP, *args)
    assert found.returncode == 2
    assert told in found.stderr
