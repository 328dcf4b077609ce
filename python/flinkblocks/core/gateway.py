"""The JVM that an embedded run lives in: pyflink's gateway with the Java core on its class path."""

from __future__ import annotations

import functools
import getpass
import os
import pathlib
import socket
import sys
import tempfile
import time
from typing import Any

from flinkblocks.errors import UserError
from flinkblocks.runtime import java_home, runfile

CORE_JAR = "java/io/flinkblocks/core_deploy.jar"
_CONF = "flink/conf/local/config.yaml"
_KEEP_LOGS_SECONDS = 7 * 24 * 3600.0


@functools.cache
def _classpath() -> tempfile.TemporaryDirectory:
    """A folder of links to the jars; it goes away with this process."""
    folder = tempfile.TemporaryDirectory(prefix="flinkblocks-")
    home = pathlib.Path(os.environ["FLINK_HOME"])
    for jar in [*(home / "lib").glob("*.jar"), pathlib.Path(runfile(CORE_JAR))]:
        (pathlib.Path(folder.name) / jar.name).symlink_to(jar)
    return folder


def _pyflink_home() -> str:
    import pyflink

    return os.path.dirname(pyflink.__file__)


def start(log_dir: pathlib.Path) -> Any:
    """Starts the JVM, or finds the one that this process has already.

    The core goes on the class path itself: a jar that is only added to the job would be loaded once more for each
    job, and Flink looks for metric reporters before it has any job.

    Args:
        log_dir: where the JVM logs.

    Returns:
        The JVM's view as py4j gives it: `jvm.io.flinkblocks.…`.

    Raises:
        UserError: no Java, no jar, or the JVM ended at once.
    """
    os.environ["JAVA_HOME"] = java_home()
    # The Flink of this JVM is the locked one, whatever distribution the machine has. Without the variable pyflink
    # would look for one, and set the folder of jars to its own.
    os.environ["FLINK_HOME"] = _pyflink_home()
    os.environ["FLINK_LIB_DIR"] = _classpath().name
    os.environ.setdefault("FLINK_CONF_DIR", os.path.dirname(runfile(_CONF)))
    # Else PyFlink starts a server for Python workers in this process, and imports all of Beam and pandas for it: a
    # second or two of each start. Our operators in Python need none, see python_options.
    os.environ.setdefault("_python_worker_execution_mode", "process")
    log_dir.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("FLINK_LOG_DIR", str(log_dir))
    _drop_old_logs(log_dir)

    from pyflink.java_gateway import get_gateway  # late: it takes a second, and --help does not need it

    try:
        return get_gateway().jvm
    except RuntimeError as error:
        raise UserError(
            f"the JVM did not start: {str(error).strip()}", "look at env.java.opts in FLINK_CONF_DIR"
        ) from error


def log_file() -> pathlib.Path:
    """The file that the JVM of this process logs to; pyflink names it."""
    user = os.environ.get("FLINK_IDENT_STRING") or getpass.getuser()
    return pathlib.Path(os.environ["FLINK_LOG_DIR"]) / f"flink-{user}-python-{socket.gethostname()}.log"


def _drop_old_logs(folder: pathlib.Path) -> None:
    """Logs that nobody wrote to for a week."""
    for old in folder.glob("flink-*.log*"):
        if time.time() - old.stat().st_mtime > _KEEP_LOGS_SECONDS:
            old.unlink(missing_ok=True)


def python_options() -> dict[str, str]:
    """Flink options for operators in Python: they run in the JVM, on this very interpreter and with its modules.

    Not in processes of their own, which is PyFlink's default: those lose timers. As of 2.2.1 the timers that a bundle
    has registered are still on their way when the checkpoint that ended the bundle is taken (FLINK-37084 made mails
    of them); the state is in the checkpoint, the timers are not.
    """
    return {
        "python.execution-mode": "thread",
        "python.executable": sys.executable,
        "python.client.executable": sys.executable,
        "python.pythonpath": os.pathsep.join(filter(None, sys.path)),
    }
