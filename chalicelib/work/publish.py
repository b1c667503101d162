"""Publishing: changed weeks are counted again, merged with all others, drawn, and shown at once.

Rollups are replaced only if nobody else replaced them meanwhile, `draft.py` tells in which order files are written, and
the weeks' marks are cleared last of all. Whoever is interrupted leaves the marks standing, and the next run does it
again to the same bytes. Of two publishers at once the slower is told by the manifest and starts over. Pages that should
be as they are, are looked at with each mark and each day, and mended where somebody damaged them; a run for new wins
alone trusts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.chart import Chart, Picture, Voices, voices_of, weeks_shown
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup, as_named_today, as_shown, latest
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import Labels
from chalicelib.ports import Site, Table
from chalicelib.work.count import FORMAT, Span, count_weeks, story_rules, weeks_to_count
from chalicelib.work.draft import Draft
from chalicelib.work.places import COUNTS_PAGE, FOLDER, LEADERS, LEADERS_PAGE, MANIFEST, PAGE, as_bytes

if TYPE_CHECKING:
    from chalicelib.work.district import Followed

__all__ = ["COUNTS_PAGE", "LEADERS_PAGE", "MANIFEST", "PAGE", "Pages", "Published", "Recall", "publish"]

_TRIES = 8
_RECENT_WEEKS = 4

Draw = Callable[[Picture], list[Chart]]


@dataclass
class Recall:
    """What a process remembers of its last publication: weeks that did not change are not counted anew."""

    _school: School | None = None
    _weeks: dict[str, tuple[Rollup, Rollup]] = field(default_factory=dict)
    """As they were read and as charts show them."""
    _files: dict[str, Any] = field(default_factory=dict)
    """Stories of the last weeks, by address."""

    def school(self, school: School) -> School:
        """Return the school file that is remembered, if it is the same; else forget all."""
        if self._school is None or self._school != school:
            self._school, self._weeks = school, {}
        return self._school

    def files(self, addresses: Iterable[str], read: Callable[[str], Any]) -> list[dict[str, Any]]:
        """Return published files, which never change; only those asked for last are remembered."""
        self._files = {address: self._files.get(address) or read(address) or {} for address in addresses}
        return [*self._files.values()]

    def shown(self, rollup: Rollup, labels: Labels) -> Rollup:
        """Fold a week's counts into what may be named, by today's names."""
        read, shown = self._weeks.get(rollup.week, (None, rollup))
        if read != rollup:
            shown = as_named_today(as_shown(rollup, labels), labels.school)
            self._weeks[rollup.week] = rollup, shown
        return shown


@dataclass(frozen=True)
class Pages:
    """How pages are written; the templates are in `pages/`."""

    dashboards: Callable[[Picture, list[Chart], list[dict[str, Any]]], dict[str, str]]
    """All pages around the charts in the language of the picture, by path, with the stories of the last weeks."""
    shell: Callable[[School], dict[str, bytes]]
    """All pages that hold no stories, by path: forms, the receipt page, `public/school.json`."""
    look: str
    """Changes when the templates do."""
    get_ready: Callable[[], None] = lambda: None
    """Called as soon as it is sure that charts will be drawn, while weeks are still counted."""
    recall: Recall = field(default_factory=Recall)
    """Filled by each run, for the next one with the same pages."""
    follow: Callable[[int, School], Followed] | None = None
    """Counts what the schools of a district published, by the number of its file and the file; see `district.py`."""


@dataclass(frozen=True)
class Published:
    """What a run did."""

    version: str
    weeks: list[str] = field(default_factory=list)
    """The weeks counted."""
    wrote: int = 0
    """Files written; 0 if everything was as it should be."""
    unread: list[str] = field(default_factory=list)
    """Schools that a district could not read."""


def publish(table: Table, site: Site, pages: Pages, draw: Draw, now: datetime) -> Published:
    """Bring what readers see up to date.

    Args:
        table: where wins, marks and rollups are.
        site: where readers look.
        pages: writes the HTML.
        draw: makes the charts; called only if there is something to draw.
        now: the time of this run.

    Raises:
        Problem: `not_set_up` without a school file; `busy` if other publishers were quicker every time.
    """
    in_vain: frozenset[str] = frozenset()
    for _ in range(_TRIES):
        with Draft(site, in_vain) as draft:
            try:
                return _publish_once(table, draft, pages, draw, now)
            except WriteConflict:
                in_vain = draft.in_vain
    raise Problem("busy")


def _publish_once(table: Table, draft: Draft, pages: Pages, draw: Draw, now: datetime) -> Published:
    latest = table.latest_school()
    if latest is None:
        raise Problem("not_set_up")
    version, school = latest[0], pages.recall.school(latest[1])
    labels = Labels(school, version, table.school_at)
    today = now.astimezone(school.zone).date()
    basis = {"format": FORMAT, "look": pages.look, "as_of": today.isoformat(), "school_version": version}
    followed = pages.follow(version, school) if school.district and pages.follow else None
    basis |= {"over": [followed.over.schools, followed.over.recent]} if followed else {}
    marks = table.changed_weeks()
    weeks = weeks_to_count(table, draft.old, labels, set(marks), today)
    if not weeks and draft.old.items() >= basis.items() and draft.is_over():
        return Published(draft.old["version"], unread=followed.unread if followed else [])
    pages.get_ready()
    draft.finish_the_last()
    if marks or draft.old.get("as_of") != basis["as_of"]:
        draft.mistrust()
    stored = Span(table, today)
    manifest = {**basis, "story_rules": story_rules(school), **count_weeks(table, draft, labels, weeks, stored)}
    picture = _picture(stored, manifest, labels, today, pages.recall)
    picture = replace(picture, over=followed.over) if followed else picture
    manifest |= _write_pages(draft, pages, draw, picture, manifest)
    manifest["version"] = draft.commit(manifest, now, recounted=bool(weeks), sweep=bool(marks))
    table.clear_changed(marks)
    return Published(manifest["version"], [*weeks], draft.wrote, followed.unread if followed else [])


def _write_pages(draft: Draft, pages: Pages, draw: Draw, picture: Picture, manifest: dict[str, Any]) -> dict[str, Any]:
    """Draw the charts and write all pages in each language; return the manifest's `charts`, `shell` and `pages`."""
    files = pages.recall.files((entry["path"] for entry in reversed(manifest["stories"][-_RECENT_WEEKS:])), draft.read)
    latest = [story for file in files for story in file.get("stories", ())]
    picture = replace(picture, voices=_voices(picture, files))
    drawn: list[dict[str, str]] = []
    bodies: dict[str, bytes] = {}
    for language in picture.school.languages:
        spoken = replace(picture, language=language)
        charts = draw(spoken)
        drawn += _write_charts(draft, charts, language)
        bodies |= {path: text.encode() for path, text in pages.dashboards(spoken, charts, latest).items()}
    shell = _shell(draft, pages, picture.school, manifest)
    return {"charts": drawn, "shell": shell, "pages": draft.write(bodies)}


