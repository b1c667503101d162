"""The dashboard's page, with its charts inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.appearance import describe
from chalicelib.domain.calendar import monday_of
from chalicelib.domain.chart import Chart, Picture
from chalicelib.domain.school import in_language
from chalicelib.domain.words import catalogue, say, say_day
from chalicelib.pages.render import render


def write_dashboard(picture: Picture, charts: Sequence[Chart], latest: Sequence[Mapping[str, Any]] | None) -> str:
    """Write the dashboard with its charts inside, complete without a script.

    Args:
        picture: what the charts show.
        charts: drawn.
        latest: the newest stories; None writes the page of counts alone, which leads to no story either.
    """
    school, language = picture.school, picture.language
    words = {key: text for key, text in catalogue(language).items() if key in _WORDS_FOR_STORIES}
    first, last = (monday_of(picture.weeks[n]) for n in (0, -1))
    ends_now = (picture.today - last).days < 7  # noqa: PLR2004 - a week
    return render(
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
        stories=latest is not None,
        latest=[describe(story, school, language) for story in latest or ()],
        words=words,
    )


def _end(monday: date) -> date:
    return date.fromordinal(monday.toordinal() + 6)


_WORDS_FOR_STORIES = {
    *("kind.success", "kind.lesson", "byline.colleague", "months", "day.long", "story.tried", "story.happened"),
    *("story.takeaway", "dashboard.loading", "dashboard.no_match", "dashboard.failed", "dashboard.found"),
    *("dashboard.found_one", "dashboard.stories", "kind.successes", "kind.lessons", "pulse.week", "byline.team"),
}
