"""The look that all charts share, and how a spec becomes an SVG."""

from __future__ import annotations

import json
import re
from typing import Any

import altair as alt
import vl_convert

SUCCESS = "#0b6b64"
LESSON = "url(#lesson)"
"""Stripes, so that a lesson is told from a success without colour; each SVG defines them under its own id."""
INK = "#23302f"
QUIET = "#5c6a68"
LINE = "#c9d2cf"
_STRIPES = (
    '<defs><pattern id="lesson" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#f6cf9c"/><rect width="3" height="6" fill="#9a4a06"/></pattern></defs>'
)
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_LOCALES = {"en": "en-US", "es": "es-ES"}

KIND_SCALE = alt.Scale(domain=["success", "lesson"], range=[SUCCESS, LESSON])


def values(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Give rows to a chart without a data-frame library."""
    return alt.InlineData(values=rows)


def stacked(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Lay the kinds of one bar end to end: `{kind, from, to}` for each that has stories."""
    parts, floor = [], 0
    for kind in ("success", "lesson"):
        if row[kind]:
            parts.append({"kind": kind, "from": floor, "to": floor + row[kind]})
            floor += row[kind]
    return parts


def finish(chart: Any) -> dict[str, Any]:
    """Turn an Altair chart of any kind into its Vega-Lite spec, with the shared look."""
    styled = (
        chart.configure(font=FONT, background="transparent", aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            titleColor=QUIET,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
        )
    )
    spec: dict[str, Any] = styled.to_dict(validate=False)
    return spec


def draw(spec: dict[str, Any], language: str, chart_id: str) -> str:
    """Draw a spec as SVG, with the same numbers the browser's Vega would show.

    The renderer shortens long names by half characters, and fails on half an emoji; then boxes stand for all of them.
    """
    try:
        svg = _drawn(spec, language)
    except ValueError:
        svg = _drawn(json.loads(_PAIRS.sub(r"\1u25a1", json.dumps(spec))), language)
    start = svg.index(">") + 1
    striped = svg[:start] + _STRIPES + svg[start:]
    own = f"lesson-{chart_id}"
    return striped.replace('id="lesson"', f'id="{own}"').replace("url(#lesson)", f"url(#{own})")


_PAIRS = re.compile(r"(\\+)ud[89ab][0-9a-f]{2}\1ud[c-f][0-9a-f]{2}", re.IGNORECASE)
"""A character beyond U+FFFF, as JSON writes it, and as JSON inside JSON does."""


def _drawn(spec: dict[str, Any], language: str) -> str:
    locale: Any = _LOCALES[language]
    svg: str = vl_convert.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale)
    return svg
