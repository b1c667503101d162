"""The year: stories by goal and month."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import month_of


def make(picture: Picture) -> Chart:
    """Make the chart: every month of the weeks shown, also those without a story."""
    counts = picture.counts("goal", "month")
    months = list(dict.fromkeys(map(month_of, picture.weeks)))
    grid = Grid(
        form="tiles",
        by=("goal", "month"),
        rows=picture.lines(picture.school.goals, counts.rows),
        columns=tuple(Line(month, _name(picture, month, months)) for month in months),
        cells=counts.cells,
        row_name=picture.say("goals.goal"),
        totals=counts.rows,
    )
    return chart_of(picture, "year", grid, _finding(picture, grid, months), counts.n)


def _name(picture: Picture, month: str, months: list[str]) -> str:
    """Shorten a month; one that is there twice says its year."""
    short = picture.short_month(month)
    twice = sum(one[5:] == month[5:] for one in months) > 1
    return f"{short} {month[:4]}" if twice else short


def _finding(picture: Picture, grid: Grid, months: list[str]) -> str:
    """Name the fullest month, and how many goals were heard in it."""
    n = {month: sum(grid.n(row.id, month) for row in grid.rows) for month in months}
    if not any(n.values()):
        return picture.say("year.none")
    fullest = max(months, key=lambda month: n[month])
    goals = sum(bool(grid.n(row.id, fullest)) for row in grid.rows)
    return picture.say("year.finding", month=picture.say_month(fullest, "year.month"), n=goals, goals=len(grid.rows))
