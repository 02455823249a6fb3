"""A watch's health, for whoever asks over HTTP on this machine: no data of people, no names."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scanform.errors import UsageError
from scanform.phrase import Phrase

_PORT = Phrase("Không dùng được cổng {port}.", "Port {port} can't be used.")
_ANOTHER = Phrase("Hãy cho cổng khác.", "Give another.")


@contextmanager
def health_served(port: int, told: Callable[[], Mapping[str, object]]) -> Iterator[int]:
    """Answers ``GET /health`` at 127.0.0.1: 200 while all is well, else 503. Gives the port."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            found = dict(told()) if self.path == "/health" else {}
            status = 404 if not found else 200 if found.get("ok") else 503
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Requests are not logged."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise UsageError(_PORT.of(port=str(port)), _ANOTHER) from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
