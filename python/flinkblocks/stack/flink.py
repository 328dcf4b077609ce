"""A Flink session cluster, JobManager and TaskManager, from the scripts of a Flink distribution, on loopback."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import socket

from flinkblocks.console import FlinkRest
from flinkblocks.errors import UserError
from flinkblocks.runtime import java_home, java_program_environment, runfile
from flinkblocks.stack.service import Command, Service, Site

_PROFILE = "flink/conf/cluster/config.yaml"
_JOBMANAGER, _TASKMANAGER = "jobmanager", "taskmanager"


class Flink(Service):
    """The session cluster of a stack."""

    name = "flink"
    processes = (_JOBMANAGER, _TASKMANAGER)
    ports = ("rest", "rpc", "blob", "taskmanager")
    stop_seconds = 15.0
    # Flink's scripts start a JVM five times before the one that stays.
    ready_seconds = 180.0

    def commands(self, site: Site) -> dict[str, Command]:
        """Tells how to run the two in the foreground, where the scripts become the JVM."""
        home, folder, ports = distribution(), site.folder, site.ports
        environment = {
            **java_program_environment(),
            "JAVA_HOME": java_home(),
            "FLINK_CONF_DIR": os.path.dirname(runfile(_PROFILE)),
            "FLINK_LIB_DIR": str(_libraries(home, folder / "lib")),
            "FLINK_OPT_DIR": str(home / "opt"),
            "FLINK_PLUGINS_DIR": str(home / "plugins"),
            "FLINK_LOG_DIR": str(folder),
            "FLINK_PID_DIR": str(folder / "tmp"),
            "FLINK_IDENT_STRING": "stack",
        }
        options = {
            "rest.port": ports["rest"],
            "rest.bind-port": ports["rest"],
            "jobmanager.rpc.port": ports["rpc"],
            "blob.server.port": ports["blob"],
            "taskmanager.rpc.port": ports["taskmanager"],
            "io.tmp.dirs": folder / "tmp",
            "web.tmpdir": folder / "tmp",
        }
        dynamic = [word for key, value in options.items() for word in ("-D", f"{key}={value}")]
        return {
            process: Command(
                [str(home / "bin" / f"{process}.sh"), "start-foreground", *dynamic],
                {**environment, **_shown_log(folder / f"{process}.log")},
            )
            for process in self.processes
        }

    def ready(self, site: Site) -> bool:
        """Whether the cluster answers and has slots to run jobs in."""
        try:
            # The JobManager goes on to count the slots of a TaskManager that was killed a moment ago.
            socket.create_connection(("127.0.0.1", site.ports["taskmanager"]), timeout=1).close()
        except OSError:
            return False
        rest = FlinkRest(self.address(site))
        try:
            return bool((rest.find("/overview") or {}).get("slots-total"))
        finally:
            rest.close()

    def address(self, site: Site) -> str:
        """Of the REST API, which is the web UI's too."""
        return f"127.0.0.1:{site.ports['rest']}"

    def exports(self, site: Site) -> dict[str, str]:
        """The environment that sends the blocks' jobs to this cluster."""
        return {"FLINK_REST": self.address(site)}


def _shown_log(log: pathlib.Path) -> dict[str, str]:
    """What makes the web UI show the file that a process's output goes to.

    The scripts name another one on the command line, which only this variable of the JVM's outdoes.
    """
    own = os.environ.get("_JAVA_OPTIONS", "")
    return {"_JAVA_OPTIONS": f'{own} "-Dlog.file={log}"'.lstrip()}


def distribution() -> pathlib.Path:
    """The folder that FLINK_HOME names, else the one inside the package apache-flink.

    Raises:
        UserError: it is no Flink distribution.
    """
    named = os.environ.get("FLINK_HOME")
    home = pathlib.Path(named or os.path.dirname(importlib.util.find_spec("pyflink").origin))
    for part in (f"bin/{_JOBMANAGER}.sh", "lib/flink-dist-*.jar"):
        if not any(home.glob(part)):
            raise UserError(f"{home} is no Flink distribution: it has no {part}", "correct or unset FLINK_HOME")
    return home


def _libraries(home: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Makes a folder of links to what belongs on the cluster's class path.

    Beside the distribution's lib that is the jar that runs operators written in Python.
    """
    folder.mkdir(exist_ok=True)
    jars = [*(home / "lib").glob("*.jar"), *(home / "opt").glob("flink-python-*.jar")]
    wanted = {folder / jar.name: jar.resolve() for jar in jars}
    # Links that are right stay: the other process may be reading there.
    for link in folder.iterdir():
        if wanted.get(link) != link.resolve():
            link.unlink()
    for link, jar in wanted.items():
        if not link.is_symlink():
            link.symlink_to(jar)
    return folder
