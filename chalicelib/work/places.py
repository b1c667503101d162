"""Where published files lie, and how they are named."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

MANIFEST = "dashboard/manifest.json"
PAGE = "dashboard/index.html"
COUNTS_PAGE = "dashboard/counts/index.html"
"""The same page without a story, for those who may see counts alone."""
LEADERS = "dashboard-leaders/"
"""Where lies what leaders alone may see. No pass for `/dashboard/*` opens it."""
LEADERS_PAGE = f"{LEADERS}index.html"
SALT = f"{LEADERS}salt.json"
"""A secret of the bucket: the manifest names leaders' files, and what is short could be guessed from a plain digest."""
FOLDER = "dashboard/"
PRIVATE = "dashboard"
"""How all begins that wants a pass."""


def paths_of(manifest: dict[str, Any]) -> set[str]:
    """Name all files that readers of a manifest may ask for."""
    files = [entry for kind in ("charts", "cubes", "stories") for entry in manifest.get(kind, ())]
    addresses = [entry[key] for entry in files for key in ("path", "leaders") if key in entry]
    return {path.removeprefix("/") for path in addresses} | {*manifest.get("shell", ()), *manifest.get("pages", ())}


def address_of(name: str, body: bytes) -> str:
    """Name the address a file has for ever: its content decides it."""
    return f"/{FOLDER}{digest(body)}/{name}"


def as_bytes(value: Any) -> bytes:
    """Write JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(body: bytes) -> str:
    """Digest a file's content, short enough for an address."""
    return sha256(body).hexdigest()[:16]
