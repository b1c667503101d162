"""What helped and what got in the way, for leaders alone (Amabile and Kramer, The Progress Principle, 2011)."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.win import Factor

SIDES = ("hindered", "helped")


def make(picture: Picture) -> Chart:
    """Make the chart."""
    counts = picture.counts("factor", "side")
    rows = tuple(Line(factor, picture.say(f"factor.{factor}")) for factor in get_args(Factor))
    grid = Grid(
        form="diverging",
        by=("factor", "side"),
        rows=rows,
        columns=tuple(Line(side, picture.say(f"factors.{side}")) for side in SIDES),
        cells=counts.cells,
        row_name=picture.say("factors.factor"),
    )
    return replace(chart_of(picture, "factors", grid, _finding(picture, grid), counts.n), leaders_only=True)


def _finding(picture: Picture, grid: Grid) -> str:
    """Name what got in the way most often, and what helped most often."""
    if not any(grid.cells.values()):
        return picture.say("factors.none")
    most = {side: max(grid.rows, key=lambda row: grid.n(row.id, side)) for side in SIDES}
    n = {side: grid.n(most[side].id, side) for side in SIDES}
    if not n["hindered"]:
        return picture.say("factors.finding_helped", helped=most["helped"].name, n=n["helped"])
    if not n["helped"]:
        return picture.say("factors.finding_hindered", hindered=most["hindered"].name, n=n["hindered"])
    return picture.say(
        "factors.finding",
        hindered=most["hindered"].name,
        n=n["hindered"],
        helped=most["helped"].name,
        times=n["helped"],
    )
