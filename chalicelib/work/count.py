"""Counting for a publication: which weeks, their stories, the cubes of their school years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from chalicelib.domain.appearance import published_story
from chalicelib.domain.calendar import school_year_of, week_of, weeks_between, weeks_of_school_year
from chalicelib.domain.cube import COLUMNS
from chalicelib.domain.dimensions import factors_of
from chalicelib.domain.rollup import Rollup, as_shown, count_week, latest
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import Win
from chalicelib.ports import StoredRollup, Table
from chalicelib.work.draft import Draft
from chalicelib.work.places import LEADERS, address_of, as_bytes, digest

FORMAT = 3
"""Raised when published files change their shape: the next run then writes all of them anew."""
_NEVER_LONGER = timedelta(weeks=53)
_SETTLING = timedelta(days=3)
"""How long after its end a week is still looked at: longer than any write takes."""


@dataclass(frozen=True)
class ReadWeek:
    """A week as it was read."""

    stored: StoredRollup
    """What was last counted in it."""
    wins: list[Win]
    tried: dict[str, int]

    @property
    def visible(self) -> list[Win]:
        """Return the wins that are published."""
        return [win for win in self.wins if win.state == "visible"]


def read_week(table: Table, week: str) -> ReadWeek:
    """Read a week: its rollup before its wins, so that the revision is not newer than they are."""
    return ReadWeek(table.stored_rollup(week), table.wins_of(week), table.tried_of(week))


def weeks_to_count(
    table: Table, old: dict[str, Any], labels: Labels, marked: set[str], today: date
) -> dict[str, ReadWeek | None]:
    """Name the marked weeks, and the open ones whose stories are not those published; all weeks if the rules changed.

    A week is open from its start until it was looked at three days after its end: wins of the week in which they are
    sent carry no mark, which halves what it costs to store one. Open weeks come as they were read.
    """
    if not old:
        return dict.fromkeys(sorted({*marked, *_weeks_never_published(table, marked, today)}))
    open_weeks = weeks_between(week_of(date.fromisoformat(old["as_of"]) - _SETTLING), week_of(today))
    if old["format"] != FORMAT or old["story_rules"] != story_rules(labels.school):
        return dict.fromkeys(sorted({*marked, *open_weeks, *old["weeks"]}))
    published = {entry["week"]: entry["path"] for entry in old["stories"]}
    found: dict[str, ReadWeek | None] = dict.fromkeys(marked)
    to_read = [week for week in open_weeks if week not in marked]
    with ThreadPoolExecutor() as threads:
        reads = zip(to_read, threads.map(partial(read_week, table), to_read), strict=True)
    found |= {week: read for week, read in reads if published.get(week) != _address_of_stories(labels, week, read)}
    return {week: found[week] for week in sorted(found)}


def _weeks_never_published(table: Table, marked: set[str], today: date) -> set[str]:
    """All weeks that hold unmarked wins while nothing is published: those counted, and those since that have any.

    Where none was ever counted, a year is looked at: a school is published from its first quarter of an hour on.
    """
    counted = table.counted_weeks()
    since = counted[-1] if counted else week_of(today - _NEVER_LONGER)
    unsure = [week for week in weeks_between(since, week_of(today)) if week not in {*marked, *counted}]
    with ThreadPoolExecutor() as threads:
        some = [week for week, wins in zip(unsure, threads.map(table.wins_of, unsure), strict=True) if wins]
    return {*counted, *some}


def story_rules(school: School) -> str:
    """Digest all of the school file that decides how a story is published and to which year it is counted."""
    rules = school.model_dump(mode="json", include={"teams", "groups", "time_zone"})
    return digest(as_bytes([rules, school.privacy.minimum_cell, school.school_year.starts]))


class Span:
    """Stored rollups, a year of them read at once for all who ask for a part of it."""

    def __init__(self, table: Table, today: date) -> None:
        self._table = table
        self._least = week_of(today - _NEVER_LONGER), week_of(today)
        self._first, self._last = self._least[::-1]
        self._read: list[Rollup] = []

    def rollups(self, first: str, last: str) -> list[Rollup]:
        """List the rollups of the weeks from first to last, as they are stored when they are first asked for."""
        if not self._first <= first <= last <= self._last:
            self._first, self._last = min(first, self._least[0]), max(last, self._least[1])
            self._read = self._table.rollups(self._first, self._last)
        return [rollup for rollup in self._read if first <= rollup.week <= last]


def count_weeks(
    table: Table, draft: Draft, labels: Labels, weeks: Mapping[str, ReadWeek | None], stored: Span
) -> dict[str, Any]:
    """Count weeks and write their stories and cubes; name those of all other weeks and years as they were.

    Returns:
        The manifest's `weeks`, `stories` and `cubes`.
    """
    school = labels.school
    told = _stories_of(table, draft, labels, weeks) if school.district is None else _heard(table, draft, weeks)
    cubes = {entry["school_year"]: entry for entry in draft.old.get("cubes", ())}
    if draft.old.get("story_rules") != story_rules(school):
        cubes = {}
    for year in sorted({school_year_of(week, school.school_year.starts) for week in weeks}):
        cubes.pop(year, None)
        all_weeks = weeks_of_school_year(year, school.school_year.starts)
        if rollups := [rollup for rollup in stored.rollups(all_weeks[0], all_weeks[-1]) if rollup.n]:
            cubes[year] = _cube(draft, year, [as_shown(rollup, labels) for rollup in rollups])
    return {**told, "cubes": [cubes[year] for year in sorted(cubes)]}


def _heard(table: Table, draft: Draft, weeks: Iterable[str]) -> dict[str, Any]:
    """Name the weeks of a district: it has no stories, and its totals are counted already (`district.py`)."""
    counted = {week for week in weeks if table.stored_rollup(week).rollup.n}
    return {"weeks": sorted({*draft.old.get("weeks", ())}.difference(weeks) | counted), "stories": []}


def _stories_of(table: Table, draft: Draft, labels: Labels, weeks: Mapping[str, ReadWeek | None]) -> dict[str, Any]:
    stories = {entry["week"]: entry for entry in draft.old.get("stories", ())}
    for week, read in weeks.items():
        stories.pop(week, None)
        if entry := _count_one(table, draft, labels, week, read or read_week(table, week)):
            stories[week] = entry
    return {"weeks": sorted(stories), "stories": [stories[week] for week in sorted(stories)]}


def _count_one(table: Table, draft: Draft, labels: Labels, week: str, read: ReadWeek) -> dict[str, Any] | None:
    stored, wins = read.stored, read.visible
    rollup = count_week(week, wins)
    if rollup != stored.rollup or (read.wins and not stored.revision):  # retention finds weeks by their rollups
        table.save_rollup(rollup, replaces=stored.revision)
    if not wins:
        return None
    entry = {"week": week, "path": draft.write_once(*_stories(week, wins, labels, read.tried)), "n": len(wins)}
    if factors := _factors(wins):
        entry["leaders"] = draft.write_once(f"factors/{week}.json", as_bytes(factors), LEADERS)
    return entry


def _factors(wins: Iterable[Win]) -> dict[str, list[str]]:
    """Tell what helped and what got in the way, by story, as the dimension `factor` has it."""
    return {win.story_id: factors_of(win.helped, win.hindered) for win in wins if win.helped or win.hindered}


def _stories(week: str, wins: Iterable[Win], labels: Labels, tried: dict[str, int]) -> tuple[str, bytes]:
    told = [published_story(win, labels, tried.get(win.story_id, 0)) for win in wins]
    newest_first = sorted(told, key=lambda story: (story["day"], story["id"]), reverse=True)
    return f"stories/{week}.json", as_bytes({"week": week, "stories": newest_first})


def _address_of_stories(labels: Labels, week: str, read: ReadWeek) -> str | None:
    wins = read.visible
    return address_of(*_stories(week, wins, labels, read.tried)) if wins else None


def _cube(draft: Draft, year: str, rollups: list[Rollup]) -> dict[str, Any]:
    weeks = [_totals(rollup) for rollup in rollups]
    cube = {
        "school_year": year,
        "weeks": weeks,
        "columns": [*COLUMNS, "n"],
        "cells": [{"week": rollup.week, "cells": rollup.rows(COLUMNS)} for rollup in rollups],
    }
    return {
        "school_year": year,
        "path": draft.write_once(f"cube/{year}.json", as_bytes(cube)),
        "n": sum(rollup.n for rollup in rollups),
        "first_week": weeks[0]["week"],
        "last_day": latest(rollup.last_day.items() for rollup in rollups),
    }


def _totals(rollup: Rollup) -> dict[str, Any]:
    lessons = sum(n for cell, n in rollup.cells.items() if cell.kind == "lesson")
    return {"week": rollup.week, "success": rollup.n - lessons, "lesson": lessons, "n": rollup.n}
