"""The Debezium connector: its configuration, and how it is put to work and taken away again."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any, Callable
from urllib.parse import parse_qs, unquote, urlsplit

from flinkblocks.cdc.connect import Connect, ConnectError
from flinkblocks.cdc.connector_failures import refused
from flinkblocks.cdc.database import libpq_url, replicates_as_other, user_of
from flinkblocks.cdc.source import slot_name
from flinkblocks.cdc.tables import Table
from flinkblocks.console.loose import as_dict, as_list
from flinkblocks.errors import UsageError, UserError

_TICK_S = 0.3
# After a change Connect goes on to tell of the failure before it for a moment.
_STALE_S = 15.0
_PATIENCE_S = 120.0


def topic_prefix(flags: Any) -> str:
    """What the names of the connector's topics begin with."""
    return f"{flags.topic_prefix}{flags.kafka_topic}"


def transaction_topic(prefix: str) -> str:
    """The connector's topic beside those of the tables: begin and end of transactions."""
    return f"{prefix}.transaction"


def heartbeat_topic(prefix: str) -> str:
    """The connector's topic for what shows that it has come further, though no table has changed."""
    return f"{_heartbeat(prefix)}.{prefix}"


def _heartbeat(prefix: str) -> str:
    return f"{prefix}.heartbeat"


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
        # The snapshot takes them in this order: what orders refer to comes before them.
        "table.include.list": ",".join(table.pattern for table in sorted(captured, key=lambda t: t.name == "orders")),
        "plugin.name": "pgoutput",
        "slot.name": its,
        "publication.name": its,
        # Its owner makes it beforehand: the connector need not own the tables.
        "publication.autocreate.mode": "disabled",
        "snapshot.mode": "initial",
        "skipped.operations": "none",
        "tombstones.on.delete": "true",
        # What applications write into the log beside rows (pg_logical_emit_message) would need a topic of its own.
        "message.prefix.exclude.list": ".*",
        "provide.transaction.metadata": "true",
        "decimal.handling.mode": "string",
        # Else, while nothing happens in these tables, the slot would hold back what all others of the server write. The
        # driver must not confirm that by itself: a slot that is ahead of what Connect has noted fails the next start.
        "heartbeat.interval.ms": "5000",
        "topic.heartbeat.prefix": _heartbeat(topic_prefix(flags)),
        "heartbeat.action.query": "SELECT pg_logical_emit_message(false, 'heartbeat', '')",
        "poll.interval.ms": "100",
        "exactly.once.support": "required",
        "transaction.boundary": "poll",
        # For ten minutes, longer than a database takes to come again: by default there is no end to it, and Connect
        # calls that running.
        "errors.max.retries": "200",
        "retriable.restart.connector.wait.ms": "3000",
        # What a killed worker leaves open holds up readers for so long.
        "producer.override.transaction.timeout.ms": "8000",
        # An update tells a row twice; as large as the records of the tables' topics may be.
        "producer.override.max.request.size": "33554432",
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


def require_same_source(connect: Connect, name: str, values: dict[str, str]) -> None:
    """Refuses what `register` would refuse because of the connector that is there, before anything is changed.

    Raises:
        UserError: it reads another source, writes to other topics, or has taken its snapshot of fewer tables.
    """
    try:
        before = connect.find(name, "config")
    except ConnectError as error:
        raise refused(name, str(error)) from None
    if before is not None:
        _require_same_source(name, before, values)


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
        if before is not None:
            _require_same_source(name, before, values)
        stale = _failure(connect.find(name, "status"))
        if changed:
            connect.request("PUT", name, "config", values)
        if _state(connect.find(name, "status")) in ("PAUSED", "STOPPED"):
            connect.request("PUT", name, "resume")
        elif not changed:
            connect.request("POST", name, "restart?includeTasks=true&onlyFailed=true")
        wait_running(connect, name, clock, stale)
    except ConnectError as error:
        raise refused(name, str(error)) from None
    did = "found" if not changed else "registered" if before is None else "updated"
    return f"{did} the connector {name}, it runs"


def wait_running(
    connect: Connect, name: str, clock: Callable[[], float] = time.monotonic, stale: str | None = None
) -> None:
    """Waits until a connector and its task run.

    Args:
        connect: the worker.
        name: of the connector.
        clock: seconds that only grow.
        stale: the trace of a failure that it may have recovered from; it counts if it stays.

    Raises:
        UserError: it fails, or is not there after two minutes.
    """
    begin = clock()
    while True:
        status = connect.find(name, "status")
        failure = _failure(status)
        if failure is not None and (failure != stale or clock() >= begin + _STALE_S):
            raise refused(name, failure)
        states = [part.get("state") for part in _parts(status)]
        if len(states) > 1 and set(states) == {"RUNNING"}:
            return
        if clock() >= begin + _PATIENCE_S:
            found = ", ".join(str(state) for state in states if state) or "not there"
            raise UserError(
                f"the connector {name} does not run after {_PATIENCE_S:.0f} s: {found}", "see Connect's log"
            )
        time.sleep(_TICK_S)


def _parts(status: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What there is to know of a connector, then of its tasks."""
    found = as_dict(status)
    return [as_dict(found.get("connector")), *map(as_dict, as_list(found.get("tasks")))]


def _failure(status: dict[str, Any] | None) -> str | None:
    """Why a connector or a task of it has failed; None when none has."""
    failed = (part for part in _parts(status) if part.get("state") == "FAILED")
    return next((str(part.get("trace") or "no reason is given") for part in failed), None)


def failure(connect: Connect, name: str) -> UserError | None:
    """Why a connector has failed, with the cure; None when it has not, or is not there.

    Raises:
        UserError: Connect does not answer.
    """
    try:
        trace = _failure(connect.find(name, "status"))
    except ConnectError as error:
        raise refused(name, str(error)) from None
    return None if trace is None else refused(name, trace)


def _require_same_source(name: str, before: dict[str, str], values: dict[str, str]) -> None:
    """A connector takes its snapshot once, into its topics.

    A table that joins it would come without the rows that it has; under another prefix or on another database its
    slot would not fit the place that Connect has noted for that.
    """
    for key, what in (("topic.prefix", "writes to topics"), ("database.dbname", "reads from database")):
        if key in before and before[key] != values.get(key):
            raise UserError(
                f"the connector {name} {what} {before[key]}, not {values.get(key)}",
                "take another --connector-name, or --cleanup first",
            )
    key = "table.include.list"
    joined = len(set(values.get(key, "").split(",")) - set(before.get(key, "").split(",")))
    if joined:
        raise UserError(
            f"the connector {name} has taken its snapshot without {joined} of --source-tables: their rows of now "
            "would be missing",
            "--cleanup first: the next run takes a snapshot of all tables; or take another --connector-name "
            "and --kafka-topic",
        )


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
        raise refused(name, str(error)) from None
    return f"deleted the connector {name} and its offsets"


def _stopped(status: dict[str, Any]) -> bool:
    return _state(status) == "STOPPED" and not as_list(status.get("tasks"))


def _state(status: dict[str, Any] | None) -> str | None:
    return as_dict(as_dict(status).get("connector")).get("state")
