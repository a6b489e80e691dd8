"""A small web server on loopback for `hubwatch demo`: fixed answers by path, with ETags."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server says at one path."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200

    @property
    def etag(self) -> str:
        """The answer's validator."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@contextmanager
def serve(answers: Mapping[str, Answer]) -> Iterator[str]:
    """Serve these answers until the block ends; gives the server's address without a closing slash."""
    handler = type("Handler", (_Handler,), {"answers": answers})
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet when a client closes its end: the demo's output is the digest."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: Mapping[str, Answer]

    def do_GET(self) -> None:
        answer = self.answers.get(self.path) or Answer(body=b"<h1>Not found</h1>", status=404)
        if answer.status == 200 and self.headers.get("If-None-Match") == answer.etag:
            self._head(304, answer, size=0)
            return
        self._head(answer.status, answer, size=len(answer.body))
        self.wfile.write(answer.body)

    def _head(self, status: int, answer: Answer, *, size: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(size))
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the demo's output is the digest."""
