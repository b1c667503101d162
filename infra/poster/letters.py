"""Letters: how wide they are, how text is broken into lines, and the largest size at which it fits its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import font_source_sans_pro
from fontTools.ttLib import TTFont

from infra.poster.shapes import POINT, Weight

_FOLDER = Path(font_source_sans_pro.__file__).parent / "files"
WEIGHTS: tuple[Weight, ...] = ("Regular", "Semibold", "Bold")
LEADING = 1.16
"""From one line to the next, in heights."""
_STEP = 0.96


class NoRoom(Exception):  # noqa: N818 - a fact about a text
    """A text that fits its place at no size that can be read."""


def file_of(weight: Weight) -> Path:
    """Name the file that holds the letters of a weight."""
    return _FOLDER / f"SourceSansPro-{weight}.ttf"


@cache
def _font(weight: Weight) -> tuple[dict[int, float], float]:
    """Read how wide each character is, in heights, and how wide one is that these letters lack."""
    font = TTFont(file_of(weight), lazy=True)
    widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}, 1.0


def clean(text: str) -> str:
    """Bring a text to what can be printed: composed, on one line, without marks that steer instead of showing."""
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in spaced if unicodedata.category(char)[0] != "C").split())


def lacking(text: str, weight: Weight) -> str:
    """Name the characters for which there are no letters."""
    return "".join(char for char in dict.fromkeys(text) if ord(char) not in _font(weight)[0])


def width_of(text: str, size: float, weight: Weight) -> float:
    """Measure a line, in millimetres."""
    widths, otherwise = _font(weight)
    return sum(widths.get(ord(char), otherwise) for char in text) * size * POINT


def fit(  # noqa: PLR0913, PLR0917 - a text and its place
    text: str, width: float, height: float, weight: Weight, sizes: tuple[float, float], breaks: str = " "
) -> tuple[float, list[str]]:
    """Choose the largest size at which a text fits a place, and break it into lines.

    Args:
        text: what is to be read.
        width: of the place.
        height: of the place.
        weight: of the letters.
        sizes: the largest and the smallest.
        breaks: where lines may be broken before anywhere else: after spaces, or before one of these characters.

    Raises:
        NoRoom: if it does not fit at the smallest.
    """
    size, smallest = sizes
    while True:
        lines = lines_of(text, width, size, weight, breaks)
        whole = all(width_of(part.rstrip(), size, weight) <= width for part in _parts(text, breaks))
        if len(lines) * size * LEADING * POINT <= height and (whole or size == smallest):
            return size, _balanced(lines, text, width, size, weight, breaks)
        if size == smallest:
            raise NoRoom(text)
        size = max(size * _STEP, smallest)


def lines_of(text: str, width: float, size: float, weight: Weight, breaks: str = " ") -> list[str]:
    """Break a text into lines; what is wider than a line by itself is broken anywhere."""
    lines = [""]
    for part in _parts(text, breaks):
        if width_of((lines[-1] + part).rstrip(), size, weight) <= width:
            lines[-1] += part
            continue
        *before, rest = _pieces(part, width, size, weight)
        lines += [*before, rest]
    return [line.strip() for line in lines if line.strip()]


def _balanced(  # noqa: PLR0913, PLR0917 - as `fit`
    lines: list[str], text: str, width: float, size: float, weight: Weight, breaks: str
) -> list[str]:
    """Break a text into as many lines as it takes, none much shorter than the others."""
    while len(narrower := lines_of(text, width := width * _STEP, size, weight, breaks)) == len(lines) > 1:
        if any(width_of(part.rstrip(), size, weight) > width for part in _parts(text, breaks)):
            break
        lines = narrower
    return lines


def _parts(text: str, breaks: str) -> Iterator[str]:
    """Cut a text where a line may end; words keep the space behind them."""
    start = 0
    for at, char in enumerate(text):
        if char in breaks and at:
            end = at + 1 if char == " " else at
            yield text[start:end]
            start = end
    yield text[start:]


def _pieces(part: str, width: float, size: float, weight: Weight) -> list[str]:
    pieces = [""]
    for char in part:
        if pieces[-1] and width_of((pieces[-1] + char).rstrip(), size, weight) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces
