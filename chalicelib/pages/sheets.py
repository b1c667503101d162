"""Sheets for the meeting of a team: one page of paper each, to look at together and to write on.

Only teams that may be named have one. It holds what stands beside the team's name on the dashboard, without the names
of people: whoever finds it on a table learns nothing of anybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from chalicelib.domain.calendar import week_of
from chalicelib.domain.chart import Picture
from chalicelib.domain.dimensions import DIMENSIONS
from chalicelib.domain.rollup import Cell
from chalicelib.domain.school import Named
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.words import say_day
from chalicelib.pages.excerpt import excerpt
from chalicelib.pages.render import own, render
from chalicelib.pages.security import modes

_WEEKS = 4
_MOST_STORIES = 3
_MOST_GOALS = 6
_LONGEST_STORY = 300
_SHORTEST_SCALE = 5
_LINES = range(7)
"""To write on, in each box."""
Stories = Sequence[Mapping[str, Any]]


@dataclass
class _Heard:
    """What was heard of a team."""

    n: int = 0
    goals: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By goal and kind."""
    waiting: Counter[str] = field(default_factory=Counter)
    """Open lessons of all weeks shown, by week."""


def write_sheets(picture: Picture, latest: Stories, url: str) -> dict[str, str]:
    """Write the sheets in the language of the picture, by their path in the site bucket.

    Args:
        picture: what the charts show.
        latest: published stories of the last four weeks, newest first.
        url: where people reach the school's pages.
    """
    end, heard, told = own(picture.school, picture.language), _heard(picture), _by_team(picture, latest)
    return {
        f"dashboard/sheet/{team.id}{end}/index.html": _write(picture, team, heard[team.id], told.get(team.id, []), url)
        for team in _teams(picture)
    }


def sheet_links(picture: Picture) -> list[tuple[str, str]]:
    """List the sheets in the language of the picture: address and team."""
    end = own(picture.school, picture.language)
    return [(f"/dashboard/sheet/{team.id}{end}/", picture.name(team)) for team in _teams(picture)]


def _teams(picture: Picture) -> Iterator[Named]:
    shown = shown_by(picture.school).teams
    return (team for team in picture.school.teams if team.offered and team.id in shown)


def _heard(picture: Picture) -> defaultdict[str, _Heard]:
    """Count the stories of all teams in one go."""
    heard: defaultdict[str, _Heard] = defaultdict(_Heard)
    recent = set(picture.weeks[-_WEEKS:])
    for rollup in picture.shown:
        for cell, n in rollup.cells.items():
            if cell.team:
                _count(heard[cell.team], cell, n if rollup.week in recent else 0)
                if cell.kind == "lesson" and picture.context.answers.get(cell.lesson, "open") == "open":
                    heard[cell.team].waiting[rollup.week] += n
    return heard


def _count(heard: _Heard, cell: Cell, n: int) -> None:
    if n:
        heard.n += n
        for goal in cell.goals:
            heard.goals[goal, cell.kind] += n


def _by_team(picture: Picture, latest: Stories) -> dict[str, list[Mapping[str, Any]]]:
    told: dict[str, list[Mapping[str, Any]]] = {}
    recent = set(picture.weeks[-_WEEKS:])
    for story in latest:
        if "team" in story and week_of(date.fromisoformat(story["day"])) in recent:
            told.setdefault(story["team"], []).append(story)
    return told


def _write(picture: Picture, team: Named, heard: _Heard, told: Stories, url: str) -> str:
    school, language = picture.school, picture.language
    address, goals = f"{url}/dashboard{own(school, language)}/?team={team.id}", _bars(picture, heard)
    return render(
        "sheet.html",
        school,
        language,
        [(code, f"/dashboard/sheet/{team.id}{own(school, code)}/") for code in school.languages],
        modes=modes(),
        title=picture.say("sheet.title", team=picture.name(team)),
        as_of=picture.say("dashboard.as_of", day=say_day(language, picture.today)),
        four=picture.say("sheet.four", n=heard.n),
        goals=goals,
        most=max([_SHORTEST_SCALE, *(successes + lessons for _, successes, lessons in goals)]),
        kinds=[(line.id, line.name) for line in picture.kinds],
        stories=[_shown(picture, story) for story in told[:_MOST_STORIES]],
        waiting=_waiting(picture, heard),
        address=address,
        code=_draw_code(address),
        lines=_LINES,
        n=heard.n,
    )


def _bars(picture: Picture, heard: _Heard) -> list[tuple[str, int, int]]:
    """Name goals with their successes and lessons, the most told of first; silent ones stay while there is room."""
    seen = {goal for goal, _ in heard.goals}
    rows = [
        (line.name, heard.goals[line.id, "success"], heard.goals[line.id, "lesson"])
        for line in picture.lines(picture.school.goals, seen)
    ]
    return sorted(rows, key=lambda row: -row[1] - row[2])[:_MOST_GOALS]


def _shown(picture: Picture, story: Mapping[str, Any]) -> dict[str, str]:
    """Put a story into words without whoever told it."""
    return {
        "kind_id": story["kind"],
        "kind": picture.say(f"kind.{story['kind']}"),
        "day": say_day(picture.language, date.fromisoformat(story["day"])),
        "text": excerpt(story["story"], _LONGEST_STORY),
    }


def _waiting(picture: Picture, heard: _Heard) -> str:
    """Say how many lessons of the team nothing answers yet; nothing if there are none."""
    age = DIMENSIONS["age"]
    old = sum(n for week, n in heard.waiting.items() if "old" in age(Cell("lesson"), week, picture.context))
    n = heard.waiting.total()
    return picture.say("aloud.lessons", n=n, old=old) if n else ""


@lru_cache(maxsize=256)
def _draw_code(address: str) -> str:
    """Draw an address for cameras; the same one is drawn once."""
    import segno

    code: str = segno.make(address, micro=False, error="m").svg_inline(omitsize=True, light="#fff", dark="#000")
    return code
