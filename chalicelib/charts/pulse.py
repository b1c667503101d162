"""Weekly pulse: how many stories came in each week, successes and lessons stacked."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mean

from chalicelib.charts.making import chart_of
from chalicelib.domain.calendar import monday_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import month_of
from chalicelib.domain.pace import FOUR, change_of, whole_weeks
from chalicelib.domain.words import say_day


def make(picture: Picture) -> Chart:
    """Make the chart."""
    counts = picture.counts("week", "kind")
    breaks = tuple(week for week in picture.weeks if picture.is_break(week))
    grid = Grid(
        form="columns",
        by=("week", "kind"),
        rows=tuple(_line(picture, week) for week in picture.weeks),
        columns=picture.kinds,
        cells=counts.cells,
        row_name=picture.say("pulse.week"),
        totals=counts.rows,
        breaks=breaks,
        line=_means(picture, counts.rows),
    )
    return chart_of(picture, "pulse", grid, _finding(picture, grid, counts.rows), picture.n)


def _line(picture: Picture, week: str) -> Line:
    return Line(week, say_day(picture.language, monday_of(week)), picture.short_month(month_of(week)))


def _means(picture: Picture, n: Mapping[str, int]) -> dict[str, float]:
    """Take the mean of each four whole school weeks since the first story."""
    weeks = [week for week in whole_weeks(picture, n) if week >= picture.begun]
    fours = {week: weeks[k - FOUR + 1 : k + 1] for k, week in enumerate(weeks) if k >= FOUR - 1}
    return {week: round(mean(n.get(one, 0) for one in four), 2) for week, four in fours.items()}


def _finding(picture: Picture, grid: Grid, n: Mapping[str, int]) -> str:
    """Compare the last four whole school weeks with the four before; this week is not over yet."""
    if not picture.n:
        return picture.say("pulse.none")
    change = change_of(picture, n)
    if change is None:
        lessons = sum(grid.n(row.id, "lesson") for row in grid.rows)
        return picture.say("pulse.begun", n=picture.n, lessons=lessons)
    now, before, last = change
    lessons = sum(grid.n(week, "lesson") for week in last)
    key = "more" if now > before else "fewer" if now < before else "same"
    return picture.say(f"pulse.{key}", n=now, difference=abs(now - before), lessons=lessons)
