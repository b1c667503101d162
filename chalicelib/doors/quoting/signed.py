"""What stands below a mail's words if its sender is known: their name, post, telephone and motto, without a "--"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalicelib.domain.folding import folded
from chalicelib.doors.quoting.signature import closes, postscript, says_something, without_rules
from chalicelib.doors.quoting.words import RULE, WORDS, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLES = frozenset(map(folded, WORDS["titles"]))
_WORD = re.compile(r"[^\W\d_]+")
_AFTER_NAME = re.compile(r"[(|,·•/]| [-\u2013\u2014] ")
_BULLET = re.compile(r"\s*[-*\u2022\u2013] ")
_LOOKED_AT = 30
_MOST_BELOW = 10
_WIDEST_BELOW = 200
_MOST_NAMES = 4
_MOST_CLOSING = 6


def without_name(text: str, sender: str, *, alone: bool = False) -> str:
    """Leave out the sender's name at the end, and what is no sentence below it.

    Args:
        text: the sender's own words.
        sender: their name and address, in any order.
        alone: whether a whole name that nothing stands above is a signature too; else the words of a mail that
            begins with a name are its sender's.
    """
    lines, known = text.split("\n"), _names(sender)
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    nearest = range(max(first, len(lines) - _LOOKED_AT), len(lines))
    at = next((at for at in nearest if _signs(lines, at, known) and (at > first or _is_whole(lines[at], alone))), None)
    if at is None:
        return text
    own = without_rules(lines[:at])
    if own and _is_closing(own) and (alone or len(own) > first + 1):
        own = without_rules(own[:-1])
    return "\n".join([*own, "", *lines[at + postscript(lines[at:]) :]]).strip()


def _names(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


def _is_whole(line: str, alone: bool) -> bool:  # noqa: FBT001 - said by name where it matters
    return alone and len(_names(_AFTER_NAME.split(plain(line))[0])) > 1


def _signs(lines: Sequence[str], at: int, known: Sequence[str]) -> bool:
    """Whether a line is the sender's name, alone or before their post, and no words of theirs stand below it."""
    names = _names(_AFTER_NAME.split(plain(lines[at]).strip(RULE + " .,!"), maxsplit=1)[0])
    if not 0 < len(names) <= _MOST_NAMES or not any(len(name) > 1 and name in known for name in names):
        return False
    if any(len(name) > 1 and name not in known and name not in _TITLES for name in names):
        return False
    above = next((line for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "")
    if above.rstrip().endswith(":"):  # a list of names
        return False
    end = at + postscript(lines[at:])
    below = [line for line in lines[at + 1 : end] if line.strip()]
    if _BULLET.match(lines[at]) and any(map(_BULLET.match, below)):
        return False
    too_much = len(below) > _MOST_BELOW or any(len(line) > _WIDEST_BELOW for line in below)
    return not too_much and not says_something(lines[at + 1 : end])


def _is_closing(lines: Sequence[str]) -> bool:
    """Whether a few words and a comma stand between the words of a mail and its sender's name."""
    last, above = lines[-1], lines[-2] if len(lines) > 1 else ""
    few_words = last.rstrip().endswith(",") and len(last.split()) <= _MOST_CLOSING
    return (few_words or closes(last)) and not above.strip()
