"""What a connector's failure is about, in a line, and what to do about it."""

from __future__ import annotations

import re

from flinkblocks.errors import UserError, java_failure

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
        r"no longer (available|get changes)|offset is no longer|can no longer|WAL segment|invalidated",
        "--cleanup drops connector and slot; registered anew it takes a new snapshot",
    ),
    (r"Connection to .* refused|UnknownHost|connection attempt", "Connect must reach the database under that name"),
)


def refused(name: str, trace: str) -> UserError:
    """The error that a trace, or an answer of Connect, is about.

    Args:
        name: of the connector.
        trace: Java's, or what Connect answered.
    """
    lines = trace.strip().splitlines()
    if len(lines) > 1 and lines[1].lstrip().startswith("at "):
        reason = str(java_failure(trace))
    else:
        # Behind the reasons Connect says where a documentation of all settings is.
        reason = " ".join(line for line in lines if not line.startswith("You can also find"))
    # The names in a trace's frames are of much that has nothing to do with it.
    cures = (cure for text in (reason, trace) for pattern, cure in _CURES if re.search(pattern, text))
    return UserError(f"the connector {name} has failed: {reason}", next(cures, "see Connect's log"))
