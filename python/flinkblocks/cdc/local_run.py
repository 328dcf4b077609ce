"""A whole pipeline for the time of one run: databases, Connect, Kafka, a workload, the job, the proof at the end."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import io
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from psycopg2 import sql
from rich import box
from rich.console import Console
from rich.table import Table

from flinkblocks.cdc import database
from flinkblocks.cdc.database import Database
from flinkblocks.cdc.pipeline import Pipeline
from flinkblocks.cdc.play import Play
from flinkblocks.cdc.verify import TABLES, report
from flinkblocks.console import Face, Output
from flinkblocks.errors import UserError
from flinkblocks.flags import resolve
from flinkblocks.paths import PRODUCT, state_home
from flinkblocks.run import RunOptions
from flinkblocks.stack import Stack

if TYPE_CHECKING:
    from flinkblocks.core.block import Block

_SERVICES = ("kafka", "postgres", "connect")
_SAMPLE = 5


class _Local(Pipeline):
    """The surroundings of a job whose source is at play."""

    def __init__(self, play: Play):
        self._play = play

    def outputs(self, flags: Any) -> list[Output]:
        """Without commands to look at them: the databases go with the run."""
        return [dataclasses.replace(each, look=None) for each in super().outputs(flags)]

    @contextlib.contextmanager
    def watching(self, flags: Any, options: RunOptions) -> Iterator[RunOptions]:
        """Plays the workload as soon as the job runs, and ends the run behind it."""
        with super().watching(flags, options) as watched, self._play:
            yield dataclasses.replace(
                watched,
                # All that was read is accounted for at the end: there is nothing that could be resumed.
                bounded=True,
                gauges=lambda: [*watched.gauges(), *self._play.gauges()],
                over=self._play.over,
            )


def local_run(block: Block, flags: Any, argv: Sequence[str], face: Face) -> int:
    """Makes a run of a block that brings everything it needs, and leaves nothing of it but its results.

    Args:
        block: to run.
        flags: of the run, which name nothing outside.
        argv: the command line.
        face: of the console.

    Returns:
        The exit code: 1 also when the analytics tables do not equal their queries at the end.
    """
    with _folder(face) as folder:
        stack = Stack(folder)
        failed = True
        try:
            face.note("no database is named: PostgreSQL, Kafka and Connect are started for this run")
            ups = stack.up_all(_SERVICES, lambda running, _: face.note(f"{running.service.name}: {running.address}"))
            exports = {name: value for running, _ in ups.values() for name, value in running.exports.items()}
            its = resolve(type(flags), _command_line(flags, argv, exports, folder))
            code = _run(block, flags, its, face)
            failed = code != 0
        except (SystemExit, KeyboardInterrupt):
            failed = False  # Someone has had enough.
            raise
        finally:
            _take_down(stack, failed, face)
    return code


def _run(block: Block, flags: Any, its: Any, face: Face) -> int:
    source, analytics = database.source(its), database.analytics(its)
    play = Play(source, analytics, flags)
    face.note(play.fill())
    code = dataclasses.replace(block, around=_Local(play)).run_once(its, None, face)
    if play.problem:
        raise UserError(play.problem, "")
    if play.comparison is None:
        if code == 0:
            face.note("stopped before the workload was over: the tables were not compared with their queries")
        return code
    for line in [*_sample(analytics), *report(play.comparison)]:
        face.note(line)
    return code or (0 if play.comparison.equal else 1)


def _command_line(flags: Any, argv: Sequence[str], exports: dict[str, str], folder: pathlib.Path) -> list[str]:
    """The user's, and behind it what the stack has, which counts more."""
    more = {spec.name: exports[spec.env] for spec in flags.specs().values() if spec.env in exports}
    more["kafka-config"] = "none"
    more["output-path"] = flags.output_path
    more["checkpoint-path"] = str(folder / "job")
    # The workload has an end, and the job's comes behind it.
    more["duration"] = "0"
    return [*argv, *(part for name, value in more.items() for part in (f"--{name}", value))]


def _sample(analytics: Database) -> list[str]:
    """The first rows of the tables, which are gone with the run."""
    out = io.StringIO()
    with analytics.session() as connection, connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(sql.SQL("SELECT * FROM {} ORDER BY 1 LIMIT %s").format(sql.Identifier(name)), (_SAMPLE,))
            table = Table(*(column.name for column in cursor.description), title=name, title_justify="left",
                          box=box.SIMPLE_HEAD, pad_edge=False)  # fmt: skip
            for row in cursor.fetchall():
                table.add_row(*("null" if value is None else str(value) for value in row))
            Console(file=out, width=110, no_color=True, highlight=False).print(table)
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


@contextlib.contextmanager
def _folder(face: Face) -> Iterator[pathlib.Path]:
    """A folder for this run. Of runs that were killed, what still runs is ended, and what is there is deleted."""
    base = pathlib.Path(state_home(os.environ)) / PRODUCT / "local_runs"
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in base.glob("run-*.lock"):
            _sweep(left, face)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=base))
        alive = _beside(folder).open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        if not folder.exists():
            _beside(folder).unlink(missing_ok=True)
        alive.close()


def _sweep(lock: pathlib.Path, face: Face) -> None:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # Its run is at work.
        folder = lock.with_suffix("")
        face.note(f"ending and deleting what an earlier run has left in {folder}")
        try:
            Stack(folder).down(purge=True)
        except UserError as error:
            face.note(error.line)
            return
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)


def _beside(folder: pathlib.Path) -> pathlib.Path:
    return folder.with_name(folder.name + ".lock")


def _take_down(stack: Stack, failed: bool, face: Face) -> None:
    """Ends the services, and deletes their folder unless someone may want to see why the run has failed."""
    try:
        stack.down(purge=not failed)
    except BaseException:
        # A signal: from now on they are ignored, and nothing may be left.
        stack.down(purge=not failed)
        raise
    if failed:
        face.note(f"the logs of what was started for this run are in {stack.folder} until the next one")
