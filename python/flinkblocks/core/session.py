"""One embedded or remote Flink for one run: JVM, settings, environment."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JError

from flinkblocks.console import LIVE_OPTIONS
from flinkblocks.core import gateway
from flinkblocks.core.changes import Changes
from flinkblocks.core.events import Collecting, Events, Sinks, Source
from flinkblocks.errors import UserError
from flinkblocks.flags import FlagSet
from flinkblocks.ports import free_ports

if TYPE_CHECKING:
    from pyflink.datastream import StreamExecutionEnvironment

    from flinkblocks.engine import PythonEvents


class Session:
    """The JVM of this process and what the flags mean in it; several sessions share the JVM."""

    def __init__(self, flags: FlagSet, logs: pathlib.Path, **changed: Any):
        """Starts the JVM unless it runs.

        Args:
            flags: of the run.
            logs: the folder for its log.
            **changed: values that count instead of the flags', by Python name.

        Raises:
            UserError: the JVM cannot be started.
        """
        os.environ.setdefault("FLINK_IDENT_STRING", f"{flags.block}-{os.getpid()}")
        self.jvm = gateway.start(logs)
        self.remote = flags.target
        (self._port,) = free_ports(1)
        values: dict[str, Any] = {**flags.settings(), **{k.replace("_", "-"): v for k, v in changed.items()}}
        if not self.remote:
            values["rest-port"] = self._port
        self.settings = self.jvm.io.flinkblocks.config.Settings.fromJson(json.dumps(values))

    def alive(self) -> bool:
        """Whether the JVM answers."""
        try:
            return bool(self.jvm.java.lang.System.nanoTime())
        except (Py4JError, OSError):
            return False

    @property
    def rest_url(self) -> str:
        """Flink's REST endpoint."""
        return f"http://{self.remote or f'127.0.0.1:{self._port}'}"

    def environment(self) -> StreamExecutionEnvironment:
        """A new environment, as the flags describe it."""
        from pyflink.common import Configuration
        from pyflink.datastream import StreamExecutionEnvironment

        conf = Configuration(j_configuration=self.jvm.io.flinkblocks.job.JobEnvironment.of(self.settings))
        for key, value in {**gateway.python_options(), **({} if self.remote else LIVE_OPTIONS)}.items():
            conf.set_string(key, value)
        if not self.remote:
            return StreamExecutionEnvironment.get_execution_environment(conf)
        # get_execution_environment would start a Flink of its own whatever the configuration says.
        host, port = self.remote.rsplit(":", 1)
        for key, value in {
            "execution.target": "remote",
            "rest.address": host,
            "rest.port": port,
            "pipeline.jars": pathlib.Path(gateway.runfile(gateway.CORE_JAR)).as_uri(),
        }.items():
            conf.set_string(key, value)
        j_env = self.jvm.org.apache.flink.streaming.api.environment.StreamExecutionEnvironment(conf._j_configuration)
        return StreamExecutionEnvironment(j_env)

    def source(self) -> Source:
        """The input that the flags ask for."""
        open_source = self.jvm.io.flinkblocks.job.Sources.open
        return lambda env: self._events(self.settings, open_source(env._j_stream_execution_environment, self.settings))

    def changes(self) -> Callable[[StreamExecutionEnvironment], Changes]:
        """The changes of a database's rows, as the flags ask for them."""
        return lambda env: Changes(self.jvm, self.settings, env)

    def files(self, path: pathlib.Path) -> Source:
        """A file or folder as input, whatever the flags say: the bounded source of tests."""
        values: dict[str, Any] = {**dict(self.settings.values()), "input-path": str(path)}
        settings = self.jvm.io.flinkblocks.config.Settings.of(values)
        open_source = self.jvm.io.flinkblocks.files.FileEventSource.stream
        return lambda env: self._events(settings, open_source(env._j_stream_execution_environment, settings))

    def _events(self, settings: Any, records: Any) -> Events | PythonEvents:
        """The operators of the engine that the flags ask for.

        Raises:
            UserError: that engine does not run on a cluster.
        """
        if settings.text("engine") == "java":
            return Events(self.jvm, settings, records)
        if self.remote:
            problem = "--engine python runs embedded, not on a cluster, which has no Python of this project"
            raise UserError(problem, "leave out --target, or take --engine java")
        from flinkblocks.engine import PythonEvents  # late: importing pyflink takes a second

        return PythonEvents(self.jvm, settings, records)

    def sinks(self, results: tuple[str, ...]) -> Sinks:
        """The sinks that the flags ask for."""
        return Sinks(self.jvm, self.settings, results)

    def collecting(self) -> Collecting:
        """Sinks that hand the records back."""
        return Collecting(self.jvm)
