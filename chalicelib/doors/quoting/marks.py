"""Where other people's words begin in a mail: "Forwarded message", a block of From/To/Subject, "On … wrote:".

Nothing here depends on a language's grammar: a mark is known by its shape (dashes, labels, a date with an address and
a colon) and by the words of `words.json`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Literal

from chalicelib.doors.quoting.headers import Headers, read_block, read_glued, read_headers
from chalicelib.doors.quoting.words import ADDRESS, COLONS, RULE, is_quoted, plain, words_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WROTE = re.compile("|".join(map(re.escape, words_for("wrote"))), re.IGNORECASE)

_MOST_MARKS = 50
_MOST_CANDIDATES = 500
_WRAPPED_OVER = 4
_MOST_BLANKS = 3
_MOST_NAMES = 5
_LONGEST_VERB = 40

_SEPARATORS: dict[str, Literal["forwarded", "original"]] = {
    **dict.fromkeys(words_for("original"), "original"),
    **dict.fromkeys(words_for("forwarded"), "forwarded"),
}
_BETWEEN_RULES = re.compile(r"(.{2,60}?)\s*[-_=\u2013\u2014]{2,}\s*(.*)")
_CLOCK = re.compile(r"\d{1,2}\s?[:.hH時时시]\s?\d{2}")
_DAY = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,4}[/.-]\s?\d{1,2}[/.-]\s?\d{2,4}")
_EARLY_DIGIT = re.compile(r"\W*(?:[^\W\d]+\W+){0,6}\d")
_ADDRESS_LAST = re.compile(r"@[^\s<>@]{1,255}[>)\]]+\s?[:\uff1a]$")
_TEXT_AFTER = re.compile(rf"@[^\s<>@]{{1,255}}>,? (?:{WROTE.pattern})\s?[:\uff1a]\s", re.IGNORECASE)
"""Yahoo's app writes what it quotes on the same line."""
_OLD_GMAIL = re.compile(r"\d{4}/\d{1,2}/\d{1,2} [^<>]{1,100}<[^<>]+@[^<>]+>")


@dataclass(frozen=True)
class Mark:
    """A mark: its first line, the line after its last, and what it says of the mail it introduces.

    The text of a "wrote" mark stands in its headers as `from`.
    """

    kind: Literal["forwarded", "original", "headers", "wrote"]
    start: int
    end: int
    headers: Headers = field(default_factory=dict)


def find_marks(lines: Sequence[str]) -> dict[int, Mark]:
    """Find the marks of a text by their first lines; a mail that holds more than 50 others is not read further."""
    plains = [plain(line) for line in lines]
    found = {mark.start: mark for mark in _attributions(plains, lines)}
    at, most = 0, len(found) + _MOST_MARKS
    while at < len(lines) and len(found) < most:
        mark = _separator(plains, at) or _block(plains, at)
        if mark:
            found[at] = mark
        at = mark.end if mark else at + 1
    return found


def _separator(plains: Sequence[str], at: int) -> Mark | None:
    """Read “--- Forwarded message ---” or “Begin forwarded message:”, and the headers after it."""
    line, after = plains[at], ""
    bare = line.lstrip(RULE + " ")
    if len(line) - len(bare) > 1 and (match := _BETWEEN_RULES.match(bare)):
        bare, after = match.groups()
    elif not line.endswith(COLONS):
        return None
    kind = _SEPARATORS.get(bare.rstrip(":\uff1a* ").casefold())
    if kind is None or (kind == "original" and bare == line):
        return None
    headers, end = read_glued(plains, at, after)
    if not headers:
        headers, end = read_headers(plains, at + 1, introduced=True)
    repeated = bool(headers) and end < len(plains) and plains[end] == line  # as Zoho does below the headers
    return Mark(kind, at, end + repeated, headers)


def _block(plains: Sequence[str], at: int) -> Mark | None:
    headers, end = read_block(plains, at)
    return Mark("headers", at, end, headers) if headers else None


def _attributions(plains: Sequence[str], lines: Sequence[str]) -> Iterator[Mark]:
    """Find “On … wrote:”, which may be wrapped over up to four lines, from its end."""
    for at in list(_ends(plains))[:_MOST_CANDIDATES]:
        quotes = _is_next_quoted(lines, at + 1)
        starts = list(_starts(plains, at))
        dated = [start for start in starts if _EARLY_DIGIT.match(plains[start]) and _is_dated(plains[start])]
        named = [start for start in starts if quotes or ADDRESS.search(plains[start][:100])]
        for start in chain(dated, named):
            if _introduces(" ".join(plains[start : at + 1]), quotes=quotes, dated=start in dated):
                begin = start - _has_name_above(plains, start)
                yield Mark("wrote", begin, at + 1, {"from": " ".join(plains[begin : at + 1])})
                break


def _ends(plains: Sequence[str]) -> Iterator[int]:
    """Yield the lines that may end an attribution: with a colon, or with “wrote”."""
    for at, line in enumerate(plains):
        end = line.rstrip(RULE + " >")[-_LONGEST_VERB:]
        ends_with_verb = any(match.end() == len(end) for match in WROTE.finditer(end))
        if end.endswith(COLONS) or ends_with_verb or _OLD_GMAIL.fullmatch(line) or _TEXT_AFTER.search(line):
            yield at


def _starts(plains: Sequence[str], at: int) -> Iterator[int]:
    for start in range(at, max(-1, at - _WRAPPED_OVER), -1):
        if not plains[start]:
            return
        yield start


def _has_name_above(plains: Sequence[str], start: int) -> bool:
    """Whether the line above is the name with which an attribution begins: “Ana Diaz <”."""
    above = plains[start - 1] if start else ""
    if not 0 < len(above.split()) <= _MOST_NAMES:
        return False
    return above.endswith("<") or bool(ADDRESS.search(above)) or (plains[start][0] in "<(" and above[0].isupper())


def _is_next_quoted(lines: Sequence[str], at: int) -> bool:
    return next((is_quoted(line) for line in lines[at : at + 1 + _MOST_BLANKS] if line.strip()), False)


def _is_dated(text: str) -> bool:
    without_addresses = ADDRESS.sub("", text)
    return bool(_CLOCK.search(without_addresses) or _DAY.search(without_addresses))


def _introduces(text: str, *, quotes: bool, dated: bool) -> bool:
    """Whether a text tells who wrote what follows; “On Friday at 10:15 Sam wrote:” in a story does not."""
    if not WROTE.search(text):
        known = _ADDRESS_LAST.search(text) or _OLD_GMAIL.fullmatch(text) or (quotes and ADDRESS.search(text))
        return dated and bool(known)
    has_time = bool(_CLOCK.search(text) and _DAY.search(text))
    return quotes or has_time or bool(ADDRESS.search(text))
