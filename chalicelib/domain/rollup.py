"""The counts of one week, and how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import Win


class Cell(NamedTuple):
    """All that is alike about the stories of one count; ids as they were when the wins were sent."""

    kind: str
    goals: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    practices: tuple[tuple[str, str], ...] = ()
    """Practice and level, the level empty if not given."""
    groups: tuple[str, ...] = ()
    team: str = ""
    sent_under: int = 0
    """The version of the school file that decides with today's whether team and groups are shown; 0 without any."""
    channel: str = ""
    """How it came in; empty if its author is anonymous."""
    weekday: int = 0
    """Day of arrival, 1 for Monday."""
    helped: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()
    lesson: str = ""
    """The story's own id if it is a lesson: others may answer it."""
    resolves: str = ""
    """The lesson it answers."""


_PRACTICES = Cell._fields.index("practices")


@dataclass
class Rollup:
    """The visible stories of one week: how many of each cell, and the last day each goal was heard of."""

    week: str
    cells: Counter[Cell] = field(default_factory=Counter)
    last_day: dict[str, str] = field(default_factory=dict)
    """The latest day (ISO) by goal id, and under the empty id that of any story."""

    @cached_property
    def counted(self) -> dict[tuple[str, str], tuple[Any, Any]]:
        """What was counted of it already, by two dimensions and for which school (`counts.py`)."""
        return {}

    @cached_property
    def alike(self) -> dict[tuple[str, ...], list[tuple[Cell, int]]]:
        """What of it counts alike, by the fields that are read: one cell for all of them (`counts.py`)."""
        return {}

    @property
    def n(self) -> int:
        """Stories in the week."""
        return self.cells.total()

    def as_json(self) -> dict[str, Any]:
        """Return a value that `json` writes the same way for the same counts."""
        return {"week": self.week, "cells": self.rows(Cell._fields), "last_day": dict(sorted(self.last_day.items()))}

    def rows(self, columns: Sequence[str]) -> list[list[Any]]:
        """List the cells by some columns and how many stories each has, always in the same order."""
        told, read = Counter[tuple[Any, ...]](), attrgetter(*columns)
        for cell, n in self.cells.items():
            told[read(cell)] += n
        return [[*values, n] for values, n in sorted(told.items())]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Rollup:
        """Read what `as_json` wrote, also when it counted by less or, in a later release, by more."""
        cells = Counter[Cell]()
        for *columns, n in raw["cells"]:
            cells[_cell(columns)] += n
        return cls(raw["week"], cells, raw["last_day"])


def _cell(columns: list[Any]) -> Cell:
    told: list[Any] = [tuple(value) if isinstance(value, list) else value for value in columns[: len(Cell._fields)]]
    told[_PRACTICES] = tuple(map(tuple, told[_PRACTICES]))
    return Cell(*told)


def count_week(week: str, wins: Iterable[Win]) -> Rollup:
    """Count the visible wins of one week."""
    rollup = Rollup(week)
    for win in wins:
        if win.state != "visible":
            continue
        rollup.cells[_cell_of(win)] += 1
        for goal in ("", *win.goals):
            rollup.last_day[goal] = max(rollup.last_day.get(goal, ""), win.day.isoformat())
    return rollup


def _cell_of(win: Win) -> Cell:
    return Cell(
        kind=win.kind,
        goals=tuple(sorted(win.goals)),
        signs=tuple(sorted(win.signs)),
        practices=tuple(sorted((use.id, use.level or "") for use in win.practices)),
        groups=tuple(sorted(win.groups)),
        team=win.team or "",
        sent_under=win.school_version if win.team or win.groups else 0,
        channel="" if win.author.mode == "anonymous" else win.channel,
        weekday=win.day.isoweekday(),
        helped=tuple(sorted(win.helped)),
        hindered=tuple(sorted(win.hindered)),
        lesson=win.story_id if win.kind == "lesson" else "",
        resolves=win.resolves or "",
    )


def latest(many: Iterable[Iterable[tuple[str, str]]]) -> dict[str, str]:
    """Fold many last days (goal id, ISO day) into the latest of each goal."""
    days: dict[str, str] = {}
    for goal, day in chain.from_iterable(many):
        days[goal] = max(day, days.get(goal, ""))
    return days


def as_shown(rollup: Rollup, labels: Labels) -> Rollup:
    """Fold teams and groups into those that may be named, by today's names; all others count as none."""
    cells: Counter[Cell] = Counter()
    team = cache(labels.team)
    groups = cache(lambda many, sent_under: tuple(sorted(labels.groups(many, sent_under))))
    for cell, n in rollup.cells.items():
        may_group, may_team = groups(cell.groups, cell.sent_under), team(cell.team, cell.sent_under)
        cells[cell._replace(groups=may_group, team=may_team, sent_under=0)] += n
    return Rollup(rollup.week, cells, rollup.last_day)


def as_named_today(rollup: Rollup, school: School) -> Rollup:
    """Fold merged goals, signs and practices into what they are called now; a story still counts once."""
    if not any(one.merged_into for what in ("goals", "signs", "practices") for one in getattr(school, what)):
        return rollup
    cells: Counter[Cell] = Counter()
    today_as = cache(school.today_as)
    for cell, n in rollup.cells.items():
        goals = {today_as("goals", one) for one in cell.goals}
        signs = {today_as("signs", one) for one in cell.signs}
        practices = {(today_as("practices", one), level) for one, level in cell.practices}
        today = cell._replace(
            goals=tuple(sorted(goals)), signs=tuple(sorted(signs)), practices=tuple(sorted(practices))
        )
        cells[today] += n
    last_day = latest([((today_as("goals", goal), day) for goal, day in rollup.last_day.items())])
    return Rollup(rollup.week, cells, last_day)
