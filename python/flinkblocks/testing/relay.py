"""A relay in front of a real server that cuts the connection at a chosen moment: before a request, or behind it."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Callable

#: Where to cut: the server does not get the request; it gets it, and the client no answer.
BEFORE, BEHIND = "before", "behind"


class Relay:
    """Listens on a port of loopback; a context manager that stops listening at its end.

    Attributes:
        port: where.
        cuts: how often it has cut.
    """

    def __init__(self, server_port: int):
        """Listens.

        Args:
            server_port: where connections are passed on to, on loopback.
        """
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts = 0
        self._text: bytes | None = None
        self._where, self._then = BEFORE, lambda: None
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def cut_at(self, text: bytes, where: str, then: Callable[[], object] = lambda: None) -> None:
        """Cuts once, at the next request with this text in it; calls `then` before the client can notice."""
        self._where, self._then, self._text = where, then, text

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # It has stopped listening.
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._server_port)) as server:
            cutting, answered = threading.Event(), threading.Event()
            answers = threading.Thread(target=_answer, args=(server, client, cutting, answered), daemon=True)
            answers.start()
            while data := client.recv(65_536):
                if self._text and self._text in data:
                    self._text = None
                    cutting.set()
                    if self._where == BEHIND:
                        server.sendall(data)
                        answered.wait(30)
                    _close(server)
                    self.cuts += 1
                    self._then()
                    return
                server.sendall(data)
            _close(server)


def _answer(server: socket.socket, client: socket.socket, cutting: threading.Event, answered: threading.Event) -> None:
    """Passes answers on until the connection is being cut; whatever the server says then is for nobody."""
    with contextlib.suppress(OSError):
        while data := server.recv(65_536):
            if cutting.is_set():
                answered.set()
            else:
                client.sendall(data)
        if not cutting.is_set():
            _close(client)


def _close(which: socket.socket) -> None:
    with contextlib.suppress(OSError):
        which.shutdown(socket.SHUT_RDWR)
