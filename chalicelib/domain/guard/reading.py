"""A story as the guard reads it: invisible characters taken out, look-alikes made plain, with the way back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıɑ",  # noqa: RUF001 - what is to be replaced
    "ABEKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXoia",
)
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),  # noqa: RUF001 - what is to be replaced
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),  # noqa: RUF001 - the same
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
        ),
        "\uff20": "@",
        "．": ".",  # noqa: RUF001 - the same
        "／": "/",  # noqa: RUF001 - the same
    }
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u0300-\u036f]"
)
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u0660-\u0669\u06f0-\u06f9\U0001d400-\U0001d7ff]")
_FOREIGN = re.compile("[\u0131\u0251\u0370-\u052f]")
_MIXED = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return a name as names are compared: no case, no accents."""
    plain = text.casefold().translate(_UNDECOMPOSED)
    if plain.isascii():
        return plain
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))


@dataclass(frozen=True)
class Reading:
    """Plain text, and where in the story each of its characters stands (none: where it stands here)."""

    plain: str
    places: tuple[int, ...] | None
    story: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return what stands from `start` to `end` here as a range of the story, with accents that follow."""
        if self.places is None:
            return start, end
        first, last = self.places[start], self.places[end - 1] + 1
        limit = self.places[end] if end < len(self.places) else len(self.story)
        while last < limit and unicodedata.combining(self.story[last]):
            last += 1
        return first, last


def read(story: str) -> Reading:
    """Read a story. Nothing that changes a text's length is done to one that needs it not."""
    plain = story.translate(_SAME_LENGTH)
    if "\\" in plain:
        plain = plain.replace("\\n", " \n").replace("\\t", "  ")
    places: tuple[int, ...] | None = None
    if _UNSEEN.search(plain):
        kept = [at for at, char in enumerate(plain) if not _UNSEEN.match(char)]
        plain, places = "".join(plain[at] for at in kept), tuple(kept)
    if _WIDE.search(plain):
        plain = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
    if _FOREIGN.search(plain):
        plain = _MIXED.sub(_as_latin, plain)
    return Reading(plain, places, story)


def _as_latin(word: re.Match[str]) -> str:
    """Write a word in Latin letters if it mixes them with letters that look the same."""
    if _FOREIGN.search(word[0]) and (_LATIN.search(word[0]) or not _FOREIGN.search(word[0].translate(_LOOKALIKES))):
        return word[0].translate(_LOOKALIKES)
    return word[0]
