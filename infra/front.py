"""The front door on this machine: one origin for pages and API, with the routes and headers CloudFront would have."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ForbiddenError, LocalGateway

from chalicelib.domain.errors import Problem
from chalicelib.domain.words import LANGUAGES, best_language
from chalicelib.ports import Site
from chalicelib.routes.http import render_problem
from chalicelib.work.places import digest
from infra import device_names
from infra.gate import Gate
from infra.site_pages import Answer, Read, page_at, read_from_bucket

STATIC = Path(__file__).parent.parent / "static_site"
_MOST_BYTES = 10_000_000
"""What API Gateway takes at most; the app itself takes less."""
_STOP_SECONDS = 0.02
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")

Local = Callable[[str, str, bytes], Answer]
"""Answers what only this machine has: method, address and body to status, headers and body."""


def copy_static_files(site: Site) -> None:
    """Copy scripts and icons to the site bucket as they are, and what the form knows of names.

    Raises:
        NamesMissing: if the guard's names were not built.
    """
    files = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    for name, body in {**files, device_names.FILE: device_names.build()}.items():
        site.write(f"assets/{name}", body, digest(body))


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; the server carries what it needs."""

    protocol_version = "HTTP/1.1"
    server_version = "small-wins"
    sys_version = ""
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms a request

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing: addresses may carry what no log should."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.removeprefix("do_") in _METHODS:
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > _MOST_BYTES:
            self.close_connection = True
            self._send(413, {"Content-Type": "text/plain; charset=utf-8"}, b"Too large.")
            return
        body = self.rfile.read(int(length))
        if urlsplit(self.path).path.startswith("/api/"):
            self._send(*self._ask_app(body))
        elif urlsplit(self.path).path.startswith("/local/") and self.server.local:
            self._send(*self.server.local(self.command, self.path, body))
        elif self.command in {"GET", "HEAD"}:
            self._send(*self._page())
        else:
            self._send(405, {"Allow": "GET, HEAD"}, b"")

    def _page(self) -> Answer:
        cookie, known = self.headers.get("Cookie", ""), self.headers.get("If-None-Match")
        return page_at(self.server.read, self.path, known, lambda: self.server.gate.opens(cookie, self.path))

    def _ask_app(self, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            with self.server.one_at_a_time:
                found: Any = self.server.gateway.handle_request(self.command, self.path, headers, body)
        except ForbiddenError:
            return self._no_such_route()
        answered = found["headers"] | (found.get("multiValueHeaders") or {})
        content = found["body"] or ""
        return found["statusCode"], answered, content if isinstance(content, bytes) else content.encode()

    def _no_such_route(self) -> Answer:
        """Answer an address of the API that leads nowhere."""
        language = best_language(self.headers.get("Accept-Language"), LANGUAGES)
        found = render_problem(Problem("no_such_page"), language)
        return found.status_code, {k: str(v) for k, v in found.headers.items()}, str(found.body).encode()

    def _send(self, status: int, headers: Mapping[str, str | list[str]], body: bytes) -> None:
        self.send_response(status)
        for name, values in headers.items():
            for value in [values] if isinstance(values, str) else values:
                self.send_header(name, value)
        has_body = status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        if has_body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], app: Chalice, read: Read, local: Local | None) -> None:
        super().__init__(address, _Handler)
        self.read = read
        self.local = local
        self.gate = Gate()
        self.gateway = LocalGateway(app, Config())
        self.one_at_a_time = threading.Lock()  # as a Lambda environment does, and as Chalice's app object needs

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who hangs up."""


@contextmanager
def serving(bucket: str, port: int = 0, local: Local | None = None) -> Iterator[int]:
    """Serve the product from a site bucket while the block runs; yields the port.

    Args:
        bucket: the site bucket's name.
        port: where to listen; 0 for any free port.
        local: answers `/local/…`, which no school on AWS has.
    """
    from app import app

    server = _Server(("127.0.0.1", port), app, read_from_bucket(boto3.client("s3"), bucket), local)
    threading.Thread(target=server.serve_forever, args=(_STOP_SECONDS,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
