"""Texts as they are compared: what people type on phones without the accidents of typing."""

from __future__ import annotations

import re
import unicodedata

_POLITE = frozenset(["please", "pls", "plz", "thanks", "thx", "por", "favor", "porfa", "gracias"])


def folded(text: str) -> str:
    """Return a text without case, accents, marks, emoji and spare spaces; words are parted by one space."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    kept = "".join(char if char.isalnum() else " " for char in plain if not _is_unseen(char))
    return " ".join(kept.split())


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me", "Cf"}


def without_politeness(words: str) -> str:
    """Drop “please” and its like from both ends of a folded text; what is nothing else stays."""
    found = words.split()
    while found and found[-1] in _POLITE:
        found.pop()
    while found and found[0] in _POLITE:
        found.pop(0)
    return " ".join(found) or words


def bare_number(word: str) -> str:
    """Take the ending off an ordinal: `4th` is 4."""
    return re.sub(r"^(\d+)(st|nd|rd|th|ro|do|to|er|a|o)$", r"\1", word)
