"""Charts: every number equals the stories it opens, in the table, the spec and the drawing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from fakes.desk import NOW, win_at
from fakes.pictures import picture_of
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.charts import goals, pulse
from chalicelib.charts.gallery import draw_charts
from chalicelib.charts.theme import FILLS
from chalicelib.domain.calendar import monday_of, week_of
from chalicelib.domain.chart import Chart, Picture, weeks_shown
from chalicelib.domain.dimensions import DIMENSIONS
from chalicelib.domain.rollup import count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.pages.dashboard import write_dashboards

TODAY = NOW.date()
SVG = "{http://www.w3.org/2000/svg}"


def stories_behind(query: str, picture: Picture) -> int:
    """Count the stories that an address names, as the page does from the published counts."""
    wanted = {key: values[0] for key, values in parse_qs(query, strict_parsing=True).items()}
    return sum(
        n
        for rollup in picture.shown
        for cell, n in rollup.cells.items()
        if all(fits(value, DIMENSIONS[key](cell, rollup.week, picture.context)) for key, value in wanted.items())
    )


def fits(asked: str, ids: Iterable[str]) -> bool:
    """Whether an id is asked for, as `static_site/dimensions.js` has it: `explain:*` asks for all modes of a goal."""
    return any(one.startswith(asked[:-1]) if asked.endswith("*") else one == asked for one in ids)


def numbers(chart: Chart) -> list[dict[str, Any]]:
    return [cell for row in chart.table["rows"] for cell in row if isinstance(cell, dict)]


ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=25, weeks=12)))


@given(both=ANY_WINS)
@settings(max_examples=20)
def test_every_number_equals_the_stories_it_opens_and_every_finding_is_a_sentence(both: Any) -> None:
    picture = picture_of(*both)
    for chart in draw_charts(picture):
        for cell in numbers(chart):
            if chart.id != "voices" and cell["stories"]:  # voices are people; their links open a team's stories
                assert cell["n"] == stories_behind(cell["stories"], picture), (chart.id, cell)
        assert chart.finding.endswith("."), chart.finding
        assert chart.question.endswith("?"), chart.question
        assert "{" not in chart.finding + chart.question + chart.hint
        assert chart.hint.endswith("."), chart.hint


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


def bars(svg: str, fill: str) -> list[dict[str, float]]:
    """Read the height and width of every mark of a fill."""
    rects = [rect for mark in ET.fromstring(svg).iter(f"{SVG}a") for rect in mark.iter(f"{SVG}rect")]
    return [{side: float(r.get(side, "")) for side in ("width", "height")} for r in rects if r.get("fill") == fill]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_pulse_is_drawn_as_high_as_it_counts(drawn: dict[str, Chart]) -> None:
    svg = drawn["pulse"].svg
    axis = [one for one in ET.fromstring(svg).iter(f"{SVG}text") if one.get("text-anchor") == "end"]
    by_label = {str(one.text): float(one.get("y", "")) for one in axis}
    one_story = by_label["0"] - by_label["1"]
    rows = [[cell["n"] for cell in row[1:3]] for row in drawn["pulse"].table["rows"]]
    for column, fill in ((0, FILLS["success"]), (1, "url(#stripes-pulse)")):
        heights = sorted(round(bar["height"] / one_story) for bar in bars(svg, fill))
        assert heights == sorted(row[column] for row in rows if row[column])


def test_goals_are_drawn_with_their_numbers(drawn: dict[str, Chart]) -> None:
    shown = texts(drawn["goals"].svg)
    for name, *_, total, last in drawn["goals"].table["rows"]:
        assert name in shown
        assert f"{total['n']} · {last}" in shown


def test_practices_are_drawn_with_their_numbers(drawn: dict[str, Chart]) -> None:
    shown = Counter(int(text) for text in texts(drawn["practices"].svg) if text.isdigit())
    assert shown == Counter(cell["n"] for cell in numbers(drawn["practices"]) if cell["n"])


def test_a_lesson_is_told_from_a_success_by_pattern_too(drawn: dict[str, Chart]) -> None:
    for chart in ("pulse", "goals"):
        assert f'<pattern id="stripes-{chart}"' in drawn[chart].svg
        assert f'fill="url(#stripes-{chart})"' in drawn[chart].svg
        assert dict(drawn[chart].key)["Lessons"] == "url(#stripes)"


def test_patterns_of_many_drawings_in_one_page_never_share_an_id(drawn: dict[str, Chart]) -> None:
    ids = [one.get("id") for chart in drawn.values() for one in ET.fromstring(chart.svg).iter() if one.get("id")]
    assert len(ids) == len(set(ids)) > 2


def test_charts_hold_no_story_and_no_person(sample_school: School) -> None:
    win = win_at(sample_school, story="Zanzibar", author={"mode": "named", "name": "Ms. Quetzal"}, team="arts")
    charts = draw_charts(picture_of(sample_school, [win]))
    assert sum(one.n for one in charts if one.id == "voices") == 1
    text = json.dumps([chart.as_json() for chart in charts])
    assert not any(word in text for word in ("Zanzibar", "Quetzal", "quetzal", "Arts and library", win.story_id))


NAMES = [
    *(
        "🎉 Everyone 👩‍🏫 learns",
        "a < b & c > d \"e\" 'f'",
        "]]> <!-- --> <script>alert(1)</script>",
        "&amp;",
        "\u202e\u05e1\u05d5\u05d3",
    ),
    *(
        "\x00\x01\x0b\x1f",
        "\ufffe\uffff",
        "W" * 300,
        "日本語の目標" * 40,
        " ",
        "%{name}",
        "\\n\n\r\t",
        "👩‍👩‍👧‍👦" * 60,
        "é" * 3,
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_gives_a_drawing_that_an_xml_parser_reads(sample_school: School, name: str) -> None:
    check_names(sample_school, name)


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(max_examples=40)
def test_a_name_of_any_characters_gives_a_drawing_that_an_xml_parser_reads(sample_school: School, name: str) -> None:
    check_names(sample_school, name)


def check_names(sample: School, name: str) -> None:
    """Give everything this name, and read every drawing; what it says is said in the spec and the table as well."""

    def named(many: Any) -> Any:
        return tuple(one.model_copy(update={"name": {"any": name}}) for one in many)

    goals_named = tuple(goal.model_copy(update={"signs": named(goal.signs)}) for goal in named(sample.goals))
    school = sample.model_copy(
        update={
            "goals": goals_named,
            **{what: named(getattr(sample, what)) for what in ("practices", "teams", "groups")},
        }
    )
    told = {"signs": ["because"], "practices": [{"id": "wait-time", "level": "a"}], "groups": ["whole-class"]}
    for chart in draw_charts(picture_of(school, [win_at(school, **told, team="primary")] * 6)):
        root = ET.fromstring(chart.svg)
        assert root.tag == f"{SVG}svg"
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
            *("svg", "defs", "pattern", "rect", "circle", "path", "text", "a", "title", "g"),
        }
        json.loads(json.dumps(chart.as_json()))


@pytest.mark.parametrize("name", ["W" * 300, "word " * 60, "日本語の目標" * 40])
def test_a_long_name_is_shortened_in_the_drawing_and_whole_in_the_table(sample_school: School, name: str) -> None:
    goals_named = tuple(goal.model_copy(update={"name": {"any": name}}) for goal in sample_school.goals)
    school = sample_school.model_copy(update={"goals": goals_named})
    (chart,) = [one for one in draw_charts(picture_of(school, [])) if one.id == "goals"]
    assert {row[0] for row in chart.table["rows"]} == {name}
    assert all(len(text) < 80 for text in texts(chart.svg))
    assert any(text.endswith("…") for text in texts(chart.svg))


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
    chart = pulse.make(picture)
    assert set(chart.grid.line.values()) == {1}
    assert [week for week in chart.grid.breaks if week in {"2026-W52", "2026-W53"}] == ["2026-W52", "2026-W53"]


# sentences say no more than the numbers do


def finding_of(name: str, picture: Picture) -> str:
    return next(chart.finding for chart in draw_charts(picture) if chart.id == name)


def test_a_day_is_named_only_if_it_has_more_stories_than_any_other(sample_school: School) -> None:
    def told(*days_ago: int) -> str:
        wins = [win_at(sample_school, NOW - timedelta(days=n)) for n in days_ago]
        return finding_of("arrivals", picture_of(sample_school, wins))

    assert told(0) == "The day with most stories is Wednesday: 1 of 1. The way with most: by the form, 1 of 1."
    assert told(1, 1, 2, 7).startswith("The day with most stories is Tuesday: 2 of 4. ")
    assert told(1, 2) == "The way with most: by the form, 2 of 2."


def test_practices_are_compared_only_if_told_of_often_enough(sample_school: School) -> None:
    def told(**uses: str) -> str:
        many = [(name.replace("_", "-"), level) for name, levels in uses.items() for level in levels]
        wins = [win_at(sample_school, practices=[{"id": one, "level": level}]) for one, level in many]
        return finding_of("map", picture_of(sample_school, wins))

    assert told(talk_moves="a", wait_time="d") == "2 uses so far; from 5 of a practice on, practices are compared."
    assert told(talk_moves="aabbc", wait_time="d") == "“Talk moves”: 80 % of 5 uses were a or b."
    assert "80 % of 5 uses were a or b; “Wait time” furthest from it: 13 % of 8." in told(
        talk_moves="aabbc", wait_time="acccdddd"
    )


def test_a_month_that_stands_twice_in_a_year_says_which_it_is(sample_school: School) -> None:
    wins = [win_at(sample_school, weeks_ago=n) for n in (0, 51)]
    year = next(chart for chart in draw_charts(picture_of(sample_school, wins, weeks=52)) if chart.id == "year")
    names = [column.name for column in year.grid.columns]
    assert len(set(names)) == len(names)
    assert names[0] == "Dec" if len(names) == 12 else "Nov 2025" in names


def test_the_mean_begins_with_the_first_four_weeks_that_were_told_of(sample_school: School) -> None:
    wins = [win_at(sample_school, weeks_ago=n) for n in range(1, 6) for _ in range(2)]
    chart = pulse.make(picture_of(sample_school, wins))
    assert {*chart.grid.line.values()} == {2}
    assert len(chart.grid.line) == 2


def test_the_map_says_what_its_letters_mean(sample_school: School) -> None:
    picture = picture_of(sample_school, [win_at(sample_school)])
    chart = next(chart for chart in draw_charts(picture) if chart.id == "map")
    meant = dict(chart.letters)
    assert meant.keys() == {use.name["en"] for use in sample_school.practices if use.variations}
    assert meant["Wait time"][3] == (4, "First hand speaks")
    page = write_dashboards(picture, [chart], [])["dashboard/index.html"]
    assert '<li value="4">First hand speaks</li>' in page
