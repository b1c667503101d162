"""The cookies that open the dashboard, and the route that renews them while somebody still may look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.routes.http import answer, answers
from chalicelib.routes.sessions import CAME_FROM, SESSION, VIEW, cookie_of, is_browser, see_other, set_cookie

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.app import Request

    from chalicelib.domain.view import View
    from chalicelib.work.desk import Desk

_SIGNED = ("CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id", "CloudFront-Hash-Algorithm")
_EVERYWHERE = "/"
"""The dashboard and what leaders alone see lie side by side, and a cookie has one path."""
_OWN = re.compile(
    r"/dashboard(?:-leaders)?/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?"
    r"(?:\?[A-Za-z0-9_.:%&=+-]{0,500})?"
)
"""Where a pass may lead back to: plain addresses of the dashboard, and so never to another site."""
_HOUR = 3600

passes = Blueprint(__name__)


@passes.route("/api/pass", methods=["GET"])
@answers(passes)
def renew_pass() -> Response:
    """Renew the pass of somebody who is signed in, or holds a link that stands; a browser is led back."""
    request = passes.current_request
    desk, browser = wiring.desk(), is_browser(request)
    asked = str(dict(request.query_params or {}).get("to", ""))
    to = asked if _OWN.fullmatch(asked) else "/dashboard/"
    try:
        to, cookies = _pass_for(desk, request, to)
    except Problem:
        if not browser:
            raise
        return see_other("/sign-in/", set_cookie(CAME_FROM, to, _HOUR))
    if browser:
        return see_other(to, *cookies)
    renewed = answer(None, 204)
    renewed.headers["Set-Cookie"] = cookies
    return renewed


def _pass_for(desk: Desk, request: Request, to: str) -> tuple[str, list[str]]:
    """Return where to go and the cookies for it.

    Raises:
        Problem: `sign_in_first`.
    """
    from chalicelib.work.sign_in import read_session
    from chalicelib.work.views import read_view

    if session := cookie_of(request, SESSION):
        try:
            read_session(desk, wiring.front(), session)
        except Problem:
            pass
        else:
            return to, leaders_cookies(desk)
    try:
        view = read_view(desk, wiring.views(), cookie_of(request, VIEW))
    except Problem:
        raise Problem("sign_in_first") from None
    start, cookies = views_cookies(desk, view)
    return (to if to.startswith(start) else start), cookies


def leaders_cookies(desk: Desk) -> list[str]:
    """Write the cookies that open all of the dashboard."""
    from chalicelib.work.passes import pass_for_leader

    return _signed_cookies(pass_for_leader(desk, wiring.passes()))


def views_cookies(desk: Desk, view: View) -> tuple[str, list[str]]:
    """Return the page that a link opens, and the cookies that open it."""
    from chalicelib.work.passes import opened_by, pass_for_view

    return opened_by(view), _signed_cookies(pass_for_view(desk, wiring.passes(), view))


def leave(path: str) -> Response:
    """Lead a browser on that must forget who was signed in, and what it has seen."""
    signed = [set_cookie(name, "", 0, _EVERYWHERE) for name in _SIGNED]
    left = see_other(path, *(set_cookie(name, "", 0) for name in (SESSION, VIEW, CAME_FROM)), *signed)
    left.headers["Clear-Site-Data"] = '"cache"'
    return left


def came_from(request: Request) -> str:
    """Return the address of the dashboard that led somebody to signing in, or an empty text."""
    asked = cookie_of(request, CAME_FROM)
    return asked if _OWN.fullmatch(asked) else ""


def _signed_cookies(values: Mapping[str, str]) -> list[str]:
    from chalicelib.work.passes import PASS_LASTS

    seconds = int(PASS_LASTS.total_seconds())
    return [set_cookie(name, values[name], seconds, _EVERYWHERE) for name in _SIGNED]
