"""What a chart is made from, and what it is."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, Literal
from urllib.parse import urlencode

from chalicelib.domain.calendar import monday_of, week_of, weeks_between
from chalicelib.domain.counts import Counts, count_by
from chalicelib.domain.dimensions import DIMENSIONS, JOINT, Context, answers_of
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import Named, School, Words, in_language
from chalicelib.domain.words import catalogue, say

_WEEKS_SHOWN = 52
_FEWEST_WEEKS_SHOWN = 12
_SCHOOL_DAYS = 5
_LINK = re.compile(r"</?a\b[^>]*>")
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The renderer does not survive these (https://www.w3.org/TR/xml/#charsets)."""


@dataclass(frozen=True)
class Line:
    """A row or a column of a chart: an id of its dimension, its name, and what else is said of it."""

    id: str
    name: str
    note: str = ""


Form = Literal["columns", "bars", "shares", "tiles", "diverging", "ranges"]


@dataclass(frozen=True)
class Grid:
    """What a chart draws and its table tells: stories by two dimensions."""

    form: Form
    by: tuple[str, str]
    """The dimensions of rows and columns (`dimensions.py`)."""
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: Mapping[tuple[str, str], int]
    row_name: str
    """Above the names of rows."""
    totals: Mapping[str, int] | None = None
    """By row, each story once; None where the cells of a row add up to nothing that is counted."""
    successes: Mapping[tuple[str, str], int] | None = None
    """How many of each cell are successes, where their share is shown."""
    at_least: int = 1
    """Cells with fewer stories than this say so instead of a number."""
    few: str = ""
    """What they say."""
    breaks: tuple[str, ...] = ()
    """Rows without school."""
    line: Mapping[str, float] = field(default_factory=dict)
    """A mean beside the cells, by row."""
    since: str = ""
    """The first day counted, where that is not the first of the weeks shown."""

    def n(self, row: str, column: str) -> int:
        """Stories in a cell."""
        return self.cells.get((row, column), 0)

    def is_hidden(self, row: str, column: str) -> bool:
        """Whether a cell has stories, but too few to say how many."""
        return 0 < self.n(row, column) < self.at_least

    def wanted(self, row: str, column: str | None = None) -> str:
        """Name the stories of a cell, or of a row, as an address does."""
        if column and self.by in JOINT:
            return _query((JOINT[self.by], f"{row}:{column}"))
        both = ((self.by[0], row), *(((self.by[1], column),) if column else ()))
        told = [(key, value) for key, value in both if key in DIMENSIONS and value]
        return _query(*told, *((("from", self.since),) if told and self.since else ()))

    def row_named(self, wanted: str) -> str:
        """Name a row."""
        return next((line.name for line in self.rows if line.id == wanted), wanted)

    def column_named(self, wanted: str) -> str:
        """Name a column."""
        return next((line.name for line in self.columns if line.id == wanted), wanted)


@lru_cache(maxsize=8192)
def _query(*pairs: tuple[str, str]) -> str:
    """Write pairs as an address does; the same cells are named in each language, and in each publication."""
    return urlencode(pairs)


@dataclass(frozen=True)
class Chart:
    """One chart, ready to publish: what it asks, finds and rests on, and how it is drawn."""

    id: str
    question: str
    finding: str
    n: int
    """Stories behind it. Stories, not events: one story may tell of many children, or of none."""
    grid: Grid
    table: dict[str, Any]
    """`{columns: [text], rows: [[cell]]}`; a cell is a text, or `{n, stories}` with a filter from `stories_of`."""
    spec: dict[str, Any] = field(default_factory=dict)
    svg: str = ""
    hint: str = ""
    """How to read it, where that is not plain."""
    key: tuple[tuple[str, str], ...] = ()
    """What the parts of its bars stand for, each with its fill."""
    letters: tuple[tuple[str, tuple[tuple[int, str], ...]], ...] = ()
    """What the letters of its columns mean: by row, the place of each in the alphabet and its words."""
    leaders_only: bool = False

    @property
    def svg_alone(self) -> str:
        """Its drawing without links, for pages that lead to no story."""
        return _LINK.sub("", self.svg)

    def as_json(self) -> dict[str, Any]:
        """Return what is published of it."""
        parts = ("id", "question", "finding", "n", "table", "spec", "svg", "hint")
        told = {name: getattr(self, name) for name in parts}
        lines = {name: [vars(line) for line in getattr(self.grid, name)] for name in ("rows", "columns")}
        few = {"at_least": self.grid.at_least, "few": self.grid.few}
        return {**told, **lines, **few, "by": self.grid.by, "form": self.grid.form, "row_name": self.grid.row_name}


@dataclass(frozen=True)
class Voices:
    """The people of a team that were heard, as far as their stories tell."""

    named: int
    """Different names that stand beside stories."""
    unnamed: int
    """Stories that show no name: each may be of somebody else, or all of one."""
    stories: int
    """All of them."""


@dataclass(frozen=True)
class Over:
    """What a district's counts are over."""

    schools: int
    recent: int
    """Those that published in the last fortnight."""


