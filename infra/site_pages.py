"""What CloudFront answers from the site bucket, and for which addresses it wants signed cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.pages.security import page_headers
from chalicelib.stores.bucket import FOR_EVER

Read = Callable[[str], "tuple[bytes, dict[str, str]] | None"]
Answer = tuple[int, Mapping[str, str | list[str]], bytes]

_REFUSED = "refused/index.html"
"""What CloudFront shows in place of 403, whoever answered so; the API does not."""
_PRIVATE = {"dashboard", "dashboard-leaders"}


def object_for(path: str) -> str:
    """Name the object behind an address: what CloudFront's function does before it asks the bucket."""
    path = unquote(path).strip("/")
    if match := re.fullmatch(r"s(?:/([A-Za-z0-9-]+)(?:/([a-z]{2}))?)?", path):
        code, language = match.groups()
        if code is None:
            return "help/index.html"
        return f"share/{code.lower()}/{language}/index.html" if language else f"share/{code.lower()}/index.html"
    return path if "." in path.rpartition("/")[2] else f"{path}/index.html".lstrip("/")


def page_at(read: Read, address: str, known: str | None, may_look: Callable[[], bool]) -> Answer:
    """Answer a request for a page or a file.

    Args:
        read: gives a file of the site bucket.
        address: path and query, as they were sent.
        known: the state of the file that the browser has.
        may_look: whether the request carries cookies that open this address.
    """
    parts = urlsplit(address)
    if parts.path == "/":
        return 302, {"Location": "/s/"}, b""
    if parts.path.rstrip("/") == "/s" and (code := re.search(r"(?:^|&)code=([A-Za-z0-9-]+)", parts.query)):
        return 302, {"Location": f"/s/{code[1].lower()}"}, b""
    path = object_for(parts.path)
    if _is_private(path) and not may_look():
        return _instead(403, read(_REFUSED), b"Sign in first.")
    found = None if _is_crooked(path) else read(path)
    if found is None:
        language = parts.path.rstrip("/").rpartition("/")[2]
        help_page = read(f"help/{language}/index.html") or read("help/index.html")
        return _instead(404, help_page, b"Nothing is published yet.")
    body, headers = found
    if known and known == headers.get("ETag"):
        return 304, {"ETag": known, "Cache-Control": headers.get("Cache-Control", "no-cache")}, b""
    return 200, {**headers, **page_headers()}, body


def _is_private(path: str) -> bool:
    """Whether a file is the dashboard's. The file decides and not the address: `/%64ashboard/` names the same one."""
    return path.partition("/")[0] in _PRIVATE


def _is_crooked(path: str) -> bool:
    """Whether a path has parts that somebody on the way could fold together; no file of ours has."""
    return any(part in {"", ".", ".."} for part in path.split("/"))


def _instead(status: int, found: tuple[bytes, dict[str, str]] | None, otherwise: bytes) -> Answer:
    headers = {"Content-Type": "text/html; charset=utf-8", **page_headers(), "Cache-Control": "no-cache"}
    return status, headers, found[0] if found else otherwise


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
