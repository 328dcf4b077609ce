"""What the stack's PostgreSQL holds: the shop's database with its publication, and the analytics database."""

from __future__ import annotations

import contextlib
import os
import pathlib
import secrets
import tempfile

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection, cursor, encrypt_password

from flinkblocks.runtime import runfile

SHOP, ANALYTICS, DEBEZIUM = "shop", "analytics", "debezium"
#: Roles that own a database of their own name.
OWNERS = (SHOP, ANALYTICS)
#: Each role, and the database that it works in.
ROLES = {SHOP: SHOP, ANALYTICS: ANALYTICS, DEBEZIUM: SHOP}
#: The role that sets all this up, and that nothing else uses.
SUPERUSER = "postgres"
PUBLICATION = "flinkblocks_cdc"

_SCHEMA = "sql/cdc/source_schema.sql"
_TABLES = ("users", "products", "orders")


def secret(folder: pathlib.Path, role: str) -> str:
    """A role's password, made when there is none: a file that its owner alone can read."""
    file = folder / role
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            tempfile.NamedTemporaryFile("w", dir=folder, encoding="ascii") as draft,
            contextlib.suppress(FileExistsError),
        ):
            draft.write(secrets.token_urlsafe(24))
            draft.flush()
            os.link(draft.name, file)  # At once, or another was faster.
    return file.read_text(encoding="utf-8")


def connect(port: int, role: str, password: str, database: str) -> connection:
    """Connects to the stack's server, whatever the environment says of others; raises OperationalError."""
    return psycopg2.connect(
        hostaddr="127.0.0.1",
        port=port,
        user=role,
        password=password,
        dbname=database,
        connect_timeout=5,
        sslmode="disable",
        gssencmode="disable",
        options="",
    )


def set_up(port: int, superuser: str, folder: pathlib.Path) -> None:
    """Makes what is not there yet. Only at its end have the roles passwords and can log in.

    Args:
        port: of the server.
        superuser: the superuser's password.
        folder: of the roles' passwords.

    Raises:
        psycopg2.OperationalError: the server cannot be reached (yet).
        psycopg2.Error: a statement failed.
    """
    with contextlib.closing(connect(port, SUPERUSER, superuser, "postgres")) as admin:
        admin.autocommit = True
        with admin.cursor() as run:
            # Until this connection ends: two may be told to do it at a time.
            run.execute("SELECT pg_advisory_lock(1)")
            _roles_and_databases(run)
            with contextlib.closing(connect(port, SUPERUSER, superuser, SHOP)) as shop, shop, shop.cursor() as inside:
                _shop(inside)
            for role in ROLES:
                # The server sees, and may log, no password but what it keeps to verify one.
                verifier = encrypt_password(secret(folder, role), role, admin, "scram-sha-256")
                run.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(_name(role), sql.Literal(verifier)))


def _roles_and_databases(run: cursor) -> None:
    for role in ROLES:
        run.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,))
        if not run.rowcount:
            run.execute(sql.SQL("CREATE ROLE {}").format(_name(role)))
    run.execute(sql.SQL("ALTER ROLE {} REPLICATION").format(_name(DEBEZIUM)))
    for owner in OWNERS:
        run.execute("SELECT FROM pg_database WHERE datname = %s", (owner,))
        if not run.rowcount:
            run.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(_name(owner)))
        run.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(_name(owner)))
    run.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(_name(SHOP), _name(DEBEZIUM)))


def _shop(run: cursor) -> None:
    """The shop's tables and publication are the shop's; Debezium may read what tables there are and will be."""
    run.execute(sql.SQL("SET LOCAL ROLE {}").format(_name(SHOP)))
    for right, things in (("SELECT", "TABLES"), ("USAGE", "SCHEMAS")):
        grant = f"ALTER DEFAULT PRIVILEGES GRANT {right} ON {things} TO {{}}"
        run.execute(sql.SQL(grant).format(_name(DEBEZIUM)))
    run.execute(pathlib.Path(runfile(_SCHEMA)).read_text(encoding="utf-8"))
    run.execute("SELECT FROM pg_publication WHERE pubname = %s", (PUBLICATION,))
    if not run.rowcount:
        tables = sql.SQL(", ").join(map(_name, _TABLES))
        create = "CREATE PUBLICATION {} FOR TABLE {} WITH (publish_via_partition_root = true)"
        run.execute(sql.SQL(create).format(_name(PUBLICATION), tables))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
