"""The dashboard's pages, with its charts inside, complete without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.appearance import describe
from chalicelib.domain.calendar import monday_of
from chalicelib.domain.chart import Chart, Picture
from chalicelib.domain.dimensions import CHANNELS, term_of
from chalicelib.domain.findings import Finding, say_aloud
from chalicelib.domain.pace import percent
from chalicelib.domain.school import Named, in_language
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.words import catalogue, say_day
from chalicelib.pages.render import own, render
from chalicelib.pages.sheets import sheet_links, write_sheets
from chalicelib.pages.wall import write_wall

_FIRST_LOOK = ("pulse", "goals")
_LATEST = 3
_LONGEST_QUOTE = 280
_MOST_QUOTES = 4
Stories = Sequence[Mapping[str, Any]]


def write_dashboards(picture: Picture, charts: Sequence[Chart], latest: Stories, url: str = "") -> dict[str, str]:
    """Write all pages around the charts in one language, by their path in the site bucket.

    Args:
        picture: what the charts show.
        charts: drawn.
        latest: published stories of the last four weeks that have any, newest first.
        url: where people reach the school's pages, for paper.
    """
    end, aloud = own(picture.school, picture.language), say_aloud(picture)
    shown = [chart for chart in charts if not chart.leaders_only]
    leaders = [chart for chart in charts if chart.leaders_only]
    if picture.school.district is not None:
        pages = {at: _write(picture, shown, None, aloud, f"/{at}") for at in ("dashboard", "dashboard/counts")}
        return {f"{at}{end}/index.html": page for at, page in pages.items()}
    return {
        f"dashboard{end}/index.html": _write(picture, shown, latest, aloud, "/dashboard"),
        f"dashboard/counts{end}/index.html": _write(picture, shown, None, aloud, "/dashboard/counts"),
        f"dashboard-leaders{end}/index.html": _write(picture, leaders, (), (), "/dashboard-leaders"),
        **write_sheets(picture, latest, url),
        **write_wall(picture, shown, latest, aloud),
    }


def _write(
    picture: Picture, charts: Sequence[Chart], latest: Stories | None, aloud: Sequence[Finding], address: str
) -> str:
    """Write one page; without stories (None) nothing on it leads to one either."""
    school, language = picture.school, picture.language
    leaders = any(chart.leaders_only for chart in charts)
    return render(
        "dashboard.html",
        school,
        language,
        [(code, f"{address}{own(school, code)}/") for code in school.languages],
        title=picture.say("dashboard.title", shown_as=school.shown_as, school=school.name),
        vision=in_language(school.vision, language),
        **_range(picture),
        weeks=picture.weeks,
        first_look=[chart for chart in charts if chart.id in _FIRST_LOOK],
        charts=[chart for chart in charts if chart.id not in _FIRST_LOOK],
        aloud=aloud,
        leaders=leaders,
        stories=latest is not None,
        latest=[describe(story, school, language) for story in (latest or ())[:_LATEST]],
        quotes=[describe(story, school, language) for story in _quotes(latest or ())],
        words=_words(language, leaders=leaders),
        form_link=next((f"/s/{link.code}{own(school, language)}" for link in school.links if not link.team), ""),
        own=own(school, language),
        sheets=() if leaders else sheet_links(picture),
        percent=percent,
        **_filters(picture),
    )


def _words(language: str, *, leaders: bool) -> dict[str, Any]:
    told, families = catalogue(language).items(), (*_WORDS_OF, *(("factor",) if leaders else ()))
    return {key: text for key, text in told if key in _WORDS_FOR_STORIES or key.startswith(families)}


def _range(picture: Picture) -> dict[str, Any]:
    first, last = (monday_of(picture.weeks[n]) for n in (0, -1))
    days = [say_day(picture.language, day) for day in (first, min(last + timedelta(days=6), picture.today))]
    return {
        "as_of": picture.say("dashboard.as_of", day=say_day(picture.language, picture.today)),
        "range": picture.say("dashboard.range", first=days[0], last=days[1]),
        "old_range": (picture.today - last).days >= 7,  # noqa: PLR2004 - a week
        "over": picture.say("dashboard.over", **vars(picture.over)) if picture.over else "",
    }


def _filters(picture: Picture) -> dict[str, Any]:
    """List what the charts can be filtered by."""
    school, shown = picture.school, shown_by(picture.school)
    terms = dict.fromkeys(term_of(week, school.school_year.starts) for week in picture.weeks)
    return {
        "goals": _pairs(picture, school.goals),
        "signs": _pairs(picture, school.signs),
        "practices": _pairs(picture, school.practices),
        "teams": _pairs(picture, (one for one in school.teams if one.id in shown.teams)),
        "groups": _pairs(picture, (one for one in school.groups if one.id in shown.groups)),
        "terms": [(term, picture.say_month(term, "shift.since")) for term in terms],
        "channels": [(one, picture.say(f"channel.{one}")) for one in CHANNELS],
        "today": date.isoformat(picture.today),
    }


def _pairs(picture: Picture, many: Iterable[Named]) -> list[tuple[str, str]]:
    """Name what new wins may choose, as pages do: what no picture can hold stays in."""
    return [(one.id, in_language(one.name, picture.language)) for one in many if one.offered]


def _quotes(stories: Stories) -> list[Mapping[str, Any]]:
    """Choose the newest story of each goal that may be quoted and is short enough to be read aloud."""
    chosen: dict[str, Mapping[str, Any]] = {}
    for story in stories:
        if story.get("quotable") and len(story["story"]) <= _LONGEST_QUOTE:
            for goal in story.get("goals", ("",)):
                chosen.setdefault(goal, story)
    return list({story["id"]: story for story in chosen.values()}.values())[:_MOST_QUOTES]


_WORDS_OF = ("channel.", "mode.", "lessons.")
_WORDS_FOR_STORIES = {
    *("kind.success", "kind.lesson", "byline.colleague", "months", "day.long", "story.tried", "story.happened"),
    *("story.takeaway", "dashboard.loading", "dashboard.no_match", "dashboard.failed", "dashboard.found"),
    *("dashboard.found_one", "dashboard.stories", "kind.successes", "kind.lessons", "pulse.week", "byline.team"),
    *("stories.tried", "stories.tried_by", "stories.tried_failed", "stories.related", "stories.other_teams"),
    *("stories.answer", "stories.copy", "stories.copy_done", "stories.copy_failed", "stories.picture"),
    *("stories.picture_done", "stories.picture_failed", "stories.quotable", "stories.searched"),
    *("explore.status", "explore.nothing", "explore.failed", "explore.finding", "explore.finding_few"),
    *("explore.not_filtered", "explore.why", "explore.because", "explore.month", "explore.school_year"),
    *("shift.since", "shift.term", "goals.today", "goals.days_ago", "year.month", "dashboard.from", "dashboard.to"),
    *("dashboard.n", "dashboard.few", "dashboard.share", "table.stories", "table.note", "weekdays", "months.short"),
    *("aloud.stories", "stories.found", "explore.not_drawn", "explore.filtered"),
    *("explore.because_total", "explore.few_not_drawn"),
}
