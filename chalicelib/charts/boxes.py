"""What drawings are put together from: texts, and boxes that stand apart from each other."""

from __future__ import annotations

from html import escape

from chalicelib.charts.theme import EDGES, PAPER

_APART = 0.8
"""Half of what is between two boxes, so that each stands out from it by 3:1 (WCAG 1.4.11)."""
_WIDELY = f' stroke-width="{2 * _APART}"'


def tidy(value: float) -> str:
    """Write a measure with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def write(x: float, y: float, text: str, more: str = "") -> str:
    """Write a text; `more` are its attributes."""
    return f'<text x="{tidy(x)}" y="{tidy(y)}"{more}>{escape(text)}</text>'


def fill_box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Draw a part of a bar, with a line of paper around it; a pale one is outlined within that."""
    part = f'{box(x, y, width, height)} fill="{fill}" stroke="{PAPER}"{_WIDELY}/>'
    if fill not in EDGES:
        return part
    inner = box(x + _APART, y + _APART, max(0.5, width - 2 * _APART), max(0.5, height - 2 * _APART))
    return f'{part}{inner} fill="none" stroke="{EDGES[fill]}"/>'


def box(x: float, y: float, width: float, height: float) -> str:
    """Begin a box; its looks and its end are to follow."""
    return f'<rect x="{tidy(x)}" y="{tidy(y)}" width="{tidy(width)}" height="{tidy(height)}"'
