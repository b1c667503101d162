"""The headers that every page carries, wherever it is served from: CloudFront, a function, or this machine."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def style() -> str:
    """Return the style sheet that stands inside every page."""
    return (_HERE / "style.css").read_text("utf-8").replace("\n", "")


@cache
def modes() -> str:
    """Return what the pages for a wall and for paper have besides."""
    return (_HERE / "modes.css").read_text("utf-8").replace("\n", "")


@cache
def page_headers() -> dict[str, str]:
    """Return the security headers of a page: nothing from elsewhere, no inline script, only our own inline styles."""
    digests = [b64encode(sha256(one.encode()).digest()).decode() for one in (style(), modes())]
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": " ".join(f"'sha256-{digest}'" for digest in digests),
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
