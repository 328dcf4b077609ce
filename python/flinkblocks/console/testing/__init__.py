"""A REST endpoint with scripted answers, for tests of what talks to one."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Callable


@contextlib.contextmanager
def serving(answers: Callable[[str, str, bytes], tuple[int, str] | None]) -> Iterator[str]:
    """A server on loopback.

    Args:
        answers: takes method, path with query, and body; gives status and body, None to hang up.

    Yields:
        Its host and port.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = answers(self.command, self.path, sent)
            if answer is None:
                self.close_connection = True
                return
            status, body = answer
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
