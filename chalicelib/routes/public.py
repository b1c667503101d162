"""Routes for anyone with a link or a receipt."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Change, Submission
from chalicelib.domain.words import say
from chalicelib.doors.web import read_form
from chalicelib.routes.http import (
    FORM,
    JSON,
    answer,
    answers,
    bearer_of,
    body_of,
    is_form,
    language_of,
    log_win,
    network_of,
)
from chalicelib.work.amend import change_win, open_win, remove_win
from chalicelib.work.desk import Desk, Receipt
from chalicelib.work.limits import refuse_flood
from chalicelib.work.submit import submit_win

public = Blueprint(__name__)


@public.route("/api/wins", methods=["POST"], content_types=[JSON, FORM])
@answers(public)
def send_win() -> Response:
    """Store a win: JSON is answered with JSON, a form with its receipt page."""
    body = body_of(public.current_request)
    if is_form(public.current_request):
        from chalicelib.routes.forms import answer_form

        return answer_form(read_form(body), network_of(public.current_request))
    submission = parse(Submission, body)
    desk = wiring.desk(language_of(public.current_request))
    refuse_flood(desk, submission.link or "", network_of(public.current_request))
    receipt = submit_win(desk, submission, "web")
    log_win("stored", receipt.win)
    return answer(_accepted(receipt), 201)


@public.route("/api/wins/{win_id}", methods=["GET"])
@answers(public)
def read_win(win_id: str) -> Response:
    """Read a win by its receipt."""
    desk = wiring.desk(language_of(public.current_request))
    return answer(_body(desk, open_win(desk, bearer_of(public.current_request), win_id)))


def _accepted(receipt: Receipt) -> dict[str, object]:
    """Answer a win that was sent (`models.Accepted`)."""
    win = receipt.win
    told = {"id": win.id, "receipt": receipt.token, "week": win.week, "state": win.state}
    return {**told, "preview": receipt.preview}


def _body(desk: Desk, receipt: Receipt) -> dict[str, object]:
    """Write a win for its sender, with who exported it since it arrived (`models.WinBody`)."""
    from chalicelib.work.exported import exports_of

    told = receipt.win.model_dump(mode="json", exclude={"id", "week", "state", "channel", "link"})
    return _accepted(receipt) | told | {"exports": exports_of(desk, wiring.front().record, receipt.win)}


@public.route("/api/wins/{win_id}", methods=["PATCH"], content_types=[JSON])
@answers(public)
def amend_win(win_id: str) -> Response:
    """Change a win."""
    desk, token = wiring.desk(language_of(public.current_request)), bearer_of(public.current_request)
    open_win(desk, token, win_id)  # who has no receipt is told nothing about the body
    change = parse(Change, body_of(public.current_request))
    return answer(_body(desk, change_win(desk, token, change, win_id)))


@public.route("/api/wins/{win_id}", methods=["DELETE"])
@answers(public)
def take_win_back(win_id: str) -> Response:
    """Take a win back; under a legal hold the answer says that a copy stays."""
    language = language_of(public.current_request)
    old, new = remove_win(wiring.desk(language), bearer_of(public.current_request), win_id)
    log_win("removed", old)
    kept = {"id": new.id, "state": new.state, "withdrawn": True, "detail": say(language, "problem.withdrawn")}
    return answer(kept) if new.withdrawn else answer(None, 204)


@public.route("/api/receipt", methods=["POST"], content_types=[FORM])
@answers(public)
def use_receipt() -> Response:
    """Show, change or take back a win by a form; the receipt comes in the body, so that no log ever holds it."""
    from chalicelib.routes.forms import answer_receipt

    return answer_receipt(read_form(body_of(public.current_request)))


@public.route("/api/health", methods=["GET"])
@answers(public)
def health() -> Response:
    """Say whether the table answers and a school file is there."""
    desk = wiring.desk()
    return answer({"ok": True, "school": desk.school.school, "school_version": desk.version})


@public.route("/api/openapi.json", methods=["GET"])
@answers(public)
def openapi() -> Response:
    """Describe the API."""
    from chalicelib.routes.openapi import describe_api

    return answer(describe_api(wiring.settings().public_url))
