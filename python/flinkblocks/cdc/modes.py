"""What a command line asks for: a run, a comparison, a cleanup, or a whole pipeline for the time of a run."""

from __future__ import annotations

from typing import Any

from flinkblocks.cdc.database import password_place
from flinkblocks.errors import UsageError

LOCAL, RUN, VERIFY, CLEANUP = "local", "run", "verify", "cleanup"

#: Each tells of the world outside: with none of them a run brings its own.
_OUTSIDE = ("kafka-servers", "source-postgres-url", "analytics-postgres-url", "connect-url", "input-path")
_LOCAL_ONLY = ("changes", "rate", "seed")


def mode(flags: Any) -> str:
    """What the flags ask for.

    Raises:
        UsageError: flags are missing for it, or do not go together.
    """
    asked = [name for name in (VERIFY, CLEANUP) if getattr(flags, name)]
    if len(asked) > 1:
        raise UsageError("--verify does not go with --cleanup", "give one of the two")
    if asked:
        needed = ("source-postgres-url", "analytics-postgres-url") if flags.verify else ("source-postgres-url",)
        _require(flags, f"--{asked[0]}", needed)
        return asked[0]
    if not any(_given(flags, name) for name in _OUTSIDE):
        _check_local(flags)
        return LOCAL
    for name in _LOCAL_ONLY:
        if flags.where(name).startswith("flag "):
            raise UsageError(f"--{name} is for a run that brings its own database", f"leave out --{name}")
    if flags.input_path is None:
        for name in ("source-postgres-url", "analytics-postgres-url", "connect-url"):
            if _given(flags, name):
                _require(flags, f"--{name}", ("kafka-servers",))
    if flags.connect_url:
        _require(flags, "--connect-url", ("source-postgres-url",))
    _check_cluster(flags)
    return RUN


def _check_local(flags: Any) -> None:
    for name in ("target", "from-savepoint"):
        if _given(flags, name):
            problem = f"--{name} needs a Kafka and databases that are there after the run"
            raise UsageError(problem, "give --kafka-servers, --source-postgres-url and --analytics-postgres-url")


def _check_cluster(flags: Any) -> None:
    """A cluster has not this program's environment."""
    if flags.target and flags.analytics_postgres_url:
        place = password_place(flags, "analytics")
        if name := place["analytics-postgres-password-env"]:
            raise UsageError(
                f"the cluster at {flags.target} cannot see {name}, which is in this program's environment only",
                "give --analytics-postgres-password-file, a file that every TaskManager can read",
            )


def _require(flags: Any, what: str, names: tuple[str, ...]) -> None:
    missing = [f"--{name}" for name in names if not _given(flags, name)]
    if missing:
        envs = (flags.specs()[name[2:].replace("-", "_")].env for name in missing)
        raise UsageError(f"{what} needs {' and '.join(missing)}", f"give it, or set {' and '.join(envs)}")


def _given(flags: Any, name: str) -> bool:
    return getattr(flags, name.replace("-", "_")) is not None
