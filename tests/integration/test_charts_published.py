"""Real publications: chart files and pages hold what a short count over a dump of the table says, and no more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import boto3
import pytest
from fakes.counting import AXES, check_chart, told_in
from fakes.desk import NOW, win_at
from fakes.memory import MemorySite, MemoryTable
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.chart import weeks_shown
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.stores.bucket import SiteBucket
from chalicelib.stores.table import DynamoTable, connect
from chalicelib.work.publish import COUNTS_PAGE, LEADERS, LEADERS_PAGE, MANIFEST, PAGE, publish
from infra.dump import FIELDS, dump

ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=15, weeks=60)))


def charts_of(site: Any) -> list[dict[str, Any]]:
    """Read every chart that the manifest names, with its language."""
    manifest = json.loads(site.read(MANIFEST).body)
    files = [(entry, site.read(entry["path"].lstrip("/"))) for entry in manifest["charts"]]
    return [
        {**json.loads(file.body)[entry["id"]], "language": entry["language"], "path": entry["path"]}
        for entry, file in files
    ]


def check_against_a_dump(table: Any, site: Any, school: School) -> None:
    """Count over the lines of a dump, and compare each chart in each language."""
    lines = [json.loads(line) for line in dump(table)]
    visible = [line for line in lines if line["state"] == "visible"]
    weeks = weeks_shown(
        NOW.astimezone(school.zone).date(),
        min((line["week"] for line in visible), default=None),
        max((line["day"] for line in visible), default=None),
    )
    charts = charts_of(site)
    assert [chart["language"] for chart in charts] == [code for code in school.languages for _ in range(12)]
    for chart in charts:
        if chart["id"] in AXES:
            check_chart(chart, told_in(school, lines, weeks))


def test_a_dump_holds_all_that_charts_count() -> None:
    needed = {
        "id",
        "week",
        "day",
        "state",
        "kind",
        "goals",
        "signs",
        "practices",
        "groups",
        "team",
        "author",
        "channel",
    }
    assert needed | {"helped", "hindered", "resolves"} <= set(FIELDS)


@given(both=ANY_WINS)
@settings(max_examples=8)
def test_every_published_chart_counts_what_a_short_count_over_a_dump_does(both: Any) -> None:
    school, wins = both
    table, site = MemoryTable(), MemorySite()
    table.save_school(school, 1)
    for win in wins:
        table.save_win(win, None)
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    check_against_a_dump(table, site, school)


@pytest.fixture
def wins(sample_school: School) -> list[Win]:
    """Wins of a year, with all that charts count."""
    lesson = win_at(sample_school, weeks_ago=20, kind="lesson", hindered=["time"], signs=["because"])
    told = [
        win_at(sample_school, weeks_ago=3).model_copy(update={"resolves": lesson.story_id, "channel": "mail"}),
        win_at(sample_school, author={"mode": "anonymous"}, helped=["help", "ideas"]),
        win_at(sample_school, practices=[{"id": "wait-time", "level": "a"}], groups=["whole-class"], team="primary"),
        win_at(sample_school, NOW - timedelta(days=2), kind="lesson", goals=["families"]),
        win_at(sample_school, weeks_ago=40, practices=[{"id": "talk-moves", "level": "e"}], signs=["book-talk"]),
    ]
    return [lesson, *told]


def test_on_the_real_parts_every_chart_counts_what_a_short_count_over_a_dump_does(
    surroundings: dict[str, str], sample_school: School, wins: list[Win]
) -> None:
    table = DynamoTable(connect(), surroundings["TABLE_NAME"])
    site = SiteBucket(boto3.client("s3"), surroundings["SITE_BUCKET"])
    table.save_school(sample_school, 1)
    for win in wins:
        table.save_win(win, None)
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    check_against_a_dump(table, site, sample_school)


def test_what_helped_and_hindered_lies_with_leaders_alone_and_counts_pages_lead_to_no_story(
    sample_school: School, wins: list[Win]
) -> None:
    table, site = MemoryTable(), MemorySite()
    table.save_school(sample_school, 1)
    for win in wins:
        table.save_win(win, None)
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    folders = {chart["path"].split("/")[1] for chart in charts_of(site) if chart["id"] == "factors"}
    assert folders == {LEADERS.strip("/")}
    for path, body in site.bodies.items():
        if path.startswith("dashboard/"):
            assert not re.search(rb"factor=|hindered|\"helped|chart-factors", body), path
        if path.startswith("dashboard/counts/"):
            assert not re.search(rb"\"#stories|#stories\?|<script", body), path
    pages = json.loads(site.bodies[MANIFEST])["pages"]
    for page in (PAGE, COUNTS_PAGE, LEADERS_PAGE):
        assert {page, page.replace("/index.html", "/es/index.html")} <= set(pages)
    others = {page for page in pages if page.startswith(("dashboard/sheet/", "dashboard/wall/"))}
    assert len(pages) - len(others) == 6
