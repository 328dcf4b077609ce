"""Takes away what a run has put into Connect and the source database."""

from __future__ import annotations

from typing import Any, Callable

from flinkblocks.cdc import connector, database
from flinkblocks.cdc.connect import Connect
from flinkblocks.cdc.source import drop_publication, drop_slot, slot_name


def cleanup(flags: Any, tell: Callable[[str], None]) -> None:
    """Deletes the connector, then drops the slot that it read from and the publication; any number of times.

    Args:
        flags: of the run: which connector, and where.
        tell: takes a line on each thing that was done, as soon as it was.

    Raises:
        UserError: something cannot be dropped; what was told is gone.
    """
    its = slot_name(flags.connector_name)
    if flags.connect_url:
        with Connect(flags.connect_url) as connect:
            tell(connector.delete(connect, flags.connector_name))
    with database.replication(flags).session() as connection:
        tell(drop_slot(connection, its))
    with database.source(flags).session() as connection:
        tell(drop_publication(connection, its))
    tell("topics, analytics tables and savepoints stay")