@dataclass(frozen=True)
class Picture:
    """The weeks that charts show: the 52 that end with this one, counted by today's names."""

    school: School
    language: str
    today: date
    weeks: list[str]
    rollups: dict[str, Rollup]
    """By week; a week without wins is missing."""
    last_day: dict[str, str]
    """The last day (ISO) each goal was ever heard of; under the empty id, any story."""
    voices: Mapping[str, Voices] = field(default_factory=dict)
    """Who was heard in the last four weeks, by team; under the empty id, all whose team is not named."""
    over: Over | None = None
    """What a district counts over; None for a school."""
    since: str = ""
    """The first week that ever had a story; if not told, the first of the weeks shown that has one."""
    counted: dict[tuple[str, str], Counts] = field(default_factory=dict, compare=False)
    """What was counted already: the same in every language."""

    @property
    def n(self) -> int:
        """Stories in all weeks shown."""
        return sum(rollup.n for rollup in self.rollups.values())

    @property
    def shown(self) -> list[Rollup]:
        """The rollups of the weeks shown, oldest first."""
        return [self.rollups[week] for week in self.weeks if week in self.rollups]

    @cached_property
    def begun(self) -> str:
        """The first week with a story; empty before there is one."""
        return self.since or next((rollup.week for rollup in self.shown), "")

    @cached_property
    def context(self) -> Context:
        """What is counted against: the school, and which lessons were answered in the weeks shown."""
        return Context(self.school, answers_of(self.shown), self.weeks[-1])

    def counts(self, row: str, column: str) -> Counts:
        """Count the stories of the weeks shown by two dimensions."""
        if (row, column) not in self.counted:
            self.counted[row, column] = count_by(row, column, self.shown, self.context)
        return self.counted[row, column]

    def lines(self, what: Iterable[Named], seen: Container[str]) -> tuple[Line, ...]:
        """List what new wins may choose, and what else was seen, as rows or columns."""
        return tuple(
            Line(one.id, self.name(one)) for one in what if one.merged_into is None and (one.offered or one.id in seen)
        )

    @property
    def kinds(self) -> tuple[Line, ...]:
        """Successes and lessons, as columns."""
        return Line("success", self.say("kind.successes")), Line("lesson", self.say("kind.lessons"))

    @property
    def weekdays(self) -> list[str]:
        """The days of the week, Monday first, shortened."""
        return self.words("weekdays")

    def words(self, key: str) -> list[str]:
        """List words of the page's language."""
        listed: list[str] = catalogue(self.language)[key]
        return listed

    def short_month(self, month: str) -> str:
        """Shorten a month written `2026-09`."""
        return self.words("months.short")[int(month[5:]) - 1]

    def say_month(self, month: str, key: str) -> str:
        """Say a month written `2026-09` in a sentence with `{month}` and `{year}`."""
        return self.say(key, month=self.words("months")[int(month[5:]) - 1], year=month[:4])

    def count(self, week: str, kind: str) -> int:
        """Count the stories of one kind in a week."""
        rollup = self.rollups.get(week)
        return sum(n for cell, n in rollup.cells.items() if cell.kind == kind) if rollup else 0

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence in the language of the page."""
        return say(self.language, key, **values)

    def name(self, one: Named) -> str:
        """Name a goal, sign or practice in the language of the page, without what no picture can hold."""
        return self.in_words(one.name)

    def in_words(self, words: Words) -> str:
        """Choose the language of the page, and leave out what no picture can hold."""
        return _NOT_IN_XML.sub(" ", in_language(words, self.language))

    def days_since(self, goal: str) -> int | None:
        """Count the days since a goal was last heard of; None if it never was."""
        last = self.last_day.get(goal)
        return max((self.today - date.fromisoformat(last)).days, 0) if last else None

    def is_break(self, week: str) -> bool:
        """Whether no school day of a week had school."""
        days = [monday_of(week) + timedelta(days=n) for n in range(_SCHOOL_DAYS)]
        return all(any(pause.first <= day <= pause.last for pause in self.school.school_year.breaks) for day in days)


def voices_of(stories: Iterable[Mapping[str, Any]]) -> dict[str, Voices]:
    """Count the different names and the nameless among published stories, by the team that is shown with them."""
    names: dict[str, list[str | None]] = {}
    for story in stories:
        author = story.get("author")
        names.setdefault(story.get("team", ""), []).append(" ".join(author.casefold().split()) if author else None)
    return {
        team: Voices(named=len({*found} - {None}), unnamed=found.count(None), stories=len(found))
        for team, found in names.items()
    }


def weeks_shown(today: date, first_week: str | None, last: str | None) -> list[str]:
    """Choose the weeks that charts show.

    They end with this week; if nothing arrived for a year, with the last week that was heard from, so that old
    stories do not vanish behind an empty page. They start with the first story, but are never fewer than twelve.

    Args:
        today: the school's day.
        first_week: the first week with a story, None without stories.
        last: the last day (ISO) of any story.
    """
    end, span = today, timedelta(weeks=_WEEKS_SHOWN - 1)
    if last and week_of(date.fromisoformat(last)) < week_of(today - span):
        end = date.fromisoformat(last)
    start = max(end - span, monday_of(first_week) if first_week else end)
    start = min(start, end - timedelta(weeks=_FEWEST_WEEKS_SHOWN - 1))
    return weeks_between(week_of(start), week_of(end))


def stories_of(n: int, **wanted: str) -> dict[str, Any]:
    """Make a table cell whose number opens the stories that it counts."""
    return {"n": n, "stories": urlencode(wanted)}
