"""Routes by which leaders sign in with an account at Google or Microsoft, by OpenID Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, answers, body_of, page, render_problem, sentence_of
from chalicelib.routes.sessions import cookie_of, is_browser, refuse_other_pages, set_cookie, start

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk

_AWAY = "__Host-away"

oidc = Blueprint(__name__)


@oidc.route("/api/oidc/start", methods=["POST"], content_types=[FORM])
@answers(oidc)
def set_out() -> Response:
    """Send a browser to a provider, by a page: a form may not lead to another origin (`form-action`)."""
    from chalicelib.doors.web import read_form
    from chalicelib.pages.leaders import write_going
    from chalicelib.work.oidc import AWAY_AT_MOST
    from chalicelib.work.oidc import set_out as set_off

    refuse_other_pages(oidc.current_request)
    posted = read_form(body_of(oidc.current_request))
    desk = wiring.desk()
    language = posted.text("language")
    desk = wiring.desk(language) if language in desk.school.languages else desk
    try:
        away = set_off(desk, wiring.identity(), posted.text("provider"))
    except Problem as problem:
        return _told(desk, problem)
    found = page(write_going(desk.school, desk.language, away.provider.name, away.address))
    found.headers["Set-Cookie"] = [set_cookie(_AWAY, away.remembered, int(AWAY_AT_MOST.total_seconds()))]
    return found


@oidc.route("/api/oidc/callback", methods=["GET"])
@answers(oidc)
def come_back() -> Response:
    """Sign in who comes back from a provider."""
    from chalicelib.work.oidc import Back, language_of_return, return_from

    asked = dict(oidc.current_request.query_params or {})
    remembered = cookie_of(oidc.current_request, _AWAY)
    desk = wiring.desk()
    desk = wiring.desk(language_of_return(desk, remembered))
    back = Back(*(str(asked.get(name) or "") for name in ("state", "code", "iss")))
    try:
        session = return_from(desk, wiring.front(), wiring.identity(), remembered, back)
    except Problem as problem:
        return _told(desk, problem)
    logger.info("signed in", extra={"role": session.leader.role, "by": "oidc"})
    found = start(desk, session, oidc.current_request)
    found.headers["Set-Cookie"] = [set_cookie(_AWAY, "", 0), *found.headers["Set-Cookie"]]
    return found


def _told(desk: Desk, problem: Problem) -> Response:
    """Answer a problem with the page on which somebody can try again; a program gets it as all others."""
    from chalicelib.pages.leaders import write_sign_in

    why = str(problem.__cause__ or "")
    logger.info("refused", extra={"code": problem.code, "why": why})
    if not is_browser(oidc.current_request):
        return render_problem(problem, desk.language)
    return page(write_sign_in(desk.school, desk.language, problem=sentence_of(problem, desk.language)), problem.status)
