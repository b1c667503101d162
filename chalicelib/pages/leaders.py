"""The pages on which leaders sign in and find what is theirs; none of them holds a story."""

from __future__ import annotations

from chalicelib.domain.school import School
from chalicelib.pages.render import addresses, render


def write_sign_in(school: School, language: str, *, coming: bool = False, problem: str = "") -> str:
    """Write the page that asks for a link and takes its code, or leads to a provider.

    Args:
        school: whose page it is.
        language: of the page.
        coming: whether to say that a link may be on its way.
        problem: a sentence on what went wrong before.
    """
    return render("sign_in.html", school, language, addresses(school, "/sign-in"), coming=coming, problem=problem)


def write_going(school: School, language: str, provider: str, address: str) -> str:
    """Write the page that leads to a provider at once, by itself or by its link."""
    others = addresses(school, "/sign-in")
    return render("going.html", school, language, others, provider=provider, address=address)


def write_leaders(school: School, language: str) -> str:
    """Write the page of those who are signed in."""
    return render("leaders.html", school, language, addresses(school, "/leaders"))
