"""The mails that answer a mail: a receipt, or one sentence that says why it was not kept."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from textwrap import indent
from typing import TYPE_CHECKING, cast

from chalicelib.domain.words import say
from chalicelib.doors.mail_checks import OURS
from chalicelib.work.desk import receipt_address

if TYPE_CHECKING:
    from chalicelib.domain.school import Link
    from chalicelib.doors.mail import Letter
    from chalicelib.work.desk import Desk, Receipt

_LONGEST_SUBJECT = 120
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,240}")


def write_receipt_mail(desk: Desk, receipt: Receipt, letter: Letter, own_address: str) -> bytes:
    """Write the receipt of a win that came by mail: how it appears and to whom, and how to change it."""
    win, shown = receipt.win, receipt.preview
    tags = " · ".join(cast("list[str]", shown["tags"]))
    lines = [say(desk.language, "receipt.thanks"), "", f"{say(desk.language, 'receipt.appears')}:", ""]
    lines += [f"{shown['kind']}: {shown['byline']}, {shown['day']}", "", indent(str(shown["story"]), "    "), ""]
    lines += [tags, ""] if tags else []
    lines += [f"{shown['seen_by']} {shown['author_note']}", ""]
    lines += [say(desk.language, "mail.quoted"), ""] if win.quoted else []
    lines += [say(desk.language, "mail.forwarded"), ""] if not letter.story else []
    lines += [say(desk.language, "mail.not_kept"), ""] if letter.mime.attachments else []
    lines += [say(desk.language, "mail.change"), receipt_address(desk, win), ""]
    lines += [_foot(desk)]
    return _message(desk, letter, own_address, "\n".join(lines), desk.school.link(win.link) if win.link else None)


def write_refusal_mail(desk: Desk, code: str, letter: Letter, own_address: str) -> bytes:
    """Write the one sentence that says why a mail was not kept."""
    sentence = say(desk.language, f"mail.refused.{code}", school=desk.school.name)
    return _message(desk, letter, own_address, f"{sentence}\n\n{_foot(desk)}", None)


def _foot(desk: Desk) -> str:
    names = {"shown_as": desk.school.shown_as, "school": desk.school.name, "url": desk.url}
    return "\n".join(("-- ", say(desk.language, "mail.foot", **names)))


def _message(desk: Desk, letter: Letter, own_address: str, text: str, link: Link | None) -> bytes:
    message = EmailMessage(policy=SMTP)
    subject = " ".join(letter.subject.split())[:_LONGEST_SUBJECT] or say(desk.language, "mail.subject")
    message["From"] = own_name(desk, own_address)
    message["To"] = letter.sender
    message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    if link:
        message["Reply-To"] = own_address.replace("@", f"+{link.code}@")
    if _MESSAGE_ID.fullmatch(letter.message_id):
        message["In-Reply-To"] = message["References"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message[OURS] = "answer"
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def own_name(desk: Desk, address: str) -> str:
    """Return who the school's mails are from."""
    plain = " ".join(_MARKS_OF_ADDRESSES.sub(" ", desk.school.shown_as).split())
    return f'"{plain}" <{address}>'


_MARKS_OF_ADDRESSES = re.compile(r'["\\<>()\[\]:;,@\x00-\x1f\x7f]')
"""What a long name loses its quotes around when its line is folded, and then ends the address."""
