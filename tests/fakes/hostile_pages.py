"""Every page there is, written with words that are chosen for each place where words from outside stand."""

from __future__ import annotations

from datetime import date

from fakes.desk import NOW, labels_of, win_at
from fakes.hostile import PLACES, Pick, school_of

from chalicelib.domain.appearance import preview, published_story
from chalicelib.domain.chart import Picture
from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.domain.guard import Span
from chalicelib.domain.retention import Erased
from chalicelib.domain.review import Waiting
from chalicelib.domain.school import School
from chalicelib.domain.view import View
from chalicelib.domain.win import PARTS, Win
from chalicelib.pages.dashboard import write_dashboards
from chalicelib.pages.forms import Filled, write_form, write_receipt
from chalicelib.pages.leaders import write_going, write_sign_in
from chalicelib.pages.review import write_review
from chalicelib.pages.rights import write_erased, write_found, write_record
from chalicelib.pages.shell import write_shell
from chalicelib.pages.views import write_views
from chalicelib.routes.forms import _problem

OWN = {part: PLACES + n for n, part in enumerate((*PARTS, "quoted", "question", "name", "about", "problem"))}
"""The places of words that do not come from a school file."""
ALL = PLACES + len(OWN)
ON_NO_PAGE = {2, 7, 13, 14}
"""Names of breaks and staff, examples of variations, and prompts without a link."""
LINE = 80
"""Characters in a name."""


def harmless(n: int) -> str:
    """Return a word that stands for the n-th place."""
    return f"⟦{n}⟧"


def pages_of(pick: Pick) -> dict[str, str]:
    """Write every page there is, by its name, with the words that `pick` gives for each place."""
    school = school_of(pick)
    told = {name: pick(n) for name, n in OWN.items()}
    told["name"] = told["name"][:LINE]
    shell = {path: body.decode() for path, body in write_shell(school, told["about"]).items() if path.endswith(".html")}
    return shell | _of_a_win(school, told) | _of_leaders(school, told)


def _of_a_win(school: School, told: dict[str, str]) -> dict[str, str]:
    win, labels, link = _win(school, told), labels_of(school), school.links[0]
    shown = preview(win, labels, "en")
    values = win.model_dump(mode="json", include=set(PARTS) | {"goals", "signs", "groups", "team", "kind", "quoted"})
    values |= {"author_mode": "named", "author_name": told["name"], "practices": ["practice:a"]}
    given = FieldProblem("practices[0].level", "unknown_level", {"given": told["problem"], "expected": "a"})
    refused = Filled(values, _problem(Problem("fields", (given,)), "en"))
    taken = [f"{school.leaders[0].name}, today (CSV)"]
    waiting = Waiting(win, 3, {"story": (Span("PERSON", 0, len(win.story), win.story),)})
    picture = Picture(school, "en", date(2026, 11, 25), ["2026-W47", "2026-W48"], {}, {})
    about, problem = told["about"], told["problem"]
    asked = {"token": about, "address": "/receipt", "taken": taken, "question": win.question or ""}
    return {
        **write_dashboards(picture, [], [published_story(win, labels)]),
        "form": write_form(school, link, "en", refused, shown, about),
        "receipt": write_receipt(school, "en", "receipt.again", shown, refused, **asked),
        "sentence": write_receipt(school, "en", "form.errors", sentence=problem),
        "review": write_review(labels, "en", [waiting], said=about, problem=problem),
    }


def _win(school: School, told: dict[str, str]) -> Win:
    tags = {"goals": ["goal"], "signs": ["sign"], "practices": [{"id": "practice", "level": "a"}], "groups": ["group"]}
    win = win_at(school, story="Two hands.", team="team", **tags)
    author = win.author.model_copy(update={"mode": "named", "name": told["name"]})
    parts = {name: told[name] for name in (*PARTS, "quoted", "question")}
    held = {"id": "01M89N7Y607984W22A23GTWFHT", "author": author, "state": "held", "held_for": ("person", "asked")}
    return win.model_copy(update={**parts, **held})


def _of_leaders(school: School, told: dict[str, str]) -> dict[str, str]:
    about, problem = told["about"], told["problem"]
    lines = [{"when": NOW.isoformat(), "who": who, "what": about, "about": about} for who in (_DANA, problem)]
    view = View("abcdefgh", "dana", NOW, stories=True)
    erased = Erased(wins=(about,), contact=True, mails=1, published_by=NOW, backups_until=NOW.date())
    counts, asked = {"wins": 1, "contacts": 1, "mails": 1}, {"name": told["name"], "email": problem}
    return {
        "record": write_record(school, "en", "2026-11", lines),
        "views": write_views(school, "en", [(view, school.leaders[0].name)], about),
        "found": write_found(school, "en", asked, None, counts),
        "erased": write_erased(school, "en", erased),
        "refused": write_sign_in(school, "en", problem=problem),
        "going": write_going(school, "en", school.sign_in.providers[0].name, "https://accounts.google.com/x"),
    }


_DANA = "dana@maplerow.example"
