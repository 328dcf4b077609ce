"""What run control has to know of a run, and what it says of its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from flinkblocks.console import Gauge, Output, Summary


@dataclass(frozen=True)
class RunOptions:
    """What run control has to know of a run.

    Attributes:
        name: of the job, for the summary.
        state_path: the --checkpoint-path; savepoints go below it.
        bounded: whether the input has an end: then a stop drains it, else it leaves a savepoint to resume from.
        duration_ms: wall clock from the time that all tasks run until it is stopped; 0 for no end.
        outputs: what it writes, for the summary.
        analyses: names of those that must appear in the accounting.
        command: the command line of this run, for the one that resumes; empty when there is none to show.
        resumed: whether it continues from a savepoint, so that the counters include earlier runs.
        embedded: whether the job lives in the JVM that this process started.
        verbose: whether a failure shows its stack trace.
        gauges: gives what stands beside the job, at each look at it; it does not wait for anything.
        over: asked again and again from the time that all tasks run: why the run is to be stopped, empty to go on; it
            does not wait for anything either.
    """

    name: str
    state_path: str
    bounded: bool
    duration_ms: int = 0
    outputs: Sequence[Output] = ()
    analyses: Sequence[str] = ()
    command: Sequence[str] = ()
    resumed: bool = False
    embedded: bool = True
    verbose: bool = False
    gauges: Callable[[], Sequence[Gauge]] = tuple
    over: Callable[[], str] = str


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        summary: as it was shown.
        exit_code: 0 when the job did what it was asked to and its accounts add up; 1 when not; 128 + the signal's
            number when it was cancelled by a second Ctrl-C or SIGTERM.
    """

    summary: Summary
    exit_code: int
