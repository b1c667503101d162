"""Grids as Vega-Lite specs by Altair: the shape of a chart once, its numbers put in each time.

A spec has one named set of data, `marks`: `{row, column, n, label, share?, behind?}` for each cell. Whoever filters
puts other numbers in their place; the shape, and so the compiled view, stays.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from chalicelib.charts.forms import bars_of, columns_of, fill_in, holes_of, size_of, tiles_of
from chalicelib.charts.theme import FONT, INK, LINE, QUIET, SMALL
from chalicelib.domain.chart import Grid, Line

_STYLE = {
    "font": FONT,
    "background": "transparent",
    "padding": 0,
    "view": {"stroke": None},
    "axis": {"labelColor": QUIET, "labelFontSize": SMALL, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE},
    "axisY": {"labelColor": INK, "labelFontSize": 13},
}


def spec_of(grid: Grid) -> dict[str, Any]:
    """Make the spec of a grid with its numbers in it."""
    shape = _shape(grid.form, shares=grid.successes is not None)
    return {**fill_in(shape, holes_of(grid)), **size_of(grid), "datasets": {"marks": marks_of(grid)}}


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
    if grid.form == "bars":
        mark["behind"] = _behind(grid, row)
    return mark


def _behind(grid: Grid, row: Line) -> str:
    """Write what stands behind a bar: the sum of the parts that are told, and that others are hidden."""
    hidden = [grid.few for column in grid.columns if grid.is_hidden(row.id, column.id)]
    told = sum(grid.n(row.id, column.id) for column in grid.columns if not grid.is_hidden(row.id, column.id))
    return " + ".join([*([str(told)] if told or not hidden else []), *hidden])


@cache
def _shape(form: str, *, shares: bool) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData(name="marks"))
    with debug_mode(arg=False):  # Altair would check each part against its schema; tests do that once for all
        if form == "columns":
            chart: Any = columns_of(base)
        elif form == "tiles":
            chart = tiles_of(base, shares=shares)
        else:
            chart = bars_of(base, form)
        spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": _STYLE}
