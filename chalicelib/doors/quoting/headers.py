"""The headers a mail program repeats above another mail's text: From, Sent, To, Subject, in many languages."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from chalicelib.doors.quoting.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_LABEL = 25
_LONGEST_BLOCK = 30
_MOST_BLANKS = 3
_LONG_SUBJECT = 55
_MOST_GLUED = 1000
_WRAPPED_OVER = 7

_KIND_OF_LABEL = {word.casefold(): kind for kind, words in WORDS["labels"].items() for word in words}
_LONGEST_FIRST = sorted(chain(*WORDS["labels"].values()), key=len, reverse=True)
_GLUED_LABEL = re.compile(f"({'|'.join(map(re.escape, _LONGEST_FIRST))})\\s?[:\uff1a]")

Headers = dict[str, str]
"""The values of `from`, `date`, `to`, `cc`, `subject`, as far as they are told."""


def read_block(plains: Sequence[str], at: int) -> tuple[Headers, int]:
    """Read headers that nothing introduces; a story may hold two such lines, so it takes more.

    Returns:
        No headers if they are too few, and the line after the last.
    """
    if not _label(plains[at])[0]:
        return {}, at
    headers, end = read_headers(plains, at)
    enough = 2 if "@" in headers.get("from", "") else 3
    return (headers, end) if "from" in headers and len(headers) >= enough else ({}, at)


def read_headers(plains: Sequence[str], start: int, *, introduced: bool = False) -> tuple[Headers, int]:
    """Read header lines; return them and the line after the last.

    Args:
        plains: all lines.
        start: where they may begin.
        introduced: a separator stands above, so a sender under a label we don't know is a sender.
    """
    headers: Headers = {}
    end, last = start, ""
    for at in range(start, min(len(plains), start + _LONGEST_BLOCK)):
        kind, value = _label(plains[at])
        if introduced and not headers and not kind and "@" in value:
            kind = "from"
        whole = "subject" in headers and "from" in headers
        if at - end > _MOST_BLANKS or (at > end and whole):
            break
        if kind and (kind not in headers or kind in {"cc", "other"}):
            headers[kind], end, last = value, at + 1, kind
        elif last and not kind and at == end and _continues(plains, at, last):
            headers[last], end = f"{headers[last]} {plains[at]}", at + 1
        elif plains[at]:
            break
    return headers, end


def _continues(plains: Sequence[str], at: int, last: str) -> bool:
    """Whether a line is the rest of the header above it."""
    line, above = plains[at], plains[at - 1]
    if last == "subject":
        following = plains[at + 1] if at + 1 < len(plains) else ""
        return bool(line) and bool(_label(following)[0] or (not following and len(above) >= _LONG_SUBJECT))
    return "@" in line or (bool(line) and above.endswith((",", ";", "<")))


def read_glued(plains: Sequence[str], at: int, after: str) -> tuple[Headers, int]:
    """Read headers that run together, as in Yahoo's plain text: “From: Ana <a@b.org>To: c@d.orgSubject: Hello”.

    Args:
        plains: all lines.
        at: the separator's line.
        after: what stands on it after the separator; if nothing, one line below it is read.

    Returns:
        No headers if sender and subject are not found, and the line after the last.
    """
    most = _WRAPPED_OVER if after else 1
    for end in range(at + 1, min(len(plains), at + 1 + most) + 1):
        headers = dict(_glued_values(" ".join([after, *plains[at + 1 : end]])[:_MOST_GLUED]))
        if "subject" in headers and "from" in headers:
            return headers, end
    return {}, at + 1


def _glued_values(text: str) -> Iterator[tuple[str, str]]:
    labels = list(_glued_labels(text))
    ends = [start for _, start, _ in labels[1:]] + [len(text)]
    for (kind, _, start), end in zip(labels, ends[: len(labels)], strict=True):
        yield kind, text[start:end].strip()


def _glued_labels(text: str) -> Iterator[tuple[str, int, int]]:
    seen: set[str] = set()
    for match in _GLUED_LABEL.finditer(text):
        kind = _KIND_OF_LABEL[match[1].casefold()]
        within_word = len(match[1]) <= 2 and text[: match.start()][-1:].isalpha()  # noqa: PLR2004 - “A:”, “De:”
        if kind in seen or within_word:
            continue
        seen.add(kind)
        yield kind, match.start(), match.end()
        if kind == "subject":
            return


def _label(line: str) -> tuple[str, str]:
    name, _, value = line.replace("\uff1a", ":", 1).partition(":")
    kind = _KIND_OF_LABEL.get(name.strip("*_| \t").casefold(), "") if len(name) <= _LONGEST_LABEL else ""
    return kind, value.strip("*_ \t")
