"""What in a story points at a student.

A story is read again with what was found masked, until nothing more is found: so masking twice equals masking once.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.domain.guard.known import find_on_roster, find_staff
from chalicelib.domain.guard.lower import find_uncased
from chalicelib.domain.guard.nobody import figures
from chalicelib.domain.guard.people import find_people
from chalicelib.domain.guard.reading import read
from chalicelib.domain.guard.spaced import find_spaced
from chalicelib.domain.guard.spans import MASKS, NOBODY, Known, Span, SpanType
from chalicelib.domain.guard.tokens import Words, split

Found = tuple[int, int, SpanType]

_MOST_ROUNDS = 8
"""Texts of teachers need two; only one made to be masked bit by bit could need more."""
_MASK = re.compile("|".join(map(re.escape, MASKS.values())))
_WORD = re.compile(r"\w+")
_LINKED = re.compile(r"[@/]|\w\.\w|www|dot|punto|arroba|[\[({<] ?at", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[^\d\n]{0,3}){3}|[0-9a-f]:[0-9a-f:]", re.IGNORECASE)
_HOUSE = re.compile(
    r"\d[A-Z]?,? (?:[A-Z\u00c0-\u024f\d]|\w+ (?:\w+ )?(?i:street|st|avenue|ave|road|rd|drive|dr|lane|ln|blvd)\b)|"
    r"[A-Z\u00c0-\u024f][\w.'-]*[,.]? ?#? ?\d|(?i:\b(?:box|apt|suite|address|lives?|vive|resid|calle|av|avenida|rue|"
    r"rua|c/|apartado|direcci|domicilio|corner)|stra(?:ss|ß)e|vej|gata|laan|straat)"
)
_DIGIT = re.compile(r"\d")
_MOST_ALIKE = 40
_BEYOND = sys.maxsize


def find_spans(text: str, known: Known = NOBODY) -> tuple[Span, ...]:
    """Find what points at somebody.

    Args:
        text: a story; linear in its length.
        known: the school's staff, who are not found, and its roster, which is certain.

    Returns:
        Spans in code points of `text`, sorted, not overlapping.

    Raises:
        NamesMissing: if the names were not built (`python -m infra.names`).
    """
    reading = read(text)
    found: list[Found] = []
    for _ in range(_MOST_ROUNDS):
        masked = _Masked(reading.plain, found)
        more, staff = _scan(masked.text, known)
        values = [*found, *(masked.back(one) for one in more)]
        more += _alike(masked.text, values, reading.plain, [*staff, *more])
        if not more:
            break
        found = _apart([*(masked.back(one) for one in more), *found])
    spans = []
    for start, end, kind in _one_each(sorted(found), reading.plain):
        first, last = reading.span(start, end)
        spans.append(Span(kind, first, last, text[first:last]))
    return tuple(spans)


def _one_each(found: list[Found], plain: str) -> list[Found]:
    """Make one of two parts of a name, so that it is masked once."""
    kept: list[Found] = []
    for start, end, kind in found:
        if kept and kind == kept[-1][2] == "PERSON" and plain[kept[-1][1] : start] in {" ", "-"}:
            start = kept.pop()[0]  # noqa: PLW2901 - the first part's
        kept.append((start, end, kind))
    return kept


class _Masked:
    """A text with what was found masked, and the way back."""

    def __init__(self, plain: str, found: Iterable[Found]) -> None:
        parts: list[str] = []
        self._edges: list[tuple[int, int]] = [(0, 0)]
        """Where something begins here, and there; even ones are text, odd ones masks."""
        here = there = 0
        for start, end, kind in sorted(found):
            parts += [plain[there:start], MASKS[kind]]
            here += start - there
            self._edges.append((here, start))
            here, there = here + len(MASKS[kind]), end
            self._edges.append((here, there))
        self.text = "".join([*parts, plain[there:]])

    def back(self, one: Found) -> Found:
        """Tell where in the plain text something stands; what begins or ends in a mask has all that it hides."""
        start, end, kind = one
        at = bisect_right(self._edges, (start, _BEYOND)) - 1
        here, there = self._edges[at]
        first = there if at % 2 else there + start - here
        at = bisect_right(self._edges, (end - 1, _BEYOND)) - 1
        here, there = self._edges[at]
        last = self._edges[at + 1][1] if at % 2 else there + end - here
        return first, last, kind


def _scan(text: str, known: Known) -> tuple[list[Found], list[Found]]:
    """Find once, and tell where staff is named; what holds nothing but masks was found before."""
    words = split(text)
    staff = list(find_staff(words, known.staff))
    words.nobody = frozenset([*figures(words), *staff])
    found = [*_find_contacts(text), *_find_names(text, words, known)]
    kept = [one for one in _apart(found) if _WORD.search(_MASK.sub("", text[one[0] : one[1]]))]
    return kept, [(words.tokens[at].start, words.tokens[at].end, "PERSON") for at in staff]


def _find_contacts(text: str) -> Iterator[Found]:
    """Find what has a form; its many patterns are loaded only for a text that may hold some, as most do not."""
    if _LINKED.search(text):
        from chalicelib.domain.guard.links import find_links

        yield from find_links(text)
    if not _DIGIT.search(text):
        return
    if _HOUSE.search(text):
        from chalicelib.domain.guard.addresses import find_addresses

        yield from find_addresses(text)
    if _NUMBER.search(text):
        from chalicelib.domain.guard.numbers import find_numbers

        yield from find_numbers(text)


def _find_names(text: str, words: Words, known: Known) -> Iterator[Found]:
    runs = [] if known.on_roster is None else list(find_on_roster(words, known.on_roster))
    for start, end in (*runs, *find_people(words), *find_uncased(words)):
        yield words.tokens[start].start, _with_full_stop(text, words, end - 1), "PERSON"
    for start, end in find_spaced(text):
        yield start, end, "PERSON"


def _with_full_stop(text: str, words: Words, at: int) -> int:
    """Tell where a name ends: that of J.T. after the second full stop, unless it ends a sentence too."""
    last = words.tokens[at]
    initials = last.end - last.start == 1 and last.gap == "." and text.startswith(". ", last.end)
    return last.end + 1 if initials and text[last.end + 2 : last.end + 3].islower() else last.end


def _alike(text: str, found: list[Found], plain: str, taken: list[Found]) -> list[Found]:
    """Find again, word by word, the very values that were found: none of them may stay anywhere."""
    values: dict[str, set[tuple[str, SpanType]]] = defaultdict(set)
    for start, end, kind in found:
        first = _WORD.search(plain, start, end)
        if first and len(values[first[0]]) < _MOST_ALIKE:
            values[first[0]].add((plain[start:end], kind))
    again: list[Found] = list(taken)
    for word in _WORD.finditer(text) if values else ():
        for value, kind in values.get(word[0], ()):
            at = word.start() - value.index(word[0])
            if text.startswith(value, max(at, 0)) and not _WORD.match(text, at + len(value)):
                again.append((at, at + len(value), kind))
    before = set(taken)
    return [one for one in _apart(again) if one not in before]


def _apart(found: Iterable[Found]) -> list[Found]:
    """Keep of what overlaps the first."""
    taken: bytearray = bytearray()
    kept = []
    for start, end, kind in found:
        taken.extend(bytes(max(0, end - len(taken))))
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind))
    return kept
