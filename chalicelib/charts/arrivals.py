"""When and how stories arrive: by channel and day of the week."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import CHANNELS

_USUAL = {"web", "text", "mail"}
_SCHOOL_DAYS = 5


def make(picture: Picture) -> Chart:
    """Make the chart; weekends and rare channels stand in it only if something came then or there."""
    counts = picture.counts("channel", "weekday")
    days = [n for n in range(1, 8) if n <= _SCHOOL_DAYS or any(day == str(n) for _, day in counts.cells)]
    grid = Grid(
        form="tiles",
        by=("channel", "weekday"),
        rows=tuple(Line(one, picture.say(f"channel.{one}")) for one in CHANNELS if one in _USUAL or counts.rows[one]),
        columns=tuple(Line(str(n), picture.weekdays[n - 1]) for n in days),
        cells=counts.cells,
        row_name=picture.say("arrivals.channel"),
        totals=counts.rows,
    )
    return chart_of(picture, "arrivals", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Name the day and the way most stories came by."""
    if not grid.cells:
        return picture.say("arrivals.none")
    days = {column.name: sum(grid.n(row.id, column.id) for row in grid.rows) for column in grid.columns}
    totals = grid.totals or {}
    way = max(grid.rows, key=lambda row: totals.get(row.id, 0))
    day = max(days, key=lambda name: days[name])
    return picture.say("arrivals.finding", day=day, n=days[day], channel=way.name, times=totals.get(way.id, 0))
