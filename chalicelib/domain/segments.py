"""How much of a phone bill a text is: GSM-7 or UCS-2, and the segments it takes (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_SINGLE_GSM, _PART_GSM = 160, 153
_SINGLE_UCS, _PART_UCS = 70, 67
_BEYOND_ONE_UNIT = 0xFFFF

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′´`", "'"),  # noqa: RUF001 - what is to be replaced
        **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 - the same
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\t", " "),
        "…": "...",
        "•": "-",
        "\u200b": "",
    }
)


def is_gsm(text: str) -> bool:
    """Whether a text can be sent in the GSM-7 alphabet."""
    return _BASIC.union(_EXTENDED).issuperset(text)


def plain_text(text: str) -> str:
    """Replace typographic marks by those of GSM-7, so that a curly quote does not double the cost of an answer."""
    return "".join(char if is_gsm(char) else _nearest(char) for char in text.translate(_PLAIN))


def _nearest(char: str) -> str:
    """Return what a character stands for (a full-width A is an A), or itself if GSM-7 has nothing like it."""
    nearest = unicodedata.normalize("NFKC", char)
    return nearest if is_gsm(nearest) else char


def count_segments(text: str) -> int:
    """Count the segments a text takes: 160 septets in one, 153 in each of many; 70 and 67 units where it needs UCS-2.

    What belongs together (an escaped character, a surrogate pair, a letter and its accent) is not split over two.
    """
    gsm = is_gsm(text)
    sizes = [1 + (char in _EXTENDED) for char in text] if gsm else list(_units(text))
    if sum(sizes) <= (_SINGLE_GSM if gsm else _SINGLE_UCS):
        return 1 if text else 0
    room, segments, free = (_PART_GSM if gsm else _PART_UCS), 0, 0
    for size in sizes:
        if size > free:
            segments, free = segments + 1, room
        free -= size
    return segments


def _units(text: str) -> Iterator[int]:
    """Give the UTF-16 units of each character; an accent goes with its letter."""
    waiting = 0
    for char in text:
        if waiting == 1 and unicodedata.combining(char):
            waiting = 2
            continue
        if waiting:
            yield waiting
        waiting = 2 if ord(char) > _BEYOND_ONE_UNIT else 1
    if waiting:
        yield waiting