def _write_charts(draft: Draft, charts: list[Chart], language: str) -> list[dict[str, str]]:
    """Write the charts of a language, those for leaders alone apart; return an entry of the manifest for each."""
    entries = []
    for folder, leaders_only in ((FOLDER, False), (LEADERS, True)):
        some = {chart.id: chart.as_json() for chart in charts if chart.leaders_only is leaders_only}
        path = draft.write_once(f"charts/{language}.json", as_bytes(some), folder) if some else ""
        entries += [{"id": one, "language": language, "path": path} for one in some]
    return entries


def _voices(picture: Picture, files: list[dict[str, Any]]) -> dict[str, Voices]:
    """Count who was heard in the last four weeks, from published stories alone."""
    weeks = set(picture.weeks[-_RECENT_WEEKS:])
    return voices_of(story for file in files if file.get("week") in weeks for story in file["stories"])


def _shell(draft: Draft, pages: Pages, school: School, manifest: dict[str, Any]) -> dict[str, str]:
    """Write the pages without stories, unless nothing but stories is new."""
    if draft.stories_only(manifest):
        shell: dict[str, str] = draft.old["shell"]
        return shell
    return draft.write(pages.shell(school))


def _picture(stored: Span, manifest: dict[str, Any], labels: Labels, today: date, recall: Recall) -> Picture:
    """Gather the weeks that charts show: at most a year is read, however many there are."""
    school = labels.school
    every = Rollup("", last_day=latest(cube["last_day"].items() for cube in manifest["cubes"]))
    last_day = as_named_today(every, school).last_day
    first = manifest["weeks"][0] if manifest["weeks"] else None
    weeks = weeks_shown(today, first, last_day.get(""))
    rollups = stored.rollups(weeks[0], weeks[-1])
    return Picture(
        school=school,
        language=school.languages[0],
        today=today,
        weeks=weeks,
        rollups={rollup.week: recall.shown(rollup, labels) for rollup in rollups if rollup.n},
        last_day=last_day,
        since=first or "",
    )
