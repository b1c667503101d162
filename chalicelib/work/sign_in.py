"""Leaders sign in by a mailed link: it works once, for fifteen minutes, and only by a button.

Nothing tells an address that may from one that may not: the answer is the same, and so is the time it takes (the edge
sees to that).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem
from chalicelib.domain.words import say
from chalicelib.ports import Mailer, Undeliverable
from chalicelib.ports.leaders import Done, Record, SignIns
from chalicelib.work.desk import count_in_hour
from chalicelib.work.mail_answers import own_name
from chalicelib.work.secrets import keyed

if TYPE_CHECKING:
    from chalicelib.domain.school import Leader
    from chalicelib.work.desk import Desk

LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
_PER_ADDRESS, _PER_NETWORK = 5, 40
"""Links asked for in an hour, from one address and one network."""


@dataclass(frozen=True)
class Front:
    """What signing in needs besides the desk."""

    sign_ins: SignIns
    record: Record
    mailer: Mailer
    address: str
    """Where the school's mails are from."""


@dataclass(frozen=True)
class Session:
    """Somebody who signed in."""

    leader: Leader
    cookie: str


def ask_for_link(desk: Desk, front: Front, email: str, network: str) -> bool:
    """Mail a link to a leader of the school; to anybody else nothing.

    Args:
        desk: where it is dealt with.
        front: what it needs besides.
        email: as it was typed.
        network: the address of the computer it came from; only counted, by a keyed hash.

    Returns:
        Whether a link was mailed, for the log; whoever asked is never told.
    """
    email = email.strip().lower()
    if not (_is_within(desk, "network", network, _PER_NETWORK) and _is_within(desk, "address", email, _PER_ADDRESS)):
        return False
    leader = desk.school.leader_at(email)
    if leader is None:
        return False
    token = secrets.token_urlsafe(32)
    front.sign_ins.save_link(_named(desk, token), leader_key(desk, leader), desk.now + LINK_LASTS)
    try:
        front.mailer.send_mail(leader.email, _mail(desk, front.address, leader, token))
    except Undeliverable:
        return False
    return True


def use_link(desk: Desk, front: Front, token: str) -> Session:
    """Turn a link into a session, once.

    Raises:
        Problem: `link_used`, if it was used, is too old, or never was.
    """
    leader = _leader_of(desk, front.sign_ins.take_link(_named(desk, token), desk.now))
    if leader is None:
        raise Problem("link_used")
    return open_session(desk, front, leader)


def open_session(desk: Desk, front: Front, leader: Leader, vouched_by: str = "") -> Session:
    """Sign somebody in who has shown who they are: by a mailed link, or because a provider vouches for them."""
    name = secrets.token_urlsafe(32)
    front.sign_ins.save_session(leader_key(desk, leader), _named(desk, name), desk.now + SESSION_LASTS)
    front.record.add_done(Done(desk.now, leader.email, "signed_in", vouched_by))
    return Session(leader, f"{leader_key(desk, leader)}.{name}")


def read_session(desk: Desk, front: Front, cookie: str) -> Session:
    """Return who is signed in; what they may do is what the school file says now.

    Raises:
        Problem: `sign_in_first`.
    """
    owner, _, name = cookie.partition(".")
    leader = _leader_of(desk, owner)
    if leader is None or not name or not front.sign_ins.has_session(owner, _named(desk, name), desk.now):
        raise Problem("sign_in_first")
    return Session(leader, cookie)


def sign_out(desk: Desk, front: Front, session: Session, *, everywhere: bool) -> None:
    """End this session, or all of this leader's."""
    owner, _, name = session.cookie.partition(".")
    if everywhere:
        front.sign_ins.end_sessions(owner)
    else:
        front.sign_ins.end_session(owner, _named(desk, name))
    front.record.add_done(Done(desk.now, session.leader.email, "signed_out", "everywhere" if everywhere else ""))


def leader_key(desk: Desk, leader: Leader) -> str:
    """Name a leader in the table and the cookie."""
    return keyed(desk.keys, "leader", leader.email)


def _leader_of(desk: Desk, key: str | None) -> Leader | None:
    return next((one for one in desk.school.leaders if leader_key(desk, one) == key), None)


def _named(desk: Desk, secret: str) -> str:
    return keyed(desk.keys, "sign in", secret)


def _is_within(desk: Desk, what: str, who: str, most: int) -> bool:
    return count_in_hour(desk, "SIGNINS", "sign in", what, who) <= most


def _mail(desk: Desk, address: str, leader: Leader, token: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = own_name(desk, address), leader.email
    message["Subject"] = " ".join(say(desk.language, "signin.subject", shown_as=desk.school.shown_as).split())
    message["Auto-Submitted"] = "auto-generated"
    link = f"{desk.url}/sign-in{desk.ending}#{token}"
    message.set_content(say(desk.language, "signin.mail", name=leader.name, school=desk.school.name, link=link))
    return message.as_bytes()
