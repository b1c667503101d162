"""A drawing as SVG: every text is text, with the letters it needs inside the file.

Who opens it with other letters (drawing programs take no letters from a file) sees each line at the same width.
"""

from __future__ import annotations

import base64
import io
from functools import singledispatch
from xml.sax.saxutils import escape, quoteattr

from fontTools import subset
from fontTools.ttLib import TTFont

from infra.poster.letters import WEIGHTS, file_of
from infra.poster.shapes import POINT, Box, Drawing, Shape, Squares, Stroke, Weight, Words

_FAMILY = "Source Sans Pro"
_BOLDNESS: dict[Weight, int] = {"Regular": 400, "Semibold": 600, "Bold": 700}
_UNUSED = {"GPOS", "GSUB", "GDEF"}
"""Kerning and ligatures: lines are measured without them. Reading them would take most of the time."""


def as_svg(drawing: Drawing) -> bytes:
    """Write a drawing as SVG in millimetres."""
    width, height = _n(drawing.width), _n(drawing.height)
    size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
    named = f'xml:lang={quoteattr(drawing.language)} role="img" aria-labelledby="title"'
    letters = "".join(_letters(drawing, weight) for weight in WEIGHTS)
    page = Box(0, 0, drawing.width, drawing.height, "#ffffff")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named}>',
        f'<title id="title">{escape(drawing.title)}</title>',
        f'<style>{letters}text{{font-family:"{_FAMILY}",sans-serif;font-kerning:none}}</style>',
        *(_draw(shape) for shape in (page, *drawing.shapes)),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


@singledispatch
def _draw(shape: Shape) -> str:
    raise TypeError(type(shape))


@_draw.register
def _(shape: Words) -> str:
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size * POINT)}"'
        f' font-weight="{_BOLDNESS[shape.weight]}" fill="{shape.color}"'
        f' textLength="{_n(shape.width)}" lengthAdjust="spacingAndGlyphs">{escape(shape.text)}</text>'
    )


@_draw.register
def _(shape: Box) -> str:
    edge = f' stroke="{shape.edge}" stroke-width="0.3"' if shape.edge else ""
    round_corners = f' rx="{_n(shape.round)}"' if shape.round else ""
    place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
    return f'<rect {place}{round_corners} fill="{shape.fill}"{edge}/>'


@_draw.register
def _(shape: Stroke) -> str:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
    paint = f'fill="none" stroke="{shape.color}" stroke-width="{_n(shape.width)}"'
    return f'<polyline points="{points}" {paint} stroke-linecap="round" stroke-linejoin="round"/>'


@_draw.register
def _(shape: Squares) -> str:
    runs = "".join(f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(shape.side)}h{_n(-width)}z" for x, y, width in shape.runs)
    return f'<path fill="{shape.color}" shape-rendering="crispEdges" d="{runs}"/>'


def _letters(drawing: Drawing, weight: Weight) -> str:
    """Put those letters into the file that it needs."""
    used = {ord(char) for one in drawing.shapes if isinstance(one, Words) and one.weight == weight for char in one.text}
    if not used:
        return ""
    font = TTFont(file_of(weight), recalcTimestamp=False)
    for table in _UNUSED & set(font.keys()):
        del font[table]
    fewer = subset.Subsetter(subset.Options(hinting=False, name_IDs=[1], notdef_outline=True))
    fewer.populate(unicodes=used)
    fewer.subset(font)
    written = io.BytesIO()
    font.flavor = "woff"
    font.save(written)
    data = base64.b64encode(written.getvalue()).decode()
    return (
        f'@font-face{{font-family:"{_FAMILY}";font-weight:{_BOLDNESS[weight]};src:url(data:font/woff;base64,{data})}}'
    )


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
