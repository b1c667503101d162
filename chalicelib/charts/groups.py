"""In whom: signs by the group of students they were seen in; small numbers are not told."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Picture
from chalicelib.domain.small_numbers import shown_by


def make(picture: Picture) -> Chart:
    """Make the chart: only groups that may be named (`domain/small_numbers.py`)."""
    counts = picture.counts("sign", "group")
    nameable = shown_by(picture.school).groups
    least = picture.school.privacy.minimum_cell
    grid = Grid(
        form="tiles",
        by=("sign", "group"),
        rows=picture.lines(picture.school.signs, counts.rows),
        columns=picture.lines(
            (one for one in picture.school.groups if one.id in nameable), {group for _, group in counts.cells}
        ),
        cells=counts.cells,
        row_name=picture.say("practices.sign"),
        at_least=least,
        few=f"<{least}",
    )
    return chart_of(picture, "groups", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Name the sign that is told of most in one group, and how many groups were not heard of enough."""
    told = {both: n for both, n in grid.cells.items() if n >= grid.at_least}
    quiet = [one.name for one in grid.columns if not any(group == one.id for _, group in told)]
    if not told:
        return picture.say("groups.none", least=grid.at_least)
    (sign, group), n = min(told.items(), key=lambda item: (-item[1], item[0]))
    names = {"sign": grid.row_named(sign), "group": grid.column_named(group), "n": n}
    if quiet:
        return picture.say("groups.finding_quiet", **names, quiet=quiet[0])
    return picture.say("groups.finding", **names)
