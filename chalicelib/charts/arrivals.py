"""When and how stories arrive: by channel and day of the week."""

from __future__ import annotations

from collections.abc import Mapping

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
    """Name the day and the way by which more stories came than by any other."""
    if not grid.cells:
        return picture.say("arrivals.none")
    days = {column.id: sum(grid.n(row.id, column.id) for row in grid.rows) for column in grid.columns}
    ways = {row.name: (grid.totals or {}).get(row.id, 0) for row in grid.rows}
    every, day, way = sum(days.values()), _first(days), _first(ways)
    names = picture.words("weekdays.long")
    told = [
        picture.say("arrivals.day", day=names[int(day) - 1], n=days[day], all=every) if day else "",
        picture.say("arrivals.way", channel=way, n=ways[way], all=every) if way else "",
    ]
    return " ".join(filter(None, told)) or picture.say("arrivals.even", n=every)


def _first(n: Mapping[str, int]) -> str:
    """Name what has more than all others; nothing if there is none."""
    most = max(n.values())
    first = [one for one in n if n[one] == most]
    return first[0] if len(first) == 1 else ""
