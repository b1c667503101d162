"""What is known of a word: is it a given name, a surname, a word of English or Spanish, a place?

names.dat (made by `python -m infra.names`): magic; two uint32, the counts of words and of places; the sorted hashes of
all words; those of all places (uint32 each, little-endian); one byte for each word, two bits each from the lowest on:
given name, surname, English word, Spanish word; 0 is no, 3 very common. A hash is the CRC-32 of the folded word.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

FILE = Path(__file__).parent / "names.dat"
MAGIC = b"small-wins names 1\n\n"
_COMMAND = "make names"


class NamesMissing(RuntimeError):  # noqa: N818 - says what is wrong, as all problems here
    """The guard's names were not built, or by another version; without them it would find too little."""


class Facts(NamedTuple):
    """How common a word is as a name and as a word; 0 is not at all, 3 very."""

    given: int
    surname: int
    english: int
    spanish: int
    place: bool


class _Lists(NamedTuple):
    words: array[int]
    places: array[int]
    classes: bytes


def hash_of(folded: str) -> int:
    """Return the hash under which a folded word is kept."""
    return crc32(folded.encode("utf-8", "surrogatepass"))


@cache
def load() -> _Lists:
    """Read names.dat, once.

    Raises:
        NamesMissing: with the command that builds it.
    """
    try:
        data = FILE.read_bytes()
    except FileNotFoundError:
        raise NamesMissing(f"The guard's names are missing ({FILE}). Build them: {_COMMAND}") from None
    counts = array("I", data[len(MAGIC) : len(MAGIC) + 8])
    if sys.byteorder == "big":
        counts.byteswap()
    if not data.startswith(MAGIC) or len(data) != len(MAGIC) + 8 + 5 * counts[0] + 4 * counts[1]:
        raise NamesMissing(f"The guard's names are of another version ({FILE}). Build them again: {_COMMAND}")
    first = len(MAGIC) + 8
    second, third = first + 4 * counts[0], first + 4 * (counts[0] + counts[1])
    words, places = array("I", data[first:second]), array("I", data[second:third])
    if sys.byteorder == "big":
        words.byteswap()
        places.byteswap()
    return _Lists(words, places, data[third:])


def _at(hashes: array[int], wanted: int) -> int | None:
    found = bisect_left(hashes, wanted)
    return found if found < len(hashes) and hashes[found] == wanted else None


@lru_cache(maxsize=8192)
def look_up(folded: str) -> Facts:
    """Tell what is known of a folded word."""
    lists = load()
    wanted = hash_of(folded)
    found = _at(lists.words, wanted)
    byte = lists.classes[found] if found is not None else 0
    place = _at(lists.places, wanted) is not None
    return Facts(byte & 3, byte >> 2 & 3, byte >> 4 & 3, byte >> 6, place)


def is_place(folded: str) -> bool:
    """Whether a few folded words together name a town, a state or a country."""
    return _at(load().places, hash_of(folded)) is not None
