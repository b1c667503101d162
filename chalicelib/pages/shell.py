"""Every page of a school that holds no stories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.school import Named, School
from chalicelib.domain.words import LANGUAGES
from chalicelib.pages.forms import write_form, write_receipt
from chalicelib.pages.leaders import write_leaders, write_sign_in
from chalicelib.pages.privacy import write_privacy
from chalicelib.pages.render import addresses, own, render
from chalicelib.pages.views import write_refused, write_view


def write_shell(school: School, region: str = "") -> dict[str, bytes]:
    """Write every page that holds no stories, by its path in the site bucket; `region` is where the school's data lies.

    The privacy notice is written in every language there is, whatever the school's pages speak.
    """
    files = {"public/school.json": json.dumps(public_school(school), ensure_ascii=False, sort_keys=True)}
    for language in school.languages:
        end = own(school, language)
        for link in school.links:
            files[f"share/{link.code}{end}/index.html"] = write_form(school, link, language)
        files[f"receipt{end}/index.html"] = write_receipt(school, language, "receipt.title")
        files[f"sign-in{end}/index.html"] = write_sign_in(school, language)
        files[f"leaders{end}/index.html"] = write_leaders(school, language)
        files[f"view{end}/index.html"] = write_view(school, language)
        files[f"help{end}/index.html"] = render("help.html", school, language, addresses(school, "/help"), own=end)
    files["refused/index.html"] = write_refused(school)
    for spoken in LANGUAGES:
        files[f"privacy{own(school, spoken)}/index.html"] = write_privacy(school, spoken, region)
    return {path: text.encode() for path, text in files.items()}


def public_school(school: School) -> dict[str, Any]:
    """Return what everyone may know of a school: names, but no people, headcounts or codes.

    The forms tell besides which teams are too small to stand beside a story, as each receipt does.
    """

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
        "school_year_starts": school.school_year.starts,
        "vision": school.vision,
        "goals": goals,
        "practices": practices,
        "teams": named(school.teams),
        "groups": named(school.groups),
        "prompts": school.prompts,
    }
