"""Evidence by goal: how many stories speak to each goal, and how long ago the last one was."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture

SILENT_AFTER_DAYS = 28


def make(picture: Picture) -> Chart:
    """Make the chart: silent goals stay, a retired one only while it still has stories."""
    counts = picture.counts("goal", "kind")
    rows = picture.lines(picture.school.goals, counts.rows)
    grid = Grid(
        form="bars",
        by=("goal", "kind"),
        rows=tuple(Line(row.id, row.name, last_heard(picture, row.id)) for row in rows),
        columns=picture.kinds,
        cells=counts.cells,
        row_name=picture.say("goals.goal"),
        totals=counts.rows,
    )
    return chart_of(picture, "goals", grid, _finding(picture, rows, counts.rows), counts.n)


def last_heard(picture: Picture, goal: str) -> str:
    """Say how long ago a goal was heard of."""
    days = picture.days_since(goal)
    if days is None:
        return picture.say("goals.never")
    return picture.say("goals.today") if days == 0 else picture.say("goals.days_ago", n=days)


def _finding(picture: Picture, rows: tuple[Line, ...], n: Mapping[str, int]) -> str:
    """Name the silence first: the goal not heard of for longest; then the one with most stories."""
    if not any(n.values()):
        return picture.say("goals.none")
    heard = max(rows, key=lambda row: n.get(row.id, 0))
    offered = {goal.id for goal in picture.school.goals if goal.offered}
    looked_at = [row for row in rows if row.id in offered] or list(rows)
    days = {row.name: picture.days_since(row.id) for row in looked_at}
    never = [name for name, since in days.items() if since is None]
    silent = max(days, key=lambda name: days[name] or 0)
    told = {"most": heard.name, "n": n.get(heard.id, 0)}
    if never:
        return picture.say("goals.finding_never", goal=never[0], **told)
    if (days[silent] or 0) > SILENT_AFTER_DAYS:
        return picture.say("goals.finding_silent", goal=silent, days=days[silent], **told)
    return picture.say("goals.finding_all", **told)
