"""The Debezium connector: its configuration, and how it is put to work and taken away again."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any, Callable
from urllib.parse import parse_qs, unquote, urlsplit

from flinkblocks.cdc.connect import Connect, ConnectError
from flinkblocks.cdc.database import libpq_url, replicates_as_other, user_of
from flinkblocks.cdc.source import slot_name
from flinkblocks.cdc.tables import Table
from flinkblocks.console.loose import as_dict, as_list
from flinkblocks.errors import UsageError, UserError, java_failure

_TICK_S = 0.3
_PATIENCE_S = 120.0

#: What Debezium, PostgreSQL or Connect say, and what to do about it.
_CURES = (
    (
        r"password authentication failed|no password was provided|requires a password",
        "correct --replication-user, or what --replication-password-reference names for Connect to read",
    ),
    (
        r"Could not read|[Cc]onfig ?[Pp]rovider|allowed\.paths|\$\{",
        "Connect cannot read what --replication-password-reference names: its worker needs that config provider "
        "(config.providers), and the right to read the file",
    ),
    (r"wal_level", "set wal_level = logical in the database, and restart it"),
    (r"[Pp]ublication", "create it as the tables' owner: --source-postgres-user names who is to do that"),
    (
        r"is active|in use by another|active for PID",
        "end whoever reads from the slot, or take another --connector-name",
    ),
    (
        r"max_replication_slots|replication slots are in use",
        "drop slots that nobody needs, or raise max_replication_slots",
    ),
    (r"max_wal_senders", "raise max_wal_senders"),
    (r"permission denied for (table|schema)", "grant the --replication-user USAGE on the schema, SELECT on the tables"),
    (r"permission denied|REPLICATION|replication role", "give the role of --replication-user LOGIN and REPLICATION"),
    (
        r"no longer (available|get changes)|can no longer|WAL segment|invalidated",
        "--cleanup drops connector and slot; registered anew it takes a new snapshot",
    ),
    (r"Connection to .* refused|UnknownHost|connection attempt", "Connect must reach the database under that name"),
)


def topic_prefix(flags: Any) -> str:
    """What the names of the connector's topics begin with."""
    return f"{flags.topic_prefix}{flags.kafka_topic}"


def transaction_topic(prefix: str) -> str:
    """The connector's topic beside those of the tables: begin and end of transactions."""
    return f"{prefix}.transaction"


def config(flags: Any, captured: Sequence[Table]) -> dict[str, str]:
    """The connector's configuration, without any secret.

    Args:
        flags: of the run.
        captured: the tables.

    Raises:
        UsageError: Connect could not read the password, or the URL has more than one host.
    """
    url = urlsplit(libpq_url(flags.source_postgres_url))
    if "," in url.netloc:
        raise UsageError("--source-postgres-url: a connector takes one host only", "name the one to read from")
    its = slot_name(flags.connector_name)
    values = {
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "tasks.max": "1",
        "database.hostname": url.hostname or "",
        "database.port": str(url.port or 5432),
        "database.dbname": unquote(url.path.lstrip("/")),
        "database.user": flags.replication_user or user_of(flags, "source") or "",
        "topic.prefix": topic_prefix(flags),
        "table.include.list": ",".join(table.pattern for table in captured),
        "plugin.name": "pgoutput",
        "slot.name": its,
        "publication.name": its,
        # Its owner makes it beforehand: the connector need not own the tables.
        "publication.autocreate.mode": "disabled",
        "snapshot.mode": "initial",
        "skipped.operations": "none",
        "tombstones.on.delete": "true",
        "provide.transaction.metadata": "true",
        "decimal.handling.mode": "string",
        # Else, while nothing happens in these tables, the slot would hold back what all others of the server write.
        "lsn.flush.mode": "connector_and_driver",
        "poll.interval.ms": "100",
        "exactly.once.support": "required",
        "transaction.boundary": "poll",
        # What a killed worker leaves open holds up readers for so long.
        "producer.override.transaction.timeout.ms": "8000",
    }
    for side in ("key", "value"):
        values[f"{side}.converter"] = "org.apache.kafka.connect.json.JsonConverter"
        values[f"{side}.converter.schemas.enable"] = "false"
    if reference := password_reference(flags):
        values["database.password"] = reference
    if mode := parse_qs(url.query).get("sslmode"):
        values["database.sslmode"] = mode[-1]
    return values


