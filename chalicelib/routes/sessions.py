"""Who is signed in: the cookie of a session, and the door that every leader's route stands behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.routes.http import language_of

if TYPE_CHECKING:
    from chalice.app import Blueprint, Request

    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

    Guarded = Callable[[Desk, Session], Response]
    View = Callable[[], Response]

_COOKIE = "__Host-session"
_ROLES = {"coach": 1, "leader": 2, "admin": 3}


def signed_in(blueprint: Blueprint, least: str) -> Callable[[Guarded], View]:
    """Make a decorator for views that only somebody signed in may see, with at least this role."""

    def decorate(view: Guarded) -> View:
        @wraps(view)
        def guarded() -> Response:
            from chalicelib.work.sign_in import read_session

            request = blueprint.current_request
            refuse_other_pages(request)
            desk = wiring.desk(language_of(request))
            try:
                session = read_session(desk, wiring.front(), _cookie(request))
            except Problem:
                if request.method == "GET" and "text/html" in str(request.headers.get("accept", "")):
                    return see_other("/sign-in/")
                raise
            if _ROLES[session.leader.role] < _ROLES[least]:
                raise Problem("not_your_role")
            return view(desk, session)

        return guarded

    return decorate


def refuse_other_pages(request: Request) -> None:
    """Refuse what a page of another origin asks in somebody's name (the cookie is Lax besides).

    Our own pages send no referrer, so browsers write `Origin: null` for their forms; they tell by `Sec-Fetch-Site`.

    Raises:
        Problem: `other_origin`.
    """
    if request.method == "GET":
        return
    site, origin = (str(request.headers.get(name, "")) for name in ("sec-fetch-site", "origin"))
    ours = site in {"same-origin", "none"} if site else origin in {"", "null", wiring.settings().public_url}
    if not ours:
        raise Problem("other_origin")


def see_other(path: str, cookie: str | None = None) -> Response:
    """Lead a browser on, with a cookie to keep or to forget."""
    headers: dict[str, str | list[str]] = {"Location": path, "Cache-Control": "no-store"}
    if cookie is not None:
        headers["Set-Cookie"] = cookie
    return Response("", headers, 303)


def set_cookie(value: str, seconds: int) -> str:
    """Write a session's cookie: for this host alone, and read by no script."""
    return f"{_COOKIE}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax"


def _cookie(request: Request) -> str:
    pairs = (one.strip().partition("=") for one in str(request.headers.get("cookie", "")).split(";"))
    return next((value for name, _, value in pairs if name == _COOKIE), "")
