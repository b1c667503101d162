"""By what stories can be counted, filtered and opened: the same names in charts, addresses and counts.

Each dimension gives the ids under which a cell of a week counts: none, one, or several. `static_site/dimensions.js`
says the same of the published cubes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.domain.calendar import monday_of, school_year_of, thursday_of
from chalicelib.domain.rollup import Cell, Rollup
from chalicelib.domain.school import School

Ids = tuple[str, ...]
LEVELS = ("a", "b", "c", "d", "e")
CHANNELS = ("web", "text", "mail", "spreadsheet", "unsaid")
ANSWERS = ("open", "again", "resolved")
"""Whether a lesson was answered: not yet, by a later lesson, by a later success."""
AGES = ("fresh", "ripe", "old")
"""Of lessons: up to four weeks, up to twelve, more."""
_FRESH_WEEKS, _RIPE_WEEKS = 4, 12
JOINT = {("practice", "level"): "use", ("goal", "mode"): "scene", ("factor", "side"): "factor"}
"""Rows and columns that belong together: not every practice of a story with every level, but each with its own."""


@dataclass(frozen=True)
class Context:
    """What a cell alone does not tell."""

    school: School
    answers: Mapping[str, str] = field(default_factory=dict)
    """Whether a lesson was answered, by its id; a lesson that is not here is open."""
    until: str = ""
    """The week from which ages are counted."""

    @cached_property
    def scenes(self) -> dict[str, str]:
        """The goal and the mode of each sign, `explain:sounds`."""
        today = {goal.id: self.school.today_as("goals", goal.id) for goal in self.school.goals}
        return {sign.id: f"{today[goal.id]}:{sign.mode}" for goal in self.school.goals for sign in goal.signs}


def _levels(cell: Cell, _week: str, _context: Context) -> Ids:
    return tuple(sorted({level for _, level in cell.practices if level}))


def _scenes(cell: Cell, _week: str, context: Context) -> Ids:
    return tuple(sorted({context.scenes[sign] for sign in cell.signs if sign in context.scenes}))


def _modes(cell: Cell, week: str, context: Context) -> Ids:
    return tuple(sorted({scene.partition(":")[2] for scene in _scenes(cell, week, context)}))


def _age(cell: Cell, week: str, context: Context) -> Ids:
    weeks = (monday_of(context.until) - monday_of(week)).days // 7
    age = "fresh" if weeks < _FRESH_WEEKS else "ripe" if weeks < _RIPE_WEEKS else "old"
    return (age,) if cell.kind == "lesson" else ()


def _answer(cell: Cell, _week: str, context: Context) -> Ids:
    return (context.answers.get(cell.lesson, "open"),) if cell.kind == "lesson" else ()


def _factors(cell: Cell, _week: str, _context: Context) -> Ids:
    return tuple(factors_of(cell.helped, cell.hindered))


DIMENSIONS: dict[str, Callable[[Cell, str, Context], Ids]] = {
    "kind": lambda cell, _week, _context: (cell.kind,),
    "goal": lambda cell, _week, _context: cell.goals,
    "sign": lambda cell, _week, _context: cell.signs,
    "practice": lambda cell, _week, _context: tuple(dict.fromkeys(practice for practice, _ in cell.practices)),
    "use": lambda cell, _week, _context: tuple(f"{practice}:{level}" for practice, level in cell.practices if level),
    "level": _levels,
    "mode": _modes,
    "scene": _scenes,
    "group": lambda cell, _week, _context: cell.groups,
    "team": lambda cell, _week, _context: (cell.team,) if cell.team else (),
    "channel": lambda cell, _week, _context: (cell.channel or "unsaid",),
    "weekday": lambda cell, _week, _context: (str(cell.weekday),),
    "week": lambda _cell, week, _context: (week,),
    "month": lambda _cell, week, _context: (month_of(week),),
    "term": lambda _cell, week, context: (term_of(week, context.school.school_year.starts),),
    "school_year": lambda _cell, week, context: (school_year_of(week, context.school.school_year.starts),),
    "age": _age,
    "answer": _answer,
    "factor": _factors,
}


def factors_of(helped: Iterable[str], hindered: Iterable[str]) -> list[str]:
    """Name what helped and what got in the way, `time:hindered`."""
    return sorted([*(f"{one}:helped" for one in helped), *(f"{one}:hindered" for one in hindered)])


def month_of(week: str) -> str:
    """Name the month (`2026-09`) that a week belongs to: that of its Thursday."""
    return f"{thursday_of(week):%Y-%m}"


def term_of(week: str, starts: str) -> str:
    """Name the half of a school year that a week belongs to by its first month: `2026-08`, `2027-01`.

    The second half begins with January, or with July where school years start before June.

    Args:
        week: an ISO week.
        starts: month and day on which school years start, `08-24`.
    """
    day = thursday_of(week)
    second = "01-01" if starts >= "06-01" else "07-01"
    turns = [f"{year}-{turn}" for year in (day.year - 1, day.year) for turn in (starts, second)]
    return max(turn for turn in turns if turn <= day.isoformat())[:7]


def answers_of(rollups: Iterable[Rollup]) -> dict[str, str]:
    """Tell of each lesson that was answered how: by a later success, or by lessons alone."""
    answers: dict[str, str] = {}
    for rollup in rollups:
        for cell in rollup.cells:
            if cell.resolves and cell.resolves != cell.lesson and answers.get(cell.resolves) != "resolved":
                answers[cell.resolves] = "resolved" if cell.kind == "success" else "again"
    return answers


FIELDS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "goal": ("goals",),
    "sign": ("signs",),
    "mode": ("signs",),
    "scene": ("signs",),
    "practice": ("practices",),
    "use": ("practices",),
    "level": ("practices",),
    "group": ("groups",),
    "team": ("team",),
    "channel": ("channel",),
    "weekday": ("weekday",),
    "factor": ("helped", "hindered"),
    "week": (),
    "month": (),
    "term": (),
    "school_year": (),
    "age": ("kind",),
    "answer": ("kind", "lesson"),
}
"""What each dimension reads of a cell; all else may differ among cells that count alike."""
