"""Evidence by goal: how many stories speak to each goal, and how long ago the last one was."""

from __future__ import annotations

from typing import Any

import altair as alt

from chalicelib.charts.theme import INK, KIND_SCALE, finish, stacked, values
from chalicelib.domain.chart import Chart, Picture, stories_of
from chalicelib.domain.school import Goal

SILENT_AFTER_DAYS = 28
_ROW = 44


def make(picture: Picture) -> Chart:
    """Make the chart."""
    rows = [_goal(picture, goal) for goal in picture.school.goals if _is_shown(picture, goal)]
    return Chart(
        id="goals",
        question=picture.say("goals.question"),
        finding=_finding(picture, rows),
        n=sum(n for rollup in picture.shown for cell, n in rollup.cells.items() if cell.goals),
        table=_table(picture, rows),
        spec=_spec(rows),
    )


def _is_shown(picture: Picture, goal: Goal) -> bool:
    """Silent goals stay; a retired one only while it still has stories."""
    return goal.merged_into is None and (goal.offered or any(_counts(picture, goal.id).values()))


def _counts(picture: Picture, goal: str) -> dict[str, int]:
    counts = {"success": 0, "lesson": 0}
    for rollup in picture.shown:
        for cell, n in rollup.cells.items():
            if goal in cell.goals:
                counts[cell.kind] += n
    return counts


def _goal(picture: Picture, goal: Goal) -> dict[str, Any]:
    counts = _counts(picture, goal.id)
    days = picture.days_since(goal.id)
    said = picture.say("goals.never") if days is None else picture.say(_age_key(days), n=days)
    named = {"id": goal.id, "name": picture.name(goal), "offered": goal.offered}
    return {**named, **counts, "n": sum(counts.values()), "days": days, "last": said}


def _age_key(days: int) -> str:
    return "goals.today" if days == 0 else "goals.days_ago"


def _finding(picture: Picture, rows: list[dict[str, Any]]) -> str:
    """Name the silence first: the goal not heard of for longest; then the one with most stories."""
    if not any(row["n"] for row in rows):
        return picture.say("goals.none")
    heard = max(rows, key=lambda row: row["n"])
    looked_at = [row for row in rows if row["offered"]] or rows
    never = [row for row in looked_at if row["days"] is None]
    silent = max(looked_at, key=lambda row: row["days"] or 0)
    if never:
        return picture.say("goals.finding_never", goal=never[0]["name"], most=heard["name"], n=heard["n"])
    if silent["days"] > SILENT_AFTER_DAYS:
        return picture.say(
            "goals.finding_silent", goal=silent["name"], days=silent["days"], most=heard["name"], n=heard["n"]
        )
    return picture.say("goals.finding_all", most=heard["name"], n=heard["n"])


def _table(picture: Picture, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = ["goals.goal", "kind.successes", "kind.lessons", "table.stories", "goals.last"]
    return {
        "columns": [picture.say(key) for key in columns],
        "rows": [
            [
                row["name"],
                *(stories_of(row[kind], goal=row["id"], kind=kind) for kind in ("success", "lesson")),
                stories_of(row["n"], goal=row["id"]),
                row["last"],
            ]
            for row in rows
        ],
    }


def _spec(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Draw one bar a goal in the school's own order, its name above it and its age behind it."""
    bars = [{"id": row["id"], **part} for row in rows for part in stacked(row)]
    labels = [
        {"id": row["id"], "n": row["n"], "name": row["name"], "last": f"{row['n']}  ·  {row['last']}"} for row in rows
    ]
    order = [row["id"] for row in rows]
    most = max([5, *(row["n"] for row in rows)])
    y = alt.Y("id:N", sort=order, axis=None, scale=alt.Scale(paddingInner=0.62, paddingOuter=0.4))
    x = alt.Scale(domain=[0, most * 1.35], nice=False)
    goals = (
        alt.Chart(values(bars))
        .mark_bar(stroke=INK, strokeWidth=0.5)
        .encode(
            y=y,
            x=alt.X("from:Q", scale=x, axis=None),
            x2="to:Q",
            fill=alt.Fill("kind:N", scale=KIND_SCALE, legend=None),
        )
    )
    named = alt.Chart(values(labels)).encode(y=y)
    above = named.mark_text(align="left", baseline="bottom", dy=-13, fontSize=13, color=INK).encode(
        x=alt.value(0), text="name:N"
    )
    behind = named.mark_text(align="left", dx=8, fontSize=13, color=INK).encode(
        x=alt.X("n:Q", scale=x, axis=None), text="last:N"
    )
    return finish(alt.layer(goals, above, behind, width=900, height=_ROW * len(rows) + 10))
