"""A second way to count what charts show: straight over the lines that `infra.dump` gives, win by win."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import shown_by

AXES = {
    "pulse": ("week", "kind"),
    "goals": ("goal", "kind"),
    "practices": ("sign", "practice"),
    "map": ("use",),
    "shift": ("term", "level"),
    "groups": ("sign", "group"),
    "factors": ("factor",),
    "lessons": ("age", "answer"),
    "looks": ("scene",),
    "year": ("goal", "month"),
    "arrivals": ("channel", "weekday"),
}
"""What each chart counts by: rows and columns, or both in one."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """The visible wins of some weeks, as lines of a dump."""

    school: School
    lines: list[dict[str, Any]]
    weeks: list[str]

    def pairs(self, chart: str) -> list[set[Pair]]:
        """List for each win the cells of a chart in which it counts."""
        many = [self._one(line) for line in self.lines]
        if len(axes := AXES[chart]) == 1:
            return [one[axes[0]] for one in many]
        return [set(product(one[axes[0]], one[axes[1]])) for one in many]

    def _one(self, win: dict[str, Any]) -> dict[str, Any]:
        school, thursday = self.school, thursday_of(win["week"])
        today = {kind: {school.today_as(kind, one) for one in win[kind]} for kind in ("goals", "signs", "groups")}
        uses = [(school.today_as("practices", use["id"]), use["level"]) for use in win["practices"]]
        signs = {sign.id: (goal.id, sign.mode) for goal in school.goals for sign in goal.signs}
        is_lesson, ago = win["kind"] == "lesson", (thursday_of(self.weeks[-1]) - thursday).days // 7
        factors = {(one, "helped") for one in win["helped"]} | {(one, "hindered") for one in win["hindered"]}
        return {
            "week": {win["week"]},
            "kind": {win["kind"]},
            "goal": today["goals"],
            "sign": today["signs"],
            "practice": {one for one, _ in uses},
            "use": {use for use in uses if use[1]},
            "level": {level for _, level in uses if level},
            "group": today["groups"] & shown_by(school).groups,
            "scene": {(school.today_as("goals", signs[one][0]), signs[one][1]) for one in today["signs"]},
            "factor": factors,
            "month": {thursday.isoformat()[:7]},
            "term": {term_of(thursday, school.school_year.starts)},
            "channel": {"unsaid" if win["author"]["mode"] == "anonymous" else win["channel"]},
            "weekday": {str(date.fromisoformat(win["day"]).isoweekday())},
            "age": {"fresh" if ago < 4 else "ripe" if ago < 12 else "old"} if is_lesson else set(),
            "answer": {self._answer(win["id"][10:])} if is_lesson else set(),
        }

    def _answer(self, lesson: str) -> str:
        kinds = {one["kind"] for one in self.lines if one["resolves"] == lesson and one["id"][10:] != lesson}
        return "resolved" if "success" in kinds else "again" if kinds else "open"


def thursday_of(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 4)


def term_of(thursday: date, starts: str) -> str:
    """Name the half year: one begins with the school year, the other with January or July."""
    other = "01-01" if starts >= "06-01" else "07-01"
    months = {f"{year}-{turn}" for year in range(thursday.year - 1, thursday.year + 1) for turn in (starts, other)}
    return max(turn for turn in months if turn <= str(thursday))[:7]


def told_in(school: School, lines: Iterable[dict[str, Any]], weeks: list[str]) -> Told:
    return Told(school, [one for one in lines if one["state"] == "visible" and one["week"] in weeks], weeks)


def check_chart(chart: dict[str, Any], told: Told) -> None:
    """Compare a published chart's table with the count; `voices` counts people and is not counted here."""
    pairs, few = told.pairs(chart["id"]), chart["at_least"]
    rows, columns = ([one["id"] for one in chart[name]] for name in ("rows", "columns"))
    assert {pair for one in pairs for pair in one} <= set(product(rows, columns)), chart["id"]
    assert chart["n"] == sum(map(bool, pairs)), chart["id"]
    table = chart["table"]["rows"]
    for row, written in zip(rows, table[::-1] if chart["form"] == "columns" else table, strict=True):
        for column, cell in zip(columns, written[1:], strict=False):
            n = sum((row, column) in one for one in pairs)
            where = chart["id"], row, column
            if 0 < n < few:
                assert (cell["n"], cell["few"], cell["stories"]) == (0, f"<{few}", ""), where
            else:
                assert cell["n"] == n, where
                assert "few" not in cell, where
        for total in written[1 + len(columns) :]:
            if isinstance(total, dict):
                assert total["n"] == sum(any(one[0] == row for one in cells) for cells in pairs), (chart["id"], row)
