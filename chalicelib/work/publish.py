"""Publishing: changed weeks are counted again, merged with all others, drawn, and shown at once.

The order of writes is what keeps a reader from ever seeing half a publication, and a crash from losing anything:

0. Weeks are looked at if they are marked as changed, or were open since the last publication: wins of the week in which
   they are sent carry no mark, which halves what it costs to store one.
1. rollups of the changed weeks (replaced only if nobody else replaced them meanwhile),
2. files whose path holds their digest (nobody reads them before the manifest names them),
3. the pages, then the manifest, which is written only if it is still the one this publication began from,
4. files that nothing names any more are removed, and last the weeks' marks are cleared.

Whoever is interrupted leaves the marks standing, and the next run does it again to the same bytes. Of two publishers
at once the slower is told by the manifest and starts over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.domain.appearance import published_story
from chalicelib.domain.calendar import school_year_of, week_of, weeks_between, weeks_of_school_year
from chalicelib.domain.chart import Chart, Picture, weeks_shown
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup, as_named_today, count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import Site, Table

MANIFEST = "dashboard/manifest.json"
PAGE = "dashboard/index.html"
_FOLDER = "dashboard/"
FORMAT = 1
"""Raised when published files change their shape: the next run then writes all of them anew."""
_TRIES = 8
_SETTLING = timedelta(days=3)
"""How long after its end a week is still looked at: longer than any write takes."""
_LONGEST_RUN = timedelta(hours=1)
"""No publisher that is still at work began earlier."""
_LATEST_STORIES = 6

Draw = Callable[[Picture], list[Chart]]


@dataclass(frozen=True)
class Pages:
    """How pages are written; the templates are in `pages/`."""

    dashboard: Callable[[Picture, list[Chart], list[dict[str, Any]]], str]
    shell: Callable[[School], dict[str, bytes]]
    """All pages that hold no stories, by path: forms, the receipt page, `public/school.json`."""
    look: str
    """Changes when the templates do."""


@dataclass(frozen=True)
class Published:
    """What a run did."""

    version: str
    weeks: list[str] = field(default_factory=list)
    """The weeks counted."""
    wrote: int = 0
    """Files written; 0 if everything was as it should be."""


@dataclass
class _Draft:
    """A publication in the making: every file it will name, and which of them are new."""

    old: dict[str, Any]
    tag: str | None
    old_paths: set[str] = field(default_factory=set)
    wrote: int = 0


def publish(table: Table, site: Site, pages: Pages, draw: Draw, now: datetime) -> Published:
    """Bring what readers see up to date.

    Args:
        table: where wins, marks and rollups are.
        site: where readers look.
        pages: writes the HTML.
        draw: makes the charts; called only if there is something to draw.
        now: the time of this run.

    Raises:
        Problem: `not_set_up` without a school file; `busy` if other publishers were quicker every time.
    """
    for _ in range(_TRIES):
        try:
            return _publish_once(table, site, pages, draw, now)
        except WriteConflict:
            continue
    raise Problem("busy")


def _publish_once(table: Table, site: Site, pages: Pages, draw: Draw, now: datetime) -> Published:
    draft = _begin(site)
    latest = table.latest_school()
    if latest is None:
        raise Problem("not_set_up")
    version, school = latest
    today = now.astimezone(school.zone).date()
    marks = table.changed_weeks()
    weeks = sorted(_weeks_to_count(table, draft.old, school, set(marks), today))
    if not weeks and _is_current(site, draft.old, pages, version, today):
        return Published(draft.old["version"])
    site.remove(draft.old.get("superseded", ()))
    manifest = {
        "format": FORMAT,
        "look": pages.look,
        "as_of": today.isoformat(),
        "school_version": version,
        "story_rules": _story_rules(school),
        **_counted(table, site, draft, school, weeks),
    }
    picture = _picture(table, manifest, school, today)
    charts = draw(picture)
    manifest["charts"] = [
        {"id": chart.id, "path": _write_once(site, draft, f"charts/{chart.id}.json", _bytes(chart.as_json()))}
        for chart in charts
    ]
    manifest["shell"] = _shell(site, draft, pages, school, version)
    page = pages.dashboard(picture, charts, _latest_stories(site, manifest)).encode()
    manifest["page"] = _digest(page)
    if site.digest_of(PAGE) != manifest["page"]:
        site.write(PAGE, page, manifest["page"])
        draft.wrote += 1
    _commit(site, draft, manifest, now, recounted=bool(weeks))
    table.clear_changed(marks)
    return Published(manifest["version"], weeks, draft.wrote)


def _begin(site: Site) -> _Draft:
    found = site.read(MANIFEST)
    old: dict[str, Any] = json.loads(found.body) if found else {}
    return _Draft(old, found.tag if found else None, set(_paths(old)))


def _weeks_to_count(table: Table, old: dict[str, Any], school: School, marked: set[str], today: date) -> set[str]:
    """The marked weeks, and the open ones whose stories are not those published; all weeks if the rules changed."""
    if not old:
        return {*marked, *table.weeks()}
    open_weeks = weeks_between(week_of(date.fromisoformat(old["as_of"]) - _SETTLING), week_of(today))
    if old["format"] != FORMAT or old["story_rules"] != _story_rules(school):
        return {*marked, *open_weeks, *old["weeks"]}
    published = {entry["week"]: entry["path"] for entry in old["stories"]}
    unmarked = [week for week in open_weeks if week not in marked]
    return marked | {week for week in unmarked if published.get(week) != _stories_path(table, school, week)}


def _stories_path(table: Table, school: School, week: str) -> str | None:
    wins = _visible(table, week)
    return f"/{_path_for(f'stories/{week}.json', _stories_file(week, wins, school))}" if wins else None


def _visible(table: Table, week: str) -> list[Win]:
    return [win for win in table.wins_of(week) if win.state == "visible"]


def _story_rules(school: School) -> str:
    """Digest all of the school file that decides how a story is published and to which year it is counted."""
    rules = school.model_dump(mode="json", include={"teams", "groups", "time_zone"})
    return _digest(_bytes([rules, school.privacy.minimum_cell, school.school_year.starts]))


def _is_current(site: Site, old: dict[str, Any], pages: Pages, version: int, today: date) -> bool:
    now = {"format": FORMAT, "look": pages.look, "school_version": version, "as_of": today.isoformat()}
    return (
        all(old.get(key) == value for key, value in now.items())
        and site.digest_of(PAGE) == old["page"]
        and not any(site.read(path) for path in old["superseded"][-1:])  # they are removed in this order
    )


def _counted(table: Table, site: Site, draft: _Draft, school: School, weeks: list[str]) -> dict[str, Any]:
    """Count weeks, write their stories and the cubes of their school years; name those of all others as they were."""
    stories = {entry["week"]: entry for entry in draft.old.get("stories", ())}
    years = set()
    for week in weeks:
        years.add(year := school_year_of(week, school.school_year.starts))
        stored = table.stored_rollup(week)  # before the wins, so that its revision is not newer than they are
        wins = _visible(table, week)
        rollup = count_week(week, wins)
        if rollup != stored.rollup:
            table.save_rollup(rollup, replaces=stored.revision)
        stories.pop(week, None)
        if wins:
            path = _write_once(site, draft, f"stories/{week}.json", _stories_file(week, wins, school))
            stories[week] = {"week": week, "path": path, "n": len(wins)}
    cubes = {entry["school_year"]: entry for entry in draft.old.get("cubes", ())}
    if draft.old.get("story_rules") != _story_rules(school):
        cubes = {}
    for year in sorted(years):
        cubes.pop(year, None)
        all_weeks = weeks_of_school_year(year, school.school_year.starts)
        rollups = table.rollups(all_weeks[0], all_weeks[-1])
        if any(rollup.n for rollup in rollups):
            cubes[year] = _cube_entry(site, draft, year, rollups)
    listed = [stories[week] for week in sorted(stories)]
    return {
        "weeks": [entry["week"] for entry in listed],
        "stories": listed,
        "cubes": [cubes[year] for year in sorted(cubes)],
    }


def _stories_file(week: str, wins: Iterable[Win], school: School) -> bytes:
    told = [published_story(win, school) for win in wins]
    newest_first = sorted(told, key=lambda story: (story["day"], story["id"]), reverse=True)
    return _bytes({"week": week, "stories": newest_first})


def _cube_entry(site: Site, draft: _Draft, year: str, rollups: list[Rollup]) -> dict[str, Any]:
    weeks = [_week_totals(rollup) for rollup in rollups if rollup.n]
    cube = {
        "school_year": year,
        "weeks": weeks,
        "columns": ["kind", "goals", "signs", "practices", "n"],
        "cells": [{"week": rollup.week, "cells": rollup.as_json()["cells"]} for rollup in rollups if rollup.n],
    }
    last_day: dict[str, str] = {}
    for rollup in rollups:
        for goal, day in rollup.last_day.items():
            last_day[goal] = max(day, last_day.get(goal, ""))
    return {
        "school_year": year,
        "path": _write_once(site, draft, f"cube/{year}.json", _bytes(cube)),
        "n": sum(rollup.n for rollup in rollups),
        "first_week": weeks[0]["week"],
        "last_day": last_day,
    }


def _week_totals(rollup: Rollup) -> dict[str, Any]:
    lessons = sum(n for cell, n in rollup.cells.items() if cell.kind == "lesson")
    return {"week": rollup.week, "success": rollup.n - lessons, "lesson": lessons, "n": rollup.n}


def _picture(table: Table, manifest: dict[str, Any], school: School, today: date) -> Picture:
    """Gather the weeks that charts show: at most a year is read, however many there are."""
    every = Rollup("")
    for cube in manifest["cubes"]:
        for goal, day in cube["last_day"].items():
            every.last_day[goal] = max(day, every.last_day.get(goal, ""))
    last_day = as_named_today(every, school).last_day
    first = manifest["weeks"][0] if manifest["weeks"] else None
    weeks = weeks_shown(today, first, last_day.get(""))
    rollups = table.rollups(weeks[0], weeks[-1])
    return Picture(
        school=school,
        language=school.languages[0],
        today=today,
        weeks=weeks,
        rollups={rollup.week: as_named_today(rollup, school) for rollup in rollups if rollup.n},
        last_day=last_day,
    )


def _shell(site: Site, draft: _Draft, pages: Pages, school: School, version: int) -> dict[str, str]:
    """Write the pages without stories, when the school file is new."""
    if draft.old.get("school_version") == version and draft.old.get("look") == pages.look:
        shell: dict[str, str] = draft.old["shell"]
        return shell
    before, shell = draft.old.get("shell", {}), {}
    for path, body in pages.shell(school).items():
        shell[path] = _digest(body)
        if before.get(path) != shell[path]:
            site.write(path, body, shell[path])
            draft.wrote += 1
    return shell


def _latest_stories(site: Site, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the newest stories back; the last two weeks that have any are enough for a first look."""
    latest: list[dict[str, Any]] = []
    for entry in reversed(manifest["stories"][-2:]):
        found = site.read(entry["path"].removeprefix("/"))
        latest += json.loads(found.body)["stories"] if found else []
    return latest[:_LATEST_STORIES]


