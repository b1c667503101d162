"""Routes by which leaders sign in and out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, answer, answers, body_of, network_of, page
from chalicelib.routes.passes import leave
from chalicelib.routes.sessions import refuse_other_pages, signed_in, start

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

ANSWERED_AFTER = 1.0
"""Seconds after which everybody who asks for a link is answered, whether a mail was sent or not."""

leader = Blueprint(__name__)


@leader.route("/api/sign-in", methods=["POST"], content_types=[FORM])
@answers(leader)
def ask_for_link() -> Response:
    """Mail a link to a leader; everybody gets the same answer, after the same time."""
    from chalicelib.doors.web import read_form
    from chalicelib.pages.leaders import write_sign_in
    from chalicelib.work.sign_in import ask_for_link as ask

    posted = read_form(body_of(leader.current_request))
    desk = wiring.desk()
    language = posted.text("language")
    desk = wiring.desk(language) if language in desk.school.languages else desk
    network = network_of(leader.current_request)
    until = time.monotonic() + ANSWERED_AFTER
    mailed = ask(desk, wiring.front(), posted.text("email"), network)
    time.sleep(max(0.0, until - time.monotonic()))
    logger.info("link asked for", extra={"mailed": mailed})
    return page(write_sign_in(desk.school, desk.language, coming=True), 202)


@leader.route("/api/session", methods=["POST"], content_types=[FORM])
@answers(leader)
def use_link() -> Response:
    """Sign in by the code of a mailed link, which comes in the body, so that no log ever holds it."""
    from chalicelib.doors.web import read_form
    from chalicelib.work.sign_in import use_link as use

    refuse_other_pages(leader.current_request)
    posted = read_form(body_of(leader.current_request))
    desk = wiring.desk()
    session = use(desk, wiring.front(), posted.text("code").strip().rpartition("#")[2])
    logger.info("signed in", extra={"role": session.leader.role})
    return start(desk, session, leader.current_request)


@leader.route("/api/sign-out", methods=["POST"], content_types=[FORM])
@answers(leader)
@signed_in(leader, "coach")
def sign_out(desk: Desk, session: Session) -> Response:
    """Sign out here, or everywhere."""
    from chalicelib.doors.web import read_form
    from chalicelib.work.sign_in import sign_out as end

    everywhere = read_form(body_of(leader.current_request)).text("intent") == "everywhere"
    end(desk, wiring.front(), session, everywhere=everywhere)
    return leave("/sign-in/")


@leader.route("/api/me", methods=["GET"])
@answers(leader)
@signed_in(leader, "coach")
def me(_desk: Desk, session: Session) -> Response:
    """Say who is signed in."""
    return answer({"name": session.leader.name, "role": session.leader.role})
