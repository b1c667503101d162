"""Weekly pulse: how many stories came in each week, successes and lessons stacked."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean
from typing import Any

import altair as alt

from chalicelib.charts.theme import INK, KIND_SCALE, LINE, QUIET, finish, stacked
from chalicelib.domain.calendar import monday_of, week_of
from chalicelib.domain.chart import Chart, Picture, stories_of
from chalicelib.domain.words import say_day

_FOUR = 4
_UTC = "utc:'%Y-%m-%d'"


def make(picture: Picture) -> Chart:
    """Make the chart."""
    rows = [_week(picture, week) for week in picture.weeks]
    return Chart(
        id="pulse",
        question=picture.say("pulse.question"),
        finding=_finding(picture, rows),
        n=picture.n,
        table=_table(picture, rows),
        spec=_spec(picture, rows),
    )


def _week(picture: Picture, week: str) -> dict[str, Any]:
    counts = {kind: picture.count(week, kind) for kind in ("success", "lesson")}
    return {"week": week, **counts, "n": sum(counts.values()), "break": picture.is_break(week)}


def _school_weeks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["n"] or not row["break"]]


def _finding(picture: Picture, rows: list[dict[str, Any]]) -> str:
    """Compare the last four whole school weeks with the four before; this week is not over yet."""
    weeks = _school_weeks(rows[:-1])
    if not picture.n:
        return picture.say("pulse.none")
    is_over = picture.weeks[-1] != week_of(picture.today)
    if len(weeks) < 2 * _FOUR or is_over:
        return picture.say("pulse.begun", n=picture.n, lessons=sum(row["lesson"] for row in rows))
    now, before = (sum(row["n"] for row in part) for part in (weeks[-_FOUR:], weeks[-2 * _FOUR : -_FOUR]))
    lessons = sum(row["lesson"] for row in weeks[-_FOUR:])
    change = "more" if now > before else "fewer" if now < before else "same"
    return picture.say(f"pulse.{change}", n=now, difference=abs(now - before), lessons=lessons)


def _table(picture: Picture, rows: list[dict[str, Any]]) -> dict[str, Any]:
    def cells(row: dict[str, Any]) -> list[Any]:
        week = row["week"]
        label = say_day(picture.language, monday_of(week))
        if row["break"]:
            label += " " + picture.say("pulse.break")
        kinds = [stories_of(row[kind], week=week, kind=kind) for kind in ("success", "lesson")]
        return [label, *kinds, stories_of(row["n"], week=week)]

    columns = ["pulse.week", "kind.successes", "kind.lessons", "table.stories"]
    return {"columns": [picture.say(key) for key in columns], "rows": [cells(row) for row in reversed(rows)]}


def _spec(picture: Picture, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Layer the breaks, the stacked weeks and the four-week line; all sums are made here, none in the browser."""
    bars, line, breaks = [], [], []
    seen: list[int] = []
    this_week = week_of(picture.today)
    for row in rows:
        monday = monday_of(row["week"])
        start, end = str(monday), str(monday + timedelta(days=6))
        middle = str(monday + timedelta(days=3))
        if row["break"]:
            breaks.append({"start": start, "end": str(monday + timedelta(days=7))})
        if row["n"] or not row["break"]:
            seen.append(row["n"])
            if len(seen) >= _FOUR and row["week"] != this_week:  # which is not over yet
                line.append({"middle": middle, "mean": round(mean(seen[-_FOUR:]), 2)})
        bars += [{"start": start, "end": end, **part} for part in stacked(row)]
    ends = [str(monday_of(rows[0]["week"])), str(monday_of(rows[-1]["week"]) + timedelta(days=7))]
    most = 1 + max(4, *(row["n"] for row in rows))
    x = alt.Scale(type="utc", domain=ends, nice=False)
    y = alt.Scale(domain=[0, most], nice=True)
    axis = alt.Axis(format="%b", tickCount="month", grid=False, title=None, labelOverlap="greedy")
    y_axis = alt.Axis(tickMinStep=1, tickCount=4, title=picture.say("table.stories"))

    def layer(data: list[dict[str, Any]], *times: str) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=data, format=alt.JsonDataFormat(parse=dict.fromkeys(times, _UTC))))

    shaded = (
        layer(breaks, "start", "end")
        .mark_rect(color=LINE, opacity=0.5)
        .encode(x=alt.X("start:T", scale=x, axis=axis), x2="end:T")
    )
    weeks = (
        layer(bars, "start", "end")
        .mark_rect(stroke=INK, strokeWidth=0.5)
        .encode(
            x=alt.X("start:T", scale=x, axis=axis),
            x2="end:T",
            y=alt.Y("from:Q", scale=y, axis=y_axis),
            y2="to:Q",
            fill=alt.Fill("kind:N", scale=KIND_SCALE, legend=None),
        )
    )
    four = (
        layer(line, "middle")
        .mark_line(color=QUIET, strokeWidth=2.5, interpolate="linear")
        .encode(x=alt.X("middle:T", scale=x, axis=axis), y=alt.Y("mean:Q", scale=y, axis=y_axis))
    )
    return finish(alt.layer(shaded, weeks, four, width=860, height=240))
