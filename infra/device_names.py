"""What the form knows of names while somebody types: assets/names.bin, read by static_site/names.js.

It is made from the guard's own table and words whenever the scripts are copied, so that what a phone says and what the
school's guard says on arrival come from one source. It holds no names: of each folded word the first bits of its
CRC-32 are kept (20 of 32), enough to tell names from the words of English and Spanish that the guard knows, since
nearly all names that would be mistaken for one are left out.

The file: magic; one byte, the bits of a hash; one byte, how many sets follow, in the order of `SETS`. Each set: uint32
count, one byte (the Rice parameter), uint32 length, then its sorted hashes as differences, Rice-coded: the quotient in
ones ended by a zero, the rest in binary. Integers are little-endian, bits come highest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.lexicon import Facts, hash_of, load, look_up

FILE = "names.bin"
MAGIC = b"small-wins names on the device 1\n"
BITS = 20
SETS = (
    *("sure", "inside", "beside", "small", "figure", "title", "naming", "greeting", "people", "act", "deed"),
    *("organisation", "surname", "place", "start", "thing", "pet", "particle", "nobody", "field", "weak", "month"),
)
"""`sure`, `inside`, `beside`: names that are no word, that are one only at the start of a sentence, that need a word of
their company; `small`: names even in small letters. What follows are the words around them (guard/cues.py)."""

_KIN = frozenset({"abuela", "abuelo", "aunt", "auntie", "brother", "captain", "grandma", "grandpa", "mstr", "sister"})
"""Titles that do not tell staff: whoever stands behind them may be a student. Behind the others are adults."""
_NOBODY = cues.NO_NAMES | cues.TITLES | cues.DETERMINERS
_KNOWN, _COMMON, _WORD = 2, 3, 2
"""Rarer given names (3 in 100 pupils) and surnames would make the file by a third larger."""


def strength(facts: Facts) -> str | None:
    """Tell in which set a word belongs as a name; none if it names hardly anybody, or is rather a word."""
    if max(facts.given, facts.surname) < _KNOWN:
        return None
    word = max(facts.english, facts.spanish)
    if word == 0 and not facts.place:
        return "sure" if facts.given >= _KNOWN or facts.surname == _COMMON else "inside"
    if facts.given < _KNOWN:
        return None
    if facts.given == _COMMON and word < _WORD and not facts.place:
        return "sure"
    rather = word >= _WORD or (facts.place and (word or facts.given < _COMMON))
    return "beside" if rather else "inside"


def _facts(byte: int, *, place: bool) -> Facts:
    return Facts(byte & 3, byte >> 2 & 3, byte >> 4 & 3, byte >> 6, place)


def _little() -> frozenset[str]:
    """Give small words that name nobody; Will does."""
    return frozenset(word for word in cues.FUNCTION_WORDS | cues.SPANISH_MARKS if look_up(word).given < _KNOWN)


def _names() -> dict[str, set[int]]:
    """Sort the hashes of all names into their sets; no two look alike.

    A surname that looks like a word is left out, a given name only if that word is a common one; what many are called
    then still counts inside a sentence.
    """
    lists = load()
    places, months = set(lists.places), {hash_of(word) for word in cues.MONTHS}
    nobody = {hash_of(word) for word in _NOBODY | _little()} - months
    sets: dict[str, set[int]] = {name: set() for name in SETS[:4]}
    surnames: set[int] = set()
    words: tuple[set[int], set[int]] = set(), {_cut(one) for one in nobody}
    for hashed, byte in zip(lists.words, lists.classes, strict=True):
        facts = _facts(byte, place=hashed in places)
        kind = None if hashed in nobody else "beside" if hashed in months else strength(facts)
        if kind:
            sets[kind].add(_cut(hashed))
        elif byte >> 4:
            words[max(facts.english, facts.spanish) >= _WORD].add(_cut(hashed))
        if kind and facts.given < _KNOWN:
            surnames.add(_cut(hashed))
        if kind == "sure" and facts.given == _COMMON and not (facts.english or facts.spanish):
            sets["small"].add(_cut(hashed))
    sets["inside"] |= sets["small"] & words[1]
    taken = (words[1] - sets["small"]) | (words[0] & surnames)
    for kind in ("beside", "sure", "inside"):
        sets[kind] -= taken
        taken |= sets[kind]
    return {**sets, "small": sets["small"] & sets["sure"] - words[0] - words[1]}


def _cut(hashed: int) -> int:
    return hashed >> (32 - BITS)


def _around() -> dict[str, Iterable[str]]:
    """Give the words around names, by the name of their set."""
    return {
        "figure": cues.FIGURES,
        "title": cues.TITLES - _KIN,
        "naming": (cues.NAMING - cues.TITLES) | _KIN,
        "greeting": cues.GREETINGS,
        "people": cues.TAKES_PEOPLE - {"and", "y", "e", "a", "for", "by", "para", "por"},
        "act": cues.ACTS - cues.WEAK_ACTS,
        "deed": cues.DEEDS,
        "organisation": cues.ORGANISATION,
        "surname": cues.ALSO_SURNAMES,
        "place": cues.PLACING | {"to"},
        "start": cues.PLACE_STARTS | {"los", "las"},
        "thing": cues.CONSUMED | cues.DETERMINERS,
        "pet": cues.PETS,
        "particle": cues.PARTICLES - {"y", "e", "a"},
        "nobody": (_NOBODY | _little()) - cues.MONTHS,
        "field": cues.FIELDS,
        "weak": cues.WEAK_ACTS,
        "month": cues.MONTHS,
    }


def _coded(hashes: list[int]) -> bytes:
    """Write sorted numbers as Rice-coded differences, with what a reader must know before them."""
    rest = max(0, round(math.log2((1 << BITS) / len(hashes) * math.log(2))))
    bits = "".join(_differences(hashes, rest))
    packed = bytes(int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8))
    return len(hashes).to_bytes(4, "little") + bytes([rest]) + len(packed).to_bytes(4, "little") + packed


def _differences(hashes: list[int], rest: int) -> Iterator[str]:
    for before, one in pairwise([-1, *hashes]):
        gap = one - before - 1
        yield "1" * (gap >> rest) + "0" + format(gap & ((1 << rest) - 1), f"0{rest}b") * (rest > 0)


@cache
def build() -> bytes:
    """Return the bytes of names.bin.

    Raises:
        NamesMissing: if the guard's names were not built.
    """
    sets: dict[str, set[int]] = _names()
    for name, words in _around().items():
        sets[name] = {_cut(hash_of(word)) for word in words}
    return MAGIC + bytes([BITS, len(SETS)]) + b"".join(_coded(sorted(sets[name])) for name in SETS)
