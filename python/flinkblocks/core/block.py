"""What running a block comes to, the same for all of them: preflight, job, console, summary."""

from __future__ import annotations

import dataclasses
import itertools
import os
import pathlib
import shlex
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import Any, Union

from py4j.protocol import Py4JError, Py4JJavaError

from flinkblocks.console import (
    Check,
    Face,
    Output,
    check_cluster,
    check_jar,
    check_java,
    check_port,
    check_postgres,
    check_python,
    choose_face,
    preflight,
)
from flinkblocks.core.around import Around
from flinkblocks.core.gateway import CORE_JAR, log_file
from flinkblocks.errors import UserError, main_guard
from flinkblocks.flags import FlagSet, parse
from flinkblocks.paths import PRODUCT, state_home
from flinkblocks.run import RunOptions, follow, resolve_savepoint
from flinkblocks.run.job import quiet_py4j
from flinkblocks.run.savepoints import local_path
from flinkblocks.run.signals import leaving_on_signals
from flinkblocks.runtime import java_home, run_command, runfile

#: define_workflow(env, source, sinks, flags)
Workflow = Callable[[Any, Any, Any, Any], None]
#: The same in every run, or what the flags of a run come to.
Names = Union[tuple[str, ...], Callable[[Any], tuple[str, ...]]]

LATE, DEAD = "late-events", "dead-letter"


@dataclasses.dataclass(frozen=True)
class Block:
    """A block as its driver describes it.

    Attributes:
        flags: its flags.
        results: names of its own outputs.
        define_workflow: wires the operators.
        analyses: names of those that have accounts; unless given, each output is an analysis.
        source: of a Session: what opens the input; shop events unless given.
        around: what it has around its job.
    """

    flags: type[FlagSet]
    results: Names
    define_workflow: Workflow
    analyses: Names | None = None
    source: Callable[[Any], Any] = lambda session: session.source()
    around: Around = Around()

    def run(self, argv: Sequence[str] | None = None) -> int:
        """Runs the block as its command line says.

        Returns:
            The exit code: 0 for a clean end, 1 when it failed, 2 for a wrong command line, 130 for cancelled.
        """
        with leaving_on_signals():
            return main_guard(self._main)(None if argv is None else list(argv))

    def _main(self, argv: list[str]) -> int:
        flags = parse(self.flags, argv)
        face = choose_face(flags.console)
        code = self.around.instead(self, flags, argv, face)
        return self.run_once(flags, argv, face) if code is None else code

    def run_once(self, flags: FlagSet, argv: Sequence[str] | None, face: Face) -> int:
        """Makes one run, from its checks to its summary.

        Args:
            flags: of the run.
            argv: the command line that resumes it with one more flag; None when nothing can.
            face: of the console; it is closed at the end.

        Returns:
            The exit code.
        """
        values: dict[str, Any] = {}
        if flags.from_savepoint:
            values["from_savepoint"] = resolve_savepoint(flags.from_savepoint, flags.checkpoint_path)
        if code := preflight(itertools.chain(_local_checks(flags), self.around.checks(flags)), face):
            return code
        client, rest_url = self._start(flags, face, {**values, **self.around.settings(flags)})
        face.note(f"log: {log_file()}")
        with self.around.watching(flags, self._options(flags, argv)) as options:
            return follow(client, rest_url, options, face).exit_code

    def _start(self, flags: FlagSet, face: Face, values: dict[str, Any]) -> tuple[Any, str]:
        """Submits the job; returns PyFlink's client for it and the cluster's REST address."""
        from flinkblocks.core.session import Session  # late: the checks before need no pyflink

        session = Session(flags, _log_folder(flags), **values)
        quiet_py4j()
        try:
            session.jvm.io.flinkblocks.job.Preflight.files(session.settings)
            self.around.prepare(session, flags, face)
            env = session.environment()
            self.define_workflow(env, self.source(session), session.sinks(_of(self.results, flags)), flags)
            client = env.execute_async(f"{flags.app_name}-{flags.block}")
            if flags.target:
                face.note(f"web UI: {session.rest_url}/#/job/running/{client.get_job_id()}")
            return client, session.rest_url
        except Py4JJavaError:
            raise
        except (Py4JError, ConnectionError) as error:
            if session.alive():
                raise
            cure = f"it was killed, or ran out of memory; its log is {log_file()}"
            raise UserError("the JVM has gone while the job was being started", cure) from error

    def _options(self, flags: FlagSet, argv: Sequence[str] | None) -> RunOptions:
        results = _of(self.results, flags)
        return RunOptions(
            name=f"{flags.app_name}-{flags.block}",
            state_path=flags.checkpoint_path,
            bounded=flags.input != "kafka",
            duration_ms=int(flags.duration.ms) if flags.duration else 0,
            outputs=[_output(name, flags) for name in (*results, LATE, DEAD)],
            analyses=results if self.analyses is None else _of(self.analyses, flags),
            command=() if argv is None else [*run_command(f"//flink/python:{flags.block}"), *argv],
            resumed=flags.from_savepoint is not None,
            embedded=flags.target is None,
            verbose=flags.verbose,
        )


def _of(names: Names, flags: FlagSet) -> tuple[str, ...]:
    return names(flags) if callable(names) else names


def _local_checks(flags: FlagSet) -> Iterator[Check]:
    yield check_python()
    yield check_java({"JAVA_HOME": java_home()})
    yield check_jar(runfile(CORE_JAR))
    if flags.metrics_port:
        yield check_port("--metrics-port", flags.metrics_port)
    if flags.postgres_url:
        yield check_postgres(flags.postgres_url, flags.postgres_user, flags.postgres_password)
    if flags.target:
        yield check_cluster(f"http://{flags.target}", flags.parallelism, version("apache-flink"))


def _log_folder(flags: FlagSet) -> pathlib.Path:
    """Beside the checkpoints, or in the user's state folder when those are on another file system."""
    local = local_path(flags.checkpoint_path)
    return (local or pathlib.Path(state_home(os.environ)) / PRODUCT) / "logs"


def _output(name: str, flags: FlagSet) -> Output:
    if flags.output == "files":
        folder = pathlib.Path(flags.output_path) / name
        return Output(name, str(folder), f"head {shlex.quote(str(folder))}/*")
    topic = f"{flags.topic_prefix}{flags.kafka_topic}-dlq" if name == DEAD else f"{flags.topic_prefix}{name}"
    look = f"kafka-console-consumer --bootstrap-server {flags.kafka_servers} --topic {topic} --from-beginning"
    return Output(name, f"topic {topic}", f"{look} --isolation-level read_committed")
