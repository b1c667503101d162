"""Routes for what leaders take along: all wins, the school file, and who did what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.routes.http import answer, answers, page
from chalicelib.routes.sessions import is_browser, signed_in

if TYPE_CHECKING:
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

    Rows = list[dict[str, Any]]
    Write = Callable[[Rows], str]

MOST_DOWNLOADED = 5_500_000
"""Bytes that a function may answer with; a larger school exports year by year."""
_YEAR, _MONTH = r"\d{4}-\d{2}", r"20\d{2}-(0[1-9]|1[0-2])"

_KINDS = {"csv": "text/csv", "json": "application/json"}

exports = Blueprint(__name__)


class _File(NamedTuple):
    """A file that is taken along."""

    what: str
    """`wins`, `record` or `school`."""
    scope: str
    """A school year or a month; empty for all."""
    ending: str


def _asked(name: str, form: str, otherwise: str = "") -> str:
    """Return what the address asks for, if it has the right form."""
    given = str(dict(exports.current_request.query_params or {}).get(name, ""))
    return given if re.fullmatch(form, given, re.ASCII) else otherwise


@exports.route("/api/export.csv", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_csv(desk: Desk, session: Session) -> Response:
    """Give all wins of a school year, or of all, as CSV."""
    from chalicelib.work.export import as_csv

    return _wins(desk, session, "csv", as_csv)


@exports.route("/api/export.json", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_json(desk: Desk, session: Session) -> Response:
    """Give the same as JSON, with what each field means."""
    from chalicelib.work.export import FIELDS

    year = _asked("year", _YEAR) or "all"
    return _wins(desk, session, "json", _described(desk, "wins", FIELDS, {"school_year": year}))


@exports.route("/api/export/school.json", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_school(desk: Desk, session: Session) -> Response:
    """Give every version of the school file."""
    from chalicelib.work.export import SCHOOL_FIELDS, school_rows

    write = _described(desk, "versions", SCHOOL_FIELDS, {})
    return _download(desk, session, _File("school", "", "json"), write(list(school_rows(desk.table))))


@exports.route("/api/export/record.csv", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_record_csv(desk: Desk, session: Session) -> Response:
    """Give the record of who did what, of a month or all, as CSV."""
    from chalicelib.work.export import RECORD_FIELDS, as_csv

    return _record(desk, session, "csv", lambda rows: as_csv(rows, RECORD_FIELDS))


@exports.route("/api/export/record.json", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def export_record_json(desk: Desk, session: Session) -> Response:
    """Give the same as JSON."""
    from chalicelib.work.export import RECORD_FIELDS

    month = _asked("month", _MONTH) or "all"
    return _record(desk, session, "json", _described(desk, "done", RECORD_FIELDS, {"month": month}))


def _wins(desk: Desk, session: Session, ending: str, write: Write) -> Response:
    from chalicelib.work.export import rows_of, weeks_of_year

    year = _asked("year", _YEAR)
    rows = rows_of(desk.table, weeks_of_year(desk.table, desk.school, year))
    return _download(desk, session, _File("wins", year, ending), write(list(rows)))


def _record(desk: Desk, session: Session, ending: str, write: Write) -> Response:
    from chalicelib.work.export import record_rows

    month = _asked("month", _MONTH)
    return _download(
        desk, session, _File("record", month, ending), write(list(record_rows(wiring.front().record, month)))
    )


def _described(desk: Desk, name: str, fields: dict[str, str], about: dict[str, str]) -> Write:
    """Write rows as JSON, under a name, with what each field means."""
    about = {"school": desk.school.name, **about, "exported_at": desk.now.isoformat()}
    return lambda rows: json.dumps({**about, "fields": fields, name: rows}, ensure_ascii=False)


def _download(desk: Desk, session: Session, file: _File, body: str) -> Response:
    """Answer with a file and write down who took it."""
    from chalicelib.work.export import note_export

    if len(body.encode()) > MOST_DOWNLOADED:
        raise Problem("too_much_at_once")
    noted = file.ending if file.what == "wins" else f"{file.what} {file.ending}"
    note_export(desk, wiring.front(), session, f"{noted} {file.scope or 'all'}")
    name = "-".join(filter(None, (desk.school.school, file.what, file.scope)))
    headers = {
        "Content-Type": f"{_KINDS[file.ending]}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.{file.ending}"',
    }
    return Response(body, {**headers, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}, 200)


@exports.route("/api/record", methods=["GET"])
@answers(exports)
@signed_in(exports, "leader")
def record(desk: Desk, _session: Session) -> Response:
    """Say who did what in a month: JSON for programs, a page for people."""
    from chalicelib.work.export import record_rows

    month = _asked("month", _MONTH, f"{desk.now:%Y-%m}")
    lines = list(record_rows(wiring.front().record, month))
    if not is_browser(exports.current_request):
        return answer({"month": month, "done": lines})
    from chalicelib.pages.rights import write_record

    language = _asked("language", "[a-z]{2}")
    spoken = language if language in desk.school.languages else desk.language
    spoken = spoken if spoken in desk.school.languages else desk.school.languages[0]
    return page(write_record(desk.school, spoken, month, lines))