def _commit(site: Site, draft: _Draft, manifest: dict[str, Any], now: datetime, *, recounted: bool) -> None:
    """Make the draft what readers see, and remove what it replaced.

    A week that was counted to the same result is committed too: marks may be cleared only by whom no one overtook.
    """
    manifest["version"] = _digest(_bytes(manifest))
    again = manifest["version"] == draft.old.get("version")
    manifest["published_at"] = now.isoformat(timespec="seconds")
    manifest["superseded"] = draft.old["superseded"] if again else _left_over(site, draft, manifest, now)
    if recounted or not again:
        site.replace(MANIFEST, _bytes(manifest), draft.tag)
        draft.wrote += 1
    site.remove(manifest["superseded"])


def _left_over(site: Site, draft: _Draft, manifest: dict[str, Any], now: datetime) -> list[str]:
    """List what the new manifest replaces; once a day also what runs that never came to their end left behind."""
    left = set(draft.old_paths)
    if draft.old.get("as_of") != manifest["as_of"]:
        left |= set(site.written_before(_FOLDER, now - _LONGEST_RUN))
    return sorted(left - {MANIFEST, PAGE, *_paths(manifest)})


def _paths(manifest: dict[str, Any]) -> Iterable[str]:
    for kind in ("charts", "cubes", "stories"):
        yield from (entry["path"].removeprefix("/") for entry in manifest.get(kind, ()))
    yield from manifest.get("shell", ())


def _write_once(site: Site, draft: _Draft, name: str, body: bytes) -> str:
    path = _path_for(name, body)
    if path not in draft.old_paths:
        site.write_once(path, body)
        draft.wrote += 1
    return f"/{path}"


def _path_for(name: str, body: bytes) -> str:
    return f"dashboard/{_digest(body)}/{name}"


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]
