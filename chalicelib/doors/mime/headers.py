r"""Header fields of a mail or of one of its parts: found, unfolded, decoded (RFC 5322 section 2.2, RFC 2047, RFC 2231).

`Subject: =?utf-8?q?Two_hands?=\n =?utf-8?q?_up?=` → `("Subject", "Two hands up")`
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from chalicelib.doors.mime.bodies import decoded
from chalicelib.doors.mime.charsets import clean_line, decode

MOST_HEADERS = 500
MOST_PART_HEADERS = 50
LONGEST_VALUE = 2_000
_LONGEST_RAW_VALUE = 16_000
_LONGEST_ON_AVERAGE = 1_000
_LONGEST_PARAMETERS = 4_000
_MOST_PARAMETERS = 100

_LINE_END = re.compile(rb"\r?\n")
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = rb"[!-9;-~]+[ \t]*:"
_IS_FIELD = re.compile(_FIELD)
_NO_FIELD = re.compile(rb"\n(?!" + _FIELD + rb"|[ \t\r\n])")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]*)\?=")
_TYPE = re.compile(r"\s*([^\s;=]*)")
_PARAMETER = re.compile(
    r"""(?<![\w*.-])([\w*.-]+)\s{0,9}=\s{0,9}(?:"((?:[^"\\]|\\.)*+)"|([^;"]*?)(?=\s[\w*.-]+=|;|"|$))""", re.DOTALL
)
_SEGMENT = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?")


class Block(NamedTuple):
    """The raw fields before a body, and where it begins; None if the bytes end first."""

    fields: list[tuple[str, bytes]]
    body: int | None


def read_block(raw: bytes, start: int, *, most: int = MOST_HEADERS, lenient: bool = False) -> Block:
    """Find the fields that begin at `start`; lines that are no fields are passed over.

    Args:
        raw: the whole mail.
        start: where the block begins.
        most: how many fields are kept.
        lenient: whether a line that is no field may begin the body if no empty line does.
    """
    if (first := _LINE_END.match(raw, start)) is not None:
        return Block([], first.end())
    found = _EMPTY_LINE.search(raw, start)
    end, body = (found.start(), found.end()) if found else (len(raw), None)
    if found is None and lenient and (stray := _NO_FIELD.search(raw, start)) is not None:
        end, body = stray.start(), stray.end()
    return Block(_fields(raw[start : min(end, start + most * _LONGEST_ON_AVERAGE)], most), body)


def begins_with_a_field(raw: bytes, start: int) -> bool:
    """Tell whether a mail can begin here."""
    return _IS_FIELD.match(raw, start) is not None


def _fields(block: bytes, most: int) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for line in _FOLD.sub(b" ", block).split(b"\n"):
        if _IS_FIELD.match(line):
            name, _, value = line.partition(b":")
            found.append((name.strip().decode("ascii"), value.strip()[:_LONGEST_RAW_VALUE]))
        if len(found) == most:
            break
    return found


def decoded_header(value: bytes) -> str:
    """Turn a raw value into one clean line of at most `LONGEST_VALUE` characters."""
    return clean_line(decode_words(decode(value)))[:LONGEST_VALUE].rstrip()


def decode_words(text: str) -> str:
    """Decode encoded words wherever they stand (RFC 2047; in the wild also inside quotation marks).

    Neighbours in one charset are decoded as one, for many programs cut a letter's bytes in two.
    """
    pieces: list[str] = []
    words: list[tuple[tuple[str, str], str]] = []
    last = 0
    for word in _WORD.finditer(text):
        between = text[last : word.start()]
        if between.strip() or not words:
            pieces += [_joined(words), between]
            words = []
        words.append(((word[1].lower(), word[2].lower()), word[3]))
        last = word.end()
    return "".join([*pieces, _joined(words), text[last:]])


def _joined(words: list[tuple[tuple[str, str], str]]) -> str:
    return "".join(
        decode(b"".join(_word_bytes(how, word) for _, word in same), charset)
        for (charset, how), same in groupby(words, key=lambda one: one[0])
    )


def _word_bytes(how: str, word: str) -> bytes:
    data = word.encode("utf-8", "replace")
    if how == "b":
        return decoded(data, "base64")
    return decoded(data.replace(b"_", b"=20"), "quoted-printable")


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Read `type; name=value; …` as of Content-Type and Content-Disposition, whole or broken.

    Returns:
        The word before the parameters in small letters ('' if there is none), and the parameters by small name,
        RFC 2231 continuations joined and decoded.
    """
    text = decode(value[:_LONGEST_PARAMETERS])
    found = _TYPE.match(text)
    kind, start = (found[1].lower(), found.end()) if found else ("", 0)
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, one in enumerate(_PARAMETER.finditer(text, start)):
        if count == _MOST_PARAMETERS or (segment := _SEGMENT.fullmatch(one[1].lower())) is None:
            break
        given = re.sub(r"\\(.)", r"\1", one[2]) if one[2] is not None else one[3].strip()
        segments.setdefault(segment[1], {}).setdefault(int(segment[2] or 0), (given, bool(segment[3])))
    return kind, {name: _parameter(many) for name, many in segments.items()}


def _parameter(segments: dict[int, tuple[str, bool]]) -> str:
    in_order = [segments[number] for number in sorted(segments)]
    if not any(extended for _, extended in in_order):
        return "".join(text for text, _ in in_order)
    charset, _, rest = in_order[0][0].partition("'")
    first = rest.rpartition("'")[2] if "'" in rest else in_order[0][0]
    texts = [first, *(text for text, _ in in_order[1:])]
    return decode(b"".join(unquote_to_bytes(text) for text in texts), charset if "'" in rest else "")
