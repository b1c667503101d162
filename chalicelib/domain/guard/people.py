"""Who is named: each run of capitals is weighed by its words and by what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.between import weigh_between
from chalicelib.domain.guard.context import Run, weigh_after, weigh_before
from chalicelib.domain.guard.cues import ABBREVIATIONS, NICKNAMES, TITLES
from chalicelib.domain.guard.nobody import is_figure, is_organisation, is_time
from chalicelib.domain.guard.runs import gather, is_name, word_level
from chalicelib.domain.guard.tokens import Token, Words

_ENOUGH = 1.7
_TITLED = 9.0
# How much a word speaks for a person by how common it is as a name, 0 to 3 (see lexicon) …
_GIVEN = (0.0, 1.8, 2.3, 3.0)
_SURNAME = (0.0, 1.8, 1.9, 2.0)
_UNKNOWN, _UNKNOWN_FIRST, _UNKNOWN_SHOUTED = 1.8, 1.4, 0.0
# … and against, by how common it is as a word: where a capital says nothing, where it does, and as a place.
_FIRST_WORD = (0.0, 0.8, 2.0, 2.2)
_LATER_WORD = (0.0, 0.3, 0.8, 1.0)
_PLACE = (1.2, 1.2, 1.2, 0.9)
_ON_THE_MAP = 0.9
_INITIAL, _AFTER_INITIAL, _GIVEN_FIRST, _WORD_FIRST, _ACRONYM, _FOREIGN_WORD = 0.6, 0.5, 0.6, -1.0, -0.5, -0.5
_WITH_A_J, _TWO_LETTERS = 1.3, 0.4
_LONGEST_ACRONYM = 5
_SHORTEST_AGAIN = 3
_DERIVED = 0.6
_ENDS_LIKE_A_WORD = re.compile(
    r".{4}(?:[ts]ion|ness|ment|[lmd]ogy|nomy|graphy|isms?|ings?|ations?|ably|ously|ally|mente|cion|idad)$"
)
_MADE_UP = re.compile(r"[a-z]{4,}[A-Z]|[A-Z]{2,}[a-z]")
"""As makers of apps write: KonoSuba, RSVPs."""


def find_people(words: Words) -> Iterator[Run]:
    """Give the runs that name a person, then other mentions of a part of these names."""
    found = [run for run in gather(words) if weigh(words, run) >= _ENOUGH]
    yield from found
    parts = {
        token.folded
        for start, end in found
        for token in words.tokens[start:end]
        if token.end - token.start >= _SHORTEST_AGAIN and token.look != "lower" and word_level(token, words) <= 1
    }
    for at, token in enumerate(words.tokens if parts else ()):
        again = token.folded in parts and token.look != "lower" and at not in words.nobody
        if again and not is_organisation(words, (at, at + 1)):
            yield at, at + 1


def weigh(words: Words, run: Run) -> float:
    """Add up what speaks for a person and what against."""
    tokens = words.tokens[run[0] : run[1]]
    if _is_titled(words, run[0]) and tokens[-1].end - tokens[0].start > 1:
        return _TITLED
    if is_figure(words, run) or is_organisation(words, run) or is_time(words, run):
        return 0.0
    if len(tokens) == 1 and len(tokens[0].text) == 1:
        return 0.0
    around = weigh_before(words, run) + weigh_after(words, run) + weigh_between(words, run)
    return _by_itself(words, tokens) + around


def _is_titled(words: Words, start: int) -> bool:
    title = words.tokens[start - 1] if start else None
    gap = words.tokens[start].gap
    return title is not None and title.folded in TITLES and not title.owned and gap in {" ", ". ", "."}


def _by_itself(words: Words, tokens: list[Token]) -> float:
    each = sorted((_one(words, token) for token in tokens if token.look != "lower"), reverse=True)
    if len(each) == 1:
        return each[0]
    if all(len(token.text) == 1 for token in tokens):
        return _initials(tokens)
    whole = each[0] + 0.6 * max(each[1], 0.0) + 0.4 * min(each[-1], 0.0)
    if any(token.gap == ". " for token in tokens[1:]):
        whole += _AFTER_INITIAL
    if is_name(tokens[0]):
        return whole + _GIVEN_FIRST
    return whole + (_WORD_FIRST if word_level(tokens[0], words) else 0.0)


def _initials(tokens: list[Token]) -> float:
    """Weigh initials alone: J.T. and A.J. are what a child is called, P.E. and U.S. are not."""
    together = "".join(token.folded for token in tokens)
    if len(tokens) != 2 or together in ABBREVIATIONS:  # noqa: PLR2004
        return 0.0
    return _WITH_A_J if "j" in together else _TWO_LETTERS


def _one(words: Words, token: Token) -> float:
    facts, level = token.facts, word_level(token, words)
    if len(token.text) == 1:
        return _INITIAL
    strength = max(_GIVEN[facts.given], _SURNAME[facts.surname])
    if token.look == "upper" and words.cased and token.folded in NICKNAMES:
        return _WITH_A_J
    if token.look == "upper" and words.cased and facts.given <= 1 and len(token.text) <= _LONGEST_ACRONYM:
        return _ACRONYM
    if not strength:
        return _unlisted(words, token, level) - _as_place(words, token)
    strength -= (_FIRST_WORD if token.first or not words.cased else _LATER_WORD)[level]
    return strength - _as_place(words, token)


def _as_place(words: Words, token: Token) -> float:
    """Tell what speaks against a person because a town or a country is called so."""
    return _PLACE[token.facts.given] + _ON_THE_MAP * words.of_places if token.facts.place else 0.0


def _unlisted(words: Words, token: Token, level: int) -> float:
    """Weigh what no list of names has: a plain word, or a name nobody has listed."""
    if level:
        return -1.0 - level
    if max(token.facts.english, token.facts.spanish) > 1:
        return _FOREIGN_WORD
    if _MADE_UP.search(token.text):
        return 0.0
    if _ENDS_LIKE_A_WORD.search(token.folded):
        return _DERIVED
    if not words.cased:
        return _UNKNOWN_SHOUTED
    return _UNKNOWN_FIRST if token.first else _UNKNOWN
