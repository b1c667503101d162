"""The counts of one week, and how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from chalicelib.domain.school import School
from chalicelib.domain.win import Win


class Cell(NamedTuple):
    """All that is alike about the stories of one count; ids as they were when the wins were sent."""

    kind: str
    goals: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    practices: tuple[tuple[str, str], ...] = ()
    """Practice and level, the level empty if not given."""


@dataclass
class Rollup:
    """The visible stories of one week: how many of each cell, and the last day each goal was heard of."""

    week: str
    cells: Counter[Cell] = field(default_factory=Counter)
    last_day: dict[str, str] = field(default_factory=dict)
    """The latest day (ISO) by goal id, and under the empty id that of any story."""

    @property
    def n(self) -> int:
        """Stories in the week."""
        return self.cells.total()

    def as_json(self) -> dict[str, Any]:
        """Return a value that `json` writes the same way for the same counts."""
        cells = [[*map(_listed, cell), n] for cell, n in sorted(self.cells.items())]
        return {"week": self.week, "cells": cells, "last_day": dict(sorted(self.last_day.items()))}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Rollup:
        """Read what `as_json` wrote."""
        cells = {
            Cell(kind, tuple(goals), tuple(signs), tuple((p, level) for p, level in practices)): n
            for kind, goals, signs, practices, n in raw["cells"]
        }
        return cls(raw["week"], Counter(cells), raw["last_day"])


def _listed(value: Any) -> Any:
    return [list(one) if isinstance(one, tuple) else one for one in value] if isinstance(value, tuple) else value


def count_week(week: str, wins: Iterable[Win]) -> Rollup:
    """Count the visible wins of one week."""
    rollup = Rollup(week)
    for win in wins:
        if win.state != "visible":
            continue
        practices = tuple(sorted((use.id, use.level or "") for use in win.practices))
        rollup.cells[Cell(win.kind, tuple(sorted(win.goals)), tuple(sorted(win.signs)), practices)] += 1
        for goal in ("", *win.goals):
            rollup.last_day[goal] = max(rollup.last_day.get(goal, ""), win.day.isoformat())
    return rollup


def latest(many: Iterable[Iterable[tuple[str, str]]]) -> dict[str, str]:
    """Fold many last days (goal id, ISO day) into the latest of each goal."""
    days: dict[str, str] = {}
    for goal, day in chain.from_iterable(many):
        days[goal] = max(day, days.get(goal, ""))
    return days


def as_named_today(rollup: Rollup, school: School) -> Rollup:
    """Fold merged goals, signs and practices into what they are called now; a story still counts once."""
    cells: Counter[Cell] = Counter()
    for cell, n in rollup.cells.items():
        goals = {school.today_as("goals", one) for one in cell.goals}
        signs = {school.today_as("signs", one) for one in cell.signs}
        practices = {(school.today_as("practices", one), level) for one, level in cell.practices}
        cells[Cell(cell.kind, tuple(sorted(goals)), tuple(sorted(signs)), tuple(sorted(practices)))] += n
    last_day = latest([((school.today_as("goals", goal), day) for goal, day in rollup.last_day.items())])
    return Rollup(rollup.week, cells, last_day)
