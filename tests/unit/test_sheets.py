"""Sheets for meetings and the page for a wall: what a team was heard of, and no name of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from fakes.camera import look_at_svg, read_codes
from fakes.desk import NOW, labels_of, win_at
from fakes.pictures import picture_of
from fakes.random_school import NAMES, SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.charts import goals, pulse
from chalicelib.domain.appearance import published_story
from chalicelib.domain.calendar import week_of
from chalicelib.domain.findings import say_aloud
from chalicelib.domain.school import School, in_language
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.win import Win
from chalicelib.pages.excerpt import excerpt
from chalicelib.pages.sheets import sheet_links, write_sheets
from chalicelib.pages.wall import write_wall

URL = "https://wins.school.example"


def latest_of(school: School, wins: list[Win]) -> list[dict[str, Any]]:
    """Publish stories, newest first."""
    visible = sorted((win for win in wins if win.state == "visible"), key=lambda win: win.day, reverse=True)
    return [published_story(win, labels_of(school)) for win in visible]


def sheets_of(school: School, wins: list[Win]) -> dict[str, str]:
    return write_sheets(picture_of(school, wins), latest_of(school, wins), URL)


def wall_of(school: School, wins: list[Win]) -> str:
    picture = picture_of(school, wins)
    (page,) = write_wall(
        picture, [pulse.make(picture), goals.make(picture)], latest_of(school, wins), say_aloud(picture)
    ).values()
    return page


def shown_team(school: School) -> str:
    """Choose a team that may be named."""
    return next(team.id for team in school.teams if team.offered and team.id in shown_by(school).teams)


def sheet_of(school: School, wins: list[Win], team: str) -> str:
    return sheets_of(school, wins)[f"dashboard/sheet/{team}/index.html"]


ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, weeks=8)))


@given(both=ANY_WINS)
@settings(max_examples=30)
def test_no_author_stands_on_a_sheet_or_on_the_wall(both: tuple[School, list[Win]]) -> None:
    for page in [*sheets_of(*both).values(), wall_of(*both)]:
        assert not [name for name in NAMES if " ".join(name.split()).casefold() in " ".join(page.split()).casefold()]


@given(both=ANY_WINS)
@settings(max_examples=30)
def test_no_team_stands_on_the_wall_and_only_its_own_on_a_sheet(both: tuple[School, list[Win]]) -> None:
    school, wins = both
    language = school.languages[0]
    names = {team.id: in_language(team.name, language) for team in school.teams}
    assert not [name for name in names.values() if name in wall_of(school, wins)]
    for path, page in sheets_of(school, wins).items():
        own = path.split("/")[2]
        assert own in shown_by(school).teams
        assert [one for one, name in names.items() if name in page] == [own]


@given(both=ANY_WINS)
@settings(max_examples=30)
def test_a_sheet_counts_the_stories_that_stand_beside_its_team(both: tuple[School, list[Win]]) -> None:
    school, wins = both
    picture, latest = picture_of(school, wins), latest_of(school, wins)
    recent = picture.weeks[-4:]
    in_weeks = {win.story_id for win in wins if win.week in recent}
    for path, page in write_sheets(picture, latest, URL).items():
        n = len([one for one in latest if one.get("team") == path.split("/")[2] and one["id"] in in_weeks])
        assert picture.say("sheet.four", n=n) in unescape(page)
        assert page.count("<article") == min(n, 3)


def test_only_teams_that_may_be_named_have_a_sheet_in_each_language(sample_school: School) -> None:
    picture = picture_of(sample_school, [])
    for language, end in (("en", ""), ("es", "/es")):
        spoken = replace(picture, language=language)
        wanted = {one.id for one in sample_school.teams if one.offered} & shown_by(sample_school).teams
        pages = write_sheets(spoken, [], URL)
        assert set(pages) == {f"dashboard/sheet/{team}{end}/index.html" for team in wanted}
        assert {address for address, _ in sheet_links(spoken)} == {
            f"/{path.removesuffix('index.html')}" for path in pages
        }


def test_a_team_that_retired_has_no_sheet(sample_school: School) -> None:
    gone = shown_team(sample_school)
    teams = tuple(
        team.model_copy(update={"retired": True}) if team.id == gone else team for team in sample_school.teams
    )
    retired = sample_school.model_copy(update={"teams": teams})
    assert f"dashboard/sheet/{gone}/index.html" not in sheets_of(retired, [])


def test_the_address_in_the_code_stands_there_in_words_too(sample_school: School) -> None:
    team = shown_team(sample_school)
    page = sheet_of(sample_school, [], team)
    assert f">{URL}/dashboard/?team={team}</a>" in page
    (code,) = re.findall(r'<svg[^>]*viewBox="0 0 \d+ \d+"[^>]*class="segno".*?</svg>', page, re.DOTALL)
    drawn = code.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    assert read_codes(look_at_svg(drawn, scale=8)) == [f"{URL}/dashboard/?team={team}"]


def test_a_silent_team_is_asked_for_a_win_and_still_has_something_to_talk_about(sample_school: School) -> None:
    page = sheet_of(sample_school, [], shown_team(sample_school))
    assert "What small win would you tell?" in page
    assert page.count('class="box"') == 3
    assert page.count('class="name"') >= 3


def test_a_long_story_ends_with_an_ellipsis_and_an_old_one_is_not_there(sample_school: School) -> None:
    team = shown_team(sample_school)
    long = win_at(sample_school, story="Everybody talked. " * 100, team=team)
    old = win_at(sample_school, story="Long ago", team=team, weeks_ago=4)
    page = sheet_of(sample_school, [long, old], team)
    (shown,) = re.findall(r'<p class="text"><bdi dir="auto">(.*?)</bdi>', page)
    assert shown.endswith("Everybody…")
    assert len(shown) <= 300


def test_lessons_that_wait_are_told_of_however_old_they_are(sample_school: School) -> None:
    team = shown_team(sample_school)
    lesson = win_at(sample_school, kind="lesson", team=team, weeks_ago=8)
    assert "One lesson waits for an answer." in sheet_of(sample_school, [lesson], team)
    answer = win_at(sample_school, team=team).model_copy(update={"resolves": lesson.story_id})
    assert "waits for an answer" not in sheet_of(sample_school, [lesson, answer], team)


def test_a_wall_shows_only_what_may_be_quoted_for_visitors_read_it_too(sample_school: School) -> None:
    wins = [win_at(sample_school, story=f"Story {n}", weeks_ago=n % 2) for n in range(9)]
    quoted = [win_at(sample_school, story=f"Quote {n}", weeks_ago=3) for n in range(9)]
    wins += [win.model_copy(update={"quotable": True}) for win in quoted]
    told = re.findall(r'<bdi dir="auto">(.*?)</bdi>', wall_of(sample_school, wins))
    assert len(told) == 8
    assert all(one.startswith("Quote ") for one in told)


def test_a_wall_before_the_first_story_says_how_to_begin(sample_school: School) -> None:
    page = wall_of(sample_school, [])
    assert page.count('<section class="slide') == 4
    assert "#stories?" not in page


@given(text=st.text(max_size=80), most=st.integers(2, 40))
def test_an_excerpt_has_room_and_begins_as_the_text_does(text: str, most: int) -> None:
    line, short = " ".join(text.split()), excerpt(text, most)
    if len(text) <= most:
        assert short == text
        return
    assert len(short) <= most
    assert short == line or (short.endswith("…") and line.startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "short"), [("one two three", "one two…"), ("abcdefghijklm", "abcdefghi…"), ("one  two", "one  two")]
)
def test_an_excerpt_ends_between_words_where_it_can(text: str, short: str) -> None:
    assert excerpt(text, 10) == short


def test_weeks_of_stories_are_those_of_the_counts(sample_school: School) -> None:
    win = win_at(sample_school, weeks_ago=1)
    assert week_of(win.day) == win.week
    assert week_of(NOW.date()) == picture_of(sample_school, []).weeks[-1]
