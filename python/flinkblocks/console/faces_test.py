import io
import json
import os
import pathlib
from dataclasses import replace

import pytest
from rich.console import Console

from flinkblocks.console.checks import Check
from flinkblocks.console.faces import JsonFace, PlainFace, RichFace, choose_face, plain_line
from flinkblocks.console.gauge import Gauge
from flinkblocks.console.panel import LivePanel, render_panel
from flinkblocks.console.snapshot import Checkpoints, Snapshot
from flinkblocks.console.summary import FINISHED, Output, Summary

BUSY = Snapshot(
    job_id="ab",
    name="streaming_analytics",
    state="RUNNING",
    reachable=True,
    running=True,
    time_ms=1_704_067_230_000,
    uptime_ms=3_725_000,
    records_in=123_456_789,
    records_out=1_234_567,
    rate=1_234_567.4,
    watermark_ms=1_704_067_225_800,
    lag_ms=4200,
    splits=4,
    idle_splits=1,
    checkpoints=Checkpoints(12, 1, 0, 1, age_ms=3400, duration_ms=140, size_bytes=5_794_000, path="file:/x/chk-12"),
    backpressure=0.87,
    backpressured="Source: events -> intake -> revenue-metrics purchases -> key",
    late=1234,
    dead_lettered=56_789,
    outputs={"revenue-metrics": 1_192_000, "late-events": 1234, "dead-letter": 56_789},
    restarts=2,
    last_failure="the broker at localhost:9092 closed the connection " * 3,
)
FRESH = Snapshot("ab")
SUMMARY = Summary("job", "ab", FINISHED, 1000, outputs=[Output("a", "/tmp/a", "head /tmp/a/*", 3)])


def panel_lines(snapshot, width=80):
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(render_panel(snapshot))
    return console.export_text().splitlines()


def test_panel_fits_80_columns_and_shows_everything():
    lines = panel_lines(BUSY)
    text = "\n".join(lines)
    assert {len(line) for line in lines} == {80}
    assert len(lines) <= 12
    for shown in (
        "streaming_analytics  RUNNING  01:02:05",
        "123,456,789 1,234,567/s",
        "2024-01-01 00:00:25",
        "4.2 s",
        "1 of 4 splits",
        "87% in Source",
        "12, the last 3 s ago took 140 ms, 5.8 MB, 1 failed",
        "1,234 ",
        "56,789 ",
        "revenue-metrics 1,192,000  late-events 1,234  dead-letter",
        "the broker at localhost:9092",
        "Ctrl-C stops cleanly",
    ):
        assert shown in text


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_panel_keeps_to_any_width(width):
    assert {len(line) for line in panel_lines(BUSY, width)} == {width}


WAL = Gauge("source", "replication slot [shop] holds back 12.3 MB of WAL", 12_300_000)


def test_gauges_are_on_every_face():
    snapshot = replace(BUSY, gauges=(WAL, replace(WAL, label="b", text="second", warning="too much; do something")))
    lines = panel_lines(snapshot)
    assert {len(line) for line in lines} == {80}
    assert [
        line for line in lines if " source " in line and "replication slot [shop] holds back 12.3 MB of WAL" in line
    ]
    assert plain_line(snapshot).endswith(", replication slot [shop] holds back 12.3 MB of WAL, second")
    stream = io.StringIO()
    JsonFace(stream).update(snapshot)
    assert [gauge["value"] for gauge in json.loads(stream.getvalue())["gauges"]] == [12_300_000, 12_300_000]
    assert "gauges" not in BUSY.to_json()


def test_a_warning_has_a_colour():
    def drawn(gauge):
        stream = io.StringIO()
        console = Console(file=stream, force_terminal=True, color_system="standard", width=80)
        console.print(render_panel(replace(FRESH, gauges=(gauge,))))
        return next(line for line in stream.getvalue().splitlines() if "replication" in line)

    assert "\x1b[1;33mreplication" not in drawn(WAL)
    assert "\x1b[1;33mreplication" in drawn(replace(WAL, warning="too much"))


def test_panel_before_anything_is_known():
    text = "\n".join(panel_lines(FRESH))
    assert "STARTING, no answer" in text
    assert "None" not in text


def test_panel_takes_no_markup_from_the_job():
    text = "\n".join(panel_lines(replace(BUSY, name="[red]x", outputs={"[b]": 1}, last_failure="[/] [bold]")))
    assert "[red]x" in text
    assert "[b] 1" in text
    assert "[/] [bold]" in text