def password_reference(flags: Any) -> str | None:
    """What Connect replaces by the password; None when nobody has said that there is one.

    Raises:
        UsageError: the password is known, but not in a place where Connect could read it.
    """
    if flags.replication_password_reference:
        return flags.replication_password_reference
    file = flags.replication_password_file
    password = flags.replication_password
    if not replicates_as_other(flags):
        file = file or flags.source_postgres_password_file or flags.postgres_password_file
        password = password or flags.source_postgres_password or flags.postgres_password
    if file is None:
        if password is None:
            return None
        raise UsageError(
            "Connect cannot see the password, which is in this program's environment only",
            "name a file with it (--replication-password-file), or what Connect is to read it from "
            "(--replication-password-reference, such as ${env:NAME})",
        )
    folder, _, name = file.rpartition("/")
    if re.search("[:}]", file):
        raise UsageError(f"--replication-password-file: Connect cannot read {file}", "use a path without ':' and '}'")
    return f"${{directory:{folder or '/'}:{name}}}"


def register(connect: Connect, name: str, values: dict[str, str], clock: Callable[[], float] = time.monotonic) -> str:
    """Creates the connector or brings it to this configuration, and waits until it runs; any number of times.

    Args:
        connect: the worker.
        name: of the connector.
        values: its configuration.
        clock: seconds that only grow.

    Returns:
        What was done, in words.

    Raises:
        UserError: Connect refuses it, or it fails: with the reason and what to do.
    """
    try:
        before = connect.find(name, "config")
        # Connect adds the name itself; without a change the connector goes on undisturbed.
        changed = {**values, "name": name} != before
        if changed:
            connect.request("PUT", name, "config", values)
        if _state(connect.find(name, "status")) in ("PAUSED", "STOPPED"):
            connect.request("PUT", name, "resume")
        elif not changed:
            connect.request("POST", name, "restart?includeTasks=true&onlyFailed=true")
        wait_running(connect, name, clock)
    except ConnectError as error:
        raise _refused(name, str(error)) from None
    did = "found" if not changed else "registered" if before is None else "updated"
    return f"{did} the connector {name}, it runs"


def wait_running(connect: Connect, name: str, clock: Callable[[], float] = time.monotonic) -> None:
    """Waits until a connector and its task run.

    Raises:
        UserError: it fails, or is not there after two minutes.
    """
    deadline = clock() + _PATIENCE_S
    while True:
        status = connect.find(name, "status")
        tasks = [as_dict(task) for task in as_list(as_dict(status).get("tasks"))]
        parts = [as_dict(as_dict(status).get("connector")), *tasks]
        states = [part.get("state") for part in parts]
        if "FAILED" in states:
            raise _refused(name, str(parts[states.index("FAILED")].get("trace") or "no reason is given"))
        if tasks and set(states) == {"RUNNING"}:
            return
        if clock() >= deadline:
            found = ", ".join(str(state) for state in states if state) or "not there"
            raise UserError(
                f"the connector {name} does not run after {_PATIENCE_S:.0f} s: {found}", "see Connect's log"
            )
        time.sleep(_TICK_S)


def delete(connect: Connect, name: str, clock: Callable[[], float] = time.monotonic) -> str:
    """Deletes a connector and the place it had read to, so that one of this name takes a new snapshot.

    Args:
        connect: the worker.
        name: of the connector.
        clock: seconds that only grow.

    Returns:
        What was done, in words.

    Raises:
        UserError: Connect refuses, or the connector does not stop.
    """
    try:
        if connect.find(name, "status") is None:
            return f"no connector {name}"
        # Connect forgets offsets of a connector only while it is there and stopped.
        connect.request("PUT", name, "stop")
        deadline = clock() + _PATIENCE_S
        while (status := connect.find(name, "status")) is not None and not _stopped(status):
            if clock() >= deadline:
                raise UserError(f"the connector {name} does not stop: {_state(status)}", "see Connect's log")
            time.sleep(_TICK_S)
        connect.request("DELETE", name, "offsets")
        connect.request("DELETE", name)
    except ConnectError as error:
        if error.status == 404:
            return f"no connector {name}"
        raise _refused(name, str(error)) from None
    return f"deleted the connector {name} and its offsets"


def _stopped(status: dict[str, Any]) -> bool:
    return _state(status) == "STOPPED" and not as_list(status.get("tasks"))


def _state(status: dict[str, Any] | None) -> str | None:
    return as_dict(as_dict(status).get("connector")).get("state")


def _refused(name: str, trace: str) -> UserError:
    """The error that a trace, or an answer of Connect, is about."""
    cure = next((cure for pattern, cure in _CURES if re.search(pattern, trace)), "see Connect's log")
    lines = trace.strip().splitlines()
    if len(lines) > 1 and lines[1].lstrip().startswith("at "):
        reason = str(java_failure(trace))
    else:
        # Behind the reasons Connect says where a documentation of all settings is.
        reason = " ".join(line for line in lines if not line.startswith("You can also find"))
    return UserError(f"the connector {name} has failed: {reason}", cure)
