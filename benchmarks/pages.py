"""What a reader has to fetch before anything can be read or written."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from benchmarks.measure import Row, fill, school_running
from chalicelib import wiring
from chalicelib.work.publish import PAGE, publish

_WINS = 10_000


def measure() -> list[Row]:
    """Compress the pages as CloudFront does; everything they need to be read is inside them."""
    with school_running():
        fill(wiring.desk(), _WINS, 1)
        publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
        return [
            _size("form", "share/oak7/index.html", 10),
            _size(f"dashboard with {_WINS:,} wins", PAGE, 40),
        ]


def _size(name: str, path: str, most_kb: int) -> Row:
    found = wiring.site().read(path)
    body = found.body if found else b""
    kb = len(gzip.compress(body, 6)) / 1024
    blocking = body.count(b'<link rel="stylesheet') + body.count(b"<script src") + body.count(b"<img ")
    kept = kb <= most_kb and not blocking
    return Row(f"{name}: 1 request, compressed", f"{kb:.1f} KB", "", None, f"<= {most_kb} KB", kept)
