"""The words of a story as candidates for names: their look, what is known of them, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from chalicelib.domain.guard.cues import FUNCTION_WORDS, GEOGRAPHY, SPANISH_MARKS, TITLES
from chalicelib.domain.guard.lexicon import Facts, look_up
from chalicelib.domain.guard.reading import fold

Look = Literal["lower", "title", "upper"]

_TOKEN = re.compile(r"\[(?:student|phone|mail|link|id|address)\]|[^\W\d_]+(?:'[^\W\d_]+)*")
_ENDS = re.compile(r"[.!?:\n\"¿¡•*>|;\[(]|--| - ")
_POSSESSIVE = re.compile(r"'s?$", re.IGNORECASE)


@dataclass(slots=True)
class Token:
    """One word. `gap` is what stands before it; `first` says that a capital letter means nothing here."""

    start: int
    end: int
    text: str
    gap: str
    look: Look
    folded: str
    facts: Facts
    first: bool
    owned: bool
    """Whether `'s` follows."""
    mask: bool = False


@dataclass
class Words:
    """All words of a story. `cased`: capital letters tell something. `spanish`: most of its small words are."""

    tokens: list[Token] = field(default_factory=list)
    cased: bool = True
    spanish: bool = False
    small: bool = False
    """Whether nothing is written with a capital: then names are not either."""
    nobody: frozenset[int] = frozenset()
    """Which tokens name a figure of history or of a book, or a member of staff."""
    of_places: bool = False
    """Whether maps, countries or cities are told of."""
    after: str = ""
    """What stands after the last word."""

    def numbered(self, at: int) -> bool:
        """Whether a number follows a word, as it follows months and games."""
        gap = self.tokens[at + 1].gap if at + 1 < len(self.tokens) else self.after
        return gap[:1] == " " and gap[1:2].isdigit()


def split(text: str) -> Words:
    """Split a text into words."""
    words, end = Words(), 0
    for found in _TOKEN.finditer(text):
        words.tokens.append(_token(found, text[end : found.start()], words.tokens))
        end = found.end()
    words.after = text[end:]
    plain = [token.look for token in words.tokens if not token.first and _is_plain(token.facts)]
    # Headlines and shouting: where plain words have capitals, these say nothing of others.
    words.cased = plain.count("lower") * 2 >= len(plain) or len(plain) < 2  # noqa: PLR2004
    folded = {token.folded for token in words.tokens}
    words.small = len(words.tokens) > 2 and all(map(_is_small, words.tokens))  # noqa: PLR2004
    words.of_places = not folded.isdisjoint(GEOGRAPHY)
    marks = len(folded & SPANISH_MARKS)
    words.spanish = marks > max(len(folded & FUNCTION_WORDS), 1)
    return words


def _is_small(token: Token) -> bool:
    """Whether a word has no capital though it might: a telephone sets the first one itself."""
    return not token.mask and token.text != "I" and (token.look == "lower" or token.first)


def _token(found: re.Match[str], gap: str, before: list[Token]) -> Token:
    text = found[0]
    start, end = found.span()
    if text[0] == "[":
        return Token(start, end, text, gap, "lower", "", _NOTHING, first=False, owned=False, mask=True)
    name, look, folded, facts = _word(text)
    first = not before or (gap != " " and _begins(gap, before[-1]))
    return Token(start, start + len(name), name, gap, look, folded, facts, first, len(name) < len(text))


def _begins(gap: str, last: Token) -> bool:
    """Whether something new begins after a gap."""
    return _ENDS.search(gap) is not None and not (gap == ". " and _is_short(last))


@lru_cache(maxsize=8192)
def _word(text: str) -> tuple[str, Look, str, Facts]:
    """Return a word without what says that something is its own, its look, its folded form, what is known of it."""
    owner = _POSSESSIVE.search(text)
    name = text[: owner.start()] if owner and len(text) > 2 else text  # noqa: PLR2004
    look: Look = "lower" if name[0].islower() else "upper" if name.isupper() and len(name) > 1 else "title"
    folded = fold(name)
    facts = _facts(folded)
    if look == "lower" and not any(facts) and folded[-1:] == "s" and len(folded) > 4:  # noqa: PLR2004 - jaydens essay
        whose = look_up(folded[:-1])
        if whose.given == 3 and not whose.place:  # noqa: PLR2004
            return name[:-1], look, folded[:-1], whose._replace(english=0, spanish=0)
    return name, look, folded, facts


def _is_plain(facts: Facts) -> bool:
    return max(facts.english, facts.spanish) > 1 and facts.given < 2  # noqa: PLR2004


def _facts(folded: str) -> Facts:
    if "'" not in folded:
        return look_up(folded)
    return _CONTRACTED if folded.endswith(_CONTRACTIONS) else look_up(folded.replace("'", ""))


_CONTRACTIONS = ("n't", "'re", "'ve", "'ll", "'d", "'m")
_CONTRACTED = Facts(0, 0, 3, 3, place=False)
_NOTHING = Facts(0, 0, 0, 0, place=False)


def _is_short(token: Token) -> bool:
    """Whether the full stop after a word belongs to it: `Mrs.`, `J.`."""
    return token.folded in TITLES or (token.end - token.start == 1 and token.look != "lower")
