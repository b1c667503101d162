"""The HTTP edge: bodies in, answers and problems out. Only here does a problem become words and a status."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.win import Win
from chalicelib.domain.words import LANGUAGES, best_language, say
from chalicelib.observability import logger

if TYPE_CHECKING:
    from chalice.app import Blueprint, Request

    View = Callable[..., Response]

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_BYTES = 250_000
"""More than any win needs in any script: 19,000 characters in all, each at most 12 bytes if escaped."""

ORIGIN = "x-small-wins-origin"
_PASSED_BY = 2
_NEVER_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_CHALICE_CODES = {
    "UnsupportedMediaType": "wrong_content_type",
    "MethodNotAllowedError": "wrong_method",
    "BadRequest": "not_a_form",
    "BadRequestError": "not_a_form",
    "NotFoundError": "no_such_page",
}


def body_of(request: Request) -> bytes:
    """Return the raw body.

    Raises:
        Problem: `too_large`.
    """
    raw: bytes | str = request.raw_body
    body = raw.encode() if isinstance(raw, str) else raw
    if len(body) > MOST_BYTES:
        raise Problem("too_large")
    return body


def is_form(request: Request) -> bool:
    """Whether a browser posted a form, and so wants a page."""
    return str(request.headers.get("content-type", "")).lower().startswith(FORM)


def bearer_of(request: Request) -> str:
    """Return the receipt that came as bearer token, or an empty text."""
    scheme, _, token = str(request.headers.get("authorization", "")).partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def network_of(request: Request) -> str:
    """Return the address of the computer that asks; it is only counted, never kept.

    CloudFront puts it behind whatever the computer itself claimed, and API Gateway puts CloudFront's behind that: of
    `X-Forwarded-For` the last but one is true.
    """
    passed = [one.strip() for one in str(request.headers.get("x-forwarded-for", "")).split(",")]
    asked = passed[-_PASSED_BY:][0] if len(passed) >= _PASSED_BY else ""
    return asked or str((request.context.get("identity") or {}).get("sourceIp", ""))


def language_of(request: Request, offered: tuple[str, ...] = LANGUAGES) -> str:
    """Choose the language of an answer."""
    return best_language(request.headers.get("accept-language"), offered)


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer JSON, which nobody may keep."""
    text = json.dumps(body, ensure_ascii=False) if body is not None else ""
    return Response(text, {"Content-Type": f"{JSON}; charset=utf-8", **_NEVER_KEPT, **(headers or {})}, status)


def page(html: str, status: int = 200) -> Response:
    """Answer a page, with the headers that keep foreign scripts out."""
    from chalicelib.pages.security import page_headers

    return Response(html, {"Content-Type": "text/html; charset=utf-8", **_NEVER_KEPT, **page_headers()}, status)


def codes_of(problem: Problem) -> list[str]:
    """List what is wrong for a log: codes only, as a field's name may be anything a sender wrote."""
    return sorted({one.code for one in problem.fields})


def log_win(what: str, win: Win) -> None:
    """Log what became of a win, unless it is anonymous: a log line has its own time."""
    if win.author.mode != "anonymous":
        logger.info(f"win {what}", extra={"win": win.id, "channel": win.channel, "state": win.state})


def sentence_of(problem: Problem, language: str) -> str:
    """Say what is wrong, in one sentence."""
    return say(language, f"problem.{problem.code}", n=len(problem.fields))


def render_problem(problem: Problem, language: str) -> Response:
    """Answer a problem as RFC 9457 has it, with a code, a sentence, and one entry per field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": sentence_of(problem, language),
        "status": problem.status,
        "code": problem.code,
        "detail": sentence_of(problem, language),
    }
    if problem.fields:
        body["errors"] = [
            {"field": one.field, "code": one.code, "sentence": say(language, f"field.{one.code}", **one.params)}
            for one in problem.fields
        ]
    headers = {"Content-Type": "application/problem+json; charset=utf-8"}
    if problem.status == 401:  # noqa: PLR2004 - the status of RFC 9110
        headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 429:  # noqa: PLR2004 - the status of RFC 6585
        headers["Retry-After"] = "3600"
    return answer(body, problem.status, headers)


def _answer_problem(request: Request, problem: Problem) -> Response:
    """Answer who posted a form with a page, everyone else with JSON."""
    if is_form(request):
        from chalicelib.routes.forms import answer_problem

        try:
            return answer_problem(problem)
        except Problem:  # without a school there is no page
            pass
    return render_problem(problem, language_of(request))


def answers(blueprint: Blueprint, *, pages: bool = True) -> Callable[[View], View]:
    """Make a decorator for the views of a blueprint: a problem becomes an answer, a bug a logged stack and a sentence.

    Chalice answers exceptions of a view before any middleware sees them, so this has to stand at the view itself.

    Args:
        blueprint: the views' own.
        pages: whether forms are posted here by people, who get a page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answering(**path: str) -> Response:
            try:
                return view(**path)
            except Problem as refused:
                problem = refused
                logger.info("refused", extra={"code": problem.code, "fields": codes_of(problem)})
            except WriteConflict:
                problem = Problem("busy")
            except Exception:  # noqa: BLE001 - a caller gets a sentence, whatever broke
                problem = Problem("our_fault")
                logger.exception("crashed")
            request = blueprint.current_request
            return _answer_problem(request, problem) if pages else render_problem(problem, language_of(request))

        return answering

    return decorate


def render_refusals(request: Request, get_response: Callable[[Any], Response]) -> Response:
    """Render what Chalice itself refuses (content type, method) like all other problems; registered as middleware."""
    response = get_response(request)
    if not (isinstance(response.body, dict) and "Code" in response.body):
        return response
    problem = Problem(_CHALICE_CODES.get(str(response.body["Code"]), "our_fault"))
    rendered = render_problem(problem, language_of(request) if request else "en")
    if "Allow" in response.headers:
        rendered.headers["Allow"] = response.headers["Allow"]
    return rendered


def only_by_the_front_door(request: Request, get_response: Callable[[Any], Response]) -> Response:
    """Answer nothing to who goes past CloudFront, on AWS; registered as middleware."""
    if wiring.settings().origin_check:
        from chalicelib.work.secrets import came_by_the_front_door

        if not came_by_the_front_door(wiring.keys(), str(request.headers.get(ORIGIN, ""))):
            return render_problem(Problem("no_such_page"), language_of(request))
    return get_response(request)
