r"""A mail as it came (raw MIME, RFC 5322 and 2045 to 2049, whole or broken) becomes one small plain structure.

`b"From: Ana <ana@school.example>\nSubject: Fractions\n\nTwo hands went up.\n"` → `Mime(subject="Fractions",
from_name="Ana", from_address="ana@school.example", text="Two hands went up.\n", …)`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from chalicelib.doors.mime.address import first_mailbox
from chalicelib.doors.mime.flowed import unflow
from chalicelib.doors.mime.headers import decoded_header
from chalicelib.doors.mime.html import text_of_html
from chalicelib.doors.mime.parts import Budget, Draft
from chalicelib.doors.mime.split import split

if TYPE_CHECKING:
    from chalicelib.doors.mime.parts import Body

MOST_BYTES = 40_000_000
"""What Amazon SES accepts; what comes after is not looked at."""
MOST_PARTS = 1_000
MOST_CHARACTERS = 500_000
"""Of all texts of one mail, and of those forwarded in it."""

_PAGE = re.compile(r"\s{0,99}<(?:!doctype html|html)[\s>]", re.IGNORECASE)
"""Some programs call a page `text/plain`."""

Kind = Literal["Text", "Html", "Binary", "InlineBinary", "Message"]


@dataclass(frozen=True)
class Attachment:
    """What came along, never opened: its name, its type in small letters, its size in bytes."""

    name: str | None
    type: str
    kind: Kind
    size: int


@dataclass(frozen=True)
class Mime:
    """One mail.

    `headers` are in order and decoded, one clean line each; `texts` and `htmls` are its body parts as they were sent,
    with LF; `text` is what a reader sees, as plain text; `forwarded` are the mails attached to it. `truncated` says
    that parts or text were left out because there was too much of them, `invites` that a calendar wrote it (RFC 6047).
    """

    headers: tuple[tuple[str, str], ...]
    subject: str
    from_name: str
    from_address: str
    texts: tuple[str, ...]
    htmls: tuple[str, ...]
    text: str
    attachments: tuple[Attachment, ...]
    forwarded: tuple[Mime, ...]
    truncated: bool
    invites: bool = False

    def first(self, name: str) -> str:
        """Return the topmost header of that name, '' if there is none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Return all headers of that name, topmost first."""
        return [value for given, value in self.headers if given.lower() == name.lower()]


def read_mime(raw: bytes) -> Mime:
    """Read a mail; never raises, whatever the bytes are.

    Args:
        raw: the mail as it came over the wire or lies in a file, with any line ends.
    """
    budget = Budget(MOST_PARTS, MOST_CHARACTERS, truncated=len(raw) > MOST_BYTES)
    data = raw[:MOST_BYTES]
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    draft = split(data, budget)
    return _finished(draft, truncated=budget.truncated)


def _finished(draft: Draft, *, truncated: bool) -> Mime:
    headers = tuple((name, decoded_header(value)) for name, value in draft.fields)
    topmost = {name.lower(): value for name, value in reversed(draft.fields)}
    name, address = first_mailbox(topmost.get("from", b""))
    return Mime(
        headers=headers,
        subject=decoded_header(topmost.get("subject", b"")),
        from_name=name,
        from_address=address,
        texts=tuple(draft.texts),
        htmls=tuple(draft.htmls),
        text="\n\n".join(_plain(body) for body in draft.reading or draft.rich or draft.remains),
        attachments=tuple(
            Attachment(one.name, one.type, cast("Kind", one.kind), one.size) for one in draft.attachments
        ),
        forwarded=tuple(_finished(one, truncated=truncated) for one in draft.forwarded),
        truncated=truncated,
        invites=draft.invites,
    )


def _plain(body: Body) -> str:
    if body.html or _PAGE.match(body.text):
        return text_of_html(body.text)
    return unflow(body.text, delsp=body.delsp) if body.flowed else body.text
