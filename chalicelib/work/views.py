"""A link to look at the dashboard, for a meeting: it ends by itself, can be taken back, shows stories only if asked.

Its secret is told once, to the leader who opens it; what is kept is a keyed hash.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem
from chalicelib.domain.view import View
from chalicelib.ports.leaders import Done, Record
from chalicelib.ports.passes import Views
from chalicelib.work.secrets import keyed
from chalicelib.work.sign_in import leader_key

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

MOST_HOURS = 24 * 30
USUAL_HOURS = 24


@dataclass(frozen=True)
class Links:
    """Where links are kept, and where it is written down who opened them."""

    views: Views
    record: Record


def open_view(desk: Desk, links: Links, session: Session, hours: int, *, stories: bool) -> str:
    """Open a link and return its address; its secret stands behind `#`, so that no log ever holds it."""
    secret = secrets.token_urlsafe(32)
    owner = leader_key(desk, session.leader)
    view = View(_named(desk, secret), owner, desk.now + timedelta(hours=hours), stories=stories)
    links.views.save_view(view)
    links.record.add_done(Done(desk.now, session.leader.email, "opened_view", view.short))
    return f"{desk.url}/view{desk.ending}#{secret}"


def take_view_back(desk: Desk, links: Links, session: Session, short: str) -> None:
    """End a link by its short name; one that is gone is no error."""
    for view in links.views.standing_views(desk.now):
        if view.short == short:
            links.views.end_view(view.name)
            links.record.add_done(Done(desk.now, session.leader.email, "revoked_view", view.short))


def read_view(desk: Desk, views: Views, secret: str) -> View:
    """Return the link that somebody holds; one goes when the leader who opened it does.

    Raises:
        Problem: `view_over`.
    """
    view = views.find_view(_named(desk, secret), desk.now) if secret else None
    if view is None or view.leader not in _who_may_open(desk):
        raise Problem("view_over")
    return view


def standing(desk: Desk, views: Views) -> list[tuple[View, str]]:
    """List the links that stand, each with the name of the leader who opened it."""
    names = _who_may_open(desk)
    return [(view, names[view.leader]) for view in views.standing_views(desk.now) if view.leader in names]


def _who_may_open(desk: Desk) -> dict[str, str]:
    return {leader_key(desk, one): one.name for one in desk.school.leaders if one.role != "coach"}


def _named(desk: Desk, secret: str) -> str:
    return keyed(desk.keys, "view", secret)