def test_live_panel_redraws_in_place_and_goes_away():
    stream = io.StringIO()
    panel = LivePanel(Console(file=stream, force_terminal=True, width=80))
    panel.draw(FRESH)
    panel.draw(BUSY)
    panel.close()
    panel.close()
    drawn = stream.getvalue()
    assert "123,456,789" in drawn
    assert drawn.count("\x1b[?25l") == drawn.count("\x1b[?25h") == 1  # The cursor is hidden, then back.
    assert drawn.rstrip("\n").endswith("\x1b[2K")  # The last line of it is erased.


def test_plain_line():
    assert plain_line(BUSY) == (
        "01:02:05 RUNNING, in 123,456,789 (1,234,567/s), out 1,234,567, watermark 2024-01-01 00:00:25, lag 4.2 s, "
        "idle 1 of 4 splits, late 1,234, dead-lettered 56,789, 12 checkpoints, backpressure 87%, 2 restarts"
    )
    assert plain_line(FRESH) == "- STARTING (no answer)"
    assert plain_line(Snapshot("a", reachable=True, state="RUNNING", input_ended=True)) == (
        "- RUNNING, watermark end of input"
    )


def test_plain_face():
    stream = io.StringIO()
    face = PlainFace(stream)
    face.check(Check("Java", True, "17.0.9"))
    face.check(Check("port 80", False, "in use", "choose another"))
    face.update(FRESH)
    face.note("stopping")
    face.summary(SUMMARY)
    face.close()
    lines = stream.getvalue().splitlines()
    assert lines[:4] == [
        "ok   Java: 17.0.9",
        "FAIL port 80: in use; choose another",
        "- STARTING (no answer)",
        "stopping",
    ]
    assert "  head /tmp/a/*" in lines
    assert "\x1b" not in stream.getvalue()


def test_json_face():
    stream = io.StringIO()
    face = JsonFace(stream)
    face.check(Check("Java", True, "17.0.9"))
    face.update(BUSY)
    face.note("stopping")
    face.summary(SUMMARY)
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [entry["type"] for entry in found] == ["check", "snapshot", "note", "summary"]
    assert found[0] == {"type": "check", "name": "Java", "ok": True, "detail": "17.0.9", "cure": ""}
    assert found[1]["checkpoints"]["size_bytes"] == 5_794_000
    assert found[3]["outputs"] == [{"name": "a", "where": "/tmp/a", "look": "head /tmp/a/*", "records": 3}]


def test_rich_face_without_a_terminal_still_says_everything():
    stream = io.StringIO()
    face = RichFace(stream)
    face.check(Check("Java", True, "17 [x]"))
    face.check(Check("port 80", False, "in use", "choose another"))
    face.update(BUSY)
    face.note("stopping [now]")
    face.summary(SUMMARY)
    text = stream.getvalue()
    assert "✓ Java: 17 [x]\n✗ port 80: in use\n  → choose another\n" in text
    assert "stopping [now]" in text
    assert "head /tmp/a/*" in text


@pytest.mark.parametrize(("mode", "kind"), [("auto", PlainFace), ("rich", RichFace), ("json", JsonFace)])
def test_choice_away_from_a_terminal(mode, kind):
    assert type(choose_face(mode, io.StringIO())) is kind


@pytest.mark.parametrize(("term", "kind"), [("xterm", RichFace), ("dumb", PlainFace)])
def test_choice_on_a_terminal(monkeypatch, term, kind):
    monkeypatch.setenv("TERM", term)
    leader, follower = os.openpty()
    try:
        with os.fdopen(follower, "w") as terminal:
            assert type(choose_face("auto", terminal)) is kind
    finally:
        os.close(leader)


def test_reader_that_has_gone_is_no_error():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stream:
        face = choose_face("plain", stream)
        face.note("one")
        assert face.gone
        face.note("two")
        face.summary(SUMMARY)


def test_terminal_without_unicode(tmp_path: pathlib.Path):
    path = tmp_path / "out"
    with open(path, "w", encoding="ascii") as stream:
        face = choose_face("rich", stream)
        face.check(Check("Java", True, "17"))
        face.update(BUSY)
        face.summary(SUMMARY)
    assert b"Java: 17" in path.read_bytes()
