"""The front door on this machine: one origin for pages and API, with the routes and headers CloudFront would have."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.exceptions import ClientError, ParamValidationError
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ForbiddenError, LocalGateway

from chalicelib.domain.errors import Problem
from chalicelib.domain.words import LANGUAGES, best_language
from chalicelib.pages.security import page_headers
from chalicelib.ports import Site
from chalicelib.routes.http import render_problem
from chalicelib.stores.bucket import FOR_EVER, SiteBucket
from chalicelib.work.draft import digest

STATIC = Path(__file__).parent.parent / "static_site"
_MOST_BYTES = 10_000_000
"""What API Gateway takes at most; the app itself takes less."""
_STOP_SECONDS = 0.02
_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")

Read = Callable[[str], "tuple[bytes, dict[str, str]] | None"]
Local = Callable[[str, str, bytes], "tuple[int, dict[str, str], bytes]"]
"""Answers what only this machine has: method, address and body to status, headers and body."""


def object_for(path: str) -> str:
    """Name the object behind an address: what CloudFront's function does before it asks the bucket."""
    path = unquote(path).strip("/")
    if match := re.fullmatch(r"s(?:/([A-Za-z0-9-]+)(?:/([a-z]{2}))?)?", path):
        code, language = match.groups()
        if code is None:
            return "help/index.html"
        return f"share/{code.lower()}/{language}/index.html" if language else f"share/{code.lower()}/index.html"
    return path if "." in path.rpartition("/")[2] else f"{path}/index.html".lstrip("/")


def copy_static_files(site: Site) -> None:
    """Copy scripts and icons to the site bucket as they are."""
    for path in STATIC.iterdir():
        body = path.read_bytes()
        site.write(f"assets/{path.name}", body, digest(body))


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
            self._send(*_page(self.server.read, self.path, self.headers.get("If-None-Match")))
        else:
            self._send(405, {"Allow": "GET, HEAD"}, b"")

    def _ask_app(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            with self.server.one_at_a_time:
                found: Any = self.server.gateway.handle_request(self.command, self.path, headers, body)
        except ForbiddenError:
            return self._no_such_route()
        answered = found["headers"] | {k: v[-1] for k, v in (found.get("multiValueHeaders") or {}).items() if v}
        content = found["body"] or ""
        return found["statusCode"], answered, content if isinstance(content, bytes) else content.encode()

    def _no_such_route(self) -> tuple[int, dict[str, str], bytes]:
        """Answer an address of the API that leads nowhere."""
        language = best_language(self.headers.get("Accept-Language"), LANGUAGES)
        found = render_problem(Problem("no_such_page"), language)
        return found.status_code, {k: str(v) for k, v in found.headers.items()}, str(found.body).encode()

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
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

    client = boto3.client("s3")
    copy_static_files(SiteBucket(client, bucket))
    server = _Server(("127.0.0.1", port), app, read_from_bucket(client, bucket), local)
    threading.Thread(target=server.serve_forever, args=(_STOP_SECONDS,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _page(read: Read, address: str, known: str | None) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(address)
    if parts.path == "/":
        return 302, {"Location": "/s/"}, b""
    if parts.path.rstrip("/") == "/s" and (code := re.search(r"(?:^|&)code=([A-Za-z0-9-]+)", parts.query)):
        return 302, {"Location": f"/s/{code[1].lower()}"}, b""
    found = read(object_for(parts.path))
    if found is None:
        language = parts.path.rstrip("/").rpartition("/")[2]
        help_page = read(f"help/{language}/index.html") or read("help/index.html")
        status, found = 404, help_page or (b"Nothing is published yet.", {})
        return (
            status,
            {"Content-Type": "text/html; charset=utf-8", **page_headers(), "Cache-Control": "no-cache"},
            found[0],
        )
    body, headers = found
    if known and known == headers.get("ETag"):
        return 304, {"ETag": known, "Cache-Control": headers.get("Cache-Control", "no-cache")}, b""
    return 200, {**headers, **page_headers()}, body


def read_from_bucket(client: Any, bucket: str) -> Read:
    """Make the reader of a site bucket; what it can't give, whatever the address, is not there."""

    def read(path: str) -> tuple[bytes, dict[str, str]] | None:
        try:
            found = client.get_object(Bucket=bucket, Key=path)
        except (ClientError, ParamValidationError):
            return None
        headers = {"Content-Type": found["ContentType"], "ETag": found["ETag"]}
        headers["Cache-Control"] = found.get("CacheControl", FOR_EVER)
        return found["Body"].read(), headers

    return read
