"""Erasing for good: one win, or all that one sender left. What was published follows with the next publication.

That somebody erased is recorded with the removal or before it, so that none goes unrecorded. Whoever is interrupted
and starts again comes to the same end.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.errors import FieldProblem, Problem, WriteConflict
from chalicelib.domain.folding import folded
from chalicelib.domain.retention import BACKUPS_LAST, Erased
from chalicelib.doors.mail import read_letter
from chalicelib.doors.texts import normalised
from chalicelib.ports.leaders import Done
from chalicelib.work.amend import on_legal_hold, put_away, removed
from chalicelib.work.desk import hour_key, refusal_key
from chalicelib.work.secrets import contact_key

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.contact import Contact
    from chalicelib.domain.win import Win
    from chalicelib.ports import Inbox
    from chalicelib.ports.leaders import Record
    from chalicelib.work.desk import Desk

PUBLISHED_WITHIN = timedelta(hours=3)
"""In the evening, at night and at weekends; in a school's hours within fifteen minutes."""
_TRIES = 8
_HEAD_BYTES = 100_000
"""Of a mail, enough to tell whose it is."""
_COUNTED_FOR = timedelta(hours=72)
"""Longer than any count by a sender's number or address is kept."""


class Office(NamedTuple):
    """What erasing a sender needs besides the desk."""

    record: Record
    inbox: Inbox


@dataclass(frozen=True)
class Sender:
    """Who is to be erased: by the name that came with wins, by phone number, by mail address, or by several of them."""

    name: str = ""
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True)
class Traces:
    """What a sender left."""

    wins: list[Win]
    contact: Contact | None
    mails: tuple[str, ...] = ()
    """Names of mails that lie in the inbox: refused ones, or such as could not be dealt with yet."""

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the wins."""
        days = sorted(win.day for win in self.wins)
        return (days[0], days[-1]) if days else None

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {"wins": len(self.wins), "contacts": int(self.contact is not None), "mails": len(self.mails)}


def erase_win(desk: Desk, who: str, win_id: str) -> Erased:
    """Erase one win.

    Args:
        desk: where it is dealt with.
        who: the leader's mail address.
        win_id: the win's id.

    Raises:
        Problem: `on_hold`, `no_such_win`, `removed`, `busy`.
    """
    _refuse_on_hold(desk)
    win = desk.find(win_id)
    if win is None:
        raise Problem("no_such_win")
    if win.state == "deleted":
        raise Problem("removed")
    _erase(desk, win_id, Done(desk.now, who, "erased", win_id))
    return _receipt(desk, Traces([win], None))


def find_traces(desk: Desk, inbox: Inbox, sender: Sender) -> Traces:
    """Find what a sender left; a name is compared without case, accents and spare spaces. Reads all wins for a name.

    Raises:
        Problem: `fields`, if nothing says who is meant.
    """
    name = folded(sender.name)
    if not (name or sender.phone.strip() or sender.mail.strip()):
        raise Problem("fields", (FieldProblem("name", "needed"),))
    wins = {win.id: win for win in _named(desk, name)} if name else {}
    phone = normalised(sender.phone) if sender.phone.strip() else ""
    contact = desk.table.find_contact(contact_key(desk.keys, phone)) if phone else None
    last = desk.find(contact.last.win) if contact and contact.last else None
    if last and last.state != "deleted":
        wins[last.id] = last
    address = sender.mail.strip().lower()
    mails = tuple(name for name in inbox.names() if _sender_of(inbox, name) == address) if address else ()
    return Traces([wins[one] for one in sorted(wins)], contact, mails)


def erase_sender(desk: Desk, office: Office, who: str, sender: Sender) -> Erased:
    """Erase all that a sender left: wins, then what was known of the phone, then mails, then what was counted.

    Raises:
        Problem: `on_hold`, `fields`, `busy`.
    """
    _refuse_on_hold(desk)
    traces = find_traces(desk, office.inbox, sender)
    office.record.add_done(Done(desk.now, who, "erased_sender", str(len(traces.wins))))
    for win in traces.wins:
        _erase(desk, win.id)
    if traces.contact:
        desk.table.remove_contact(traces.contact.key)
    for name in traces.mails:
        office.inbox.remove_mail(name)
    if sender.mail.strip():
        for what, key in _counts_of(desk, sender.mail.strip().lower()):
            desk.table.take_back_count(what, key)
    return _receipt(desk, traces)


def _refuse_on_hold(desk: Desk) -> None:
    if on_legal_hold(desk):
        raise Problem("on_hold")


def _named(desk: Desk, name: str) -> Iterator[Win]:
    for week in desk.table.weeks():
        for win in desk.table.wins_of(week):
            if win.author.name and folded(win.author.name) == name:
                yield win


def _erase(desk: Desk, win_id: str, done: Done | None = None) -> None:
    """Erase a win as it is now, however often it changes meanwhile."""
    for attempt in range(_TRIES):
        win = desk.find(win_id)
        if win is None or win.state == "deleted":
            return
        try:
            put_away(desk, win, removed(win), done)
        except WriteConflict:
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads retries
        else:
            return
    raise Problem("busy")


def _sender_of(inbox: Inbox, name: str) -> str:
    found = inbox.fetch_mail(name, _HEAD_BYTES)
    return read_letter(found[0]).sender.strip().lower() if found else ""


def _counts_of(desk: Desk, address: str) -> Iterator[tuple[str, str]]:
    """Name what may have been counted of a mail address lately: refusals by day, links to sign in by hour."""
    for hours in range(int(_COUNTED_FOR / timedelta(hours=1)) + 1):
        moment = desk.now - timedelta(hours=hours)
        yield "SIGNINS", hour_key(desk, moment, "sign in", "address", address)
    for days in range(_COUNTED_FOR.days + 1):
        yield "REFUSED", refusal_key(desk, address, desk.today - timedelta(days=days))


def _receipt(desk: Desk, traces: Traces) -> Erased:
    wins, known = tuple(win.id for win in traces.wins), traces.contact is not None
    return Erased(wins, known, len(traces.mails), desk.now + PUBLISHED_WITHIN, desk.today + BACKUPS_LAST)
