"""Pages as HTML: templates filled by Jinja with escaping always on. Imported only where a page is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.appearance import describe
from chalicelib.domain.calendar import monday_of
from chalicelib.domain.chart import Chart, Picture
from chalicelib.domain.school import Link, Named, School, in_language
from chalicelib.domain.words import catalogue, say, say_day
from chalicelib.pages.security import style

_HERE = Path(__file__).parent
_TAGS = ("goals", "signs", "practices", "groups", "team", "occurred_on")


@dataclass(frozen=True)
class FieldMend:
    """One field of a form to mend."""

    anchor: str
    label: str
    sentence: str


@dataclass(frozen=True)
class FormProblem:
    """What was wrong with a form, in the reader's language."""

    sentence: str
    fields: tuple[FieldMend, ...] = ()


@dataclass(frozen=True)
class Filled:
    """What stands in the fields of a form."""

    values: Mapping[str, Any] = field(default_factory=dict)
    problem: FormProblem | None = None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def look() -> str:
    """Digest the templates and sentences, so that a new look is published even if nothing else changed."""
    sources = [*_HERE.glob("*.html"), _HERE / "style.css", *(_HERE.parent / "locales").glob("*.json")]
    digest = sha256(b"".join(path.read_bytes() for path in sorted(sources)))
    return digest.hexdigest()[:16]


def _render(template: str, school: School, language: str, addresses: Sequence[tuple[str, str]], **more: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            school=school,
            language=language,
            languages=list(addresses),
            language_name=lambda code: catalogue(code)["language.name"],
            say=partial(say, language),
            name=lambda one: in_language(one.name, language),
            style=style(),
            **more,
        )
    )


def _addresses(school: School, path: str) -> list[tuple[str, str]]:
    return [(code, path if code == school.languages[0] else f"{path}/{code}") for code in school.languages]


def _own(school: School, language: str) -> str:
    """Return what the address of a page in a language other than the school's own ends with."""
    return "" if language == school.languages[0] else f"/{language}"


def _fields(filled: Filled) -> dict[str, Any]:
    """Complete what the fields' template asks for."""
    empty: dict[str, Any] = {"goals": (), "signs": (), "practices": (), "groups": ()}
    names = ("kind", "story", "tried", "happened", "takeaway", "team", "occurred_on", "author_mode", "author_name")
    values = {**dict.fromkeys(names), **empty, **filled.values}
    mend: dict[str, str] = {}
    for one in filled.problem.fields if filled.problem else ():
        mend.setdefault(one.anchor, one.sentence)
    open_tags = any(name in mend for name in _TAGS)
    return {"values": values, "mend": mend, "open_tags": open_tags, "problem": filled.problem}


def first_values(school: School, link: Link | None) -> dict[str, Any]:
    """Fill in what a link already says."""
    mode = school.privacy.default_author
    return {
        "kind": "success",
        "goals": (link.goal,) if link and link.goal else (),
        "team": link.team if link else None,
        "author_mode": mode,
    }


def write_form(  # noqa: PLR0913, PLR0917 - each is a part of the page
    school: School,
    link: Link | None,
    language: str,
    filled: Filled | None = None,
    shown: Mapping[str, Any] | None = None,
    nonce: str = "",
) -> str:
    """Write the form of a link; with `shown`, the page that previews a win before it is sent."""
    filled = filled or Filled(first_values(school, link))
    code = link.code if link else ""
    prompt = in_language(link.prompt, language) if link and link.prompt else say(language, "form.prompt")
    words = {key[5:]: text for key, text in catalogue(language).items() if key.startswith("form.")}
    words |= {key: catalogue(language)[key] for key in _WORDS_OF_THE_LOOK}
    words["seen_by.visible"] = say(language, "seen_by.visible", school=school.name)
    return _render(
        "share.html",
        school,
        language,
        _addresses(school, f"/s/{code}"),
        code=code,
        prompt=prompt,
        nonce=nonce,
        receipt_page="/receipt" + _own(school, language),
        words={key: words[key] for key in sorted(words) if key in _WORDS_FOR_FORM},
        shown=shown,
        **_fields(filled),
    )


