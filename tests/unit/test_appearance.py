"""How a win appears, and what never does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.desk import labels_of, win_at
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.appearance import describe, preview, published_story
from chalicelib.domain.school import School

ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school)))


@given(both=ANY_WINS)
def test_no_team_below_the_minimum_cell_stands_beside_an_unnamed_story(both: Any) -> None:
    school, wins = both
    sizes = {team.id: team.headcount for team in school.teams}
    for win in wins:
        shown = published_story(win, labels_of(school))
        if "author" not in shown and "team" in shown:
            assert sizes[shown["team"]] >= school.privacy.minimum_cell


@given(both=ANY_WINS)
def test_the_sender_is_shown_exactly_what_is_published(both: Any) -> None:
    school, wins = both
    for win in wins:
        shown = preview(win, labels_of(school), "en")
        published = describe(json.loads(json.dumps(published_story(win, labels_of(school)))), school, "en")
        assert {key: shown[key] for key in published} == published


def test_a_published_story_tells_the_day_and_no_time(sample_school: School) -> None:
    win = win_at(sample_school)
    story = published_story(win, labels_of(sample_school))
    assert story["day"] == "2026-11-25"
    assert win.id.endswith(story["id"])
    assert len(story["id"]) == 16


def test_a_hidden_name_is_not_shown(sample_school: School) -> None:
    win = win_at(sample_school, author={"mode": "confidential", "name": "Ms. Secretive"})
    assert win.author.name == "Ms. Secretive"
    labels = labels_of(sample_school)
    assert "Secretive" not in json.dumps([published_story(win, labels), preview(win, labels, "en")])


def test_a_small_team_is_shown_with_a_name_that_its_author_gave(sample_school: School) -> None:
    named = win_at(sample_school, team="arts", author={"mode": "named", "name": "Ms. Rowe"})
    labels = labels_of(sample_school)
    assert published_story(named, labels)["author_team"] == "arts"
    assert preview(named, labels, "en")["byline"] == "Ms. Rowe, Arts and library"
    assert not {"team", "author_team"} & published_story(win_at(sample_school, team="arts"), labels).keys()


def test_a_group_without_a_headcount_is_not_shown(sample_school: School) -> None:
    groups = tuple(group.model_copy(update={"headcount": None}) for group in sample_school.groups)
    school = sample_school.model_copy(update={"groups": groups})
    assert "groups" not in published_story(win_at(school, groups=["whole-class"]), labels_of(school))


@pytest.mark.parametrize(("language", "day"), [("en", "November 25, 2026"), ("es", "25 de noviembre de 2026")])
def test_a_preview_speaks_the_senders_language(sample_school: School, language: str, day: str) -> None:
    shown = preview(win_at(sample_school, goals=["explain"]), labels_of(sample_school), language)
    assert shown["day"] == day
    assert shown["tags"] == [sample_school.goals[0].name[language]]  # type: ignore[index]


def test_a_team_that_no_longer_exists_is_left_out(sample_school: School) -> None:
    win = win_at(sample_school, team="primary")
    assert "team" not in published_story(win, labels_of(sample_school.model_copy(update={"teams": ()})))
