"""Lessons: still open, tried again, or resolved by a later win, and how old the open ones are."""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture
from chalicelib.domain.dimensions import AGES, ANSWERS


def make(picture: Picture) -> Chart:
    """Make the chart: rows by age, parts by answer."""
    counts = picture.counts("age", "answer")
    grid = Grid(
        form="bars",
        by=("age", "answer"),
        rows=tuple(Line(age, picture.say(f"lessons.{age}")) for age in AGES),
        columns=tuple(Line(answer, picture.say(f"lessons.{answer}")) for answer in ANSWERS),
        cells=counts.cells,
        row_name=picture.say("lessons.age"),
        totals=counts.rows,
    )
    return chart_of(picture, "lessons", grid, _finding(picture, grid), counts.n)


def _finding(picture: Picture, grid: Grid) -> str:
    """Say how many lessons are open, how many of them for long, and how many are resolved."""
    n = {answer: sum(grid.n(age, answer) for age in AGES) for answer in ANSWERS}
    if not sum(n.values()):
        return picture.say("lessons.none")
    old = grid.n(AGES[-1], "open")
    return picture.say("lessons.finding", n=n["open"], old=old, resolved=n["resolved"], again=n["again"])
