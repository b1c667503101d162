"""What a text message is answered: in one segment where the language allows, names cut short rather than sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.domain.school import School, in_language
from chalicelib.domain.segments import count_segments, plain_text
from chalicelib.domain.win import Win
from chalicelib.domain.words import say

_SHORTEST_NAME = 12
"""Characters that a name keeps however long the sentence around it."""
_LONGEST_NAME = 60


def offered_signs(win: Win, school: School) -> tuple[str, ...]:
    """List what the numbers 1, 2, 3 … of the next text can add: the signs of the win's goals."""
    goals = [goal for goal in school.goals if goal.id in win.goals]
    return tuple(f"signs/{sign.id}" for goal in goals for sign in goal.signs if sign.offered)


def offered_goals(school: School) -> tuple[str, ...]:
    """List the goals a win can be filed under."""
    return tuple(f"goals/{goal.id}" for goal in school.goals if goal.offered)


def kept(win: Win, school: School, language: str, url: str) -> str:
    """Thank for a win: how it was filed, and how to change it.

    Args:
        win: as it was stored.
        school: names the goals.
        language: of the answer.
        url: the address of its receipt, which is all that opens an anonymous win.
    """
    if win.author.mode == "anonymous":
        return say(language, "text.kept.anonymous", url=url)
    goal = _goal_name(win, school, language)
    under = ("text.under", goal) if goal else None
    return _fitting(language, f"text.kept.{win.kind}", "goal", under, more=_more(win, school, language))


def filed(win: Win, school: School, language: str) -> str:
    """Say under which goal a win is now, and which numbers add its signs."""
    goal = ("", _goal_name(win, school, language))
    return _fitting(language, "text.filed", "goal", goal, more=_more(win, school, language))


def tagged(signs: Sequence[str], school: School, language: str) -> str:
    """Say which signs were added."""
    named = [in_language(one.name, language) for one in school.signs if one.id in signs]
    return _fitting(language, "text.tagged", "names", ("", "; ".join(named)))


def edited(win: Win, language: str) -> str:
    """Say how a win reads now."""
    return _fitting(language, "text.edited", "story", ("", f"“{win.story}”"))


def listed(offers: Iterable[str], win: Win, school: School, language: str) -> str:
    """List what the numbers mean; as many segments as it takes, for it was asked for."""
    names = [name_of(offer, school, language) for offer in offers]
    key = "goals" if next(iter(offers), "").startswith("goals/") else "signs"
    key += "_lesson" if key == "signs" and win.kind == "lesson" else ""
    numbered = " ".join(f"{n} {name}." for n, name in enumerate(names, start=1))
    return plain_text(say(language, f"text.{key}", list=numbered))


def teams(school: School, language: str) -> str:
    """List the teams."""
    names = [in_language(team.name, language) for team in school.teams if team.offered]
    return plain_text(say(language, "text.teams", list=", ".join(names) + "."))


def sentence(language: str, key: str, school: School, **values: object) -> str:
    """Say one of the sentences that no win is part of."""
    return plain_text(say(language, key, shown_as=school.shown_as, school=school.name, **values))


def name_of(tag: str, school: School, language: str) -> str:
    """Name what a tag such as `signs/because` stands for."""
    what, _, wanted = tag.partition("/")
    found = school.find(what, wanted)
    return in_language(found.name, language) if found else wanted


def _goal_name(win: Win, school: School, language: str) -> str:
    goal = next((one for one in (school.find("goals", each) for each in win.goals) if one), None)
    return in_language(goal.name, language) if goal else ""


def _more(win: Win, school: School, language: str) -> str:
    signs = offered_signs(win, school)
    return say(language, "text.more.signs", n=len(signs)) if signs else say(language, "text.more.goals")


def _fitting(language: str, key: str, place: str, filler: tuple[str, str] | None, **values: object) -> str:
    """Fill a sentence so that it takes one segment: the name in it is cut, if need be to twelve characters."""
    around, name = filler or ("", "")

    def filled(length: int) -> str:
        short = name if length >= len(name) else f"{name[:length].rstrip()}…"
        put = say(language, around, goal=short) if around else short
        return plain_text(say(language, key, **{place: put}, **values)).replace("....", "...")

    longest = min(len(name), _LONGEST_NAME)
    lengths = range(longest, min(longest, _SHORTEST_NAME) - 1, -1)
    return next((text for text in map(filled, lengths) if count_segments(text) == 1), filled(lengths[-1]))
