"""HTML is cut into words and tags in one walk; what never ends is not looked for twice.

Python's own `html.parser` (3.11.7) needs minutes for 600 kB of `<!--` or of `<a `. Nothing is mended here as a browser
would: a mail is read, never shown.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"""<(/?)([a-zA-Z][\w:-]{0,40})(?![\w:-])((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>""")
_BROKEN_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})(?![\w:-])([^<>]*+)>")
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(class|id|style|hidden|alt)(?![\w-])(?:\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"']+))?"
)
_LONGEST_ATTRIBUTES = 4_000
_UNSEEN = {"script", "style", "title", "template", "svg", "math", "select", "textarea", "iframe", "object", "xml"}
_NEVER_TEXT = {"script", "style"}
_HUGE_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")


class Tag(NamedTuple):
    """A tag: whether it closes, its name in small letters, the attributes that tell what is shown how."""

    closes: bool
    name: str
    attributes: dict[str, str]


def words_and_tags(text: str) -> Iterator[str | Tag]:
    """Yield texts with their entities decoded, and tags; no comments, declarations, scripts or styles."""
    ends, at = _Ends(text), 0
    while (less := text.find("<", at)) >= 0:
        if less > at:
            yield _unescaped(text[at:less])
        found = _TAG.match(text, less) or _BROKEN_TAG.match(text, less)
        if found:
            tag = Tag(bool(found[1]), found[2].lower(), _attributes(found[3]))
            at = found.end() if tag.closes or tag.name not in _UNSEEN else ends.of_unseen(tag.name, found.end())
            yield tag
        elif text.startswith(("!", "?", "/"), less + 1):
            at = ends.of_comment(less)
        else:
            yield "<"
            at = less + 1
    yield _unescaped(text[at:])


class _Ends:
    """Looks for ends, and remembers which there are no more of."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lacking: set[str] = set()

    def of_comment(self, start: int) -> int:
        if self._text.startswith("<!--", start):
            return self._past("-->", start + 2) or len(self._text)
        return self._past(">", start) or start + 1

    def of_unseen(self, name: str, start: int) -> int:
        """A script without an end reaches to the end; anything else without one is passed over as a tag."""
        return self._past(f"</{name}", start) or (len(self._text) if name in _NEVER_TEXT else start)

    def _past(self, end: str, start: int) -> int | None:
        if end in self._lacking:
            return None
        found = re.compile(re.escape(end), re.IGNORECASE).search(self._text, start)
        if found is None:
            self._lacking.add(end)
            return None
        return found.start() if end.startswith("</") else found.end()


def _attributes(given: str) -> dict[str, str]:
    if not given or given.isspace():
        return {}
    found = _ATTRIBUTE.findall(given[:_LONGEST_ATTRIBUTES].lower())
    return {name: value.strip("\"'") for name, value in reversed(found)}


def _unescaped(text: str) -> str:
    return html.unescape(_HUGE_NUMBER.sub("\ufffd", text)) if "&" in text else text
