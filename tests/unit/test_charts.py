"""Charts: every number equals the stories it opens, in the table, the spec and the drawing."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from fakes.desk import NOW, win_at
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from chalicelib.charts import goals, practices, pulse
from chalicelib.charts.gallery import draw_charts
from chalicelib.domain.calendar import monday_of, week_of
from chalicelib.domain.chart import Chart, Picture, weeks_shown
from chalicelib.domain.rollup import as_named_today, count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win

TODAY = NOW.date()


def picture_of(school: School, wins: list[Win], weeks: int = 12) -> Picture:
    """Count wins into what charts are made from."""
    by_week: dict[str, list[Win]] = {}
    for win in wins:
        if win.state == "visible":
            by_week.setdefault(win.week, []).append(win)
    rollups = {week: as_named_today(count_week(week, some), school) for week, some in by_week.items()}
    last_day: dict[str, str] = {}
    for rollup in rollups.values():
        for goal, day in rollup.last_day.items():
            last_day[goal] = max(day, last_day.get(goal, ""))
    shown = [week_of(TODAY - timedelta(weeks=n)) for n in reversed(range(weeks))]
    return Picture(school, school.languages[0], TODAY, shown, rollups, last_day)


def stories_behind(query: str, wins: list[Win], school: School) -> int:
    """Count the stories a number opens, straight from the wins."""
    wanted = {key: values[0] for key, values in parse_qs(query).items()}

    def speaks_to(win: Win) -> bool:
        told = {
            "week": {win.week},
            "kind": {win.kind},
            "goal": {school.today_as("goals", one) for one in win.goals},
            "sign": {school.today_as("signs", one) for one in win.signs},
            "practice": {school.today_as("practices", use.id) for use in win.practices},
        }
        return all(value in told[key] for key, value in wanted.items())

    return sum(win.state == "visible" and speaks_to(win) for win in wins)


def numbers(chart: Chart) -> list[dict[str, Any]]:
    return [cell for row in chart.table["rows"] for cell in row if isinstance(cell, dict)]


ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=25, weeks=12)))


@given(both=ANY_WINS)
@settings(max_examples=20, deadline=None)
def test_every_number_equals_the_stories_it_opens_and_every_finding_is_a_sentence(both: Any) -> None:
    school, wins = both
    visible = [win for win in wins if win.state == "visible"]
    picture = picture_of(school, wins)
    charts = [pulse.make(picture), goals.make(picture), practices.make(picture)]
    for chart in charts:
        for cell in numbers(chart):
            assert cell["n"] == stories_behind(cell["stories"], wins, school), (chart.id, cell)
        assert chart.finding.endswith(".")
        assert "{" not in chart.finding
    assert [chart.n for chart in charts] == [
        len(visible),
        sum(bool(win.goals) for win in visible),
        sum(bool(win.signs and win.practices) for win in visible),
    ]


def test_a_school_whose_goals_are_all_retired_can_still_be_drawn(sample_school: School) -> None:
    retired = tuple(goal.model_copy(update={"retired": True}) for goal in sample_school.goals)
    charts = draw_charts(picture_of(sample_school.model_copy(update={"goals": retired}), []))
    assert all(chart.svg.startswith("<svg") for chart in charts)


# drawings


@pytest.fixture
def told(sample_school: School) -> list[Win]:
    """Wins in several weeks that speak to several goals."""
    rows = [
        (0, "success", ["because"], ["wait-time"]),
        (0, "lesson", ["because"], ["talk-moves"]),
        (3, "success", ["invites"], ["wait-time"]),
        (3, "success", ["because"], ["wait-time"]),
        (9, "lesson", [], []),
    ]
    return [
        win_at(sample_school, weeks_ago=ago, kind=kind, signs=signs, practices=[{"id": one} for one in used])
        for ago, kind, signs, used in rows
    ]


@pytest.fixture
def drawn(sample_school: School, told: list[Win]) -> dict[str, Chart]:
    """The charts of these wins."""
    return {chart.id: chart for chart in draw_charts(picture_of(sample_school, told))}


def test_specs_are_valid_vega_lite(drawn: dict[str, Chart], sample_school: School, shared_data: Path) -> None:
    schema = json.loads((shared_data / "vega_lite" / "vega-lite-v6.4.1-schema.json").read_text("utf-8"))
    validator = Draft7Validator(schema)
    empty = draw_charts(picture_of(sample_school, []))
    for chart in [*drawn.values(), *empty]:
        assert [error.message for error in validator.iter_errors(chart.spec)] == []
        assert "/v6" in chart.spec["$schema"]


def bars(svg: str, fill: str) -> list[float]:
    """Read the height and width of every bar of a fill."""
    found = re.findall(rf'd="M[\d.-]+,[\d.-]+h([\d.]+)v([\d.]+)h[\d.-]+Z" fill="{re.escape(fill)}"', svg)
    return [(float(width), float(height)) for width, height in found]  # type: ignore[misc]


def test_the_pulse_is_drawn_as_high_as_it_counts(drawn: dict[str, Chart]) -> None:
    svg = drawn["pulse"].svg
    by_label = {label: float(y) for y, label in re.findall(r'translate\(-7,([\d.]+)\)"[^>]*>(\d+)</text>', svg)}
    one_story = by_label["0"] - by_label["1"]
    rows = [[cell["n"] for cell in row[1:3]] for row in drawn["pulse"].table["rows"]]
    for column, fill in ((0, "#0b6b64"), (1, "url(#lesson-pulse)")):
        heights = sorted(round(height / one_story) for _, height in bars(svg, fill))  # type: ignore[misc]
        assert heights == sorted(row[column] for row in rows if row[column])


def test_goals_are_drawn_with_their_numbers(drawn: dict[str, Chart]) -> None:
    svg = drawn["goals"].svg
    for name, *_, total, last in drawn["goals"].table["rows"]:
        assert f">{name}</text>" in svg
        assert f">{total['n']}  ·  {last}</text>" in svg


def test_practices_are_drawn_with_their_numbers(drawn: dict[str, Chart]) -> None:
    shown = sorted(int(n) for n in re.findall(r">(\d+)</text>", drawn["practices"].svg))
    assert shown == sorted(cell["n"] for cell in numbers(drawn["practices"]) if cell["n"])


def test_a_lesson_is_told_from_a_success_by_pattern_too(drawn: dict[str, Chart]) -> None:
    for chart in ("pulse", "goals"):
        assert f'<pattern id="lesson-{chart}"' in drawn[chart].svg
        assert f'fill="url(#lesson-{chart})"' in drawn[chart].svg


def test_charts_hold_no_story_and_no_person(sample_school: School) -> None:
    win = win_at(sample_school, story="Zanzibar", author={"mode": "named", "name": "Ms. Quetzal"}, team="primary")
    charts = draw_charts(picture_of(sample_school, [win]))
    text = json.dumps([chart.as_json() for chart in charts])
    assert not any(word in text for word in ("Zanzibar", "Quetzal", "primary"))


# goals


def test_a_silent_goal_stays_and_says_how_long(sample_school: School) -> None:
    old = win_at(sample_school, weeks_ago=10, goals=["families"])
    chart = goals.make(picture_of(sample_school, [old, win_at(sample_school, goals=["explain"])]))
    last = {row[0]: row[-1] for row in chart.table["rows"]}
    assert last == {
        "Every student can explain their thinking": "today",
        "Every student chooses to read": "not heard yet",
        "Every student belongs": "not heard yet",
        "Families are partners in learning": "70 days ago",
    }


def test_goals_stand_in_the_schools_own_order_not_by_rank(sample_school: School) -> None:
    wins = [win_at(sample_school, goals=["families"]) for _ in range(5)]
    chart = goals.make(picture_of(sample_school, wins))
    assert [row[0] for row in chart.table["rows"]] == [goal.name["en"] for goal in sample_school.goals]


def test_a_retired_goal_is_shown_only_while_it_has_stories(sample_school: School) -> None:
    retired = tuple(goal.model_copy(update={"retired": True}) for goal in sample_school.goals[:2])
    school = sample_school.model_copy(update={"goals": (*retired, *sample_school.goals[2:])})
    chart = goals.make(picture_of(school, [win_at(school, goals=["explain"])]))
    names = [row[0] for row in chart.table["rows"]]
    assert "Every student can explain their thinking" in names
    assert "Every student chooses to read" not in names


# weeks shown


def test_an_empty_school_is_shown_twelve_weeks_that_end_with_this_one() -> None:
    weeks = weeks_shown(TODAY, None, None)
    assert len(weeks) == 12
    assert weeks[-1] == "2026-W48"


def test_a_young_school_is_shown_from_its_first_story_but_never_fewer_than_twelve_weeks() -> None:
    assert weeks_shown(TODAY, "2026-W46", "2026-11-20")[0] == "2026-W37"
    assert weeks_shown(TODAY, "2026-W20", "2026-11-20")[0] == "2026-W20"


def test_the_first_week_of_a_school_year_still_shows_the_year_before() -> None:
    weeks = weeks_shown(date(2026, 8, 24), "2024-W40", "2026-06-20")
    assert len(weeks) == 52
    assert weeks[-1] == "2026-W35"


def test_after_a_year_of_silence_the_last_year_with_stories_is_shown() -> None:
    weeks = weeks_shown(TODAY, "2023-W40", "2025-06-20")
    assert (len(weeks), weeks[-1]) == (52, "2025-W25")
    assert weeks_shown(TODAY, "2023-W40", "2025-12-01")[-1] == "2026-W48"


def test_a_calendar_year_with_53_weeks_does_not_break_the_row() -> None:
    weeks = weeks_shown(date(2027, 1, 6), "2020-W01", "2027-01-05")
    assert len(weeks) == len(set(weeks)) == 52
    assert weeks[-2:] == ["2026-W53", "2027-W01"]


@given(today=st.dates(date(2020, 1, 1), date(2060, 1, 1)), first=st.integers(0, 3000), last=st.integers(0, 3000))
def test_the_weeks_shown_are_12_to_52_in_a_row(today: date, first: int, last: int) -> None:
    first, last = max(first, last), min(first, last)
    weeks = weeks_shown(today, week_of(today - timedelta(days=first)), str(today - timedelta(days=last)))
    assert 12 <= len(weeks) <= 53
    assert all(monday_of(b) - monday_of(a) == timedelta(7) for a, b in pairwise(weeks))
    assert week_of(today - timedelta(days=last)) in weeks  # never an empty page while there are stories


def test_a_week_is_a_break_only_if_it_has_no_school_day(sample_school: School) -> None:
    picture = picture_of(sample_school, [])
    assert picture.is_break("2026-W53")
    assert not picture.is_break("2026-W48")  # Thanksgiving: Monday and Tuesday have school
    assert picture.is_break("2026-W30")


def test_empty_weeks_of_a_break_do_not_pull_the_four_week_line_down(sample_school: School) -> None:
    weeks = [week_of(date(2026, 12, 7) + timedelta(weeks=n)) for n in range(6)]
    wins = [win_at(sample_school) for _ in weeks]
    rollups = {
        week: count_week(week, [win.model_copy(update={"week": week})])
        for week, win in zip(weeks, wins, strict=True)
        if week not in {"2026-W52", "2026-W53"}
    }
    picture = Picture(sample_school, "en", date(2027, 1, 20), weeks, rollups, {})
    spec = pulse.make(picture).spec
    data = spec["datasets"][spec["layer"][2]["data"]["name"]]
    assert [row["mean"] for row in data] == [1]
