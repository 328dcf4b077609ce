"""Watches a replication slot beside a job: WAL that nobody has read stays on the server's disk until that is full."""

from __future__ import annotations

import threading
import time

import psycopg2
from psycopg2.extensions import connection as Connection

from flinkblocks.cdc.database import Database
from flinkblocks.cdc.source import Slot, read_slot
from flinkblocks.console import Gauge
from flinkblocks.console.wording import size
from flinkblocks.errors import UserError

_LABEL = "source"
_PAUSE_S = 2.0
_LEAVE_S = 10.0
# A connector that starts anew, or goes to another worker, is back before that.
_UNREAD_S = 30.0


def gauge(name: str, slot: Slot | None, warn_bytes: int, unread_s: float = 0.0) -> Gauge:
    """A slot as the console shows it.

    Args:
        name: of the slot.
        slot: as it stands; None when it is not there.
        warn_bytes: from more than so many bytes on it is warned.
        unread_s: for how long nobody has read it any more, seconds.
    """
    what = f"replication slot {name}"
    if slot is None:
        text = f"{what} is not there"
        return Gauge(_LABEL, text, None, f"{text}: no change arrives; --connect-url registers the connector")
    if slot.lost or slot.held is None:
        text = f"{what} is lost"
        cure = "--cleanup drops it, and the next run takes a new snapshot"
        return Gauge(_LABEL, text, None, f"{text}: the server has deleted WAL that it needed; {cure}")
    text = f"{what} holds back {size(slot.held)} of WAL" + ("" if slot.active else ", nobody reads it")
    if slot.held <= warn_bytes:
        # Connect may call a connector running that tries to reach its database again and again.
        late = (
            f"{text} for {_UNREAD_S:.0f} s: no change arrives; Connect's log says why" if unread_s > _UNREAD_S else ""
        )
        return Gauge(_LABEL, text, slot.held, late)
    cure = "its connector is behind or has ended, and the server's disk fills; --cleanup drops one that nobody needs"
    return Gauge(_LABEL, text, slot.held, f"{text}, more than --slot-warn-bytes ({size(warn_bytes)}): {cure}")


class SlotWatch:
    """Looks at a slot every few seconds, in a thread: the console must not wait for a database.

    A context manager; the thread lives inside.
    """

    def __init__(self, database: Database, name: str, warn_bytes: int):
        """Looks at nothing yet.

        Args:
            database: the source.
            name: of the slot.
            warn_bytes: from more than so many bytes on it is warned.
        """
        self._database, self._name, self._warn_bytes = database, name, warn_bytes
        self._last: Gauge | None = None
        # None until somebody has read it: nobody does while the first snapshot is taken.
        self._read_at: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="slot-watch", daemon=True)

    def __enter__(self) -> SlotWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        # The thread may hang on a server that is gone without a word: then it ends with the process.
        self._thread.join(_LEAVE_S)

    def gauges(self) -> list[Gauge]:
        """The slot as it was at the last look; nothing before the first."""
        return [self._last] if self._last else []

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                with self._database.session() as connection:
                    self._look(connection)
            except UserError as error:
                self._last = Gauge(_LABEL, f"replication slot {self._name}: {error}")
            self._ended.wait(_PAUSE_S)

    def _look(self, connection: Connection) -> None:
        """Looks until the database goes away; raises UserError or psycopg2.Error then."""
        with connection.cursor() as cursor:
            # A server that hangs must not hang the end of the run.
            cursor.execute("SET statement_timeout = '5s'")
        while not self._ended.is_set():
            try:
                slot = read_slot(connection, self._name)
            except psycopg2.extensions.QueryCanceledError:
                self._last = Gauge(_LABEL, f"replication slot {self._name}: the database does not answer")
            else:
                now = time.monotonic()
                self._read_at = now if slot and slot.active else self._read_at
                unread_s = 0.0 if self._read_at is None else now - self._read_at
                self._last = gauge(self._name, slot, self._warn_bytes, unread_s)
            self._ended.wait(_PAUSE_S)
