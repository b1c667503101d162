"""The browser of this machine, for tests and benchmarks; the product itself needs none."""

from __future__ import annotations

import shutil

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The same engine; the first has no window of its own to draw, which is half of the work."""


def find_chromium() -> str | None:
    """Find Chromium; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
