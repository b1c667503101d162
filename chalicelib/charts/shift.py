"""How the variations shift: of all uses told of in each half of a school year, which share was a, b, c, d, e."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import LEVELS
from chalicelib.domain.pace import percent


def make(picture: Picture) -> Chart:
    """Make the chart."""
    counts = picture.counts("term", "level")
    grid = Grid(
        form="shares",
        by=("term", "level"),
        rows=tuple(Line(term, picture.say_month(term, "shift.since")) for term in sorted(counts.rows)),
        columns=tuple(Line(level, level) for level in LEVELS),
        cells=counts.cells,
        row_name=picture.say("shift.term"),
        totals=counts.rows,
    )
    return chart_of(picture, "shift", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Compare the share of a and b in the latest half with the one before."""
    if not grid.rows:
        return picture.say("shift.none")
    now, before = _share(grid, grid.rows[-1].id), _share(grid, grid.rows[-2].id) if len(grid.rows) > 1 else None
    if before is None:
        return picture.say("shift.finding_one", share=now)
    key = "shift.more" if now > before else "shift.fewer" if now < before else "shift.same"
    return picture.say(key, share=now, before=before)


def _share(grid: Grid, term: str) -> int:
    levels = [grid.n(term, level) for level in LEVELS]
    return percent(sum(levels[:2]), sum(levels))
