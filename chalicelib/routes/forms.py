"""What a browser without JavaScript gets: the same work, answered with pages. Loaded only for posted forms."""

from __future__ import annotations

import uuid
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.appearance import preview
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Change, Submission, Told, Win
from chalicelib.domain.words import say
from chalicelib.doors.web import Posted
from chalicelib.observability import logger
from chalicelib.pages.forms import FieldMend, Filled, FormProblem, first_values, write_form, write_receipt
from chalicelib.pages.render import own
from chalicelib.routes.http import codes_of, log_win, page, sentence_of
from chalicelib.work.amend import change_win, open_win, remove_win
from chalicelib.work.desk import Desk, Receipt, receipt_address
from chalicelib.work.limits import refuse_flood
from chalicelib.work.submit import build_win, submit_win

_LABELS = {
    "kind": "form.kind",
    "story": "form.story",
    "tried": "form.tried",
    "happened": "form.happened",
    "takeaway": "form.takeaway",
    "goals": "form.goal",
    "signs": "form.signs",
    "practices": "form.practices",
    "groups": "form.groups",
    "team": "form.team",
    "helped": "form.helped",
    "hindered": "form.hindered",
    "resolves": "form.resolves",
    "quotable": "form.quotable",
    "author": "form.author",
    "occurred_on": "form.occurred_on",
    "link": "help.code",
}


def _desk(posted: Posted) -> Desk:
    desk = wiring.desk()
    language = posted.text("language")
    return wiring.desk(language) if language in desk.school.languages else desk


def answer_form(posted: Posted, network: str) -> Response:
    """Preview or store what a form holds; what is wrong comes back beside the fields, which keep what was typed."""
    desk = _desk(posted)
    link = desk.school.link(posted.text("link"))
    try:
        submission = parse(Submission, posted.submission_json())
        if posted.text("intent") == "preview":
            shown = preview(build_win(desk, submission, "web", desk.now), desk.labels, desk.language)
            filled, nonce = Filled(posted.values), posted.text("nonce") or uuid.uuid4().hex
            return page(write_form(desk.school, link, desk.language, filled, shown, nonce))
        refuse_flood(desk, submission.link or "", network)
        receipt = submit_win(desk, submission, "web")
    except Problem as problem:
        logger.info("refused", extra={"code": problem.code, "fields": codes_of(problem)})
        filled = Filled({**first_values(desk.school, link), **posted.values}, _problem(problem, desk.language))
        nonce = posted.text("nonce") or uuid.uuid4().hex
        html = write_form(desk.school, link, desk.language, filled, nonce=nonce)
        return page(html, problem.status)
    log_win("stored", receipt.win)
    return page(_receipt_page(desk, receipt, "receipt.thanks", another=_form_of(desk, posted)), 201)


def answer_receipt(posted: Posted) -> Response:
    """Do what a receipt's form asks for."""
    desk, token, intent = _desk(posted), posted.text("receipt").strip().rpartition("#")[2], posted.text("intent")
    try:
        receipt = open_win(desk, token)
    except Problem as problem:
        found = FormProblem(sentence_of(problem, desk.language))
        return page(
            write_receipt(desk.school, desk.language, "receipt.title", filled=Filled({}, found)), problem.status
        )
    if intent not in {"save", "remove", "unquote"}:
        heading = "receipt.thanks" if posted.text("thanks") else "receipt.again"
        return page(_receipt_page(desk, receipt, heading, another=_form_of(desk, posted), taken=_taken(desk, receipt)))
    try:
        if intent == "remove":
            old, new = remove_win(desk, token)
            log_win("removed", old)
            gone = say(desk.language, "problem.withdrawn" if new.withdrawn else "receipt.removed")
            return page(write_receipt(desk.school, desk.language, "receipt.removed_title", sentence=gone))
        change = Change(quoted=None) if intent == "unquote" else parse(Change, posted.change_json())
        return page(_receipt_page(desk, change_win(desk, token, change), "receipt.saved"))
    except Problem as problem:
        filled = Filled(posted.values, _problem(problem, desk.language))
        return page(_receipt_page(desk, receipt, "receipt.again", filled), problem.status)


def answer_problem(problem: Problem) -> Response:
    """Answer a form that could not even be read, or a bug, with a page that says so."""
    desk = wiring.desk()
    sentence = sentence_of(problem, desk.language)
    return page(write_receipt(desk.school, desk.language, "form.errors", sentence=sentence), problem.status)


def _form_of(desk: Desk, posted: Posted) -> str:
    """Return the address of the form a win came from, empty if that is not known."""
    link = desk.school.link(posted.text("link"))
    return f"/s/{link.code}{own(desk.school, desk.language)}" if link else ""


def _answering(desk: Desk, win: Win) -> str:
    """Return the address of a form that answers a lesson, empty for a success or if no link is known."""
    link = desk.school.link(win.link) if win.link else None
    if win.kind != "lesson" or link is None:
        return ""
    return f"/s/{link.code}{own(desk.school, desk.language)}?resolves={win.story_id}"


def _taken(desk: Desk, receipt: Receipt) -> list[str]:
    """Say who took a win along; only to who opens a receipt, as it reads the record of a year."""
    from chalicelib.work.exported import exports_of, in_words

    return in_words(desk, exports_of(desk, wiring.front().record, receipt.win))


def _receipt_page(  # noqa: PLR0913 - each is a part of the page
    desk: Desk,
    receipt: Receipt,
    heading: str,
    filled: Filled | None = None,
    *,
    another: str = "",
    taken: list[str] | None = None,
) -> str:
    return write_receipt(
        desk.school,
        desk.language,
        heading,
        receipt.preview,
        filled or Filled(_values_of(receipt)),
        token=receipt.token,
        address=receipt_address(desk, receipt.win),
        another=another,
        came_of_it=_answering(desk, receipt.win),
        taken=taken,
        question=receipt.win.question or "",
    )


def _values_of(receipt: Receipt) -> dict[str, Any]:
    win = receipt.win
    practices = [f"{use.id}:{use.level}" if use.level else use.id for use in win.practices]
    told = win.model_dump(mode="json", include=set(Told.model_fields) - {"author", "practices"})
    return told | {"practices": practices, "author_mode": win.author.mode, "author_name": win.author.name}


def _problem(problem: Problem, language: str) -> FormProblem:
    mends = []
    for one in problem.fields:
        anchor = one.field.split(".")[0].split("[")[0]
        label = say(language, _LABELS[anchor]) if anchor in _LABELS else anchor
        mends.append(FieldMend(anchor, label, say(language, f"field.{one.code}", **one.params)))
    return FormProblem(sentence_of(problem, language), tuple(mends))
