"""The faces of the console: how checks, snapshots, notes and the summary are shown."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import Any, Callable, TextIO

from rich.console import Console
from rich.text import Text

from flinkblocks.console import wording
from flinkblocks.console.checks import Check
from flinkblocks.console.panel import LivePanel
from flinkblocks.console.snapshot import Snapshot
from flinkblocks.console.summary import Summary, show_summary

MODES = ("auto", "rich", "plain", "json")


class Face:
    """Shows a run; each kind of face overrides what it shows in its own way.

    Attributes:
        interval_s: seconds between two snapshots that are worth showing.
        gone: whether whoever read the output has closed it.
    """

    interval_s = 1.0

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.gone = False

    def check(self, check: Check) -> None:
        """Shows a preflight check."""
        mark = "ok  " if check.ok else "FAIL"
        cure = "" if check.ok or not check.cure else f"; {check.cure}"
        self._write(f"{mark} {check.name}: {check.detail}{cure}")

    def update(self, snapshot: Snapshot) -> None:
        """Shows how the job does."""
        raise NotImplementedError

    def note(self, text: str) -> None:
        """Shows one line about what happens."""
        self._write(text)

    def summary(self, summary: Summary) -> None:
        """Shows how the run ended."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends what is live, so that other output can follow."""

    def _write(self, line: str) -> None:
        self._show(lambda: print(line, file=self.stream, flush=True))

    def _show(self, action: Callable[[], None]) -> None:
        """Writes, unless whoever read the output has gone (`… | head`): that is no error of the job."""
        if self.gone:
            return
        try:
            action()
        except OSError:
            self.gone = True
            # What is still buffered would raise once more when the interpreter ends.
            with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), self.stream.fileno())


class PlainFace(Face):
    """One line every few seconds, for logs and pipes."""

    interval_s = 5.0

    def update(self, snapshot: Snapshot) -> None:
        """Shows one line."""
        self._write(plain_line(snapshot))

    def summary(self, summary: Summary) -> None:
        """Shows the tables without colour."""
        console = Console(file=self.stream, width=100, no_color=True, highlight=False)
        self._show(lambda: show_summary(console, summary))


class JsonFace(Face):
    """One JSON object a line, for programs: its type is check, snapshot, note or summary."""

    def check(self, check: Check) -> None:
        """Shows a preflight check."""
        values = {"name": check.name, "ok": check.ok, "detail": check.detail, "cure": check.cure}
        self._object("check", values)

    def update(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        self._object("snapshot", snapshot.to_json())

    def note(self, text: str) -> None:
        """Shows a line of text."""
        self._object("note", {"text": text})

    def summary(self, summary: Summary) -> None:
        """Shows the summary."""
        self._object("summary", summary.to_json())

    def _object(self, kind: str, values: dict[str, Any]) -> None:
        self._write(json.dumps({"type": kind, **values}, allow_nan=False))


class RichFace(Face):
    """A live panel on a terminal."""

    def __init__(self, stream: TextIO):
        super().__init__(stream)
        self._console = Console(file=stream, highlight=False)
        self._panel = LivePanel(self._console)

    def check(self, check: Check) -> None:
        """Shows a preflight check."""
        mark, style = ("✓ ", "green") if check.ok else ("✗ ", "bold red")
        text = Text(mark, style).append(f"{check.name}: {check.detail}", "default not bold")
        if not check.ok and check.cure:
            text.append(f"\n  → {check.cure}", "yellow not bold")
        self._show(lambda: self._console.print(text, soft_wrap=True))

    def update(self, snapshot: Snapshot) -> None:
        """Draws the panel anew."""
        self._show(lambda: self._panel.draw(snapshot))

    def note(self, text: str) -> None:
        """Shows a line above the panel."""
        self._show(lambda: self._console.print(Text(text, "cyan"), soft_wrap=True))

    def summary(self, summary: Summary) -> None:
        """Puts the tables in the panel's place."""
        self.close()
        self._show(lambda: show_summary(self._console, summary))

    def close(self) -> None:
        """Takes the panel away."""
        self._show(self._panel.close)


def choose_face(mode: str = "auto", stream: TextIO | None = None) -> Face:
    """The face for `--console`.

    Args:
        mode: one of MODES; auto is rich on a terminal, else plain.
        stream: where to write, standard output unless given.
    """
    stream = stream or sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        # A terminal that cannot show a character shows its escape.
        stream.reconfigure(errors="backslashreplace")
    if mode == "auto":
        probe = Console(file=stream)
        mode = "rich" if probe.is_terminal and not probe.is_dumb_terminal else "plain"
    return {"rich": RichFace, "plain": PlainFace, "json": JsonFace}[mode](stream)


def plain_line(s: Snapshot) -> str:
    """A snapshot as one line; what is not known is left out."""
    parts = [f"{wording.clock(s.uptime_ms)} {s.state if s.reachable else s.state + ' (no answer)'}"]
    rate = f" ({wording.rate(s.rate)})" if s.rate is not None else ""
    parts.append(f"in {wording.count(s.records_in)}{rate}" if s.records_in is not None else "")
    parts.append(f"out {wording.count(s.records_out)}" if s.records_out is not None else "")
    if s.input_ended or s.watermark_ms is not None:
        parts.append(f"watermark {wording.watermark(s.watermark_ms, s.input_ended)}")
        parts.append("" if s.input_ended else f"lag {wording.span(s.lag_ms)}")
    parts.append(f"idle {s.idle_splits} of {s.splits} splits" if s.idle_splits else "")
    parts.append(f"late {wording.count(s.late)}" if s.late is not None else "")
    parts.append(f"dead-lettered {wording.count(s.dead_lettered)}" if s.dead_lettered is not None else "")
    parts.append(wording.plural(s.checkpoints.completed, "checkpoint") if s.checkpoints.completed else "")
    parts.append(f"backpressure {wording.share(s.backpressure)}" if s.backpressure else "")
    parts.append(wording.plural(s.restarts, "restart") if s.restarts else "")
    parts += [gauge.text for gauge in s.gauges]
    return ", ".join(part for part in parts if part)
