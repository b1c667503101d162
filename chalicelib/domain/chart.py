"""What a chart is made from, and what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.calendar import monday_of, week_of, weeks_between
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import Named, School, in_language
from chalicelib.domain.words import say

_WEEKS_SHOWN = 52
_FEWEST_WEEKS_SHOWN = 12
_SCHOOL_DAYS = 5
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The renderer does not survive these (https://www.w3.org/TR/xml/#charsets)."""


@dataclass(frozen=True)
class Chart:
    """One chart, ready to publish: what it asks, finds and rests on, and how it is drawn."""

    id: str
    question: str
    finding: str
    n: int
    """Stories behind it. Stories, not events: one story may tell of many children, or of none."""
    table: dict[str, Any]
    """`{columns: [text], rows: [[cell]]}`; a cell is a text, or `{n, stories}` with a filter from `stories_of`."""
    spec: dict[str, Any]
    svg: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is published of it."""
        return dict(vars(self))


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

    @property
    def n(self) -> int:
        """Stories in all weeks shown."""
        return sum(rollup.n for rollup in self.rollups.values())

    @property
    def shown(self) -> list[Rollup]:
        """The rollups of the weeks shown, oldest first."""
        return [self.rollups[week] for week in self.weeks if week in self.rollups]

    def count(self, week: str, kind: str) -> int:
        """Count the stories of one kind in a week."""
        rollup = self.rollups.get(week)
        return sum(n for cell, n in rollup.cells.items() if cell.kind == kind) if rollup else 0

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence in the language of the page."""
        return say(self.language, key, **values)

    def name(self, one: Named) -> str:
        """Name a goal, sign or practice in the language of the page, without what no picture can hold."""
        return _NOT_IN_XML.sub(" ", in_language(one.name, self.language))

    def days_since(self, goal: str) -> int | None:
        """Count the days since a goal was last heard of; None if it never was."""
        last = self.last_day.get(goal)
        return max((self.today - date.fromisoformat(last)).days, 0) if last else None

    def is_break(self, week: str) -> bool:
        """Whether no school day of a week had school."""
        days = [monday_of(week) + timedelta(days=n) for n in range(_SCHOOL_DAYS)]
        return all(any(pause.first <= day <= pause.last for pause in self.school.school_year.breaks) for day in days)


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
