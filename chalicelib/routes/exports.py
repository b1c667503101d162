"""Routes for what leaders take along: all wins, and who did what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.routes.http import answer, answers
from chalicelib.routes.sessions import signed_in

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

MOST_DOWNLOADED = 5_500_000
"""Bytes that a function may answer with; a larger school exports year by year."""

exports = Blueprint(__name__)


def _asked(name: str, form: str, otherwise: str) -> str:
    """Return what the address asks for, if it has the right form."""
    given = str(dict(exports.current_request.query_params or {}).get(name, ""))
    return given if re.fullmatch(form, given, re.ASCII) else otherwise


@exports.route("/api/export.csv", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_csv(desk: Desk, session: Session) -> Response:
    """Give all wins of a school year, or of all, as CSV."""
    from chalicelib.work.export import as_csv

    return _download(desk, session, "csv", "text/csv", lambda rows, _: as_csv(iter(rows)))


@exports.route("/api/export.json", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
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


@exports.route("/api/record", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def record(desk: Desk, _session: Session) -> Response:
    """Say who signed in and exported in a month."""
    month = _asked("month", r"\d{4}-\d{2}", f"{desk.now:%Y-%m}")
    lines = [
        {"when": done.when.isoformat(timespec="seconds"), "who": done.who, "what": done.what, "about": done.about}
        for done in wiring.front().record.done_in(month)
    ]
    return answer({"month": month, "done": lines})
