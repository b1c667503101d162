"""The published cube of a school, as a district reads it: counts of weeks, under ids that the district knows.

A school's cube names no hidden team or group, so nothing that is read here has to be hidden again; the district's own
minimum stands on top of it (`small_numbers.py`). A team of a school is none of the district's. Lessons are known by a
digest of school and id: those of two schools cannot be taken for one, and none tells whose it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, get_args

from chalicelib.domain.calendar import monday_of, week_of
from chalicelib.domain.rollup import Cell, Rollup, latest
from chalicelib.domain.school import Level, School

COLUMNS = (
    *("kind", "goals", "signs", "practices", "groups", "team"),
    *("channel", "weekday", "lesson", "resolves"),
)
"""What published cubes count by; what helped and what got in the way are for leaders alone."""
_KINDS = {"success", "lesson"}
_LEVELS = {"", *get_args(Level)}
_DAYS = range(8)


class NotACube(ValueError):  # noqa: N818 - a fact about a file
    """A file is not what a school publishes as a cube."""


@dataclass(frozen=True)
class Known:
    """The ids of a district's file; all others are dropped from what its schools counted."""

    goals: frozenset[str]
    signs: frozenset[str]
    practices: frozenset[str]
    groups: frozenset[str]

    @classmethod
    def of(cls, school: School) -> Known:
        """List the ids of a file, those that were retired or merged too."""
        return cls(*(frozenset(one.id for one in getattr(school, what)) for what in cls.__dataclass_fields__))

    @property
    def digest(self) -> str:
        """Changes when an id comes or goes, and not with a name."""
        told = repr([sorted(getattr(self, what)) for what in self.__dataclass_fields__])
        return sha256(told.encode()).hexdigest()[:16]


def weeks_of_cube(raw: Any, school: str, known: Known) -> dict[str, Counter[Cell]]:
    """Read a cube's weeks.

    Args:
        raw: the file's JSON.
        school: whose it is.
        known: the ids to count under.

    Returns:
        The cells of each week that has any, without team; a story whose ids are all unknown still counts.

    Raises:
        NotACube: if the file is anything else.
    """
    try:
        if raw["columns"] != [*COLUMNS, "n"]:
            raise NotACube("columns")
        return {_week(entry["week"]): _cells(entry["cells"], school, known) for entry in raw["cells"]}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise NotACube(type(error).__name__) from error


def counted(week: str, cells: Counter[Cell], version: int) -> Rollup:
    """Make the counts of a week; each goal's last day follows from the days of its stories.

    Args:
        week: the week.
        cells: how many stories of each.
        version: of the district's file when the week was first counted, which decides with today's which groups are
            shown; what is counted already under another version stays so.
    """
    told: Counter[Cell] = Counter()
    for cell, n in cells.items():
        told[cell._replace(sent_under=version) if cell.groups and not cell.sent_under else cell] += n
    return Rollup(week, told, latest(_days(week, cell) for cell in told))


def _days(week: str, cell: Cell) -> Iterable[tuple[str, str]]:
    day = (monday_of(week) + timedelta(days=max(cell.weekday, 1) - 1)).isoformat()
    return ((goal, day) for goal in ("", *cell.goals))


def _week(told: str) -> str:
    if week_of(monday_of(told)) != told:
        raise NotACube("week")
    return told


def _cells(rows: Iterable[list[Any]], school: str, known: Known) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for *values, n in rows:
        if type(n) is not int or n < 1:
            raise NotACube("n")
        cells[_cell(dict(zip(COLUMNS, values, strict=True)), school, known)] += n
    return cells


def _cell(told: Mapping[str, Any], school: str, known: Known) -> Cell:
    if told["kind"] not in _KINDS or told["weekday"] not in _DAYS or not isinstance(told["channel"], str):
        raise NotACube("cell")
    uses = {(use, level) for use, level in told["practices"] if use in known.practices and level in _LEVELS}
    return Cell(
        kind=told["kind"],
        goals=tuple(sorted(known.goals.intersection(told["goals"]))),
        signs=tuple(sorted(known.signs.intersection(told["signs"]))),
        practices=tuple(sorted(uses)),
        groups=tuple(sorted(known.groups.intersection(told["groups"]))),
        channel=told["channel"],
        weekday=int(told["weekday"]),
        lesson=_lesson(school, told["lesson"]),
        resolves=_lesson(school, told["resolves"]),
    )


def _lesson(school: str, told: str) -> str:
    return sha256(f"{school}/{told}".encode()).hexdigest()[:16] if told else ""
