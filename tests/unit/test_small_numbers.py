"""Which teams and groups may be named, and which not even if they are large enough themselves."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.desk import labels_of, win_at
from fakes.random_school import SCHOOLS, later, wins_of
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.appearance import shown_groups, shown_team, signed_team
from chalicelib.domain.rollup import Cell, Rollup, as_shown, count_week
from chalicelib.domain.school import Group, School, Team
from chalicelib.domain.small_numbers import shown_by

NAMED = {"mode": "named", "name": "Ms. Rowe"}


def with_teams(school: School, **teams: Any) -> School:
    """The school with these teams: a headcount, or all that is said of one."""
    said = {one: {"headcount": told} if isinstance(told, int) else told for one, told in teams.items()}
    return school.model_copy(update={"teams": tuple(Team(id=one, name=one, **told) for one, told in said.items())})


def with_groups(school: School, **groups: int | None) -> School:
    made = tuple(Group(id=one, name=one, headcount=count) for one, count in groups.items())
    return school.model_copy(update={"groups": made})


def with_minimum(school: School, least: int) -> School:
    return school.model_copy(update={"privacy": school.privacy.model_copy(update={"minimum_cell": least})})


RETIRED: dict[str, Any] = {"headcount": 2, "retired": True}


@pytest.mark.parametrize(
    ("teams", "shown"),
    [
        ({"a": 5, "b": 9}, "a b"),  # nothing is hidden
        ({"a": 4, "b": 9, "c": 6}, "b"),  # the smallest of the others goes with the only small one
        ({"a": 4, "b": 1, "c": 6}, "c"),  # two small ones are enough together
        ({"a": 2, "b": 2, "c": 6, "d": 6}, "d"),  # not enough; of two alike, the same one every time
        ({"a": 4}, ""),
        ({"a": 9}, "a"),
        ({"old": RETIRED, "b": 6, "c": 7}, "c"),  # who left still leaves stories behind
        ({"old": RETIRED, "a": 4, "b": 6, "c": 7}, "c"),  # and does not help to hide others
        ({"old": RETIRED, "a": 4, "gone": {"headcount": 8, "retired": True}}, ""),
        ({"old": {**RETIRED, "merged_into": "b"}, "b": 6}, "b"),  # unless they went into another team
    ],
)
def test_where_a_team_is_hidden_the_people_of_all_hidden_teams_are_at_least_the_minimum(
    sample_school: School, teams: dict[str, Any], shown: str
) -> None:
    assert sorted(shown_by(with_teams(sample_school, **teams)).teams) == shown.split()


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ({"a": 5, "b": 90}, "a b"),
        ({"a": 4, "b": 90, "c": 60}, "b"),
        ({"a": 4, "b": 3, "c": 60, "d": 90}, "d"),  # they may be the same four children
        ({"a": None, "b": 60, "c": 90}, "c"),  # it may be anybody
        ({"a": None, "b": None}, ""),
    ],
)
def test_where_a_group_is_hidden_one_hidden_group_is_large_enough(
    sample_school: School, groups: dict[str, int | None], shown: str
) -> None:
    assert sorted(shown_by(with_groups(sample_school, **groups)).groups) == shown.split()


@given(school=SCHOOLS, least=st.integers(1, 12))
def test_a_higher_minimum_never_shows_more(school: School, least: int) -> None:
    lower, higher = shown_by(school, least), shown_by(school, least + 1)
    assert higher.teams <= lower.teams
    assert higher.groups <= lower.groups


@given(school=SCHOOLS)
def test_nothing_below_the_minimum_is_shown(school: School) -> None:
    shown = shown_by(school)
    for many, ids in ((school.teams, shown.teams), (school.groups, shown.groups)):
        assert all((one.headcount or 0) >= school.privacy.minimum_cell for one in many if one.id in ids)


# labels over time


def test_a_team_that_grew_is_named_beside_new_stories_only(sample_school: School) -> None:
    before = with_teams(sample_school, a=4, b=4, c=9)
    labels = labels_of(before, with_teams(sample_school, a=6, b=6, c=9))
    old = win_at(before, team="a")
    assert shown_team(old, labels) is None
    assert shown_team(old.model_copy(update={"school_version": 2}), labels) == "a"


def test_old_stories_of_a_small_team_stay_unnamed_when_it_is_merged_into_a_large_one(sample_school: School) -> None:
    before = with_teams(sample_school, a=4, b=4, c=9)
    labels = labels_of(before, with_teams(sample_school, a={"headcount": 4, "merged_into": "c"}, b=4, c=9, d=6))
    old = win_at(before, team="a")
    assert shown_team(old, labels) is None
    assert shown_team(old.model_copy(update={"school_version": 2}), labels) == "c"


def test_a_team_that_leaves_the_one_it_was_merged_into_leaves_its_old_stories_there(sample_school: School) -> None:
    before = with_teams(sample_school, a={"headcount": 2, "merged_into": "c"}, c=9)
    labels = labels_of(before, with_teams(sample_school, a=6, c=9))
    assert shown_team(win_at(before, team="a"), labels) == "c"


def test_a_minimum_that_was_raised_holds_for_old_stories_and_one_that_was_lowered_does_not(
    sample_school: School,
) -> None:
    school = with_teams(sample_school, a=4, b=6, c=9)
    low, high = with_minimum(school, 3), with_minimum(school, 5)
    old = win_at(school, team="a")
    assert shown_team(old, labels_of(low, low)) == "a"
    assert shown_team(old, labels_of(low, high)) is None
    assert shown_team(old, labels_of(high, low)) is None


def test_a_minimum_that_was_raised_hides_enough_people_of_old_versions_too(sample_school: School) -> None:
    before = with_minimum(with_teams(sample_school, a=2, b=2, c=9, d=9), 3)
    labels = labels_of(before, with_minimum(with_teams(sample_school, a=9, b=9, c=9, d=9), 5))
    shown = {team: shown_team(win_at(before, team=team), labels) for team in "abcd"}
    assert shown == {"a": None, "b": None, "c": None, "d": "d"}


def test_who_gives_a_name_may_give_a_hidden_team_with_it_which_counts_nowhere(sample_school: School) -> None:
    school = with_teams(sample_school, a=4, b=6, c=9)
    labels = labels_of(school)
    named = {team: win_at(school, team=team, author=NAMED) for team in "abc"}
    assert [signed_team(win, labels) for win in named.values()] == ["a", "b", None]
    counted = as_shown(count_week("2026-W48", named.values()), labels)
    assert counted.cells == {
        Cell("success", channel="web", weekday=3): 2,
        Cell("success", team="c", channel="web", weekday=3): 1,
    }
    assert signed_team(win_at(school, team="a"), labels) is None


def test_a_name_shows_no_small_group(sample_school: School) -> None:
    school = with_groups(sample_school, few=3, many=40, more=80)
    named = win_at(school, groups=["few", "many", "more"], author=NAMED)
    assert shown_groups(named, labels_of(school)) == ["more"]


def test_groups_that_were_merged_into_one_are_named_once(sample_school: School) -> None:
    school = with_groups(sample_school, a=30, b=30, c=60)
    merged = tuple(one if one.id == "c" else one.model_copy(update={"merged_into": "c"}) for one in school.groups)
    story = win_at(school, groups=["b", "a", "c"])
    assert shown_groups(story, labels_of(school, school.model_copy(update={"groups": merged}))) == ["c"]


# counts


@given(data=st.data(), school=SCHOOLS)
def test_counts_and_stories_are_labelled_alike(data: st.DataObject, school: School) -> None:
    labels = labels_of(school, data.draw(later(school)))
    wins = [win for win in data.draw(wins_of(school)) if win.state == "visible"]
    counted = as_shown(count_week("2026-W48", wins), labels)
    assert counted.n == len(wins)
    for team in {*(cell.team for cell in counted.cells), *(shown_team(win, labels) or "" for win in wins)}:
        told = [win for win in wins if (shown_team(win, labels) or "") == team]
        assert sum(n for cell, n in counted.cells.items() if cell.team == team) == len(told)
    for groups in {*(cell.groups for cell in counted.cells), *(tuple(sorted(shown_groups(w, labels))) for w in wins)}:
        told = [win for win in wins if tuple(sorted(shown_groups(win, labels))) == groups]
        assert sum(n for cell, n in counted.cells.items() if cell.groups == groups) == len(told)


def test_counts_that_were_stored_before_teams_were_counted_are_read_as_those_of_no_team(sample_school: School) -> None:
    old = {"week": "2026-W48", "cells": [["lesson", ["explain"], [], [["wait-time", "b"]], 3]], "last_day": {}}
    read = Rollup.from_json(old)
    assert read.cells == {Cell("lesson", ("explain",), (), (("wait-time", "b"),)): 3}
    assert as_shown(read, labels_of(sample_school)) == read
