"""The form of a link and the receipt page: the same fields, wherever a win is told or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.guard import MASKS
from chalicelib.domain.school import Link, School, in_language
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.win import FACTORS
from chalicelib.domain.words import catalogue, say
from chalicelib.pages.render import addresses, own, render

_TAGS = ("goals", "signs", "practices", "groups", "team", "helped", "hindered", "quotable", "occurred_on")


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


def _fields(school: School, filled: Filled) -> dict[str, Any]:
    """Complete what the fields' template asks for."""
    empty: dict[str, Any] = dict.fromkeys(("goals", "signs", "practices", "groups", "helped", "hindered"), ())
    told = ("kind", "story", "tried", "happened", "takeaway", "quoted", "team", "resolves", "quotable", "occurred_on")
    values = {**dict.fromkeys((*told, "author_mode", "author_name")), **empty, **filled.values}
    mend: dict[str, str] = {}
    for one in filled.problem.fields if filled.problem else ():
        mend.setdefault(one.anchor, one.sentence)
    open_tags = any(name in mend for name in _TAGS)
    chosen = {str(one).partition(":")[0] for one in values["practices"]}
    return {
        "values": values,
        "chosen": chosen,
        "factors": FACTORS,
        "mend": mend,
        "open_tags": open_tags,
        "problem": filled.problem,
        "nameable": shown_by(school),
    }


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
    return render(
        "share.html",
        school,
        language,
        addresses(school, f"/s/{code}"),
        code=code,
        prompt=prompt,
        nonce=nonce,
        receipt_page="/receipt" + own(school, language),
        words={key: words[key] for key in sorted(words) if key in _WORDS_FOR_FORM} | _warnings(language),
        shown=shown,
        **_fields(school, filled),
    )


_WORDS_OF_THE_LOOK = (
    "kind.success",
    "kind.lesson",
    "stories.quotable",
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


_WARNINGS = (
    *("warn_person", "warn_phone", "warn_email", "warn_url", "warn_id", "warn_address"),
    *("warn_replace", "warn_leave_person", "warn_leave", "warn_more", "warn_send"),
)


def _warnings(language: str) -> dict[str, Any]:
    """Give the words of static_site/warn.js, with the masks that the guard uses."""
    return {key: catalogue(language)[f"form.{key}"] for key in _WARNINGS} | {"masks": MASKS}


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
    came_of_it: str = "",
    question: str = "",
    sentence: str = "",
    taken: Sequence[str] | None = None,
) -> str:
    """Write the receipt page: of a win, of a win taken back (`sentence`), or the one that asks for a receipt."""
    return render(
        "receipt.html",
        school,
        language,
        addresses(school, "/receipt"),
        heading=say(language, heading),
        shown=shown,
        token=token,
        address=address,
        another=another,
        came_of_it=came_of_it,
        question=question,
        sentence=sentence,
        taken=taken,
        words=_warnings(language),
        receipt_page="/receipt" + own(school, language),
        **_fields(school, filled or Filled()),
    )
