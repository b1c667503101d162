"""Asking a server that is not ours: within seconds, a bounded answer, from the very address that was named."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from chalicelib.ports.identity import ProviderDown

SECONDS = 3.0
MOST_BYTES = 200_000
_CHUNK = 16_384
_REDIRECTS, _SERVERS_OWN = range(300, 400), 500


@dataclass(frozen=True)
class Reply:
    """What a server answered; named as Authlib expects it of a session."""

    status_code: int
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """Read the body; raises ValueError."""
        try:
            return json.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested") from error

    def raise_for_status(self) -> None:
        """Raise ProviderDown unless all went well."""
        if self.status_code >= _REDIRECTS.start:
            raise ProviderDown(f"status_{self.status_code}")


def fetch(method: str, url: str, body: str | None = None, headers: dict[str, str] | None = None) -> Reply:
    """Ask for an address. Redirects are not followed: what a provider moves, its metadata has to name.

    Raises:
        ProviderDown: if there is no answer, a late one, a redirect, a huge one, or the server failed.
    """
    until = time.monotonic() + SECONDS
    named = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    try:
        found = _pool().request(
            method, url, body=body, headers=named, preload_content=False, redirect=False, timeout=Timeout(total=SECONDS)
        )
        try:
            reply = Reply(found.status, _read(found, until))
        finally:
            found.close()
    except (HTTPError, OSError, ValueError) as error:
        raise ProviderDown(type(error).__name__) from error
    if reply.status_code in _REDIRECTS or reply.status_code >= _SERVERS_OWN:
        raise ProviderDown(f"status_{reply.status_code}")
    return reply


class Line:
    """The session that Authlib asks for tokens with."""

    def post(self, url: str, data: dict[str, str], headers: dict[str, str], auth: Any) -> Reply:
        """Post a form, signed as `auth` says."""
        url, signed, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return fetch("POST", url, body, signed)


def _read(found: BaseHTTPResponse, until: float) -> bytes:
    """Read what has come as it comes, so that a server that sends a byte a second is not waited for."""
    body = b""
    while piece := found.read1(_CHUNK, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise ProviderDown("too_large")
        if time.monotonic() > until:
            raise ProviderDown("too_slow")
    return body


@cache
def _pool() -> PoolManager:
    return PoolManager(num_pools=4, retries=Retry(0, redirect=False))
