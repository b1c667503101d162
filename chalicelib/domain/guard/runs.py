"""Which words may be a name together: capitals in a row, with initials, hyphens and particles between them."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.guard.context import Run
from chalicelib.domain.guard.cues import FUNCTION_WORDS, MONTHS, NO_NAMES, PARTICLES, SPANISH_MARKS, TITLES, VERBS
from chalicelib.domain.guard.lexicon import is_place
from chalicelib.domain.guard.tokens import Token, Words

_JOINTS = frozenset({" ", "-", "  "})
_LONGEST = 6


def is_name(token: Token) -> bool:
    """Whether a word is in use as a name at all."""
    return token.facts.given > 0 or token.facts.surname > 1


def word_level(token: Token, words: Words) -> int:
    """Tell how much of a word it is in the language of the story, 0 to 3."""
    facts = token.facts
    return max(facts.spanish, facts.english - 1) if words.spanish else facts.english


def gather(words: Words) -> Iterator[Run]:
    """Give runs of words with capitals, without those at the ends that name nobody."""
    tokens, at = words.tokens, 0
    while at < len(tokens):
        if not _may_belong(tokens[at]):
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and end - at < _LONGEST and not tokens[end - 1].owned:
            step = _step(tokens, end)
            if not step:
                break
            end += step
        yield from _pieces(words, at, end)
        at = end


def _may_belong(token: Token) -> bool:
    return token.look != "lower" and not token.mask


def _joined(tokens: list[Token], at: int) -> bool:
    gap = tokens[at].gap
    initial = tokens[at - 1].end - tokens[at - 1].start == 1
    return gap in _JOINTS or (gap in {". ", "."} and initial)


def _step(tokens: list[Token], at: int) -> int:
    """Return how many words further a run goes: 1, 2 or 3 with particles in between, or 0."""
    if not _joined(tokens, at):
        return 0
    if _may_belong(tokens[at]):
        return 1
    for more in (1, 2):
        if tokens[at + more - 1].folded not in PARTICLES or at + more >= len(tokens) or not _joined(tokens, at + more):
            return 0
        if tokens[at].folded in {"y", "e"} and not is_name(tokens[at - 1]):
            return 0
        if _may_belong(tokens[at + more]):
            return 0 if tokens[at].folded in {"y", "e"} and tokens[at + more].facts.given > 1 else more + 1
    return 0


def _pieces(words: Words, start: int, end: int) -> Iterator[Run]:
    """Break a run at words that name nobody, and at towns of several words."""
    first = start
    at = start
    while at < end:
        wide = _place_width(words.tokens, at, end)
        if wide or (words.tokens[at].look != "lower" and names_nobody(words, at) and not _inside(words, at, end)):
            yield from _trimmed(words, first, at)
            at += max(wide, 1)
            first = at
        else:
            at += 1
    yield from _trimmed(words, first, end)


def _inside(words: Words, at: int, end: int) -> bool:
    """Whether a small word stands between names, as in Mai See Vang."""
    if not 0 < at < end - 1 or words.tokens[at].folded not in FUNCTION_WORDS:
        return False
    before, after = words.tokens[at - 1], words.tokens[at + 1]
    return words.tokens[at].gap == " " and before.look == "title" and is_name(before) and after.facts.surname > 1


def _place_width(tokens: list[Token], at: int, end: int) -> int:
    for wide in (3, 2):
        if at + wide <= end and is_place(" ".join(token.folded for token in tokens[at : at + wide])):
            return wide
    return 0


def _is_initial(tokens: list[Token], at: int) -> bool:
    """Whether a letter is the first of two, A.J., or stands between names, and is no article."""
    if at + 1 >= len(tokens) or tokens[at].end - tokens[at].start > 1 or tokens[at].look == "lower":
        return False
    after, middle = tokens[at + 1], at > 0 and tokens[at].gap == " " and is_name(tokens[at - 1])
    if middle and after.look == "title" and after.gap in {" ", ". "}:
        return True
    return after.gap in {".", ". "} and after.end - after.start == 1


def names_nobody(words: Words, at: int) -> bool:
    """Whether a word with a capital is a title, a day, a subject, or just begins a sentence."""
    token = words.tokens[at]
    if token.folded in TITLES:
        return True
    if _is_initial(words.tokens, at):
        return False
    if token.first and token.facts.given < 2 and token.folded in VERBS:  # noqa: PLR2004
        return True
    if token.folded in NO_NAMES or at in words.nobody:
        return True
    if token.folded in (SPANISH_MARKS if words.spanish else FUNCTION_WORDS):
        # Will is both; El is none, though some are called so
        return token.facts.given < (3 if words.spanish else 2)
    level = word_level(token, words)
    return (token.first or not words.cased) and level > 0 and not is_name(token) and token.folded not in MONTHS


def _trimmed(words: Words, start: int, end: int) -> Iterator[Run]:
    """Take plain words and particles off both ends."""
    tokens = words.tokens
    while start < end and (tokens[start].look == "lower" or _plain(words, start)):
        start += 1
    while start < end and (tokens[end - 1].look == "lower"):
        end -= 1
    if start < end:
        yield start, end


def _plain(words: Words, at: int) -> bool:
    token = words.tokens[at]
    return word_level(token, words) > 1 and not is_name(token) and not _is_initial(words.tokens, at)
