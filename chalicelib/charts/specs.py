"""Grids as Vega-Lite specs by Altair: the shape of a chart once, its numbers put in each time.

A spec has one named set of data, `marks`: `{row, column, n, label, share?}` for each cell. Whoever filters puts other
numbers in their place; the shape, and so the compiled view, stays.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from chalicelib.charts.theme import FILLS, FONT, INK, LESSON, LESSON_PALE, LETTER, LINE, QUIET, SHADES
from chalicelib.domain.chart import Grid, Line

_WIDTH, _ROW = 320, 46
_SOLID = {part: {"url(#stripes)": LESSON_PALE, "url(#dots)": SHADES[1]}.get(fill, fill) for part, fill in FILLS.items()}
"""Vega has no patterns: there the paler parts have a darker edge, and every mark tells its name."""
_Pairs = tuple[tuple[str, str], ...]


def spec_of(grid: Grid) -> dict[str, Any]:
    """Make the spec of a grid with its numbers in it."""
    rows, columns = (tuple((line.id, line.name) for line in lines) for lines in (grid.rows, grid.columns))
    shape = json.loads(_shape(grid.form, rows, columns, shares=grid.successes is not None))
    return {**shape, "datasets": {"marks": marks_of(grid)}}


def marks_of(grid: Grid) -> list[dict[str, Any]]:
    """List the cells of a grid as a spec shows them; `static_site/grid.js` makes the same of the published counts."""
    return [_mark(grid, row, column) for row in grid.rows for column in grid.columns]


def _mark(grid: Grid, row: Line, column: Line) -> dict[str, Any]:
    n = grid.n(row.id, column.id)
    hidden = grid.is_hidden(row.id, column.id)
    mark: dict[str, Any] = {"row": row.id, "column": column.id, "n": 0 if hidden else n}
    mark["label"] = grid.few if hidden else str(n) if n else "·"
    if grid.successes is not None:
        mark["share"] = round(grid.successes.get((row.id, column.id), 0) / n, 4) if n else 0
    if grid.form == "columns":
        mark["mean"] = grid.line.get(row.id)
    return mark


@cache
def _shape(form: str, rows: _Pairs, columns: _Pairs, *, shares: bool) -> str:
    """Write a spec without numbers, as JSON; a school's charts keep their shape from one publication to the next."""
    base = alt.Chart(alt.NamedData(name="marks"))
    with debug_mode(arg=False):  # Altair would check each part against its schema; tests do that once for all
        if form == "columns":
            chart: Any = _columns(base, rows, columns)
        elif form == "tiles":
            chart = _tiles(base, rows, columns, shares=shares)
        else:
            chart = _bars(base, rows, columns, form)
        spec: dict[str, Any] = _styled(chart).to_dict(validate=False)
    return json.dumps(spec)


def _names(pairs: _Pairs) -> str:
    """Write the expression that shows names where the data has ids; a name may be there twice, an id may not."""
    return f"{json.dumps(dict(pairs))}[datum.label]"


def _axis(pairs: _Pairs, **more: Any) -> alt.Axis:
    return alt.Axis(labelExpr=_names(pairs), title=None, ticks=False, domain=False, **more)


def _y(rows: _Pairs) -> alt.Y:
    above = _axis(rows, labelAlign="left", labelBaseline="bottom", labelOffset=-11, labelPadding=-4, labelLimit=_WIDTH)
    scale = alt.Scale(paddingInner=0.5, paddingOuter=0.35)
    return alt.Y("row:N", sort=[one for one, _ in rows], axis=above, scale=scale)


def _fill(columns: _Pairs) -> alt.Fill:
    ids = [one for one, _ in columns]
    return alt.Fill("column:N", scale=alt.Scale(domain=ids, range=[_SOLID[one] for one in ids]), legend=None)


def _told(rows: _Pairs, columns: _Pairs) -> str:
    """Let each mark say its row, its column and its number."""
    names, parts = (json.dumps(dict(pairs)) for pairs in (rows, columns))
    return f"{names}[datum.row] + ' · ' + {parts}[datum.column] + ': ' + datum.label"


