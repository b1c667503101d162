"""A mail becomes a win, and its sender gets a receipt; each once, however often the mail is delivered."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import MAX_PART, Submission
from chalicelib.doors.mail import Letter, read_letter
from chalicelib.doors.mail_checks import machine_reason
from chalicelib.ports import Inbox, Mailer, Undeliverable, Unsent
from chalicelib.work.answers import claim_answer, release_answer
from chalicelib.work.desk import refusal_key
from chalicelib.work.mail_answers import write_receipt_mail, write_refusal_mail
from chalicelib.work.secrets import keyed, source_of
from chalicelib.work.submit import submit_win

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk, Receipt

MOST_BYTES = 10_000_000
"""A larger mail is not read; only its head is, to tell its sender."""
_HEAD_BYTES = 100_000


@dataclasses.dataclass(frozen=True)
class PostOffice:
    """Where mail comes from and goes to."""

    inbox: Inbox
    mailer: Mailer
    address: str
    """Where wins are mailed to, such as `wins@maplerow.example`."""


def receive_mail(desk: Desk, office: PostOffice, name: str) -> str:
    """Deal with one mail of the inbox.

    What became a win, or came from a machine, is removed from the inbox; what a person sent in vain stays until the
    bucket forgets it, so that it can be tried again once the reason is mended.

    Args:
        desk: where it is dealt with.
        office: where mail comes from and goes to.
        name: of the mail in the inbox.

    Returns:
        What became of it, for the log: `stored`, `repeated`, `removed`, `gone`, or the reason it was refused.

    Raises:
        Exception: whatever kept it from being stored or answered; it is to be delivered again.
    """
    found = office.inbox.fetch_mail(name, MOST_BYTES)
    if found is None:
        return "gone"
    raw, size = found
    letter = read_letter(raw if size <= MOST_BYTES else raw[:_HEAD_BYTES])
    if letter.language in desk.school.languages:
        desk = dataclasses.replace(desk, language=str(letter.language))
    if reason := machine_reason(letter.mime, office.address):
        office.inbox.remove_mail(name)
        return reason
    if refusal := refusal_of(desk, letter, too_large=size > MOST_BYTES) or _over_limit(desk, letter):
        return _refuse(desk, office, letter, refusal)
    return _keep(desk, office, letter, name)


def refusal_of(desk: Desk, letter: Letter, *, too_large: bool) -> str | None:
    """Tell why a mail of a person is not kept, if it is not."""
    if desk.school.district is not None:
        return "no_wins_here"
    if not desk.school.may_mail(letter.sender):
        return "sender_unknown"
    if too_large:
        return "too_large"
    return None if letter.told else "nothing_left"


def _over_limit(desk: Desk, letter: Letter) -> str | None:
    sent = desk.limits.count(desk.now, "mail", letter.sender.lower())
    return "too_many" if sent > desk.school.mail.per_hour else None


def _keep(desk: Desk, office: PostOffice, letter: Letter, name: str) -> str:
    nonce = _nonce(desk, letter, name)
    try:
        receipt = submit_win(desk, _submission(desk, letter, nonce), "mail")
    except Problem as problem:
        if problem.code == "fields":
            return _refuse(desk, office, letter, "too_long")
        if problem.code not in {"removed", "withdrawn", "nonce_reused"}:
            raise
        office.inbox.remove_mail(name)
        return "repeated" if problem.code == "nonce_reused" else "removed"
    new = _send_receipt(desk, office, letter, receipt, nonce)
    office.inbox.remove_mail(name)
    return "stored" if new else "repeated"


def _nonce(desk: Desk, letter: Letter, name: str) -> str:
    """Name the mail: by its Message-ID and words, for some programs give every mail the same id.

    Where nothing about a sender is kept, by its words and day alone.
    """
    if desk.school.privacy.default_author == "anonymous":
        return keyed(desk.keys, "mail", str(desk.today), letter.told)
    return keyed(desk.keys, "mail", letter.message_id or name, letter.sender, letter.told)


def _submission(desk: Desk, letter: Letter, nonce: str) -> Submission:
    told = {"kind": letter.kind, "story": letter.told, "nonce": nonce}
    if quoted := letter.quoted:
        told["quoted"] = quoted if len(quoted) <= MAX_PART else f"{quoted[: MAX_PART - 1]}…"
    if link := letter.link(desk.school):
        told["link"] = link
    return parse(Submission, json.dumps(told).encode())


def _send_receipt(desk: Desk, office: PostOffice, letter: Letter, receipt: Receipt, nonce: str) -> bool:
    """Send the receipt unless it was sent before; returns whether it was this time."""
    source = source_of(desk.keys, "mail", nonce, b"")
    if not claim_answer(desk, source):
        return False
    message = write_receipt_mail(desk, receipt, letter, office.address)
    try:
        office.mailer.send_mail(letter.sender, message)
    except Undeliverable:
        return True
    except Unsent:
        release_answer(desk, source)
        raise
    return True


def _refuse(desk: Desk, office: PostOffice, letter: Letter, code: str) -> str:
    """Say once a day to one address why its mail was not kept."""
    key = refusal_key(desk, letter.sender.lower(), desk.today)
    if desk.table.count_up("REFUSED", key, desk.today + timedelta(days=2)) == 1:
        try:
            office.mailer.send_mail(letter.sender, write_refusal_mail(desk, code, letter, office.address))
        except Undeliverable:
            return code
        except Unsent:
            desk.table.take_back_count("REFUSED", key)
            raise
    return code
