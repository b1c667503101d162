"""Routes for what may be asked of what is kept: erase a win, erase a sender, read and replace the school file."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated, Literal

from chalice.app import Blueprint, Response
from pydantic import Field

from chalicelib import wiring
from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Strict
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, JSON, answer, answers, body_of, is_form, page
from chalicelib.routes.sessions import signed_in

if TYPE_CHECKING:
    from typing import Any

    from chalicelib.domain.retention import Erased
    from chalicelib.work.desk import Desk
    from chalicelib.work.erase import Sender, Traces
    from chalicelib.work.sign_in import Session

rights = Blueprint(__name__)

_Line = Annotated[str, Field(max_length=200)]


class EraseWin(Strict):
    """The body of `POST /api/erase/win`."""

    id: _Line


class EraseSender(Strict):
    """The body of `POST /api/erase/sender`: who is meant, and whether to look what there is or to erase it."""

    name: _Line = ""
    phone: _Line = ""
    email: _Line = ""
    intent: Literal["look", "erase"] = "look"


@rights.route("/api/erase/win", methods=["POST"], content_types=[JSON, FORM])
@answers(rights)
@signed_in(rights, "leader")
def erase_win(desk: Desk, session: Session) -> Response:
    """Erase one win, and say what stays and until when."""
    from chalicelib.work.erase import erase_win as erase

    desk, body = _asked(desk, tuple(EraseWin.model_fields))
    done = erase(desk, session.leader.email, parse(EraseWin, body).id.strip().upper())
    logger.info("erased", extra={"wins": len(done.wins)})
    return _erased(desk, done)


@rights.route("/api/erase/sender", methods=["POST"], content_types=[JSON, FORM])
@answers(rights)
@signed_in(rights, "admin")
def erase_sender(desk: Desk, session: Session) -> Response:
    """Say what a sender left, or erase it."""
    from chalicelib.work.erase import Office, Sender, find_traces
    from chalicelib.work.erase import erase_sender as erase

    desk, body = _asked(desk, tuple(EraseSender.model_fields))
    asked = parse(EraseSender, body)
    sender = Sender(asked.name, asked.phone, asked.email)
    if asked.intent == "look":
        return _found(desk, sender, find_traces(desk, wiring.post_office().inbox, sender))
    done = erase(desk, Office(wiring.front().record, wiring.post_office().inbox), session.leader.email, sender)
    logger.info("sender erased", extra={"wins": len(done.wins)})
    return _erased(desk, done)


def _asked(desk: Desk, fields: tuple[str, ...]) -> tuple[Desk, bytes]:
    """Return what was asked as JSON, whether it came as JSON or as a form, and the desk in the form's language."""
    body = body_of(rights.current_request)
    if not is_form(rights.current_request):
        return desk, body
    from chalicelib.doors.web import read_form

    posted = read_form(body)
    language = posted.text("language")
    desk = dataclasses.replace(desk, language=language) if language in desk.school.languages else desk
    return desk, json.dumps({name: posted.text(name) for name in fields if posted.text(name)}).encode()


def _erased(desk: Desk, done: Erased) -> Response:
    if is_form(rights.current_request):
        from chalicelib.pages.rights import write_erased

        return page(write_erased(desk.school, desk.language, done))
    told = {
        "wins": len(done.wins),
        "contact": done.contact,
        "mails": done.mails,
        "stays": [{"id": one} for one in done.wins],
    }
    published_by = done.published_by.isoformat(timespec="seconds")
    return answer({**told, "published_by": published_by, "backups_until": done.backups_until.isoformat()})


def _found(desk: Desk, sender: Sender, traces: Traces) -> Response:
    if is_form(rights.current_request):
        from chalicelib.pages.rights import write_found

        asked = {"name": sender.name, "phone": sender.phone, "email": sender.mail}
        return page(write_found(desk.school, desk.language, asked, traces.days, traces.counts))
    return answer({**traces.counts, "days": [day.isoformat() for day in traces.days or ()]})


@rights.route("/api/school", methods=["GET"])
@answers(rights)
@signed_in(rights, "leader")
def read_school(_desk: Desk, _session: Session) -> Response:
    """Give the school file as it is kept, with its version."""
    version, school = _newest()
    file = school.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return answer({"version": version, "file": file}, headers={"ETag": f'"{version}"'})


@rights.route("/api/school", methods=["PUT"], content_types=[JSON])
@answers(rights)
@signed_in(rights, "admin")
def replace_school(desk: Desk, session: Session) -> Response:
    """Store a new version of the school file in the place of the one that is named."""
    from chalicelib.domain.school_file import SchoolFileProblems
    from chalicelib.work.configure import By, configure_school

    school, replaces = _read_file(body_of(rights.current_request)), _version_named()
    by = By(wiring.front().record, session.leader.email, desk.now)
    try:
        version, new = configure_school(desk.table, school, by=by, replaces=replaces)
    except SchoolFileProblems as problems:
        raise _to_mend(problems.lines) from None
    wiring.forget_school()
    logger.info("school file", extra={"version": version, "new": new})
    return answer({"version": version, "new": new}, headers={"ETag": f'"{version}"'})


def _newest() -> tuple[int, Any]:
    latest = wiring.table().latest_school()
    if latest is None:
        raise Problem("not_set_up")
    return latest


def _read_file(body: bytes) -> Any:
    from chalicelib.domain.school_file import SchoolFileProblems, read_school

    try:
        school = read_school(json.loads(body))
        return read_school(school.model_dump(by_alias=True))  # again, now that its days can be compared
    except SchoolFileProblems as problems:
        raise _to_mend(problems.lines) from None
    except UnicodeDecodeError:
        raise Problem("not_utf8") from None
    except (ValueError, RecursionError):
        raise Problem("not_json") from None


def _to_mend(lines: list[str]) -> Problem:
    parted = (line.partition(": ") for line in lines)
    return Problem("fields", tuple(FieldProblem(place, "school_file", {"mend": mend}) for place, _, mend in parted))


def _version_named() -> int:
    """Read which version is to be replaced: `If-Match: "3"`, or `?version=3`."""
    request = rights.current_request
    named = str(request.headers.get("if-match", "")).removeprefix("W/").strip('" ')
    named = named or str(dict(request.query_params or {}).get("version", ""))
    if not (named.isascii() and named.isdecimal()):
        raise Problem("fields", (FieldProblem("version", "needed"),))
    return int(named)
