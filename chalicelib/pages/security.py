"""The headers that every page carries, wherever it is served from: CloudFront, a function, or this machine."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

_STYLE = Path(__file__).parent / "style.css"


@cache
def style() -> str:
    """Return the one style sheet, as it stands inside every page."""
    return _STYLE.read_text("utf-8").replace("\n", "")


@cache
def page_headers() -> dict[str, str]:
    """Return the security headers of a page: nothing from elsewhere, no inline script, only our own inline style."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'sha256-{digest}'",
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
