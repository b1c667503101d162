"""Pages around looking at the dashboard: a link's own, the list of those that stand, and the one before the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.words import say, say_day
from chalicelib.pages.render import addresses, render

if TYPE_CHECKING:
    from chalicelib.domain.school import School
    from chalicelib.domain.view import View


def write_view(school: School, language: str) -> str:
    """Write the page a link leads to: a button, so that a program that follows links opens nothing."""
    return render("view.html", school, language, addresses(school, "/view"))


def write_views(school: School, language: str, standing: Sequence[tuple[View, str]], link: str = "") -> str:
    """Write the list of links that stand, each with who opened it; `link` was opened just now and is shown once."""
    shown = [
        {
            "id": view.short,
            "stories": view.stories,
            "by": say(language, "views.by", name=name),
            "until": _until(school, language, view),
        }
        for view, name in standing
    ]
    return render("views.html", school, language, [(language, "")], views=shown, link=link)


def write_refused(school: School) -> str:
    """Write what CloudFront answers in place of the dashboard where nobody may look (or no longer)."""
    language = school.languages[0]
    return render("refused.html", school, language, [(language, "")])


def _until(school: School, language: str, view: View) -> str:
    until = view.until.astimezone(school.zone)
    return say(language, "views.until", day=say_day(language, until.date()), time=f"{until:%H:%M}")
