"""Innovation configuration map: which variation of each practice was told of (Hall and Loucks, 1981)."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import LEVELS
from chalicelib.domain.pace import percent
from chalicelib.domain.school import Practice

_NEAR_THE_IDEAL = ("a", "b")
_ENOUGH = 5
"""Uses of a practice from which on its share is worth a word."""


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
    chart = chart_of(picture, "map", grid, _finding(picture, grid), counts.n)
    return replace(chart, letters=tuple(_letters(picture, use) for use in with_map if use.variations and use.offered))


def _letters(picture: Picture, use: Practice) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Say what each variation of a practice is."""
    places = {level: place for place, level in enumerate(LEVELS, 1)}
    told = ((places[level], picture.in_words(one.name)) for level, one in sorted(use.variations.items()))
    return picture.name(use), tuple(told)


def _finding(picture: Picture, grid: Grid) -> str:
    """Name the practice that is told of nearest to its ideal, and the one furthest from it; of few uses neither."""
    uses = {row.id: sum(grid.n(row.id, level) for level in LEVELS) for row in grid.rows}
    if not any(uses.values()):
        return picture.say("map.none")
    told = [row for row in grid.rows if uses[row.id] >= _ENOUGH]
    if not told:
        return picture.say("map.early", n=sum(uses.values()), least=_ENOUGH)
    near = {row.id: sum(grid.n(row.id, level) for level in _NEAR_THE_IDEAL) for row in told}
    in_order = sorted(told, key=lambda row: -near[row.id] / uses[row.id])
    best, least = in_order[0], in_order[-1]
    said = {"practice": best.name, "share": percent(near[best.id], uses[best.id]), "n": uses[best.id]}
    if near[best.id] * uses[least.id] == near[least.id] * uses[best.id]:
        return picture.say("map.finding_one", **said)
    other_share = percent(near[least.id], uses[least.id])
    return picture.say("map.finding", **said, other=least.name, other_share=other_share, other_n=uses[least.id])