_WORDS_OF_THE_LOOK = (
    "kind.success",
    "kind.lesson",
    "byline.colleague",
    "seen_by.visible",
    "author_note.named",
    "author_note.confidential",
    "author_note.anonymous",
    "story.tried",
    "story.happened",
    "story.takeaway",
    "byline.team",
    "months",
    "day.long",
    "receipt.title",
)
_WORDS_FOR_FORM = {
    *_WORDS_OF_THE_LOOK,
    *("draft_kept", "draft_back", "draft_forget", "waiting", "waiting_some", "sent_later", "sending", "errors"),
    *("sent_before", "not_kept"),
}


def write_receipt(  # noqa: PLR0913 - each is a part of the page
    school: School,
    language: str,
    heading: str,
    shown: Mapping[str, Any] | None = None,
    filled: Filled | None = None,
    *,
    token: str = "",
    address: str = "",
    another: str = "",
    sentence: str = "",
) -> str:
    """Write the receipt page: of a win, of a win taken back (`sentence`), or the one that asks for a receipt."""
    return _render(
        "receipt.html",
        school,
        language,
        _addresses(school, "/receipt"),
        heading=say(language, heading),
        shown=shown,
        token=token,
        address=address,
        another=another,
        sentence=sentence,
        receipt_page="/receipt" + _own(school, language),
        **_fields(filled or Filled()),
    )


def write_shell(school: School) -> dict[str, bytes]:
    """Write every page that holds no stories, by its path in the site bucket."""
    files = {"public/school.json": json.dumps(public_school(school), ensure_ascii=False, sort_keys=True)}
    for language in school.languages:
        own = _own(school, language)
        for link in school.links:
            files[f"share/{link.code}{own}/index.html"] = write_form(school, link, language)
        files[f"receipt{own}/index.html"] = write_receipt(school, language, "receipt.title")
        files[f"help{own}/index.html"] = _render("help.html", school, language, _addresses(school, "/help"), own=own)
    return {path: text.encode() for path, text in files.items()}


def public_school(school: School) -> dict[str, Any]:
    """Return what everyone may know of a school: names, but no people, headcounts or codes."""

    def named(many: Sequence[Named]) -> list[dict[str, Any]]:
        return [one.model_dump(include={"id", "name", "retired", "merged_into", "mode"}) for one in many]

    goals = [{**named([goal])[0], "signs": named(goal.signs)} for goal in school.goals]
    practices = [
        {**named([use])[0], "variations": {level: v.model_dump() for level, v in use.variations.items()}}
        for use in school.practices
    ]
    return {
        "name": school.name,
        "shown_as": school.shown_as,
        "languages": school.languages,
        "vision": school.vision,
        "goals": goals,
        "practices": practices,
        "teams": named(school.teams),
        "groups": named(school.groups),
        "prompts": school.prompts,
    }


def write_dashboard(picture: Picture, charts: Sequence[Chart], latest: Sequence[Mapping[str, Any]]) -> str:
    """Write the dashboard with its charts inside, complete without a script."""
    school, language = picture.school, picture.language
    words = {key: text for key, text in catalogue(language).items() if key in _WORDS_FOR_STORIES}
    first, last = (monday_of(picture.weeks[n]) for n in (0, -1))
    ends_now = (picture.today - last).days < 7  # noqa: PLR2004 - a week
    return _render(
        "dashboard.html",
        school,
        language,
        [(language, "")],
        title=say(language, "dashboard.title", shown_as=school.shown_as, school=school.name),
        vision=in_language(school.vision, language),
        as_of=say(language, "dashboard.as_of", day=say_day(language, picture.today)),
        range=say(
            language,
            "dashboard.range",
            first=say_day(language, first),
            last=say_day(language, min(_end(last), picture.today)),
        ),
        old_range=not ends_now,
        weeks=picture.weeks,
        charts=charts,
        latest=[describe(story, school, language) for story in latest],
        words=words,
    )


def _end(monday: date) -> date:
    return date.fromordinal(monday.toordinal() + 6)


_WORDS_FOR_STORIES = {
    *("kind.success", "kind.lesson", "byline.colleague", "months", "day.long", "story.tried", "story.happened"),
    *("story.takeaway", "dashboard.loading", "dashboard.no_match", "dashboard.failed", "dashboard.found"),
    *("dashboard.found_one", "dashboard.stories", "kind.successes", "kind.lessons", "pulse.week", "byline.team"),
}
