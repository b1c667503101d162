"""How a win appears to colleagues. What the sender previews and what is published come from here alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.school import School, in_language
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import Win
from chalicelib.domain.words import say, say_day


def shown_team(win: Win, labels: Labels) -> str | None:
    """Name the team that may stand beside a story, and by which it counts."""
    return labels.team(win.team, win.school_version) or None


def signed_team(win: Win, labels: Labels) -> str | None:
    """Name the hidden team that an author gave with a name: it stands in the byline, and counts nowhere."""
    if win.author.mode != "named":
        return None
    return labels.hidden_team(win.team, win.school_version) or None


def shown_groups(win: Win, labels: Labels) -> list[str]:
    """List the groups that may stand beside a story."""
    return labels.groups(win.groups, win.school_version)


def published_story(win: Win, labels: Labels, tried: int = 0) -> dict[str, Any]:
    """Return what the dashboard holds of a visible win: no contact, no hidden name, no time finer than the day.

    The id is the random half of the win's own, so that it tells no time either. What helped and what got in the way is
    not in it, nor how an anonymous win came in.

    Args:
        win: the win.
        labels: what team and groups may stand beside it.
        tried: how many said that they tried this too.
    """
    story = {
        "id": win.story_id,
        "day": win.day.isoformat(),
        "kind": win.kind,
        "story": win.story,
        "tried": win.tried,
        "happened": win.happened,
        "takeaway": win.takeaway,
        "goals": list(win.goals),
        "signs": list(win.signs),
        "practices": [use.model_dump(exclude_none=True) for use in win.practices],
        "groups": shown_groups(win, labels),
        "team": shown_team(win, labels),
        "author_team": signed_team(win, labels),
        "author": win.author.name if win.author.mode == "named" else None,
        "channel": win.channel if win.author.mode != "anonymous" else None,
        "resolves": win.resolves,
        "quotable": win.quotable or None,
        "tried_by": tried or None,
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
    team = story.get("team") or story.get("author_team")
    return {
        "kind_id": story["kind"],
        "kind": say(language, f"kind.{story['kind']}"),
        "story": story["story"],
        **{part: story.get(part) for part in ("tried", "happened", "takeaway")},
        "byline": byline(language, story.get("author"), name("teams", team) if team else None),
        "day": say_day(language, date.fromisoformat(story["day"])),
        "tags": tags,
        "quotable": bool(story.get("quotable")),
    }


def preview(win: Win, labels: Labels, language: str) -> dict[str, Any]:
    """Say how a win will appear and to whom, in the sender's language: `describe`, `seen_by`, `author_note`."""
    school = labels.school
    return {
        **describe(published_story(win, labels), school, language),
        "seen_by": " ".join([say(language, f"seen_by.{win.state}", school=school.name), *_why_held(win, language)]),
        "author_note": " ".join([say(language, f"author_note.{win.author.mode}"), *_who_else_knows(win, language)]),
    }


def _why_held(win: Win, language: str) -> list[str]:
    """Say why a win is held, for its sender."""
    if not win.held_for:
        return []
    reasons = "; ".join(say(language, f"held_for.{reason}") for reason in win.held_for)
    return [say(language, "seen_by.why", reasons=reasons)]


def _who_else_knows(win: Win, language: str) -> list[str]:
    """Say what no school can promise of an anonymous win that came through somebody else's hands."""
    others = win.author.mode == "anonymous" and win.channel in {"text", "mail"}
    return [say(language, "author_note.others")] if others else []
