"""Counting a week, and folding names."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from fakes.desk import win_at
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.rollup import Cell, Rollup, as_named_today, count_week
from chalicelib.domain.school import School

ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school)))


@given(both=ANY_WINS)
def test_every_visible_win_counts_once_and_no_other(both: Any) -> None:
    _, wins = both
    assert count_week("2026-W48", wins).n == sum(win.state == "visible" for win in wins)


@given(both=ANY_WINS)
def test_a_rollup_reads_back_from_its_json_and_is_always_written_the_same(both: Any) -> None:
    _, wins = both
    rollup, backwards = count_week("2026-W48", wins), count_week("2026-W48", reversed(wins))
    text = json.dumps(rollup.as_json())
    assert Rollup.from_json(json.loads(text)) == rollup
    assert json.dumps(backwards.as_json()) == text


@given(both=ANY_WINS)
def test_folding_names_loses_no_story_and_folding_again_changes_nothing(both: Any) -> None:
    school, wins = both
    rollup = count_week("2026-W48", wins)
    today = as_named_today(rollup, school)
    assert today.n == rollup.n
    assert as_named_today(today, school) == today


@given(both=ANY_WINS)
def test_after_folding_a_goal_counts_the_stories_of_all_its_names(both: Any) -> None:
    school, wins = both
    today = as_named_today(count_week("2026-W48", wins), school)
    for goal in school.goals:
        told = [w for w in wins if w.state == "visible" and goal.id in {school.today_as("goals", g) for g in w.goals}]
        assert sum(n for cell, n in today.cells.items() if goal.id in cell.goals) == len(told)
        days = {win.day.isoformat() for win in told}
        assert today.last_day.get(goal.id) == max(days, default=None)


def test_stories_that_differ_only_in_order_of_tags_are_one_cell(sample_school: School) -> None:
    one = win_at(sample_school, goals=["explain", "belong"], signs=["because", "invites"])
    other = win_at(sample_school, goals=["belong", "explain"], signs=["invites", "because"])
    rollup = count_week("2026-W48", [one, other])
    assert rollup.cells == Counter(
        {Cell("success", ("belong", "explain"), ("because", "invites"), channel="web", weekday=3): 2}
    )
