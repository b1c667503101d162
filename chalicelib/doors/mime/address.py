"""Who a mail says it is from: the first mailbox of a From field (RFC 5322 section 3.4), however broken.

`"Reyes, Ana" <Ana@School.Example>, b@c.example` → `("Reyes, Ana", "Ana@school.example")`
"""

from __future__ import annotations

import re

from chalicelib.doors.mime.charsets import clean_line, decode
from chalicelib.doors.mime.headers import decode_words

_LONGEST_NAME = 200
_LONGEST_ADDRESS = 320
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|\\.|[()<>,;:]|[^"\\()<>,;:]+|"|\\', re.DOTALL)
_ADDRESS = re.compile(r"(?<![^\s<>\"(),;:\[\]])[^\s<>\"(),;:\[\]@]{1,200}@[^\s<>\"(),;:@]{1,255}")


def first_mailbox(value: bytes) -> tuple[str, str]:
    """Read the first mailbox.

    Args:
        value: the raw value of the field.

    Returns:
        Its name, decoded, and its address with the domain in small letters; '' for what is missing.
    """
    text = decode(value)
    name, address = _Mailbox().read(text)
    if "@" not in address:
        found = _ADDRESS.search(text)
        address = found[0] if found else ""
        name = name.split("<")[0] if found else name
    return clean_line(decode_words(name))[:_LONGEST_NAME], _tidy(address)


def _tidy(address: str) -> str:
    """Leave out blanks and the route of old (`<@a,@b:c@d>`)."""
    local, _, domain = "".join(clean_line(address).split()).rpartition(":")[2].rpartition("@")
    whole = f"{local}@{domain.lower()}"
    return whole if local and domain and len(whole) <= _LONGEST_ADDRESS else ""


class _Mailbox:
    """Collects the phrase, the comment and the address of one mailbox from its pieces."""

    def __init__(self) -> None:
        self._phrase: list[str] = []
        self._comment: list[str] = []
        self._address: list[str] = []
        self._depth = 0
        self._inside = self._closed = False

    def read(self, text: str) -> tuple[str, str]:
        """Read until the comma after the first mailbox."""
        for found in _PIECE.finditer(text):
            if self._ends(found[0]):
                break
            self._take(found[0])
        phrase, comment = _phrase(self._phrase), " ".join("".join(self._comment).split())
        if self._closed or self._inside:
            return phrase or comment, "".join(self._address)
        if "@" in phrase and " " not in phrase:
            return comment, phrase
        return phrase or comment, ""

    def _ends(self, piece: str) -> bool:
        outside = not self._depth and not self._inside
        return piece in {",", ";"} and outside and bool(self._closed or _phrase(self._phrase))

    def _take(self, piece: str) -> None:
        if piece == "(" and not self._inside:
            self._depth += 1
        elif piece == ")" and self._depth:
            self._depth -= 1
        elif self._depth:
            self._comment.append(piece)
        elif piece == "<" and not self._closed:
            self._inside = True
        elif piece == ">":
            self._closed, self._inside = self._closed or self._inside, False
        elif self._inside:
            self._address.append(piece)
        elif piece == ":" and not self._closed:  # what came before was the name of a group
            self._phrase = []
        elif not self._closed:
            self._phrase.append(piece)


def _phrase(pieces: list[str]) -> str:
    return " ".join("".join(_unquoted(piece) for piece in pieces).split())


def _unquoted(piece: str) -> str:
    inner = piece[1:-1] if piece[0] == piece[-1] == '"' else piece  # a lone mark is left out too
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if "\\" in inner else inner
