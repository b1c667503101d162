"""Routes for leaders: signing in and out, and what they may take along. Each says who may come."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, answer, answers, body_of, page
from chalicelib.routes.sessions import refuse_other_pages, see_other, set_cookie, signed_in

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

ANSWERED_AFTER = 1.0
"""Seconds after which everybody who asks for a link is answered, whether a mail was sent or not."""
MOST_DOWNLOADED = 5_500_000
"""Bytes that a function may answer with; a larger school exports year by year."""

leader = Blueprint(__name__)


def _asked(name: str, form: str, otherwise: str) -> str:
    """Return what the address asks for, if it has the right form."""
    given = str(dict(leader.current_request.query_params or {}).get(name, ""))
    return given if re.fullmatch(form, given, re.ASCII) else otherwise


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
    network = str(leader.current_request.context.get("identity", {}).get("sourceIp", ""))
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
    from chalicelib.work.sign_in import SESSION_LASTS
    from chalicelib.work.sign_in import use_link as use

    refuse_other_pages(leader.current_request)
    posted = read_form(body_of(leader.current_request))
    session = use(wiring.desk(), wiring.front(), posted.text("code").strip().rpartition("#")[2])
    logger.info("signed in", extra={"role": session.leader.role})
    return see_other("/leaders/", set_cookie(session.cookie, int(SESSION_LASTS.total_seconds())))


@leader.route("/api/sign-out", methods=["POST"], content_types=[FORM])
@answers(leader)
@signed_in(leader, "coach")
def sign_out(desk: Desk, session: Session) -> Response:
    """Sign out here, or everywhere."""
    from chalicelib.doors.web import read_form
    from chalicelib.work.sign_in import sign_out as end

    everywhere = read_form(body_of(leader.current_request)).text("intent") == "everywhere"
    end(desk, wiring.front(), session, everywhere=everywhere)
    return see_other("/sign-in/", set_cookie("", 0))


@leader.route("/api/me", methods=["GET"])
@answers(leader)
@signed_in(leader, "coach")
def me(_desk: Desk, session: Session) -> Response:
    """Say who is signed in."""
    return answer({"name": session.leader.name, "role": session.leader.role})


@leader.route("/api/export.csv", methods=["GET"])
@answers(leader)
@signed_in(leader, "leader")
def export_csv(desk: Desk, session: Session) -> Response:
    """Give all wins of a school year, or of all, as CSV."""
    from chalicelib.work.export import as_csv

    return _download(desk, session, "csv", "text/csv", lambda rows, _: as_csv(iter(rows)))


@leader.route("/api/export.json", methods=["GET"])
@answers(leader)
@signed_in(leader, "leader")
def export_json(desk: Desk, session: Session) -> Response:
    """Give the same as JSON, with what each field means."""
    from chalicelib.work.export import FIELDS

    def write(rows: list[dict[str, object]], year: str) -> str:
        about = {"school": desk.school.name, "school_year": year or "all", "exported_at": desk.now.isoformat()}
        return json.dumps({**about, "fields": FIELDS, "wins": rows}, ensure_ascii=False)

    return _download(desk, session, "json", "application/json", write)


def _download(
    desk: Desk, session: Session, ending: str, kind: str, write: Callable[[list[dict[str, object]], str], str]
) -> Response:
    from chalicelib.work.export import note_export, rows_of, weeks_of_year

    year = _asked("year", r"\d{4}-\d{2}", "")
    body = write(list(rows_of(desk.table, weeks_of_year(desk.table, desk.school, year))), year)
    if len(body.encode()) > MOST_DOWNLOADED:
        raise Problem("too_much_at_once")
    note_export(desk, wiring.front(), session, f"{ending} {year or 'all'}")
    name = f"{desk.school.school}-wins{'-' + year if year else ''}.{ending}".replace('"', "")
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, {**headers, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}, 200)


@leader.route("/api/record", methods=["GET"])
@answers(leader)
@signed_in(leader, "leader")
def record(desk: Desk, _session: Session) -> Response:
    """Say who signed in and exported in a month."""
    month = _asked("month", r"\d{4}-\d{2}", f"{desk.now:%Y-%m}")
    lines = [
        {"when": done.when.isoformat(timespec="seconds"), "who": done.who, "what": done.what, "about": done.about}
        for done in wiring.front().record.done_in(month)
    ]
    return answer({"month": month, "done": lines})