def _bars(base: alt.Chart, rows: _Pairs, columns: _Pairs, form: str) -> Any:
    signed = "datum.column === 'hindered' ? -datum.n : datum.n" if form == "diverging" else "datum.n"
    sort = json.dumps([one for one, _ in columns])
    bars = (
        base.transform_calculate(told=_told(rows, columns), value=signed, order=f"indexof({sort}, datum.column)")
        .mark_bar(stroke=LESSON if form == "bars" else INK, strokeWidth=0.7)
        .encode(
            y=_y(rows),
            x=alt.X("value:Q", stack="normalize" if form == "shares" else "zero", axis=_ticks(form)),
            fill=_fill(columns),
            order=alt.Order("order:Q"),
            tooltip=alt.Tooltip("told:N", title=" "),
        )
    )
    # without a name of its own Vega calls the bars "marks" too, and refuses two things of one name
    return bars.properties(name="bars", width=_WIDTH, height=_ROW * max(1, len(rows)))


def _ticks(form: str) -> alt.Axis:
    more: dict[str, Any] = {"format": "%"} if form == "shares" else {"tickMinStep": 1}
    if form == "diverging":
        more["labelExpr"] = "abs(datum.value)"
    return alt.Axis(title=None, tickCount=4, **more)


def _columns(base: alt.Chart, rows: _Pairs, columns: _Pairs) -> Any:
    ids = [one for one, _ in rows]
    x = alt.X(
        "row:N",
        sort=ids,
        axis=_axis(rows, labelOverlap="greedy", labelAngle=0, labelFlush=True),
        scale=alt.Scale(paddingInner=0.16),
    )
    weeks = (
        base.transform_calculate(told=_told(rows, columns), order="datum.column === 'success' ? 0 : 1")
        .mark_bar(stroke=LESSON, strokeWidth=0.7)
        .encode(
            x=x,
            y=alt.Y("n:Q", stack="zero", axis=alt.Axis(title=None, tickMinStep=1, tickCount=4)),
            fill=_fill(columns),
            order=alt.Order("order:Q"),
            tooltip=alt.Tooltip("told:N", title=" "),
        )
    )
    line = base.transform_filter("isValid(datum.mean) && datum.column === 'success'").mark_line(
        color=INK, strokeWidth=1.8
    )
    return alt.layer(weeks, line.encode(x=x, y=alt.Y("mean:Q"))).properties(width=_WIDTH, height=170)


def _tiles(base: alt.Chart, rows: _Pairs, columns: _Pairs, *, shares: bool) -> Any:
    across = alt.X(
        "column:N",
        sort=[one for one, _ in columns],
        axis=_axis(columns, orient="top", labelAngle=0, labelLimit=_WIDTH // max(1, len(columns))),
    )
    cells = base.transform_calculate(told=_told(rows, columns)).encode(
        y=_y(rows), x=across, tooltip=alt.Tooltip("told:N", title=" ")
    )
    shade = alt.Scale(range=[SHADES[0], SHADES[-1]], domainMin=0)
    tiles = cells.mark_rect(stroke=LINE).encode(color=alt.Color("n:Q", scale=shade, legend=None))
    label = "share_label:N" if shares else "label:N"
    numbers = cells.transform_calculate(share_label="datum.n ? datum.label + ' · ' + format(datum.share, '.0%') : '·'")
    numbers = numbers.mark_text(fontSize=LETTER, color=INK).encode(text=label)
    return alt.layer(tiles, numbers).properties(width=_WIDTH, height=_ROW * max(1, len(rows)))


def _styled(chart: Any) -> Any:
    return (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET, titleColor=QUIET, labelFontSize=12, gridColor=LINE, domainColor=LINE, tickColor=LINE
        )
        .configure_axisY(labelColor=INK, labelFontSize=13)
    )
