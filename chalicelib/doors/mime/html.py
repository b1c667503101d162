r"""An HTML mail becomes the plain text that its program would have written beside it.

Answered text is quoted (`> …`) or stands under the line that Outlook draws above it, so that what cuts quotes out of
plain mails cuts them out of these too.

`<div>Yes!</div><div class="gmail_quote">On Monday Ana wrote:<blockquote>Did it work?</blockquote></div>` →
`Yes!\nOn Monday Ana wrote:\n\n> Did it work?`
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from chalicelib.doors.mime.charsets import clean_text
from chalicelib.doors.mime.html_lines import DEEPEST_QUOTE, Lines
from chalicelib.doors.mime.html_tags import Tag, words_and_tags

MOST_CHARACTERS = 1_000_000
MOST_PIECES = 100_000
"""Tags and what is between them; the longest newsletters have 10,000."""

_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table", "hr"}
_BLOCKS = _PARAGRAPHS | {
    *("address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"),
    *("form", "header", "html", "li", "main", "nav", "section", "tbody", "tfoot", "thead", "tr"),
}
_NEVER_AWAITED = {"p", "li", "b", "i", "u", "a", "em", "strong", "font", "o:p"}
"""Often left open or closed in the wrong order; of no consequence, so nobody waits for their end."""
_WITHOUT_END = {"br", "hr", "img", "meta", "link", "input", "wbr", "col", "base", "area", "embed", "source"}
_CELLS = {"td", "th"}

_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all")
_KEEPS_SPACES = re.compile(r"white-space\s{0,9}:\s{0,9}pre")
_QUOTE = re.compile(r"yahoo_quoted|protonmail_quote_body")
_ANSWERED = re.compile(r"divrplyfwdmsg|reference-message")
_WORD_BORDER = re.compile(
    r"border:\s{0,9}none;\s{0,9}border-top:\s{0,9}solid [^;]{1,30};\s{0,9}padding:\s{0,9}3\.0pt 0"
)
_LONGEST_EMOJI = 8


def text_of_html(html: str) -> str:
    """Turn an HTML mail into plain text; never raises.

    Args:
        html: a whole page or a piece of one, well-formed or not; what comes after `MOST_CHARACTERS`
            or `MOST_PIECES` is left out.

    Returns:
        Lines ending in LF, one empty line at most between two others; no control characters.
    """
    page = _Page()
    for piece in islice(words_and_tags(html[:MOST_CHARACTERS]), MOST_PIECES):
        if isinstance(piece, str):
            page.write(piece)
        elif piece.closes:
            page.close(piece.name)
        else:
            page.open(piece)
    return clean_text(page.text())


class _Open(NamedTuple):
    name: str
    hides: bool
    quotes: bool
    keeps_spaces: bool
    answers: bool


def _described(tag: Tag) -> _Open:
    marks = " ".join(tag.attributes.get(name, "") for name in ("class", "id"))
    style = tag.attributes.get("style", "")
    return _Open(
        tag.name,
        hides="hidden" in tag.attributes or _HIDDEN.search(style) is not None,
        quotes=tag.name == "blockquote" or _QUOTE.search(marks) is not None,
        keeps_spaces=tag.name == "pre" or _KEEPS_SPACES.search(style) is not None,
        answers=bool(_ANSWERED.search(marks) or _WORD_BORDER.search(style)),
    )


@lru_cache(maxsize=256)
def _bare(name: str) -> _Open:
    return _described(Tag(closes=False, name=name, attributes={}))


class _Page:
    """Follows the tags: what is hidden, what is quoted, where lines end."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._open: list[_Open] = []
        self._names = Counter[str]()
        self._hidden = self._quotes = self._spaces = 0
        self._tight = False  # Word sets its paragraphs without space between

    def text(self) -> str:
        """Return what was shown."""
        return self._lines.text()

    def write(self, text: str) -> None:
        """Show text where tags allow it."""
        if self._hidden or not text:
            return
        if not self._spaces:
            self._lines.add(text)
            return
        *whole, rest = text.replace("\r", "").split("\n")
        for line in whole:
            self._lines.add(line)
            self._lines.end(keeps_spaces=True, even_empty=True)
        if rest:
            self._lines.add(rest)

    def open(self, tag: Tag) -> None:
        """Take an opening tag."""
        one = _described(tag) if tag.attributes else _bare(tag.name)
        if not self._hidden and not one.hides:
            if tag.name == "p":
                self._tight = tag.attributes.get("class", "").startswith("mso")
            self._break(tag.name)
            self._show(tag, answered=one.answers)
        if tag.name not in _WITHOUT_END and (tag.name not in _NEVER_AWAITED or one.hides):
            self._open.append(one)
            self._names[tag.name] += 1
            self._count(one, 1)

    def close(self, name: str) -> None:
        """Take a closing tag: what was opened inside is closed too; one that nothing opened is passed over."""
        if not self._hidden:
            self._break(name)
        while self._names[name]:
            one = self._open.pop()
            self._names[one.name] -= 1
            self._count(one, -1)
            if one.name == name:
                break

    def _break(self, name: str) -> None:
        if name not in _BLOCKS:
            return
        self._lines.end(keeps_spaces=bool(self._spaces))
        if name in _PARAGRAPHS and not (name == "p" and self._tight):
            self._lines.gap()

    def _show(self, tag: Tag, *, answered: bool) -> None:
        if tag.name == "br":
            self._lines.end(keeps_spaces=bool(self._spaces), even_empty=True)
        elif tag.name == "hr" or answered:
            self._lines.end()
            self._lines.rule()
        elif tag.name == "li":
            self._lines.bullet()
        elif tag.name in _CELLS:
            self._lines.add(" ")
        elif tag.name == "img":
            alt = tag.attributes.get("alt", "")
            self._lines.add(alt if len(alt) <= _LONGEST_EMOJI and not alt.isascii() else "")

    def _count(self, one: _Open, step: int) -> None:
        if one.quotes:
            self._lines.end()
        self._hidden += step * one.hides
        self._quotes += step * one.quotes
        self._spaces += step * one.keeps_spaces
        self._lines.depth = min(self._quotes, DEEPEST_QUOTE)
