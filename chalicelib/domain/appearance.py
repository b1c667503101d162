"""How a win appears to colleagues. What the sender previews and what is published come from here alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.school import Group, School, Team, in_language
from chalicelib.domain.win import Win
from chalicelib.domain.words import say, say_day


def shown_team(win: Win, school: School) -> str | None:
    """Name the team that may stand beside a story: a large enough one, or that of an author who gives a name."""
    team = school.find("teams", school.today_as("teams", win.team)) if win.team else None
    named = win.author.mode == "named"
    return team.id if isinstance(team, Team) and (named or school.large_enough(team)) else None


def shown_groups(win: Win, school: School) -> list[str]:
    """List the groups that may stand beside a story."""
    found = [school.find("groups", school.today_as("groups", one)) for one in win.groups]
    return [group.id for group in found if isinstance(group, Group) and school.large_enough(group)]


def published_story(win: Win, school: School) -> dict[str, Any]:
    """Return what the dashboard holds of a visible win: no contact, no hidden name, no time finer than the day.

    The id is the random half of the win's own, so that it tells no time either.
    """
    story = {
        "id": win.id[10:],
        "day": win.day.isoformat(),
        "kind": win.kind,
        "story": win.story,
        "tried": win.tried,
        "happened": win.happened,
        "takeaway": win.takeaway,
        "goals": list(win.goals),
        "signs": list(win.signs),
        "practices": [use.model_dump(exclude_none=True) for use in win.practices],
        "groups": shown_groups(win, school),
        "team": shown_team(win, school),
        "author": win.author.name if win.author.mode == "named" else None,
    }
    return {key: value for key, value in story.items() if value not in (None, [])}


def byline(language: str, author: str | None, team: str | None) -> str:
    """Write who told it: `Ms. O'Brien, Grade 3` or `A colleague`."""
    who = author or say(language, "byline.colleague")
    return say(language, "byline.team", who=who, team=team) if team else who


def describe(story: Mapping[str, Any], school: School, language: str) -> dict[str, Any]:
    """Put a published story into words: every id becomes a name, the day a date, the author a byline."""

    def name(what: str, one: str) -> str:
        found = school.find(what, one)
        return in_language(found.name, language) if found else one

    tags = [name(what, one) for what in ("goals", "signs", "groups") for one in story.get(what, ())]
    tags += [
        name("practices", use["id"]) + (f" ({use['level']})" if "level" in use else "")
        for use in story.get("practices", ())
    ]
    team = name("teams", story["team"]) if "team" in story else None
    return {
        "kind_id": story["kind"],
        "kind": say(language, f"kind.{story['kind']}"),
        "story": story["story"],
        **{part: story.get(part) for part in ("tried", "happened", "takeaway")},
        "byline": byline(language, story.get("author"), team),
        "day": say_day(language, date.fromisoformat(story["day"])),
        "tags": tags,
    }


def preview(win: Win, school: School, language: str) -> dict[str, Any]:
    """Say how a win will appear and to whom, in the sender's language: `describe`, `seen_by`, `author_note`."""
    return {
        **describe(published_story(win, school), school, language),
        "seen_by": say(language, f"seen_by.{win.state}", school=school.name),
        "author_note": say(language, f"author_note.{win.author.mode}"),
    }
