"""The look that drawings and specs share: colours, patterns, measures, letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from textwrap import wrap

SUCCESS = "#0b6b64"
LESSON = "#9a4a06"
LESSON_PALE = "#f6cf9c"
INK = "#23302f"
QUIET = "#55625f"
LINE = "#c9d2cf"
PAPER = "#ffffff"
SHADES = ("#eef5f3", "#d3e8e4", "#b0d6d0", "#86c0b8", "#5aa89f")
"""From few to many; ink stands on each of them with a contrast of at least 5:1."""
FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif"

FILLS: Mapping[str, str] = {
    "success": SUCCESS,
    "lesson": "url(#stripes)",
    "resolved": SUCCESS,
    "again": "url(#stripes)",
    "open": PAPER,
    "helped": SUCCESS,
    "hindered": "url(#stripes)",
    "sure": SUCCESS,
    "maybe": "url(#dots)",
    "unheard": PAPER,
    "a": SUCCESS,
    "b": "#6fb3aa",
    "c": "#a9d3cc",
    "d": "#dcedea",
    "e": PAPER,
}
"""How a part of a bar is filled. Stripes, dots and outlines tell parts apart without colour, letters do besides."""
EDGES: Mapping[str, str] = {
    fill: {"url(#stripes)": LESSON, PAPER: QUIET}.get(fill, SUCCESS) for fill in FILLS.values() if fill != SUCCESS
}
"""What outlines a fill that would not stand out from the page by itself."""
STRIPES = (
    f'<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{LESSON_PALE}"/><rect width="3" height="6" fill="{LESSON}"/></pattern>'
)
DOTS = (
    f'<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    f'<rect width="5" height="5" fill="{PAPER}"/><circle cx="2.5" cy="2.5" r="1.3" fill="{SUCCESS}"/></pattern>'
)

WIDTH = 360
"""Units across every drawing: on a phone they are nearly pixels."""
LETTER = 14
SMALL = 12
_NEARLY = 1.08
"""A word that is this much too wide is left whole: the width is an estimate."""
_EM = 0.5
"""Width of a usual letter, in heights."""


def width_of(text: str, size: int = LETTER) -> float:
    """Estimate how wide a text is; it is never narrower than that by much."""
    wide = sum(char in "MW@" or unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return size * _EM * (len(text) + wide)


def fit(text: str, width: float, size: int = LETTER) -> str:
    """Shorten a text to a width."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def lines_of(text: str, width: float, size: int = LETTER, most: int = 2) -> list[str]:
    """Break a text into lines of a width, at most so many; what is left over is shortened."""
    lines = wrap(text, max(1, int(width / (size * _EM))), break_long_words=False) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fit(line, width * _NEARLY, size) for line in lines]
