"""The REST API of Kafka Connect."""

from __future__ import annotations

import time
from typing import Any, Callable
from urllib.parse import quote

import requests

from flinkblocks.console import Check
from flinkblocks.console.loose import as_dict
from flinkblocks.errors import UserError

# For the connection, for the answer: a worker may have to ask the leader of its group.
_TIMEOUT = (5, 90)
_PATIENCE_S = 30.0
_TICK_S = 0.5
# Connect is busy with something else: its group rebalances, or a request to its leader went wrong.
_PASSING = (409, 500, 503)


class ConnectError(Exception):
    """An answer of Connect that is not what was asked for.

    Attributes:
        status: of the HTTP answer.
    """

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class Connect:
    """A worker of Kafka Connect."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic):
        """Connects on the first request.

        Args:
            url: of its REST API.
            clock: seconds that only grow.
        """
        self.url = url.rstrip("/")
        self._clock = clock
        self._session = requests.Session()
        # It is on loopback or named by the user: a proxy of the environment has no part in it.
        self._session.trust_env = False

    def __enter__(self) -> Connect:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def check(self) -> Check:
        """The worker as a check before a run."""
        try:
            version = as_dict(self._ask("GET", "/", None)).get("version")
        except (UserError, ConnectError) as error:
            return Check("Connect", False, str(error), "start it, or correct --connect-url")
        if not isinstance(version, str):
            return Check("Connect", False, f"{self.url} answers, but not as Connect does", "correct --connect-url")
        return Check("Connect", True, f"version {version} at {self.url}")

    def find(self, name: str, what: str) -> dict[str, Any] | None:
        """A document about a connector; None when there is no such connector.

        Args:
            name: of the connector.
            what: status or config.
        """
        try:
            return as_dict(self.request("GET", name, what))
        except ConnectError as error:
            if error.status == 404:
                return None
            raise

    def request(self, method: str, name: str, what: str = "", body: object = None) -> Any:
        """Asks about a connector, or changes it; again while Connect is busy.

        Args:
            method: of HTTP.
            name: of the connector.
            what: the rest of the path.
            body: to send, as JSON.

        Returns:
            The answer's document; None when it has none.

        Raises:
            ConnectError: Connect refuses.
            UserError: it does not answer.
        """
        path = f"/connectors/{quote(name, safe='')}" + (f"/{what}" if what else "")
        deadline = self._clock() + _PATIENCE_S
        while True:
            try:
                return self._ask(method, path, body)
            except ConnectError as error:
                if error.status not in _PASSING or self._clock() >= deadline:
                    raise
            time.sleep(_TICK_S)

    def _ask(self, method: str, path: str, body: object) -> Any:
        try:
            answer = self._session.request(method, self.url + path, json=body, timeout=_TIMEOUT)
        except requests.RequestException as error:
            problem = f"Connect at {self.url} does not answer: {_reason(error)}"
            raise UserError(problem, "start it, or correct --connect-url") from None
        try:
            document = answer.json() if answer.content else None
        except ValueError:
            document = None
        if not answer.ok:
            message = as_dict(document).get("message")
            raise ConnectError(answer.status_code, str(message or f"{self.url} answers with {answer.status_code}"))
        return document


def _reason(error: requests.RequestException) -> str:
    """The operating system's word in an error of requests, which wraps it several times."""
    cause: object = error
    while isinstance(cause, BaseException):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = getattr(cause, "reason", None) or cause.__cause__ or cause.__context__
    return type(error).__name__
