"""Finding the shop's database: the password comes from the environment or a file, never from a URL."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping

import psycopg2
from psycopg2.extensions import connection as Connection

from flinkblocks.errors import UsageError, UserError

_PREFIXES = ("SOURCE_POSTGRES", "POSTGRES")


def connect(url: str, user: str | None, env: Mapping[str, str]) -> Connection:
    """Connects to the shop's database.

    Args:
        url: `postgresql://host:port/database`.
        user: None for SOURCE_POSTGRES_USER, else POSTGRES_USER, else what libpq takes.
        env: the environment. It has the password in SOURCE_POSTGRES_PASSWORD, or the name of a file with it in
            SOURCE_POSTGRES_PASSWORD_FILE; the same with POSTGRES_ counts when neither is there.

    Raises:
        UserError: the URL holds a password, or a file with one cannot be read.
        psycopg2.OperationalError: it cannot be reached.
    """
    if not url.startswith(("postgresql://", "postgres://")) or "@" in url or "password=" in url:
        cure = "give it as postgresql://host:port/database, the password in SOURCE_POSTGRES_PASSWORD or a file"
        raise UsageError("--url is no PostgreSQL URL, or holds a user or password", cure)
    return psycopg2.connect(
        url,
        user=user or next(filter(None, (env.get(f"{prefix}_USER") for prefix in _PREFIXES)), None),
        password=_password(env),
        connect_timeout=10,
        application_name="flinkblocks-workload",
        # An answer that never comes is a lost connection, too.
        keepalives_idle=5, keepalives_interval=2, keepalives_count=3, tcp_user_timeout=20_000,
        options="-c timezone=UTC -c synchronous_commit=on",
    )  # fmt: skip


def _password(env: Mapping[str, str]) -> str | None:
    for prefix in _PREFIXES:
        if secret := env.get(f"{prefix}_PASSWORD"):
            return secret
        if file := env.get(f"{prefix}_PASSWORD_FILE"):
            try:
                return pathlib.Path(file).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeError) as error:
                reason = getattr(error, "strerror", None) or "is no text"
                raise UserError(f"{file}: {reason}", f"correct {prefix}_PASSWORD_FILE") from None
    return None
