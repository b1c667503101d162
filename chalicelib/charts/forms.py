"""The forms a chart can have, in Altair's words, without rows, columns or numbers: it takes Altair long to say them.

What differs from chart to chart is a hole, `@rows`, that is filled each time: alone, or within an expression.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import altair as alt

from chalicelib.charts.theme import EDGES, FILLS, INK, LESSON_PALE, LETTER, LINE, PAPER, QUIET, SHADES, SMALL, lines_of
from chalicelib.domain.chart import Grid

_WIDTH, _HIGH, _ROW, _TALL, _LINE, _END = 320, 170, 46, 62, 14, 40
_SOLID = {part: {"url(#stripes)": LESSON_PALE, "url(#dots)": SHADES[1]}.get(fill, fill) for part, fill in FILLS.items()}
"""Vega has no patterns; in a page `style.css` fills these colours with them again, and every mark tells its name."""
_EDGES = {part: EDGES.get(fill, PAPER) for part, fill in FILLS.items()}
_HOLE = re.compile(r"@[a-z]+")


def holes_of(grid: Grid) -> dict[str, Any]:
    """Say what the holes of a form are filled with for a grid."""
    columns = {column.id: column.name for column in grid.columns}
    heads = {one: lines_of(name, _WIDTH / len(columns) - 4, SMALL, most=3) for one, name in columns.items()}
    return {
        "@rows": [row.id for row in grid.rows],
        "@columns": [*columns],
        "@rownames": {row.id: row.name for row in grid.rows},
        "@columnnames": columns,
        "@ticks": _ticks_of(grid),
        "@heads": heads,
        "@headroom": _LINE * max(map(len, heads.values()), default=0) + 4,
        "@fills": [_SOLID.get(one, PAPER) for one in columns],
        "@edges": [_EDGES.get(one, PAPER) for one in columns],
    }


def _ticks_of(grid: Grid) -> dict[str, str]:
    """Name the month of a week where it begins, as drawings do; what has no month is named itself."""
    before = ["", *(row.note for row in grid.rows)]
    new = zip(grid.rows, before, strict=False)
    return {row.id: row.name if not row.note else row.note * (row.note != last) for row, last in new}


def size_of(grid: Grid) -> dict[str, int]:
    """Say how large a drawing is."""
    row = _ROW if grid.successes is None else _TALL
    return {"width": _WIDTH, "height": _HIGH if grid.form == "columns" else row * max(1, len(grid.rows))}


def fill_in(form: Any, holes: Mapping[str, Any]) -> Any:
    """Fill the holes of a form."""
    if isinstance(form, dict):
        return {key: fill_in(value, holes) for key, value in form.items()}
    if isinstance(form, list):
        return [fill_in(value, holes) for value in form]
    if not isinstance(form, str) or "@" not in form:
        return form
    return holes[form] if form in holes else _HOLE.sub(lambda hole: json.dumps(holes[hole[0]]), form)


def _axis(names: str, **more: Any) -> alt.Axis:
    """Show names where the data has ids; a name may be there twice, an id may not."""
    return alt.Axis(**more, labelExpr=f"{names}[datum.label]", title=None, ticks=False, domain=False)


def _y(*, tall: bool = False) -> alt.Y:
    """Put names above their rows, which leave room for them."""
    above = {"labelAlign": "left", "labelBaseline": "bottom", "labelPadding": 0, "labelLimit": _WIDTH}
    axis = _axis("@rownames", **above, labelOffset=-20 if tall else -15)
    scale = alt.Scale(paddingInner=0.4 if tall else 0.5, paddingOuter=0.4)
    return alt.Y("row:N", sort=_hole("@rows"), axis=axis, scale=scale)


def _by_column(channel: Any, looks: str) -> Any:
    scale = alt.Scale(domain=_hole("@columns"), range=_hole(looks))
    return channel("column:N", scale=scale, legend=None)


def _looks() -> dict[str, Any]:
    """Fill and outline a part as drawings do; a part without stories has no outline either."""
    return {
        "fill": _by_column(alt.Fill, "@fills"),
        "stroke": _by_column(alt.Stroke, "@edges"),
        "strokeWidth": alt.StrokeWidthValue(0, condition={"test": "datum.n > 0", "value": 1}),
    }


_TOLD = "@rownames[datum.row] + ' · ' + @columnnames[datum.column] + ': ' + datum.label"
"""Each mark can say its row, its column and its number."""


def _hole(name: str) -> Any:
    """Name a hole where Altair takes no text: nothing is checked before it is filled."""
    return name


def bars_of(base: alt.Chart, form: str) -> Any:
    """Lay the parts of each row end to end: stories, shares of all, or to both sides of nothing."""
    signed = "datum.column === 'hindered' ? -datum.n : datum.n" if form == "diverging" else "datum.n"
    stack: Any = "normalize" if form == "shares" else "zero"
    cells = base.transform_calculate(told=_TOLD, value=signed, order="indexof(@columns, datum.column)")
    cells = cells.encode(y=_y(), order=alt.Order("order:Q"), tooltip=alt.Tooltip("told:N", title=" "))
    bars = cells.mark_bar().encode(x=alt.X("value:Q", stack=stack, axis=_ticks(form), scale=_room(form)))
    # without a name of its own Vega calls the bars "marks" too, and refuses two things of one name
    bars = bars.encode(**_looks()).properties(name="bars")
    layers = [bars, *([_letters(cells)] if form == "shares" else [_sums(base)] if form == "bars" else [])]
    return alt.layer(*layers)


def _room(form: str) -> alt.Scale:
    """Leave room for the number behind a bar."""
    return alt.Scale(range=[0, _WIDTH - _END]) if form == "bars" else alt.Scale()


def _sums(base: alt.Chart) -> Any:
    """Write the number of a row behind its bar."""
    sums = base.transform_aggregate(total="sum(n)", groupby=["row", "behind"])
    told = sums.mark_text(align="left", dx=6, color=QUIET)
    return told.encode(y=_y(), x=alt.X("total:Q"), text=alt.Text("behind:N"))


def _letters(cells: alt.Chart) -> Any:
    """Write the letter of a variation into its part, where there is room."""
    shares = cells.transform_joinaggregate(all="sum(n)", groupby=["row"]).transform_filter("datum.n > 0.05 * datum.all")
    x = alt.X("value:Q", stack="normalize", bandPosition=0.5)
    ink = alt.ColorValue(INK, condition={"test": "datum.column === 'a'", "value": PAPER})
    return shares.mark_text(fontWeight=600).encode(x=x, text=alt.Text("column:N"), color=ink)


def _ticks(form: str) -> alt.Axis | None:
    """Give an axis to what has no numbers at its bars."""
    if form != "diverging":
        return None
    return alt.Axis(title=None, tickCount=4, tickMinStep=1, labelExpr="abs(datum.value)")


def columns_of(base: alt.Chart) -> Any:
    """Stand the parts of each week on one another, with a line for the mean."""
    x = alt.X(
        "row:N",
        sort=_hole("@rows"),
        axis=_axis("@ticks", labelOverlap="greedy", labelSeparation=12, labelAngle=0, labelFlush=True),
        scale=alt.Scale(paddingInner=0.16),
    )
    weeks = (
        base.transform_calculate(told=_TOLD, order="datum.column === 'success' ? 0 : 1")
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("n:Q", stack="zero", axis=alt.Axis(title=None, tickMinStep=1, tickCount=4, domain=False)),
            order=alt.Order("order:Q"),
            tooltip=alt.Tooltip("told:N", title=" "),
            **_looks(),
        )
    )
    mean = base.transform_filter("isValid(datum.mean) && datum.column === 'success'").encode(x=x, y=alt.Y("mean:Q"))
    lines = (mean.mark_line(color=color, strokeWidth=width) for color, width in ((PAPER, 4), (INK, 1.8)))
    return alt.layer(weeks, *lines)


def tiles_of(base: alt.Chart, *, shares: bool) -> Any:
    """Shade a tile for each pair of row and column, and write its number in it."""
    upward = {"orient": "top", "labelAngle": 0, "labelBaseline": "top", "labelPadding": _hole("@headroom")}
    across = alt.X("column:N", sort=_hole("@columns"), axis=_axis("@heads", **upward))
    cells = base.transform_calculate(told=_TOLD).encode(
        y=_y(tall=shares), x=across, tooltip=alt.Tooltip("told:N", title=" ")
    )
    shade = {"type": "quantize", "range": SHADES, "domainMin": 0}
    some = {"test": "datum.n > 0", "field": "n", "type": "quantitative", "scale": shade, "legend": None}
    tiles = cells.mark_rect(stroke=LINE, cornerRadius=3).encode(color=alt.ColorValue(PAPER, condition=some))
    numbers = cells.mark_text(fontSize=LETTER, color=INK, dy=-6 if shares else 1).encode(text=alt.Text("label:N"))
    layers = [tiles, numbers, *([_share(cells)] if shares else [])]
    return alt.layer(*layers)


def _share(cells: alt.Chart) -> Any:
    """Write the share of successes under a tile's number."""
    some = cells.transform_filter("datum.n > 0 && isValid(datum.share)")
    shares = some.transform_calculate(told_share="format(datum.share, '.0%')")
    told = shares.mark_text(fontSize=SMALL, color=INK, dy=9)
    return told.encode(text=alt.Text("told_share:N"), description=alt.DescriptionValue(""))
