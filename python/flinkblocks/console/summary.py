"""How a run ended: what was read, where it went, and whether that adds up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flinkblocks.console import wording
from flinkblocks.console.accounting import Accounting, sum_of
from flinkblocks.console.snapshot import Checkpoints

# How a run ends. LOST: the JVM or cluster went away.
FINISHED, STOPPED, DRAINED, CANCELED, FAILED, LOST = "FINISHED", "STOPPED", "DRAINED", "CANCELED", "FAILED", "LOST"
_ENDED = {
    FINISHED: "finished",
    STOPPED: "stopped with a savepoint",
    DRAINED: "stopped and drained",
    CANCELED: "was cancelled",
    FAILED: "failed",
    LOST: "was lost",
}
# Only a job that came to rest by itself has counters that belong together.
_AT_REST = (FINISHED, STOPPED, DRAINED)


@dataclass(frozen=True)
class Output:
    """Where one output's records are.

    Attributes:
        name: of the output: revenue-metrics.
        where: folder or topic.
        look: the command that shows them, None when there is none.
        records: handed to the sink; None until known.
    """

    name: str
    where: str
    look: str | None = None
    records: int | None = None


@dataclass(frozen=True)
class Summary:
    """The end of a run.

    Attributes:
        name: of the job.
        job_id: Flink's id of it.
        ended: one of FINISHED, STOPPED, DRAINED, CANCELED, FAILED, LOST.
        elapsed_ms: from its submission to its end.
        events_per_second: read in that time; None when not known.
        accounting: where each record went.
        final: whether the counters are the job's last ones, not those of the last look at it.
        resumed: whether they include the runs before a savepoint.
        outputs: what it wrote.
        checkpoints: counts and the last one.
        restarts: since it was submitted.
        savepoint: to resume from; None when it was not stopped with one.
        resume: the command that resumes; None as above.
        error: in one line, why it failed; None when it did not.
    """

    name: str
    job_id: str
    ended: str
    elapsed_ms: int
    events_per_second: float | None = None
    accounting: Accounting = field(default_factory=Accounting)
    final: bool = True
    resumed: bool = False
    outputs: Sequence[Output] = ()
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    restarts: int = 0
    savepoint: str | None = None
    resume: str | None = None
    error: str | None = None

    @property
    def adds_up(self) -> bool | None:
        """Whether every record is accounted for; None when that cannot be told: no accounts, or cut short."""
        if not self.final or self.ended not in _AT_REST or not self.accounting.kept:
            return None
        return not self.accounting.problems()

    def to_json(self) -> dict[str, Any]:
        """A JSON object of plain values."""
        values = asdict(self)
        accounts = values.pop("accounting")
        accounts["adds_up"] = self.adds_up
        accounts["problems"] = self.accounting.problems() if self.adds_up is False else []
        return json.loads(json.dumps({**values, "accounting": accounts}))


def show_summary(console: Console, summary: Summary) -> None:
    """Prints the tables; paths and commands stay on one line each, to be copied."""
    per_second = summary.events_per_second
    speed = f", {wording.rate(per_second).replace('/s', '')} events/s" if per_second is not None else ""
    elapsed = wording.span(summary.elapsed_ms)
    good = summary.ended in _AT_REST
    console.print()
    _line(console, f"{summary.name} {_ENDED[summary.ended]} after {elapsed}{speed}", "bold" if good else "bold red")
    if summary.accounting.kept:
        console.print(_accounting_table(summary.accounting))
        _verdict(console, summary)
    if summary.outputs:
        console.print(_outputs_table(summary.outputs))
    _line(console, _run_line(summary))
    # What a run cut short had not committed yet is not to be seen.
    readable = [output for output in summary.outputs if output.records != 0 and summary.ended in _AT_REST]
    looks = [output.look for output in readable if output.look]
    if looks:
        _line(console, "look at the results:")
        for look in looks:
            _line(console, f"  {look}", "cyan")
    if summary.savepoint:
        _line(console, f"savepoint: {summary.savepoint}")
    if summary.resume:
        _line(console, "resume with:")
        _line(console, f"  {summary.resume}", "cyan")


def _accounting_table(accounts: Accounting) -> Table:
    table = Table("accounting", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("events", justify="right")
    table.add_column("of which")
    dead = f"{wording.count(accounts.valid)} valid + {wording.count(accounts.dead_lettered)} dead-lettered"
    table.add_row("read", wording.count(accounts.read), dead)
    if any(accounts.reasons.values()):
        reasons = " + ".join(f"{n:,} {reason}" for reason, n in accounts.reasons.items() if n)
        table.add_row("dead-lettered", wording.count(accounts.dead_lettered), Text(reasons))
    for part in accounts.analyses:
        terms = sum_of(part.terms)
        if part.partial:
            terms += f" (partial: {part.partial:,} of the used)"
        table.add_row(Text(part.name), wording.count(accounts.valid), terms)
    return table


def _verdict(console: Console, summary: Summary) -> None:
    runs = ", over all runs since the first" if summary.resumed else ""
    if summary.adds_up is None:
        why = "the counters are those of the last look at the job" if not summary.final else "the run was cut short"
        _line(console, f"not checked whether this adds up: {why}", "yellow")
    elif summary.adds_up:
        _line(console, f"ADDS UP: every record read is accounted for{runs}", "bold green")
    else:
        _line(console, f"DOES NOT ADD UP{runs}:", "bold red reverse")
        for problem in summary.accounting.problems():
            _line(console, f"  {problem}", "bold red")


def _outputs_table(outputs: Sequence[Output]) -> Table:
    table = Table("output", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("records", justify="right")
    table.add_column("where", overflow="fold")
    for output in outputs:
        table.add_row(Text(output.name), wording.count(output.records), Text(output.where))
    return table


def _run_line(summary: Summary) -> str:
    c = summary.checkpoints
    line = wording.plural(c.completed, "checkpoint")
    if c.duration_ms is not None:
        line += f", the last took {wording.span(c.duration_ms)} for {wording.size(c.size_bytes)}"
    if c.failed:
        line += f"; {c.failed} failed"
    return f"{line}; {wording.plural(summary.restarts, 'restart')}"


def _line(console: Console, text: str, style: str = "") -> None:
    """One line as it is: not wrapped, not taken for markup."""
    console.print(Text(text, style), soft_wrap=True)
