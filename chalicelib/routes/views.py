"""Routes for links by which others look at the dashboard: leaders open, list and take them back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.routes.http import FORM, answer, answers, body_of, page
from chalicelib.routes.passes import views_cookies
from chalicelib.routes.sessions import VIEW, is_browser, refuse_other_pages, see_other, set_cookie, signed_in

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session
    from chalicelib.work.views import Links

views = Blueprint(__name__)


@views.route("/api/views", methods=["POST"], content_types=[FORM])
@answers(views)
@signed_in(views, "leader")
def open_view(desk: Desk, session: Session) -> Response:
    """Open a link and show it, this once."""
    from chalicelib.doors.web import read_form
    from chalicelib.pages.views import write_views
    from chalicelib.work.views import MOST_HOURS, USUAL_HOURS, standing
    from chalicelib.work.views import open_view as open_new

    posted = read_form(body_of(views.current_request))
    hours = posted.text("hours") or str(USUAL_HOURS)
    if not re.fullmatch(r"[1-9]\d{0,2}", hours, re.ASCII) or int(hours) > MOST_HOURS:
        raise Problem("fields", (FieldProblem("hours", "not_valid"),))
    stories = posted.text("stories") == "yes"
    link = open_new(desk, _links(), session, int(hours), stories=stories)
    return page(write_views(desk.school, desk.language, standing(desk, wiring.views()), link=link), 201)


@views.route("/api/views", methods=["GET"])
@answers(views)
@signed_in(views, "leader")
def list_views(desk: Desk, _session: Session) -> Response:
    """List the links that stand: a page for a browser, JSON for a script."""
    from chalicelib.pages.views import write_views
    from chalicelib.work.views import standing

    found = standing(desk, wiring.views())
    if is_browser(views.current_request):
        return page(write_views(desk.school, desk.language, found))
    listed = [
        {"id": view.short, "until": view.until.isoformat(), "stories": view.stories, "opened_by": name}
        for view, name in found
    ]
    return answer({"views": listed})


@views.route("/api/views/revoke", methods=["POST"], content_types=[FORM])
@answers(views)
@signed_in(views, "leader")
def take_view_back(desk: Desk, session: Session) -> Response:
    """Take a link back; who looks by it sees nothing new within fifteen minutes."""
    from chalicelib.doors.web import read_form
    from chalicelib.work.views import take_view_back as take_back

    short = read_form(body_of(views.current_request)).text("id")
    take_back(desk, _links(), session, short)
    return see_other("/api/views")


@views.route("/api/view", methods=["POST"], content_types=[FORM])
@answers(views)
def use_view() -> Response:
    """Let somebody look by a link, whose secret comes in the body, so that no log ever holds it."""
    from chalicelib.doors.web import read_form
    from chalicelib.work.views import read_view

    refuse_other_pages(views.current_request)
    secret = read_form(body_of(views.current_request)).text("code").strip().rpartition("#")[2]
    desk = wiring.desk()
    view = read_view(desk, wiring.views(), secret)
    to, cookies = views_cookies(desk, view)
    return see_other(to, set_cookie(VIEW, secret, int((view.until - desk.now).total_seconds())), *cookies)


def _links() -> Links:
    from chalicelib.work.views import Links

    return Links(wiring.views(), wiring.front().record)
