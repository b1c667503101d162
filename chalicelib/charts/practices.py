"""Practice by sign: what was told together, in numbered cells, with the share of successes."""

from __future__ import annotations

from collections import Counter

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Picture
from chalicelib.domain.counts import count_by
from chalicelib.domain.rollup import Rollup


def make(picture: Picture) -> Chart:
    """Make the chart."""
    counts = picture.counts("sign", "practice")
    successes = count_by("sign", "practice", map(_successes, picture.shown), picture.context)
    grid = Grid(
        form="tiles",
        by=("sign", "practice"),
        rows=picture.lines(picture.school.signs, counts.rows),
        columns=picture.lines(picture.school.practices, {practice for _, practice in counts.cells}),
        cells=counts.cells,
        row_name=picture.say("practices.sign"),
        successes=successes.cells,
    )
    return chart_of(picture, "practices", grid, _finding(picture, grid), counts.n)


def _successes(rollup: Rollup) -> Rollup:
    return Rollup(rollup.week, Counter({cell: n for cell, n in rollup.cells.items() if cell.kind == "success"}))


def _finding(picture: Picture, grid: Grid) -> str:
    if not grid.cells:
        return picture.say("practices.none")
    (sign, practice), n = min(grid.cells.items(), key=lambda item: (-item[1], item[0]))
    alone = next((one.name for one in grid.columns if not any(one.id == used for _, used in grid.cells)), "")
    key = "practices.finding_alone" if alone else "practices.finding"
    return picture.say(key, practice=grid.column_named(practice), sign=grid.row_named(sign), n=n, alone=alone)
