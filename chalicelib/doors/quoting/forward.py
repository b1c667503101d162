"""A forwarded mail, split into what its sender wrote and what was forwarded.

A sample text:

    Look at this!

    ---------- Forwarded message ---------
    From: Ana Diaz <ana@school.example>
    Subject: Reading day

    They read for an hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.doors.quoting.marks import WROTE, Mark, find_marks
from chalicelib.doors.quoting.signature import without_rules
from chalicelib.doors.quoting.words import ADDRESS, WORDS, is_quoted, lines_of, plain, unquoted, words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORWARD = frozenset(words_for("forward_prefixes"))
_REPLY = frozenset(words_for("reply_prefixes"))
_FILLERS = frozenset(WORDS["author_fillers"])
_TAG = re.compile(r"\[[^\[\]]{0,40}\]\s*")
_PREFIX = re.compile(r"([^\s:\uff1a\[\]()]{1,12}(?: [^\s:\uff1a\[\]()]{1,8})?)(?:[\[(]\d+[\])])?\.?\s?[:\uff1a]\s*")
_QUOTED_NAME = re.compile(r"[\"“”„«]\s*([^\"“”„«»]{1,100}?)\s*[\"“”»]?\s*$")
_MARKS_OF_NAMES = " \t\"'“”„«»,;<>[]()*-、\uff0c"
_IN_BRACKETS = re.compile(r"[<\[(]\s*(?:mailto:)?(" + ADDRESS.pattern + ")")
_BARE = re.compile(f"({ADDRESS.pattern})")
_INDENT = "    "


@dataclass(frozen=True)
class Forwarded:
    """A forwarded mail: the forwarder's own words before it, then its subject, text and sender as far as told."""

    message: str | None
    subject: str | None
    body: str
    from_name: str | None
    from_address: str | None


def split_forward(text: str, subject: str | None = None) -> Forwarded | None:
    """Split a mail that forwards another; of nested ones the outermost, the rest stays in its body.

    Args:
        text: the mail's plain text.
        subject: its subject, if known; "Fw:" (in any language) makes quoted text a forwarded mail, "Re:" a history.

    Returns:
        None if nothing is forwarded; a reply above quoted history forwards nothing. Lines that the sender wrote
        below quoted (">") lines of the forwarded mail are in neither part.
    """
    lines = lines_of(text)
    mark, start = _first_mark(lines), _first_quote(lines)
    if mark is None or start < mark.start:
        if start == len(lines) or not _has_prefix(subject, _FORWARD):
            return None
        mark = Mark("wrote", start, start)
    message = _message(lines[: mark.start])
    if not _is_forward(mark, message, subject):
        return None
    name, address = _author(mark)
    told = mark.headers.get("subject") or _without_prefix(subject)
    return Forwarded(message or None, told or None, _body(lines, mark), name, address)


def _first_mark(lines: Sequence[str]) -> Mark | None:
    marks = find_marks(lines)
    return marks[min(marks)] if marks else None


def _first_quote(lines: Sequence[str]) -> int:
    return next((at for at, line in enumerate(lines) if is_quoted(line) and plain(line)), len(lines))


def _is_forward(mark: Mark, message: str, subject: str | None) -> bool:
    """Weigh what the text and the subject say; without a subject, a block of headers means a forwarded mail."""
    if mark.kind == "forwarded" or _has_prefix(subject, _FORWARD):
        return True
    if mark.kind == "wrote" or _has_prefix(subject, _REPLY):
        return False
    return not (subject and subject.strip() and message)


def _prefix(subject: str | None) -> re.Match[str] | None:
    return _PREFIX.match(_TAG.sub("", plain(subject or ""), count=1))


def _has_prefix(subject: str | None, words: frozenset[str]) -> bool:
    match = _prefix(subject)
    return bool(match and match[1].rstrip(".").casefold() in words)


def _without_prefix(subject: str | None) -> str:
    match = _prefix(subject)
    known = match and match[1].rstrip(".").casefold() in _FORWARD | _REPLY
    return match.string[match.end() :] if match and known else plain(subject or "")


def _message(lines: Sequence[str]) -> str:
    return "\n".join(line.replace("\ufeff", "").rstrip() for line in without_rules(lines)).strip()


def _body(lines: Sequence[str], mark: Mark) -> str:
    """Take the forwarded mail's text out of its quoting or indentation."""
    body = [line.replace("\ufeff", "") for line in lines[mark.end :]]
    first = next((line for line in body if line.strip()), "")
    wholly_quoted = all(is_quoted(line) for line in body if line.strip())
    if is_quoted(first) and (wholly_quoted or not mark.headers or is_quoted(lines[mark.end - 1])):
        body = _quoted_part(body)
    if all(line.startswith(_INDENT) for line in body if line.strip()):
        body = [line.removeprefix(_INDENT) for line in body]
    return "\n".join(line if line.strip() else "" for line in body).strip()


def _quoted_part(body: Sequence[str]) -> list[str]:
    last = max(at for at, line in enumerate(body) if is_quoted(line))
    return [unquoted(line) for line in body[: last + 1]]


def _author(mark: Mark) -> tuple[str | None, str | None]:
    """Read the sender's name and address: “Ana Diaz <ana@school.example>” and its relatives."""
    text = mark.headers.get("from", "")
    address = _IN_BRACKETS.search(text) or _BARE.search(text)
    before = text[: address.start()] if address else text
    if mark.kind == "wrote":
        parts = [before] if address else WROTE.split(text, maxsplit=1)
        name = next(filter(None, map(_name_after_date, parts)), "")
    else:
        name = before.strip(_MARKS_OF_NAMES)
    known = address[1] if address else None
    return (name if name and name != known else None), known


def _name_after_date(before: str) -> str:
    """Find the name at the end of “28/10/2021 12:46, Ana Diaz” in any language's order."""
    if quoted := _QUOTED_NAME.search(before.rstrip(" <[(")):
        return quoted[1]
    words = re.split(r"[,\d:\uff1a、\uff0c]", before.rstrip(" :\uff1a"))[-1].strip(_MARKS_OF_NAMES).split()
    while words and words[0].rstrip(".") in _FILLERS:
        words.pop(0)
    return " ".join(words)
