"""Paragraphs that a mail program wrapped for the way are joined again: format=flowed, RFC 3676 section 4."""

from __future__ import annotations

import re

_QUOTE = re.compile(r">*")
_SIGNATURE = "-- "


def unflow(text: str, *, delsp: bool = False) -> str:
    """Join the lines of format=flowed text.

    Args:
        text: lines ending in LF.
        delsp: whether the space at a line's end was added for the way (DelSp=yes).

    Returns:
        One line for a paragraph; quoted ones begin with as many `>` as they are deep, then a space.
    """
    done: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quote, content = _parts(line)
        if paragraph and (quote != depth or content == _SIGNATURE):
            done.append(_quoted(depth, paragraph))
            paragraph = []
        depth = quote
        flows = content.endswith(" ") and content != _SIGNATURE
        paragraph.append(content[:-1] if flows and delsp else content)
        if not flows:
            done.append(_quoted(depth, paragraph))
            paragraph = []
    if paragraph:
        done.append(_quoted(depth, paragraph))
    return "\n".join(done)


def _parts(line: str) -> tuple[int, str]:
    found = _QUOTE.match(line)
    depth = found.end() if found else 0
    return depth, line[depth:].removeprefix(" ")


def _quoted(depth: int, paragraph: list[str]) -> str:
    text = "".join(paragraph)
    if text != _SIGNATURE:
        text = text.rstrip(" ")
    return f"{'>' * depth} {text}" if depth else text
