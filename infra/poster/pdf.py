"""A drawing as PDF: letters that can be searched, the code as one path, the address as a link.

The same drawing has the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import singledispatch

from fpdf import FPDF
from fpdf.drawing import PaintedPath

from infra.poster.letters import WEIGHTS, file_of
from infra.poster.shapes import Box, Drawing, Shape, Squares, Stroke, Words

_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of making, which is to change nothing."""


def as_pdf(drawing: Drawing) -> bytes:
    """Write a drawing as a PDF of one page."""
    pdf = FPDF(unit="mm", format=(drawing.width, drawing.height))
    pdf.set_creation_date(_ALWAYS)
    pdf.set_title(drawing.title)
    pdf.set_lang(drawing.language)
    pdf.set_auto_page_break(auto=False)
    for weight in WEIGHTS:
        pdf.add_font(weight, fname=file_of(weight))
    pdf.add_page()
    for shape in drawing.shapes:
        _draw(shape, pdf)
        if isinstance(shape, Squares):
            _link(pdf, shape, drawing.address)
    return bytes(pdf.output())


@singledispatch
def _draw(shape: Shape, _pdf: FPDF) -> None:
    raise TypeError(type(shape))


@_draw.register
def _(shape: Words, pdf: FPDF) -> None:
    pdf.set_font(shape.weight, size=shape.size)
    pdf.set_text_color(shape.color)
    pdf.text(shape.x, shape.y, shape.text)


@_draw.register
def _(shape: Box, pdf: FPDF) -> None:
    pdf.set_fill_color(shape.fill)
    pdf.set_draw_color(shape.edge or shape.fill)
    pdf.set_line_width(0.3)
    style = "DF" if shape.edge else "F"
    round_corners = bool(shape.round)
    pdf.rect(shape.x, shape.y, shape.width, shape.height, style, round_corners, shape.round)


@_draw.register
def _(shape: Stroke, pdf: FPDF) -> None:
    with pdf.new_path() as path:
        _paint(path, fill=None, stroke=shape.color, width=shape.width)
        path.style.auto_close = False
        path.move_to(*shape.points[0])
        for point in shape.points[1:]:
            path.line_to(*point)


@_draw.register
def _(shape: Squares, pdf: FPDF) -> None:
    with pdf.new_path() as path:
        _paint(path, fill=shape.color, stroke=None)
        for x, y, width in shape.runs:
            path.rectangle(x, y, width, shape.side)


def _paint(path: PaintedPath, fill: str | None, stroke: str | None, width: float = 0) -> None:
    path.style.fill_color = fill
    path.style.stroke_color = stroke
    path.style.stroke_width = width
    path.style.stroke_cap_style = path.style.stroke_join_style = "round"


def _link(pdf: FPDF, code: Squares, address: str) -> None:
    left, top = min(run[0] for run in code.runs), min(run[1] for run in code.runs)
    side = max(run[1] for run in code.runs) + code.side - top
    pdf.link(left, top, side, side, address, alt_text=address)
