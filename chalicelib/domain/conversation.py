"""What a text message is answered: in one segment where the language allows, names cut short rather than sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chalicelib.domain.folding import folded
from chalicelib.domain.school import School, in_language
from chalicelib.domain.segments import count_segments, plain_text
from chalicelib.domain.win import Win
from chalicelib.domain.words import LANGUAGES, catalogue, say

_SHORTEST_NAME = 12
"""Characters that a name keeps however long the sentence around it."""
_LONGEST_IN_LIST = 60
_LONGEST_LIST = 1_400
"""Characters; what providers send is at most 1,600."""
_COURTESIES = frozenset(
    (
        *("", "thanks", "thank you", "thank u", "thx", "ty", "many thanks", "ok", "okay", "k", "kk", "yes", "no"),
        *("cool", "great", "gracias", "muchas gracias", "mil gracias", "de acuerdo", "vale", "si", "listo", "perfecto"),
    )
)
_REACTION = re.compile(r"\s*(?:\S+ ){0,3}\S+\s+[“\"«](.{8,})[”\"»]\s*", re.DOTALL)
"""What a phone sends for a tap: `Liked “Thank you! Kept as …”`, `Le gustó “…”`, `Reacted 👍 to “…”`."""


def answers_us(body: str, school: School) -> bool:
    """Whether a text is a phone's reaction that quotes one of our own sentences."""
    found = _REACTION.fullmatch(body)
    quoted = plain_text(found[1]) if found else ""
    return bool(quoted) and quoted.startswith(tuple(_beginnings(school)))


def _beginnings(school: School) -> list[str]:
    sentences = [
        form
        for language in LANGUAGES
        for key, told in catalogue(language).items()
        if key.startswith("text.")
        for form in (told.values() if isinstance(told, dict) else [told])
    ]
    told = [plain_text(sentence.partition("{")[0]) for sentence in sentences]
    return [plain_text(f"{school.shown_as}, {school.name}"), *(one for one in told if len(one) >= len("Added: "))]


def offered_signs(win: Win, school: School) -> tuple[str, ...]:
    """List what the numbers 1, 2, 3 … of the next text can add: the signs of the win's goals."""
    goals = [goal for goal in school.goals if goal.id in win.goals]
    return tuple(f"signs/{sign.id}" for goal in goals for sign in goal.signs if sign.offered)


def offered_goals(school: School) -> tuple[str, ...]:
    """List the goals a win can be filed under."""
    return tuple(f"goals/{goal.id}" for goal in school.goals if goal.offered)


def offered_teams(school: School) -> tuple[str, ...]:
    """List the teams a win can be of."""
    return tuple(f"teams/{team.id}" for team in school.teams if team.offered)


def is_courtesy(body: str) -> bool:
    """Whether a text is but a thanks, an OK or an emoji, as people answer an answer."""
    return folded(body) in _COURTESIES


def kept(win: Win, school: School, language: str, url: str) -> str:
    """Thank for a win: how it was filed, and how to change it.

    Args:
        win: as it was stored.
        school: names the goals.
        language: of the answer.
        url: the address of its receipt, which is all that opens an anonymous win.
    """
    if win.author.mode == "anonymous":
        return say(language, "text.kept.anonymous_held" if win.state == "held" else "text.kept.anonymous", url=url)
    if win.state == "held":
        return say(language, "text.kept.held")
    goal = _goal_names(win, school, language)
    under = ("text.under", goal) if goal else ("", "")
    return _fitting(language, f"text.kept.{win.kind}", "goal", under, more=_more(win, school, language))


def filed(win: Win, school: School, language: str) -> str:
    """Say under which goals a win is now, and which numbers add their signs."""
    goal = ("", _goal_names(win, school, language))
    return _fitting(language, "text.filed", "goal", goal, more=_more(win, school, language))


def tagged(signs: Sequence[str], school: School, language: str) -> str:
    """Say which signs were added."""
    named = [in_language(one.name, language) for one in school.signs if one.id in signs]
    return _fitting(language, "text.tagged", "names", ("", "; ".join(named)))


def edited(win: Win, language: str) -> str:
    """Say how a win reads now."""
    if win.state == "held":
        return say(language, "text.edited_held")
    return _fitting(language, "text.edited", "story", ("", win.story))


def listed(offers: Sequence[str], win: Win, school: School, language: str) -> str:
    """List what the numbers mean; as many segments as it takes, for it was asked for."""
    names = [_short(name_of(offer, school, language), _LONGEST_IN_LIST) for offer in offers]
    key = offers[0].partition("/")[0]
    key += "_lesson" if key == "signs" and win.kind == "lesson" else ""
    numbered = " ".join(f"{n} {name.rstrip('.')}." for n, name in enumerate(names, start=1))
    return plain_text(say(language, f"text.{key}", list=_short(numbered, _LONGEST_LIST)))


def sentence(language: str, key: str, school: School, **values: object) -> str:
    """Say one of the sentences that no win is part of; the school's name in it is cut if need be."""
    return _fitting(language, key, "school", ("", school.name), shown_as=school.shown_as, **values)


def name_of(tag: str, school: School, language: str) -> str:
    """Name what a tag such as `signs/because` stands for."""
    what, _, wanted = tag.partition("/")
    found = school.find(what, wanted)
    return in_language(found.name, language) if found else wanted


def _goal_names(win: Win, school: School, language: str) -> str:
    return "; ".join(name_of(f"goals/{goal}", school, language) for goal in win.goals)


def _more(win: Win, school: School, language: str) -> str:
    signs = offered_signs(win, school)
    if signs:
        return say(language, "text.more.signs", n=len(signs))
    return "" if win.goals else say(language, "text.more.goals")


def _short(name: str, length: int) -> str:
    if len(name) <= length:
        return name
    cut = name[:length]
    whole = cut.rpartition(" ")[0] if name[length] != " " else cut
    return f"{(whole if len(whole) >= _SHORTEST_NAME else cut).rstrip(' .,;')}…"


def _fitting(language: str, key: str, place: str, filler: tuple[str, str], **values: object) -> str:
    """Fill a sentence so that it takes one segment: the name in it is cut, if need be to twelve characters."""
    around, name = filler

    def filled(length: int) -> str:
        short = _short(name, length)
        put = say(language, around, goal=short) if around else short
        text = plain_text(say(language, key, **{place: put}, **values))
        return " ".join(text.replace("....", "...").split(" ")).replace("  ", " ").strip()

    whole = filled(len(name))
    if count_segments(whole) <= 1:
        return whole
    lengths = range(min(len(name), 160), min(len(name), _SHORTEST_NAME) - 1, -1)
    return next((text for text in map(filled, lengths) if count_segments(text) == 1), filled(lengths[-1]))
