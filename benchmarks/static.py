"""Published files as CloudFront serves them: compressed, each connection kept open."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chalicelib.pages.security import page_headers

Files = Mapping[str, tuple[str, bytes]]
"""By address without the first slash: the kind of a file and what is in it."""


@contextmanager
def served(files: Files, with_policy: Container[str]) -> Iterator[str]:
    """Serve files; those named get the headers of a page. Yields the server's address."""
    packed = {f"/{path}": (kind, gzip.compress(body, 6)) for path, (kind, body) in files.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else some answers take 40 ms

        def do_GET(self) -> None:
            path = self.path if self.path in packed else self.path.partition("?")[0]
            kind, body = packed.get(path, ("text/plain", gzip.compress(b"")))
            self.send_response(200 if path in packed else 404)
            headers = {"Content-Type": kind, "Content-Encoding": "gzip", "Content-Length": str(len(body))}
            for name, value in (headers | (page_headers() if path.removeprefix("/") in with_policy else {})).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
