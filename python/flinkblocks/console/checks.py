"""Checks before a run, one line each, with the cure of each that fails."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flinkblocks.console.loose import as_dict, as_int, as_list
from flinkblocks.console.rest import FlinkRest, RestError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from flinkblocks.console.faces import Face

_JAVA_MIN = 17
_PYTHON_MIN, _PYTHON_MAX = (3, 9), (3, 12)


@dataclass(frozen=True)
class Check:
    """One thing that a run needs.

    Attributes:
        name: what was looked at: Java, broker.
        ok: whether the run can do with it.
        detail: what was found.
        cure: what to do when it is not ok.
    """

    name: str
    ok: bool
    detail: str
    cure: str = ""


def preflight(checks: Iterable[Check], face: Face) -> int:
    """Shows checks, each as soon as it is made.

    Args:
        checks: a generator makes each check when the one before is shown.
        face: of the console.

    Returns:
        0 when all are ok, else the exit code 1; all are shown either way.
    """
    failed = False
    for check in checks:
        face.check(check)
        failed = failed or not check.ok
    return 1 if failed else 0


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Check:
    """The Python that runs this, which also runs operators in Python."""
    ok = _PYTHON_MIN <= version[:2] <= _PYTHON_MAX
    return Check("Python", ok, ".".join(map(str, version)), "use Python 3.9 to 3.12, 3.11 is the best tried")


def check_java(environ: Mapping[str, str] = os.environ) -> Check:
    """The Java of JAVA_HOME, else of PATH."""
    cure = f"install a JDK {_JAVA_MIN} or newer, and set JAVA_HOME to its folder or put its bin on PATH"
    home = environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else shutil.which("java", path=environ.get("PATH"))
    if not java:
        return Check("Java", False, "not found: JAVA_HOME is not set and there is no java on PATH", cure)
    try:
        result = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("Java", False, f"{java} does not run: {error}", cure)
    version = java_version(result.stderr + result.stdout)
    if version is None:
        return Check("Java", False, f"{java} -version says nothing of a version", cure)
    text, major = version
    return Check("Java", major >= _JAVA_MIN, f"{text} ({java})", cure)


def java_version(text: str) -> tuple[str, int] | None:
    """The version in the answer of `java -version`, and its major number: 17.0.9 is 17, 1.8.0_392 is 8."""
    match = re.search(r'version "((?:1\.)?(\d+)[^"]*)"', text)
    return (match.group(1), int(match.group(2))) if match else None


def check_jar(path: str) -> Check:
    """A jar that the job needs."""
    name = f"jar {os.path.basename(path)}"
    if not os.path.isfile(path):
        return Check(name, False, f"{path} is not there", "start the block with `bazel run`, which builds it")
    return Check(name, True, f"{os.path.getsize(path) / 1e6:.1f} MB")


def check_port(flag: str, port: int, host: str = "127.0.0.1") -> Check:
    """A port to listen on.

    Args:
        flag: that sets it, for the cure.
        port: its number; 0, any free one, is always free.
        host: the address to listen on.
    """
    name = f"port {port}"
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # A connection that lingers after its server's end does not block the next server, Flink's sets this too.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            cure = f"choose another with {flag}, or stop what listens there"
            return Check(name, False, f"cannot listen on {host}:{port}: {reason}", cure)
    return Check(name, True, "free")


def check_postgres(
    url: str,
    user: str | None,
    password: SecretStr | None,
    name: str = "PostgreSQL",
    flags: str = "--postgres-url, --postgres-user and the password",
) -> Check:
    """A database that the run is told of.

    Args:
        url: postgresql://host:port/database, with jdbc: in front or not.
        user: to log in as; the operating system's user when None.
        password: of the user; libpq looks for one itself when None.
        name: of the check.
        flags: that say all this, for the cure.
    """
    import psycopg2  # late: most runs have no database

    secret = password.get_secret_value() if password else None
    try:
        connection = psycopg2.connect(url.removeprefix("jdbc:"), user=user, password=secret, connect_timeout=5)
    except psycopg2.Error as error:
        reason = " ".join(str(error).split()) or "no answer"
        return Check(name, False, reason, f"start it, or correct {flags}")
    version = connection.server_version
    connection.close()
    return Check(name, True, f"version {version // 10_000}.{version % 10_000}")


def check_cluster(rest_url: str, parallelism: int = 1, version: str | None = None) -> Check:
    """A Flink cluster that is to run the job.

    Args:
        rest_url: of its REST endpoint.
        parallelism: slots that the job takes.
        version: of the Flink that the job is built with, `2.2.1`; None when any will do.
    """
    name, where = "cluster", "start it, or name its REST address with --target"
    rest = FlinkRest(rest_url)
    try:
        overview = as_dict(rest.get("/overview"))
        elastic = _elastic(rest)
    except RestError as error:
        reason = f"answers with status {error.status}" if error.status else "does not answer"
        return Check(name, False, f"{rest.url} {reason}", where)
    finally:
        rest.close()
    its = overview.get("flink-version")
    if not isinstance(its, str):
        return Check(name, False, f"{rest.url} answers, but not as Flink does", where)
    free, total = as_int(overview.get("slots-available")) or 0, as_int(overview.get("slots-total")) or 0
    found = f"Flink {its} at {rest.url}, {free} of {total} slots free"
    if version and its.split(".")[:2] != version.split(".")[:2]:
        cure = f"use a cluster of Flink {'.'.join(version.split('.')[:2])}"
        return Check(name, False, f"{found}, but the job is built with Flink {version}", cure)
    if total < parallelism and not elastic:
        cure = f"give --parallelism {total} or less, or start TaskManagers" if total else "start TaskManagers"
        return Check(name, False, f"{found}, but --parallelism {parallelism} takes {parallelism}", cure)
    waits = f"; the job waits for {parallelism}" if free < parallelism else ""
    return Check(name, True, found + waits)


def _elastic(rest: FlinkRest) -> bool:
    """Whether the cluster starts TaskManagers as jobs need them, or runs jobs on fewer slots; raises RestError."""
    config = {str(as_dict(e).get("key")): as_dict(e).get("value") for e in as_list(rest.get("/jobmanager/config"))}
    managed = any(key.startswith(("kubernetes.", "yarn.")) for key in config)
    return managed or str(config.get("jobmanager.scheduler")).lower() == "adaptive"
