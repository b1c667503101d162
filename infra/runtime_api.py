"""Lambda's runtime API on loopback, for one function process that takes one event at a time.

docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

_VERSION = "/2018-06-01/runtime"
_ANSWER_MOST = 6_291_556
"""Bytes of an answer that Lambda hands on."""
_LOOK_SECONDS = 1.0


class Ended(Exception):  # noqa: N818 - a fact, not a bug
    """The function's process came to its end, or did not answer; the text says what it said."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path != f"{_VERSION}/invocation/next":
            self._send(404, b"{}")
            return
        self.server.said.put(("next", time.perf_counter(), b""))
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
            return
        deadline = round((time.time() + self.server.seconds) * 1000)
        arn = "arn:aws:lambda:us-east-1:123456789012:function:function"
        told = {"Aws-Request-Id": str(uuid.uuid4()), "Deadline-Ms": str(deadline), "Invoked-Function-Arn": arn}
        self._send(200, event, told)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        now, kind = time.perf_counter(), self.path.rpartition("/")[2]
        if self.path == f"{_VERSION}/init/error":
            kind = "init"
        if kind == "response" and len(body) > _ANSWER_MOST:
            kind, body = "error", b'{"errorType": "Function.ResponseSizeTooLarge"}'
            self._send(413, body)
        else:
            self._send(202, b'{"status": "OK"}')
        self.server.said.put((kind, now, body))

    def _send(self, status: int, body: bytes, told: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (told or {}).items():
            self.send_header(f"Lambda-Runtime-{name}", value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self.events: Queue[bytes | None] = Queue()
        self.said: Queue[tuple[str, float, bytes]] = Queue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a function that was ended while it waited."""


class RuntimeApi:
    """The other side of the API: hands out events and hears what the function says."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.address = f"127.0.0.1:{server.server_address[1]}"

    def hear(self, is_alive: Callable[[], bool]) -> tuple[str, float, bytes]:
        """Wait for what the function says next: `next`, `response`, `error` or `init` (an error of it); when; what.

        Raises:
            Ended: if it died or says nothing for too long.
        """
        until = time.monotonic() + self._server.seconds
        while time.monotonic() < until:
            alive = is_alive()
            try:
                return self._server.said.get(timeout=_LOOK_SECONDS if alive else 0.01)
            except Empty:
                if not alive:
                    raise Ended("The function's process ended.") from None
        raise Ended(f"The function said nothing for {self._server.seconds:.0f} seconds.")

    def send(self, event: bytes | None) -> None:
        """Hand out an event; None ends the asking."""
        self._server.events.put(event)


@contextmanager
def runtime_api(seconds: float) -> Iterator[RuntimeApi]:
    """Serve the API while the block runs.

    Args:
        seconds: how long a function may take to start or to answer.
    """
    server = _Server(seconds)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    api = RuntimeApi(server)
    try:
        yield api
    finally:
        api.send(None)
        server.shutdown()
        server.server_close()
