"""The databases of a run, and how one logs in to them without the password getting anywhere else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from pydantic import SecretStr

from flinkblocks.console import Check, check_postgres
from flinkblocks.errors import UserError

_TIMEOUT_S = 5
# MERGE is there since.
_ANALYTICS_MIN = 15


@dataclass(frozen=True)
class Database:
    """A database and who logs in.

    Attributes:
        role: of the database in the run: source or analytics.
        flags: what to correct when it does not let us in.
        url: postgresql://host:port/database.
        user: None for the operating system's user.
        password: None when none is known; libpq looks for one itself then.
    """

    role: str
    flags: str
    url: str
    user: str | None = None
    password: SecretStr | None = None

    @contextlib.contextmanager
    def session(self, autocommit: bool = True) -> Iterator[Connection]:
        """Logs in, and out at the end.

        Args:
            autocommit: whether each statement is a transaction of its own; else all are one, which ends without effect.

        Raises:
            UserError: the database does not let us in, or refuses a statement; the message has no password in it.
        """
        secret = self.password.get_secret_value() if self.password else None
        try:
            connection = psycopg2.connect(
                self.url, user=self.user, password=secret, connect_timeout=_TIMEOUT_S,
                application_name="cdc_processing",
            )  # fmt: skip
        except psycopg2.Error as error:
            raise UserError(f"the {self.role} database: {_line(error)}", f"start it, or correct {self.flags}") from None
        try:
            connection.autocommit = autocommit
            yield connection
        except psycopg2.Error as error:
            raise UserError(f"the {self.role} database: {_line(error)}", "") from None
        finally:
            connection.close()

    def check(self) -> Check:
        """The database as a check before a run."""
        found = check_postgres(self.url, self.user, self.password, f"{self.role} PostgreSQL", self.flags)
        if found.ok and self.role == "analytics" and int(found.detail.split()[1].split(".")[0]) < _ANALYTICS_MIN:
            return Check(found.name, False, found.detail, f"use PostgreSQL {_ANALYTICS_MIN} or newer, which has MERGE")
        return found


def source(flags: Any) -> Database | None:
    """The source database, as its tables' owner; None when none is given."""
    return _database(flags, "source")


def analytics(flags: Any) -> Database | None:
    """The analytics database; None when none is given."""
    return _database(flags, "analytics")


def replication(flags: Any) -> Database | None:
    """The source database as the one who replicates it: the only one who can drop a slot."""
    its = source(flags)
    if its is None or not replicates_as_other(flags):
        return its
    where = "--replication-user and its password"
    return Database(its.role, where, its.url, flags.replication_user, flags.replication_password)


def replicates_as_other(flags: Any) -> bool:
    """Whether a user of its own is named for the replication."""
    return bool(flags.replication_user) and flags.replication_user != user_of(flags, "source")


def user_of(flags: Any, role: str) -> str | None:
    """The user of a database: its own, else the one for all."""
    return getattr(flags, f"{role}_postgres_user") or flags.postgres_user


def jdbc_url(url: str) -> str:
    """A database's URL as JDBC has it."""
    return "jdbc:postgresql://" + url.split("://", 1)[1]


def libpq_url(url: str) -> str:
    """A database's URL as libpq has it."""
    return url.removeprefix("jdbc:")


def password_place(flags: Any, role: str) -> dict[str, str | None]:
    """Where the job finds a database's password: never the password itself.

    Args:
        flags: of the run.
        role: of the database: analytics.

    Returns:
        The settings `<role>-postgres-password-file` and `<role>-postgres-password-env`, None for what is not set. A
        variable of the environment is one of this process: the job must live in a JVM that it starts.
    """
    settings: dict[str, str | None] = {
        f"{role}-postgres-password-file": None,
        f"{role}-postgres-password-env": None,
    }
    for field in (f"{role}_postgres_password", "postgres_password"):
        if getattr(flags, field) is not None:
            spec = flags.specs()[field]
            if flags.where(field) == f"environment {spec.env}":
                settings[f"{role}-postgres-password-env"] = spec.env
            else:
                settings[f"{role}-postgres-password-file"] = getattr(flags, spec.secret_file.replace("-", "_"))
            break
    return settings


def _line(error: psycopg2.Error) -> str:
    return " ".join((error.diag.message_primary or str(error)).split()) or "no answer"


def _database(flags: Any, role: str) -> Database | None:
    url = getattr(flags, f"{role}_postgres_url")
    if url is None:
        return None
    password = getattr(flags, f"{role}_postgres_password") or flags.postgres_password
    correct = f"--{role}-postgres-url, --{role}-postgres-user and the password"
    return Database(role, correct, libpq_url(url), user_of(flags, role), password)
