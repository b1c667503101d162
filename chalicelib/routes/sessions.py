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

    Guarded = Callable[..., Response]
    View = Callable[..., Response]

SESSION, VIEW, CAME_FROM = "__Host-session", "__Host-view", "__Host-came-from"
"""Our cookies: who is signed in, the link by which somebody looks on, and where to go once signed in."""
_ROLES = {"coach": 1, "leader": 2, "admin": 3}


def signed_in(blueprint: Blueprint, least: str) -> Callable[[Guarded], View]:
    """Make a decorator for views that only somebody signed in may see, with at least this role."""

    def decorate(view: Guarded) -> View:
        @wraps(view)
        def guarded(**path: str) -> Response:
            from chalicelib.work.sign_in import read_session

            request = blueprint.current_request
            refuse_other_pages(request)
            desk = wiring.desk(language_of(request))
            try:
                session = read_session(desk, wiring.front(), cookie_of(request, SESSION))
            except Problem:
                if request.method == "GET" and is_browser(request):
                    return see_other("/sign-in/")
                raise
            if _ROLES[session.leader.role] < _ROLES[least]:
                raise Problem("not_your_role")
            return view(desk, session, **path)

        guarded.least_role = least  # type: ignore[attr-defined] # tests ask every route
        return guarded

    return decorate


def start(desk: Desk, session: Session, request: Request | None = None) -> Response:
    """Give a browser what somebody who just signed in needs, and lead it on.

    It is led to where `request` says that it came from, else to the leaders' page.
    """
    from chalicelib.routes.passes import came_from, leaders_cookies
    from chalicelib.work.sign_in import SESSION_LASTS

    own = set_cookie(SESSION, session.cookie, int(SESSION_LASTS.total_seconds()))
    back = came_from(request) if request else ""
    return see_other(back or "/leaders/", own, *leaders_cookies(desk), set_cookie(CAME_FROM, "", 0))


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


def is_browser(request: Request) -> bool:
    """Whether somebody looks at the answer as a page, and no script reads it."""
    return "text/html" in str(request.headers.get("accept", ""))


def see_other(path: str, *cookies: str) -> Response:
    """Lead a browser on, with cookies to keep or to forget."""
    headers: dict[str, str | list[str]] = {"Location": path, "Cache-Control": "no-store"}
    if cookies:
        headers["Set-Cookie"] = list(cookies)
    return Response("", headers, 303)


def set_cookie(name: str, value: str, seconds: int, path: str = "/") -> str:
    """Write a cookie: for this host alone, and read by no script."""
    return f"{name}={value}; Max-Age={seconds}; Path={path}; Secure; HttpOnly; SameSite=Lax"


def cookie_of(request: Request, wanted: str) -> str:
    """Return the value of a cookie, or an empty text."""
    pairs = (one.strip().partition("=") for one in str(request.headers.get("cookie", "")).split(";"))
    return next((value for name, _, value in pairs if name == wanted), "")
