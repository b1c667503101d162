"""From a grid to a chart: its table, its drawing, its spec."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.charts.drawing import draw
from chalicelib.charts.specs import spec_of
from chalicelib.charts.theme import FILLS
from chalicelib.domain.chart import Chart, Grid, Picture

_SOME_STORIES_HAVE = {"level", "mode"}
"""Columns that a story may lack: the total of a row then opens those that have any (`*`)."""


def chart_of(picture: Picture, name: str, grid: Grid, finding: str, n: int) -> Chart:
    """Make a chart; what it asks and how it is read stand in the sentences under its name."""
    hint = picture.say(f"{name}.hint")
    key = () if grid.form in {"tiles", "shares"} else tuple((one.name, FILLS[one.id]) for one in grid.columns)
    return Chart(name, picture.say(f"{name}.question"), finding, n, grid, table_of(picture, grid), hint=hint, key=key)


def drawn(chart: Chart) -> Chart:
    """Draw a chart, and write its spec."""
    return replace(chart, svg=draw(chart.grid, chart.id), spec=spec_of(chart.grid))


def table_of(picture: Picture, grid: Grid) -> dict[str, Any]:
    """Write the table of a grid: every number opens its stories."""
    notes = any(row.note for row in grid.rows) and grid.form != "columns"
    heads = [grid.row_name, *(column.name for column in grid.columns)]
    heads += [picture.say("table.stories")] if grid.totals is not None else []
    heads += [picture.say("table.note")] if notes else []
    rows = [[_row_name(picture, grid, row), *_cells(grid, row.id), *([row.note] if notes else [])] for row in grid.rows]
    return {"columns": heads, "rows": rows[::-1] if grid.form == "columns" else rows}


def _row_name(picture: Picture, grid: Grid, row: Any) -> str:
    return f"{row.name} {picture.say('pulse.break')}" if row.id in grid.breaks else row.name


def _cells(grid: Grid, row: str) -> list[Any]:
    cells: list[Any] = [_cell(grid, row, column.id) for column in grid.columns]
    if grid.totals is not None:
        stories = grid.wanted(row, "*" if grid.by[1] in _SOME_STORIES_HAVE else None)
        cells.append({"n": grid.totals.get(row, 0), "stories": stories})
    return cells


def _cell(grid: Grid, row: str, column: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"n": grid.n(row, column), "stories": grid.wanted(row, column)}
    if grid.is_hidden(row, column):
        return {"n": 0, "few": grid.few, "stories": ""}
    if grid.successes is not None and cell["n"]:
        cell["successes"] = grid.successes.get((row, column), 0)
    return cell
