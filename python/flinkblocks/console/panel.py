"""The live panel: a snapshot drawn on a terminal, readable at 80 columns."""

from __future__ import annotations

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from flinkblocks.console import wording
from flinkblocks.console.snapshot import Snapshot

# From this share on a subtask that waits for the next one is worth a colour.
_PRESSURE = 0.5
_STATE_STYLES = {"RUNNING": "bold green", "FINISHED": "bold green", "FAILED": "bold red", "FAILING": "bold red"}


class LivePanel:
    """Draws snapshots in place on a console."""

    def __init__(self, console: Console):
        self._console = console
        self._live: Live | None = None

    def draw(self, snapshot: Snapshot) -> None:
        """Shows a snapshot in place of the last one."""
        panel = render_panel(snapshot)
        if self._live is None:
            # Drawn when there is something new: a refresh thread would only take time from the job.
            self._live = Live(panel, console=self._console, auto_refresh=False, transient=True)
            self._live.start(refresh=True)
        else:
            self._live.update(panel, refresh=True)

    def close(self) -> None:
        """Takes the panel off the screen."""
        if self._live is not None:
            live, self._live = self._live, None
            live.stop()


def render_panel(s: Snapshot) -> Panel:
    """A snapshot as a panel."""
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(style="dim", no_wrap=True, min_width=13)
    grid.add_column(justify="right", no_wrap=True, min_width=11)
    grid.add_column(no_wrap=True, min_width=10)
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row("records in", wording.count(s.records_in), _rate(s), "watermark", _watermark(s))
    grid.add_row("records out", wording.count(s.records_out), "", "behind", _lag(s))
    grid.add_row("late", _attention(s.late), "", "idle", _idle(s))
    grid.add_row("dead-lettered", _attention(s.dead_lettered), "", "backpressure", _backpressure(s))
    lines = Table.grid(padding=(0, 1), expand=True)
    lines.add_column(style="dim", no_wrap=True, min_width=13)
    lines.add_column(ratio=1, overflow="fold")
    lines.add_row("checkpoints", _checkpoints(s))
    if s.outputs:
        counts = "  ".join(f"{name} {wording.count(number)}" for name, number in s.outputs.items())
        lines.add_row("outputs", Text(counts))
    for gauge in s.gauges:
        lines.add_row(Text(gauge.label), Text(gauge.text, "bold yellow" if gauge.warning else ""))
    if s.restarts:
        lines.add_row("restarts", _attention(s.restarts))
    if s.last_failure:
        lines.add_row("last failure", Text(s.last_failure, "red", overflow="ellipsis", no_wrap=True))
    return Panel(
        Group(grid, lines), title=_title(s), title_align="left", subtitle="Ctrl-C stops cleanly", subtitle_align="right"
    )


def _title(s: Snapshot) -> Text:
    state = s.state if s.reachable else f"{s.state}, no answer"
    title = Text(s.name or "job", style="bold")
    return (
        title.append("  ")
        .append(state, _STATE_STYLES.get(s.state, "bold yellow"))
        .append(f"  {wording.clock(s.uptime_ms)}", "default")
    )


def _rate(s: Snapshot) -> str:
    return wording.rate(s.rate) if s.rate is not None else ""


def _watermark(s: Snapshot) -> str:
    return wording.watermark(s.watermark_ms, s.input_ended)


def _lag(s: Snapshot) -> str:
    return wording.UNKNOWN if s.input_ended else wording.span(s.lag_ms)


def _checkpoints(s: Snapshot) -> Text:
    c = s.checkpoints
    text = Text(wording.count(c.completed))
    if c.age_ms is not None:
        took = f"took {wording.span(c.duration_ms)}, {wording.size(c.size_bytes)}"
        text.append(f", the last {wording.span(c.age_ms // 1000 * 1000)} ago {took}")
    return text.append(f", {c.failed} failed", "yellow") if c.failed else text


def _backpressure(s: Snapshot) -> Text:
    text = Text(wording.share(s.backpressure), no_wrap=True, overflow="ellipsis")
    if s.backpressure is not None and s.backpressure >= _PRESSURE:
        text.stylize("yellow")
        text.append(f" in {s.backpressured}" if s.backpressured else "", "dim")
    return text


def _idle(s: Snapshot) -> Text:
    if s.splits is None:
        return Text(wording.UNKNOWN)
    return Text(f"{s.idle_splits} of {wording.plural(s.splits, 'split')}", "yellow" if s.idle_splits else "")


def _attention(number: int | None) -> Text:
    return Text(wording.count(number), "yellow" if number else "")
