"""Names the school knows: staff, who are no findings, and students of its roster, who are certain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from chalicelib.domain.guard.context import Run
from chalicelib.domain.guard.cues import TITLES
from chalicelib.domain.guard.reading import fold
from chalicelib.domain.guard.runs import word_level
from chalicelib.domain.guard.tokens import Words, split

_LONGEST = 4
_VERY_COMMON = 3


class _Staff:
    """Names of staff by their first word: `whole` count as they are, `titled` only after `Ms.`, `Coach`."""

    def __init__(self, names: frozenset[str]) -> None:
        self.whole: set[tuple[str, ...]] = set()
        self.titled: set[tuple[str, ...]] = set()
        for name in names:
            parts = tuple(token.folded for token in split(fold(name)).tokens if token.folded not in TITLES)
            self.titled.update(parts[at:] for at in range(len(parts)))
            self.titled.add(parts[:1])
            if len(parts) > 1:
                self.whole.update({parts, parts[:2]})


@lru_cache(maxsize=64)
def _staff(names: frozenset[str]) -> _Staff:
    return _Staff(names)


def find_staff(words: Words, names: frozenset[str]) -> Iterator[int]:
    """Give the places of words that name a member of staff: the whole name, or a part of it after a title."""
    if not names:
        return
    staff, tokens = _staff(names), words.tokens
    for at in range(len(tokens)):
        titled = at > 0 and tokens[at - 1].folded in TITLES
        for wide in range(_LONGEST, 0, -1):
            told = tuple(token.folded for token in tokens[at : at + wide])
            if told in staff.whole or (titled and told in staff.titled):
                yield from range(at, at + len(told))
                break


def find_on_roster(words: Words, on_roster: Callable[[str], bool]) -> Iterator[Run]:
    """Give the words that name a student of the roster; a common word must have a capital to be one."""
    tokens, at = words.tokens, 0
    while at < len(tokens):
        step = 1
        for wide in range(_LONGEST, 0, -1):
            window = tokens[at : at + wide]
            if len(window) < wide or any(token.mask for token in window):
                continue
            if any(token.gap.strip(" -") for token in window[1:]):
                continue
            if on_roster(" ".join(token.folded for token in window)) and _may_name(words, at, wide):
                yield at, at + wide
                step = wide
                break
        at += step


def _may_name(words: Words, at: int, wide: int) -> bool:
    token = words.tokens[at]
    level = word_level(token, words)
    if wide > 1 or not level:
        return True
    return token.look != "lower" and not (token.first and level >= _VERY_COMMON)
