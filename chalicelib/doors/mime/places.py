"""Where a part belongs: shown as text, shown as HTML, or listed as an attachment (RFC 8621 section 4.1.4).

Beside the standard: a picture that is shown is listed too, and a damaged part is listed as `Text` whatever it says it
is, for nobody can tell what it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.doors.mime.bodies import decoded_size, is_sound
from chalicelib.doors.mime.html import text_of_html
from chalicelib.doors.mime.parts import Attached, Body, Budget, Draft, Part

_NOTICE = re.compile(r"\b(?:html|mime)\b", re.IGNORECASE)
_LONGEST_NOTICE = 400


@dataclass
class Frame:
    """A multipart that is being read; `wants_…` say which versions its parts still belong to."""

    draft: Draft
    delimiter: bytes
    subtype: str
    in_alternative: bool
    wants_text: bool
    wants_html: bool
    read_before: int
    rich_before: int
    seen: int = 0

    def finish(self) -> None:
        """Of alternatives whose plain version says nothing the rich one is read."""
        rich = self.draft.rich[self.rich_before :]
        if self.subtype == "alternative" and rich and _says_nothing(self.draft.reading[self.read_before :], rich):
            self.draft.reading[self.read_before :] = rich


def frame_inside(outer: Frame | None, draft: Draft, part: Part, subtype: str) -> Frame:
    """Open a multipart."""
    return Frame(
        draft=draft,
        delimiter=part.delimiter,
        subtype=subtype,
        in_alternative=subtype == "alternative" or (outer is not None and outer.in_alternative),
        wants_text=outer is None or outer.wants_text,
        wants_html=outer is None or outer.wants_html,
        read_before=len(draft.reading),
        rich_before=len(draft.rich),
    )


class Place:
    """Puts the parts of one mail where they belong, as far as its budget goes."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def part(self, part: Part, data: bytes, draft: Draft, frame: Frame | None) -> None:
        """Place a part that has an end."""
        shown = _is_shown(part, frame)
        if not is_sound(data, part.encoding):
            self.damaged(part, data, draft, frame)
        elif shown and part.is_text:
            self._show(part, data, draft, frame)
        else:
            size = decoded_size(data, part.encoding)
            draft.invites |= part.type == "text/calendar" and "method" in part.parameters
            draft.attachments.append(Attached(part.name, part.type, _kind(part, shown=shown), size))

    def damaged(self, part: Part, data: bytes, draft: Draft, frame: Frame | None) -> None:
        """List what can't be what it says it is; text of it that would have been shown is still read."""
        draft.attachments.append(Attached(part.name, part.type, "Text", len(data)))
        if part.is_text and _is_shown(part, frame):
            passed_over = part.type == "text/html" and frame is not None and frame.in_alternative
            (draft.rich if passed_over else draft.reading).append(self._budget.body(part, data))
        elif part.subtype is not None and not draft.remains:
            draft.remains.append(self._budget.body(part, data))

    def _show(self, part: Part, data: bytes, draft: Draft, frame: Frame | None) -> None:
        body = self._budget.body(part, data)
        if frame is not None and frame.in_alternative and frame.subtype != "alternative":
            if body.html:
                frame.wants_text = False
            else:
                frame.wants_html = False
        if not body.html and (frame is None or frame.wants_text):
            draft.texts.append(body.text)
            draft.reading.append(body)
        elif body.html and (frame is None or frame.wants_html):
            draft.htmls.append(body.text)
            rich = frame is not None and (frame.subtype == "alternative" or not frame.wants_text)
            (draft.rich if rich else draft.reading).append(body)


def _says_nothing(plain: list[Body], rich: list[Body]) -> bool:
    """Whether a plain version is blank, or only tells to read the HTML, of which the HTML says nothing."""
    text = "".join(body.text for body in plain).strip(" \t\n\xa0\u200b")
    if len(text) > _LONGEST_NOTICE or not (text == "" or _NOTICE.search(text)):
        return False
    return text == "" or not _NOTICE.search(" ".join(text_of_html(body.text) for body in rich) or text)


def _is_shown(part: Part, frame: Frame | None) -> bool:
    if part.attached or not (part.is_text or part.is_media):
        return False
    first = frame is None or frame.seen == 1
    return first or (frame is not None and frame.subtype != "related" and (part.is_media or part.name is None))


def _kind(part: Part, *, shown: bool) -> str:
    if shown:
        return "InlineBinary"
    if part.type == "text/html":
        return "Html"
    return "Text" if part.type.startswith("text/") else "Binary"
