"""Watches a connector beside a job: when its task has failed, no change arrives, and the job itself is fine."""

from __future__ import annotations

import threading

from flinkblocks.cdc import connector
from flinkblocks.cdc.connect import Connect
from flinkblocks.console import Gauge
from flinkblocks.errors import UserError

_LABEL = "connect"
_PAUSE_S = 2.0
# Connect waits for up to 10 s for a worker that does not answer.
_LEAVE_S = 15.0


class ConnectorWatch:
    """Looks at a connector every few seconds, in a thread: the console must not wait for Connect.

    A context manager; the thread lives inside. At its end a failure that has stayed is raised: results without the
    changes that did not arrive are no success.
    """

    def __init__(self, url: str, name: str):
        """Looks at nothing yet.

        Args:
            url: of the worker.
            name: of the connector.
        """
        self._url, self._name = url, name
        self._failure: UserError | None = None
        self._gauge: Gauge | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="connector-watch", daemon=True)

    def __enter__(self) -> ConnectorWatch:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._ended.set()
        self._thread.join(_LEAVE_S)
        if kind is None and self._failure:
            raise self._failure

    def gauges(self) -> list[Gauge]:
        """What is wrong with it, at the last look; nothing while it runs."""
        return [self._gauge] if self._gauge else []

    def _watch(self) -> None:
        with Connect(self._url) as connect:
            while not self._ended.wait(_PAUSE_S):
                try:
                    self._failure = connector.failure(connect, self._name)
                except UserError as error:  # A worker that is down may be up again; its connector goes on then.
                    self._gauge = Gauge(_LABEL, f"Connect: {error}")
                    continue
                said = f"{self._failure}"
                cure = self._failure.cure if self._failure else ""
                self._gauge = Gauge(_LABEL, said, None, f"{said}; {cure}") if self._failure else None
