"""Odd schools: each has charts that can be drawn, findings that are sentences, and pages that stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fakes.desk import NOW, win_at
from fakes.pictures import picture_of

from chalicelib.charts.gallery import draw_charts
from chalicelib.domain.findings import say_aloud
from chalicelib.domain.school import Goal, School
from chalicelib.domain.win import Win
from chalicelib.pages.dashboard import write_dashboards

TODAY = NOW.date()
Odd = Callable[[School], tuple[School, list[Win], date]]


def no_wins(school: School) -> tuple[School, list[Win], date]:
    return school, [], TODAY


def one_win(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school)], TODAY


def one_team(school: School) -> tuple[School, list[Win], date]:
    alone = school.model_copy(update={"teams": school.teams[:1]})
    return alone, [win_at(alone, team=alone.teams[0].id)], TODAY


def a_goal_nobody_mentions(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school, goals=[goal.id]) for goal in school.goals[1:] for _ in range(3)], TODAY


def twelve_goals_with_long_names(school: School) -> tuple[School, list[Win], date]:
    names = [f"{n} " + ("W" * 297 if n % 2 else "long words " * 27) for n in range(12)]
    goals = tuple(Goal(id=f"goal-{n}", name={"any": name[:300]}) for n, name in enumerate(names))
    long = school.model_copy(update={"goals": goals})
    return long, [win_at(long, goals=[goal.id], weeks_ago=n) for n, goal in enumerate(goals)], TODAY


def fifty_three_weeks(school: School) -> tuple[School, list[Win], date]:
    now = NOW + timedelta(weeks=8)
    return school, [win_at(school, now, weeks_ago=n) for n in range(60)], now.date()


def twenty_years(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school, weeks_ago=n * 4, goals=["explain"]) for n in range(260)], TODAY


def first_day_of_school(school: School) -> tuple[School, list[Win], date]:
    return school, [], date(2026, 8, 24)


def first_day_of_the_next_school_year(school: School) -> tuple[School, list[Win], date]:
    now = NOW.replace(year=2027, month=8, day=24)
    return school, [win_at(school, now, weeks_ago=n, kind="lesson") for n in (12, 20)], now.date()


def everything_held(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school).model_copy(update={"state": "held"}) for _ in range(9)], TODAY


def nothing_named(school: School) -> tuple[School, list[Win], date]:
    goals = tuple(goal.model_copy(update={"signs": ()}) for goal in school.goals)
    bare = school.model_copy(update={"goals": goals, "practices": (), "teams": (), "groups": ()})
    return bare, [win_at(bare, goals=["explain"])], TODAY


def nothing_named_and_no_wins(school: School) -> tuple[School, list[Win], date]:
    return nothing_named(school)[0], [], TODAY


def lessons_alone(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school, kind="lesson", weeks_ago=n) for n in range(30)], TODAY


def silent_for_two_years(school: School) -> tuple[School, list[Win], date]:
    return school, [win_at(school, weeks_ago=n) for n in (104, 110)], TODAY


ODD: list[Odd] = [
    *(no_wins, one_win, one_team, a_goal_nobody_mentions, twelve_goals_with_long_names, fifty_three_weeks),
    *(twenty_years, first_day_of_school, first_day_of_the_next_school_year, everything_held, nothing_named),
    *(nothing_named_and_no_wins, lessons_alone, silent_for_two_years),
]


@pytest.fixture(params=ODD, ids=lambda odd: odd.__name__)
def odd(request: pytest.FixtureRequest, sample_school: School) -> tuple[School, list[Win], date]:
    """An odd school, its wins and its day."""
    told: tuple[School, list[Win], date] = request.param(sample_school)
    return told


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_odd_school_has_every_chart_findings_and_pages(odd: Any, language: str) -> None:
    school, wins, today = odd
    picture = replace(picture_of(school, wins, weeks=None, today=today), language=language)
    charts = draw_charts(picture)
    assert len({chart.id for chart in charts}) == 12
    for chart in charts:
        view = [float(one) for one in ET.fromstring(chart.svg).get("viewBox", "").split()]
        assert view[2] == 360
        assert view[3] >= 1
        assert "nan" not in chart.svg.lower()
    for sentence in [*(chart.finding for chart in charts), *(one.sentence for one in say_aloud(picture))]:
        assert re.fullmatch(r"(?s)[^{}]{10,}\.", sentence), sentence
    pages = write_dashboards(picture, charts, [])
    end = "" if language == "en" else "/es"
    around = {path for path in pages if not path.startswith("dashboard/sheet/")}
    assert around == {
        f"{folder}{end}/index.html"
        for folder in ("dashboard", "dashboard/counts", "dashboard/wall", "dashboard-leaders")
    }
    for page in pages.values():
        assert f'<html lang="{language}"' in page
        assert page.count("<h1") == 1
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
    assert not re.search(r'"#stories|#stories\?|<script', pages[f"dashboard/counts{end}/index.html"])


def test_of_charts_the_leaders_page_has_their_own_alone_and_the_others_have_all_but_that(sample_school: School) -> None:
    picture = picture_of(sample_school, [win_at(sample_school, helped=["time"], hindered=["help"])])
    charts = draw_charts(picture)
    pages = write_dashboards(picture, charts, [])
    shown = {path: re.findall(r'data-chart="(\w+)"', page) for path, page in pages.items()}
    assert shown["dashboard-leaders/index.html"] == ["factors"]
    everybody = [chart.id for chart in charts if not chart.leaders_only]
    assert sorted(shown["dashboard/index.html"]) == sorted(shown["dashboard/counts/index.html"]) == sorted(everybody)
    for path, page in pages.items():
        assert ("factor" in page) == path.startswith("dashboard-leaders/"), path


def test_every_number_on_the_page_leads_to_its_stories_and_on_the_counts_page_to_none(sample_school: School) -> None:
    picture = picture_of(sample_school, [win_at(sample_school, signs=["because"], weeks_ago=n) for n in range(5)])
    pages = write_dashboards(picture, draw_charts(picture), [])
    assert len(re.findall(r'href="#stories\?', pages["dashboard/index.html"])) > 20
    assert "#stories?" not in pages["dashboard/counts/index.html"]
    assert "#stories?" in pages["dashboard/index.html"].partition('id="chart-pulse"')[2]


@pytest.mark.parametrize(("successes", "lessons", "share"), [(1, 7, 13), (3, 5, 38), (4, 2, 67), (2, 0, 100)])
def test_half_a_percent_is_rounded_up_as_scripts_do(
    sample_school: School, successes: int, lessons: int, share: int
) -> None:
    told = {"signs": ["because"], "practices": [{"id": "talk-moves"}]}
    kinds = ["success"] * successes + ["lesson"] * lessons
    picture = picture_of(sample_school, [win_at(sample_school, kind=kind, **told) for kind in kinds])
    page = write_dashboards(picture, draw_charts(picture), [])["dashboard/index.html"]
    assert f">{len(kinds)} ({share} % successes)<" in page
