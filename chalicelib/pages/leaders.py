"""The pages on which leaders sign in and find what is theirs; none of them holds a story."""

from __future__ import annotations

from chalicelib.domain.school import School
from chalicelib.pages.render import addresses, render


def write_sign_in(school: School, language: str, *, coming: bool = False) -> str:
    """Write the page that asks for a link and takes its code; `coming` says that a link may be on its way."""
    return render("sign_in.html", school, language, addresses(school, "/sign-in"), coming=coming)


def write_leaders(school: School, language: str) -> str:
    """Write the page of those who are signed in."""
    return render("leaders.html", school, language, addresses(school, "/leaders"))
