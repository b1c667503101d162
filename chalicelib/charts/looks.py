"""Looks like, sounds like, feels like: how rich the picture of each goal is."""

from __future__ import annotations

from typing import get_args

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.school import Mode


def make(picture: Picture) -> Chart:
    """Make the chart: a sign stands under its goal, whatever other goals a story speaks to."""
    counts = picture.counts("goal", "mode")
    modes = get_args(Mode)
    grid = Grid(
        form="tiles",
        by=("goal", "mode"),
        rows=picture.lines(picture.school.goals, counts.rows),
        columns=tuple(Line(mode, picture.say(f"mode.{mode}")) for mode in modes),
        cells=counts.cells,
        row_name=picture.say("goals.goal"),
        totals=counts.rows,
    )
    return chart_of(picture, "looks", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Say for how many goals all three were told of, and what is missing where."""
    modes = [column.id for column in grid.columns]
    if not grid.cells:
        return picture.say("looks.none")
    rich = sum(all(grid.n(row.id, mode) for mode in modes) for row in grid.rows)
    for row in grid.rows:
        missing = [column.name for column in grid.columns if not grid.n(row.id, column.id)]
        if missing:
            return picture.say("looks.finding_missing", n=rich, goals=len(grid.rows), goal=row.name, mode=missing[0])
    return picture.say("looks.finding_all", n=rich)
