import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from flinkblocks.console.accounting import Accounting, Analysis
from flinkblocks.console.snapshot import Checkpoints
from flinkblocks.console.summary import (
    CANCELED,
    DRAINED,
    FAILED,
    FINISHED,
    LOST,
    STOPPED,
    Output,
    Summary,
    show_summary,
)

ACCOUNTS = Accounting(
    read=10_000,
    valid=9950,
    dead_lettered=50,
    reasons={"not_json": 20, "missing_field": 30, "empty": 0},
    analyses=(Analysis("revenue-metrics", used=1200, not_relevant=8740, late=10, partial=3),),
)
LONG = "/tmp/flink-output/" + "a-very-long-folder-name/" * 6
SUMMARY = Summary(
    name="streaming_analytics",
    job_id="ab",
    ended=FINISHED,
    elapsed_ms=8200,
    events_per_second=1219.5,
    accounting=ACCOUNTS,
    outputs=[
        Output("revenue-metrics", LONG, f"head {LONG}*", 420),
        Output("dead-letter", "/tmp/flink-output/dead-letter", None, 50),
    ],
    checkpoints=Checkpoints(4, 1, duration_ms=140, size_bytes=5794),
)


def shown(summary, width=80):
    console = Console(width=width, record=True, file=io.StringIO())
    show_summary(console, summary)
    return console.export_text()


def test_everything_is_shown():
    text = shown(SUMMARY)
    for part in (
        "streaming_analytics finished after 8.2 s, 1,220 events/s",
        "9,950 valid + 50 dead-lettered",
        "20 not_json + 30 missing_field",
        "1,200 used + 8,740 not relevant + 10 late + 0 held",
        "(partial: 3 of the used)",
        "ADDS UP: every record read is accounted for",
        "4 checkpoints, the last took 140 ms for 5.8 kB; 1 failed; 0 restarts",
        f"\n  head {LONG}*\n",
    ):
        assert part in text.replace("\n" + " " * 24, " ") or part in text
    assert "0 empty" not in text


def test_mismatch_is_loud():
    wrong = replace(SUMMARY, accounting=replace(ACCOUNTS, read=10_001))
    assert wrong.adds_up is False
    assert "DOES NOT ADD UP" in shown(wrong)
    assert "read 10,001, but 9,950 valid + 50 dead-lettered = 10,000: 1 unaccounted for" in shown(wrong, 200)


def test_an_analysis_that_joined_later():
    joined = Analysis("user-sessions", used=7000, held=950, before_joining=2000)
    summary = replace(SUMMARY, ended=STOPPED, resumed=True, accounting=replace(ACCOUNTS, analyses=(joined,)))
    text = shown(summary, 200)
    assert "7,000 used + 0 not relevant + 0 late + 950 held + 2,000 before it joined" in text
    assert "ADDS UP: every record read is accounted for, over all runs since the first" in text
    assert summary.to_json()["accounting"]["analyses"][0]["before_joining"] == 2000


@pytest.mark.parametrize("ended", [FINISHED, STOPPED, DRAINED])
def test_job_at_rest_is_checked(ended):
    assert replace(SUMMARY, ended=ended).adds_up is True


@pytest.mark.parametrize("ended", [CANCELED, FAILED, LOST])
def test_job_cut_short_is_not_checked(ended):
    short = replace(SUMMARY, ended=ended)
    assert short.adds_up is None
    assert "not checked whether this adds up: the run was cut short" in shown(short)


def test_old_counters_are_not_checked():
    assert "the counters are those of the last look" in shown(replace(SUMMARY, final=False))


def test_job_without_accounts():
    text = shown(replace(SUMMARY, accounting=Accounting(), outputs=(), events_per_second=None))
    assert "accounting" not in text
    assert "ADD" not in text
    assert "finished after 8.2 s\n" in text


def test_savepoint_and_command_stay_on_one_line_each():
    command = "bazel run //flink/python:streaming_analytics -- --kafka-servers localhost:9092 --from-savepoint " + LONG
    text = shown(replace(SUMMARY, ended=STOPPED, savepoint="file:" + LONG, resume=command, resumed=True))
    assert f"savepoint: file:{LONG}\n" in text
    assert f"resume with:\n  {command}\n" in text
    assert "over all runs since the first" in text


def test_json():
    values = SUMMARY.to_json()
    assert values == json.loads(json.dumps(values, allow_nan=False))
    assert values["accounting"]["adds_up"] is True
    assert values["accounting"]["problems"] == []
    assert values["accounting"]["analyses"][0]["not_relevant"] == 8740
    assert values["outputs"][1]["records"] == 50
    wrong = replace(SUMMARY, accounting=replace(ACCOUNTS, read=1)).to_json()["accounting"]
    assert wrong["adds_up"] is False
    assert len(wrong["problems"]) == 1
