"""What stands on a poster, and where: who asks, the prompt, the code, three ways to tell a win, both kinds of it.

It is read from two metres: the prompt is as large as its panel lets it, the address larger than all other words. Each
language has a poster of its own, as two on one sheet would halve that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import segno

from chalicelib.domain.school import Link, School, in_language
from chalicelib.domain.words import say
from chalicelib.pages.render import own
from infra.poster.letters import LEADING, clean, fit, width_of
from infra.poster.shapes import POINT, Box, Drawing, Shape, Squares, Stroke, Weight, Words

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_DEEP, _WARM, _INK, _QUIET, _LINE, _PAPER, _WHITE = (
    *("#0b6b64", "#9a4a06", "#23302f", "#55625f", "#d8d3c7", "#fbf8f2", "#ffffff"),
)
_MARGIN = 13.0
_GAP = 6.0
_HEAD = 20.0
_CODE = 92.0
_CARDS = 24.0
_FOOT = 17.0
_LARGE = 20.0
"""Points that an address has at least, if it can."""
_QUIET_ZONE = 4
"""Modules of white that a code needs around it (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Poster:
    """A poster to draw: of which link, in which language, on which paper."""

    school: School
    link: Link
    language: str
    url: str
    """Where people reach the school's pages."""
    paper: str = "a4"

    @property
    def address(self) -> str:
        """Where the code leads: the form of the link in the poster's language."""
        return f"{self.url}/s/{self.link.code}{own(self.school, self.language)}"

    @property
    def prompt(self) -> str:
        """What is asked, as the form asks it."""
        asked = self.link.prompt
        return clean(in_language(asked, self.language) if asked else self.say("form.prompt"))

    def say(self, key: str, **values: object) -> str:
        """Say a sentence in the poster's language."""
        return say(self.language, key, **values)


def draw(poster: Poster) -> Drawing:
    """Draw a poster.

    Raises:
        NoRoom: if a text fits its place at no size that can be read.
    """
    width, height = PAPERS[poster.paper]
    inner = width - 2 * _MARGIN
    foot = height - _MARGIN - _FOOT + 4
    cards = foot - _CARDS - _GAP / 2
    code = cards - _GAP - _CODE
    top = _MARGIN + _HEAD
    shapes = [
        *_head(poster, inner),
        *_panel(poster, Box(_MARGIN, top, inner, code - _GAP - top, _DEEP, round=5)),
        *_code(poster.address, Box(_MARGIN, code, _CODE, _CODE, _WHITE, _LINE, 4)),
        *_ways(poster, _MARGIN + _CODE + 8, code, inner - _CODE - 8),
        *_kinds(poster, cards, inner),
        *_foot(poster, foot, inner),
    ]
    title = f"{clean(poster.school.shown_as)} · {clean(poster.school.name)} · {poster.prompt}"
    return Drawing(width, height, title, poster.language, poster.address, tuple(shapes))


def _block(  # noqa: PLR0913, PLR0917 - a text and its place
    text: str, x: float, y: float, width: float, height: float, weight: Weight, color: str, sizes: tuple[float, float],
    breaks: str = " ",
) -> tuple[list[Words], float]:  # fmt: skip
    """Set a text as large as its place lets it; return it and where it ends."""
    size, lines = fit(text, width, height, weight, sizes, breaks)
    step = size * LEADING * POINT
    first = y + size * 0.86 * POINT
    words = [
        Words(x, first + n * step, line, size, weight, color, width_of(line, size, weight))
        for n, line in enumerate(lines)
    ]
    return words, y + len(lines) * step


def _head(poster: Poster, inner: float) -> Iterator[Shape]:
    """Say whose poster it is."""
    side, left = 13.0, _MARGIN + 17
    yield Box(_MARGIN, _MARGIN, side, side, _DEEP, round=2.8)
    points = [(9, 17), (14, 22), (23, 10)]
    yield Stroke(tuple((_MARGIN + x * side / 32, _MARGIN + y * side / 32) for x, y in points), _PAPER, side * 3.5 / 32)
    shown, end = _block(clean(poster.school.shown_as), left, _MARGIN - 0.6, inner - 17, 8, "Bold", _INK, (20, 4))
    yield from shown
    room = _MARGIN + _HEAD - 2 - end
    school, _ = _block(clean(poster.school.name), left, end, inner - 17, room, "Regular", _QUIET, (17, 5))
    yield from school


def _panel(poster: Poster, panel: Box) -> Iterator[Shape]:
    """Ask."""
    yield panel
    pad = 10.0
    width, height = panel.width - 2 * pad, panel.height - 2 * pad
    words, end = _block(poster.prompt, panel.x + pad, 0, width, height, "Bold", _WHITE, (76, 14))
    down = panel.y + pad + (height - end) / 2
    yield from (replace(one, y=one.y + down) for one in words)


def _code(address: str, card: Box) -> Iterator[Shape]:
    """Draw the address for cameras. A third of it may be creased or stained (level H)."""
    yield card
    rows = [bytes(row) for row in segno.make(address, micro=False, error="h").matrix]
    side = card.width / (len(rows) + 2 * _QUIET_ZONE)
    left, top = card.x + _QUIET_ZONE * side, card.y + _QUIET_ZONE * side
    runs = [
        (left + start * side, top + n * side, length * side)
        for n, row in enumerate(rows)
        for start, length in _runs(row)
    ]
    yield Squares(tuple(runs), side, "#000000")


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Find where dark modules stand side by side."""
    start = None
    for at, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None


def _ways(poster: Poster, x: float, y: float, width: float) -> Iterator[Shape]:
    """Say how to tell a win: scan, type, text, mail; fewer ways have more room each, none is larger than the first."""
    ways = list(_told(poster))
    room, largest = _CODE / len(ways), 34.0
    for n, (label, value, breaks) in enumerate(ways):
        top = y + n * room
        if n:
            yield Box(x, top - 2.2, width, 0.3, _LINE)
        told, end = _block(label, x, top, width, room * 0.36, "Semibold", _QUIET, (15, 8))
        words, _ = _value(value, breaks, Box(x, end + 0.8, width, top + room - 4 - end, ""), largest)
        yield from (*told, *words)
        largest = max(min(largest, words[0].size), _LARGE)


def _value(value: str, breaks: str, place: Box, largest: float) -> tuple[list[Words], float]:
    """Set an address or a number; one that would be small is broken at its dots and hyphens too."""
    set_, end = _block(value, place.x, place.y, place.width, place.height, "Bold", _DEEP, (largest, 5), breaks)
    if set_[0].size >= _LARGE:
        return set_, end
    return _block(value, place.x, place.y, place.width, place.height, "Bold", _DEEP, (largest, 5), breaks + ".-")


def _told(poster: Poster) -> Iterator[tuple[str, str, str]]:
    """List the ways: what to do, where, and where that may be broken."""
    school, code = poster.school, poster.link.code
    yield poster.say("poster.scan"), poster.address.partition("://")[2], "/"
    if school.texts.number:
        key = "poster.join" if school.texts.unknown == "join" else "poster.text"
        yield poster.say(key, code=code), _spoken(school.texts.number), " "
    if school.mail.address:
        name, _, domain = school.mail.address.partition("@")
        yield poster.say("poster.mail"), f"{name}+{code}@{domain}", "@"


def _spoken(number: str) -> str:
    """Write a number as people do: as at home in North America, elsewhere with its country."""
    import phonenumbers

    parsed = phonenumbers.parse(number)
    kind = phonenumbers.PhoneNumberFormat
    written: str = phonenumbers.format_number(parsed, kind.NATIONAL if parsed.country_code == 1 else kind.INTERNATIONAL)
    return written


def _kinds(poster: Poster, y: float, inner: float) -> Iterator[Shape]:
    """Say that a success and a lesson count the same, with the edges that stories have on the dashboard."""
    width = (inner - _GAP) / 2
    kinds = (("kind.success", "poster.success", _DEEP, 1), ("kind.lesson", "poster.lesson", _WARM, 9))
    for n, (name, asked, color, parts) in enumerate(kinds):
        x = _MARGIN + n * (width + _GAP)
        yield Box(x, y, width, _CARDS, _PAPER, _LINE, 1.5)
        for at in range(0, parts, 2):
            yield Box(x, y + _CARDS * at / parts, 2, _CARDS / parts, color)
        title, end = _block(poster.say(name), x + 7, y + 3.2, width - 11, 8, "Bold", color, (17, 9))
        yield from title
        text, _ = _block(
            poster.say(asked), x + 7, end + 0.6, width - 11, y + _CARDS - 2 - end, "Regular", _INK, (14, 8)
        )
        yield from text


def _foot(poster: Poster, y: float, inner: float) -> Iterator[Shape]:
    """Say what it asks of whoever tells, and what texting costs."""
    how, end = _block(poster.say("poster.how"), _MARGIN, y + 1, inner, 7, "Regular", _INK, (12.5, 7))
    yield from how
    if poster.school.texts.number:
        address = f"{poster.address.partition('://')[2].partition('/')[0]}/privacy{own(poster.school, poster.language)}"
        rates = poster.say("poster.rates", address=address)
        yield from _block(rates, _MARGIN, end + 0.6, inner, 5, "Regular", _QUIET, (9, 5))[0]
