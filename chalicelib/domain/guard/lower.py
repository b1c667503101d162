"""Names without capitals, as thumbs write them: only what is no word, and only beside words that take a person."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.context import Run
from chalicelib.domain.guard.cues import FIGURES, MONTHS, NO_NAMES, SPANISH_MARKS, SPANISH_VERBS
from chalicelib.domain.guard.runs import word_level
from chalicelib.domain.guard.tokens import Token, Words

_ENOUGH = 2.0
_GIVEN = (0.0, 0.4, 1.3, 1.7)
_NOTHING_ELSE = 0.3
_AND = frozenset({"and", "y", "e", "n"})


def find_uncased(words: Words) -> Iterator[Run]:
    """Give names in small letters."""
    tokens, at = words.tokens, 0
    while at < len(tokens):
        end = at + 1
        if at not in words.nobody and _may_be(tokens[at], words):
            while end < len(tokens) and end - at < 4 and _goes_on(words, end):  # noqa: PLR2004
                end += 1
            whole = " ".join(token.folded for token in tokens[at:end])
            if _weigh(words, at, end) >= _ENOUGH and whole not in FIGURES:
                yield at, end
                if _joins(words, end):
                    yield end + 1, end + 2
        at = end


def _may_be(token: Token, words: Words) -> bool:
    """Whether a word is a name and hardly anything else."""
    facts = token.facts
    return (
        token.look == "lower"
        and not token.mask
        and token.end - token.start > 2  # noqa: PLR2004
        and not (word_level(token, words) or (facts.place and facts.given < 3))  # noqa: PLR2004
        and token.folded not in NO_NAMES
        and not (words.spanish and token.folded in SPANISH_VERBS)
        and token.folded not in MONTHS
        and token.folded not in cues.ORGANISATION
    )


def _is_known(token: Token, words: Words) -> bool:
    facts = token.facts
    if token.folded in SPANISH_MARKS:
        return False
    if token.look == "lower" and facts.surname > 1 and word_level(token, words) < 2:  # noqa: PLR2004
        return True
    return _may_be(token, words) and (facts.given > 0 or facts.surname > 0)


def _goes_on(words: Words, at: int) -> bool:
    tokens = words.tokens
    if tokens[at].gap not in {" ", "-"} and not (
        tokens[at].gap == ". " and tokens[at - 1].end - tokens[at - 1].start == 1
    ):
        return False
    if tokens[at].end - tokens[at].start == 1:
        return at + 1 < len(tokens) and tokens[at].text not in {"i", "a"} and _is_known(tokens[at + 1], words)
    unlisted = words.small and tokens[at - 1].facts.given > 2 and _may_be(tokens[at], words)  # noqa: PLR2004
    return _is_known(tokens[at], words) or (unlisted and not tokens[at].facts.spanish)


def _weigh(words: Words, start: int, end: int) -> float:
    tokens = words.tokens
    first = tokens[start]
    score = _GIVEN[first.facts.given] + _alone(words, first)
    score += 0.9 if end - start > 1 else 0.0
    score += 0.4 if tokens[end - 1].owned else 0.0
    before = tokens[start - 1] if start else None
    word = before.folded if before and first.gap in {" ", ", ", ". "} else ""
    if word in cues.TITLES:
        score += 2.0 if first.facts.given or first.facts.surname else 1.0
    elif before and ":" in first.gap and before.folded in cues.FIELDS:
        score += 2.0
    elif word in cues.NAMING or word in cues.GREETINGS:
        score += 1.2
    elif word in cues.TAKES_PEOPLE or _is_theirs(tokens, start, word):
        score += 0.6
    elif word in cues.PETS:
        score -= 2.5
    elif word in cues.CONSUMED or word in cues.PLACING or word in cues.DETERMINERS:
        score -= 1.0
    return score + _after(tokens, end) + _in_company(words, start, end)


def _after(tokens: list[Token], end: int) -> float:
    if end >= len(tokens):
        return 0.0
    if tokens[end].gap.startswith(":"):
        return 0.6
    return (
        0.6 if tokens[end].gap == " " and (tokens[end].folded in cues.ACTS or tokens[end].folded in cues.DEEDS) else 0.0
    )


def _is_theirs(tokens: list[Token], start: int, word: str) -> bool:
    """Whether it stands in `la mamá de …`, `proud of …`."""
    beyond = tokens[start - 2].folded if start > 1 else ""
    return (word == "de" and beyond in cues.RELATIVES) or (word == "of" and beyond == "proud")


def _alone(words: Words, first: Token) -> float:
    """Weigh a name that is no word of either language and no place, where nothing has a capital."""
    facts = first.facts
    if not words.small or facts.english or facts.spanish or facts.place:
        return 0.0
    return _NOTHING_ELSE if facts.given > 1 else 0.0


def _joins(words: Words, at: int) -> bool:
    """Whether a second one named does something too, though it is a word: `jayden and destiny worked`."""
    tokens = words.tokens
    if at + 2 >= len(tokens) or tokens[at].folded not in _AND or at + 1 in words.nobody:
        return False
    other, does = tokens[at + 1], tokens[at + 2]
    acts = does.folded in cues.DEEDS or (does.folded in cues.ACTS and does.folded not in cues.WEAK_ACTS)
    known = other.facts.given > 2 and other.look == "lower" and not other.mask  # noqa: PLR2004
    return known and acts and other.gap == does.gap == " " and max(other.facts.english, other.facts.spanish) < 3  # noqa: PLR2004


def _in_company(words: Words, start: int, end: int) -> float:
    """Weigh another name beside it: `emma and kaite`."""
    tokens = words.tokens
    for at, other in ((end, end + 1), (start - 1, start - 2)):
        inside = 0 <= at < len(tokens) and 0 <= other < len(tokens)
        if inside and tokens[at].folded in _AND and tokens[other].facts.given > 1 and _may_be(tokens[other], words):
            return 0.7
    return 0.0
