"""Innovation configuration map: which variation of each practice was told of (Hall and Loucks, 1981)."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import LEVELS

_NEAR_THE_IDEAL = ("a", "b")


def make(picture: Picture) -> Chart:
    """Make the chart: practices with variations, a (the ideal) to e."""
    counts = picture.counts("practice", "level")
    with_map = [use for use in picture.school.practices if use.variations or use.id in counts.rows]
    grid = Grid(
        form="tiles",
        by=("practice", "level"),
        rows=picture.lines(with_map, counts.rows),
        columns=tuple(Line(level, level) for level in LEVELS),
        cells=counts.cells,
        row_name=picture.say("map.practice"),
        totals=counts.rows,
    )
    return chart_of(picture, "map", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Name the practice that is told of nearest to its ideal, and the one furthest from it."""
    told = [row for row in grid.rows if any(grid.n(row.id, level) for level in LEVELS)]
    if not told:
        return picture.say("map.none")
    shares = {row.name: _share(grid, row.id) for row in told}
    best, least = max(shares, key=lambda name: shares[name]), min(shares, key=lambda name: shares[name])
    if shares[best] == shares[least]:
        return picture.say("map.finding_one", practice=best, share=round(100 * shares[best]))
    return picture.say(
        "map.finding",
        practice=best,
        share=round(100 * shares[best]),
        other=least,
        other_share=round(100 * shares[least]),
    )


def _share(grid: Grid, row: str) -> float:
    every = sum(grid.n(row, level) for level in LEVELS)
    return sum(grid.n(row, level) for level in _NEAR_THE_IDEAL) / every
