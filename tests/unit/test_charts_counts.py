"""Charts count what a short count over the wins does, in table, drawing and spec, and Vega shows the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import vl_convert
from fakes.counting import AXES, check_chart, told_in
from fakes.desk import labels_of, win_at
from fakes.pictures import picture_of
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from chalicelib.charts.gallery import draw_charts
from chalicelib.domain.appearance import published_story
from chalicelib.domain.chart import Chart
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.win import Win

SVG = "{http://www.w3.org/2000/svg}"
ANY_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=25, weeks=12)))
LONG = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=12, weeks=52)))


def lines_of(wins: list[Win]) -> list[dict[str, Any]]:
    """The wins as a dump tells them."""
    return [win.model_dump(mode="json") for win in wins]


def published(chart: Chart) -> dict[str, Any]:
    """What a reader of the chart's file gets."""
    read: dict[str, Any] = json.loads(json.dumps(chart.as_json()))
    return read


@pytest.fixture(scope="module")
def told(sample_school: School) -> list[Win]:
    """Wins of the sample school in which every chart has something to draw."""
    rows: list[dict[str, Any]] = [
        {"weeks_ago": 0, "kind": "success", "signs": ["because"], "practices": [{"id": "wait-time", "level": "a"}]},
        {"weeks_ago": 0, "kind": "lesson", "signs": ["because"], "practices": [{"id": "talk-moves", "level": "d"}]},
        {
            "weeks_ago": 3,
            "kind": "success",
            "signs": ["invites"],
            "practices": [{"id": "wait-time"}],
            "helped": ["time"],
        },
        {"weeks_ago": 9, "kind": "lesson", "hindered": ["time", "help"], "helped": ["help"]},
        {"weeks_ago": 51, "kind": "lesson", "goals": ["families"], "practices": [{"id": "wait-time", "level": "d"}]},
    ]
    wins = [win_at(sample_school, **row) for row in rows]
    wins += [win_at(sample_school, signs=["because"], groups=["whole-class"], team="primary") for _ in range(6)]
    wins += [win_at(sample_school, signs=["invites"], groups=["whole-class"]) for _ in range(2)]
    answer = win_at(sample_school, weeks_ago=1).model_copy(update={"resolves": wins[3].story_id, "channel": "text"})
    return [*wins, answer]


@pytest.fixture(scope="module")
def drawn(sample_school: School, told: list[Win]) -> dict[str, Chart]:
    """All charts of these wins."""
    return {chart.id: chart for chart in draw_charts(picture_of(sample_school, told, weeks=52))}


# the table


@pytest.mark.parametrize("wins_over", [ANY_WINS, LONG], ids=["a term", "a year"])
def test_every_chart_counts_what_a_short_count_over_the_wins_does(wins_over: Any) -> None:
    @given(both=wins_over)
    @settings(max_examples=40)
    def counts(both: Any) -> None:
        school, wins = both
        picture = picture_of(school, wins, weeks=52)
        for chart in draw_charts(picture):
            if chart.id in AXES:
                check_chart(published(chart), told_in(school, lines_of(wins), picture.weeks))

    counts()


@given(both=ANY_WINS)
@settings(max_examples=40)
def test_shares_of_successes_and_voices_are_those_of_a_short_count_too(both: Any) -> None:
    school, wins = both
    picture = picture_of(school, wins)
    charts = {chart.id: chart for chart in draw_charts(picture)}
    told = told_in(school, lines_of(wins), picture.weeks)
    pairs, grid = told.pairs("practices"), charts["practices"].grid
    for row, cells in zip(grid.rows, charts["practices"].table["rows"], strict=True):
        for column, cell in zip(grid.columns, cells[1:], strict=True):
            together = [line["kind"] for line, one in zip(told.lines, pairs, strict=True) if (row.id, column.id) in one]
            assert cell.get("successes", 0) == together.count("success")
    stories = [published_story(win, labels_of(school)) for win in wins if win.state == "visible"]
    recent = [
        s
        for s, win in zip(stories, (w for w in wins if w.state == "visible"), strict=True)
        if win.week in picture.weeks[-4:]
    ]
    voices = charts["voices"]
    assert voices.n == len(recent)
    sizes = {team.id: team.headcount for team in school.teams if team.offered and team.merged_into is None}
    nameable = shown_by(school).teams & set(sizes)
    assert {row.id for row in voices.grid.rows} - {""} == nameable
    for row in voices.grid.rows:
        of_row = [story for story in recent if story.get("team", "") == row.id]
        names = {" ".join(story["author"].casefold().split()) for story in of_row if "author" in story}
        people = sizes[row.id] if row.id else sum(size for team, size in sizes.items() if team not in nameable)
        found = [voices.grid.n(row.id, part) for part in ("sure", "maybe", "unheard")]
        assert sum(found) == people
        assert found[0] == min(len(names), people)
        assert found[1] == min(sum("author" not in story for story in of_row), people - found[0])


# the drawing and the spec


def numbers_in(svg: str) -> Counter[str]:
    """What the marks of a drawing are called, read by an XML parser."""
    return Counter(str(title.text) for title in ET.fromstring(svg).iter(f"{SVG}title"))


def numbers_of(chart: Chart) -> Counter[str]:
    """What the marks must be called: every cell with stories, and no other."""
    grid = chart.grid
    return Counter(
        f"{row.name} · {column.name}: {grid.few if grid.is_hidden(row.id, column.id) else grid.n(row.id, column.id)}"
        for row in grid.rows
        for column in grid.columns
        if grid.n(row.id, column.id)
    )


@given(both=ANY_WINS)
@settings(max_examples=25)
def test_drawing_and_spec_hold_the_tables_numbers(both: Any) -> None:
    for chart in draw_charts(picture_of(*both)):
        assert numbers_in(chart.svg) == numbers_of(chart), chart.id
        rows = chart.table["rows"][::-1] if chart.grid.form == "columns" else chart.table["rows"]
        marks = iter(chart.spec["datasets"]["marks"])
        for row, cells in zip(chart.grid.rows, rows, strict=True):
            for column, cell in zip(chart.grid.columns, cells[1:], strict=False):
                mark = next(marks)
                assert (mark["row"], mark["column"], mark["n"]) == (row.id, column.id, cell["n"])
                assert mark["label"] == cell.get("few", str(cell["n"] or "·"))
        assert next(marks, None) is None


def test_tiles_show_their_numbers_as_text(drawn: dict[str, Chart]) -> None:
    for chart in drawn.values():
        if chart.grid.form == "tiles":
            shown = Counter(text for text in texts_of(chart.svg) if re.fullmatch(r"\d+|·|<\d+", text))
            names = Counter(line.name for line in chart.grid.columns)
            marks = Counter(mark["label"] for mark in chart.spec["datasets"]["marks"])
            assert shown - names == marks - names, chart.id


def texts_of(svg: str) -> list[str]:
    return [str(text.text) for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("form", ["columns", "bars", "ranges", "diverging", "shares"])
def test_bars_are_as_long_as_they_count(drawn: dict[str, Chart], form: str) -> None:
    (chart, *_) = (one for one in drawn.values() if one.grid.form == form)
    side = "height" if form == "columns" else "width"
    lengths: dict[str, dict[str, float]] = {}
    for mark in [*ET.fromstring(chart.svg).iter(f"{SVG}a"), *ET.fromstring(chart.svg).iter(f"{SVG}g")]:
        title, bar = mark.find(f"{SVG}title"), mark.find(f"{SVG}rect")
        assert title is not None
        assert bar is not None
        row, _, n = str(title.text).rpartition(": ")
        lengths.setdefault(row.rpartition(" · ")[0], {})[row] = float(bar.get(side, "")) / int(n)
    assert lengths
    every = [scale for of_row in lengths.values() for scale in of_row.values()]
    for scales in lengths.values() if form == "shares" else [dict(enumerate(every))]:
        assert max(scales.values()) - min(scales.values()) < 0.13, form


def test_specs_of_any_school_are_valid_vega_lite(shared_data: Path, sample_school: School, drawn: Any) -> None:
    schema = json.loads((shared_data / "vega_lite" / "vega-lite-v6.4.1-schema.json").read_text("utf-8"))
    validator = Draft7Validator(schema)

    def check(charts: Any) -> None:
        for chart in charts:
            assert [error.message for error in validator.iter_errors(chart.spec)] == []
            assert "/v6" in chart.spec["$schema"]

    @given(both=ANY_WINS)
    @settings(max_examples=5)
    def any_school(both: Any) -> None:
        check(draw_charts(picture_of(*both)))

    check(drawn.values())
    check(draw_charts(picture_of(sample_school, [])))
    any_school()


# Vega


def marks_in_vega(spec: dict[str, Any]) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Compile and run a spec; return row, column, kind and look of each mark."""
    found: list[tuple[str, str, str, dict[str, Any]]] = []

    def walk(mark: dict[str, Any]) -> None:
        for item in mark.get("items", ()):
            told = dict(re.findall(r"(?:^|; )(row|column): ([^;]*)", item.get("description", "")))
            if mark.get("role") == "mark" and len(told) == 2:
                found.append((told["row"], told["column"], mark["marktype"], item))
            walk(item)

    walk(vl_convert.vegalite_to_scenegraph(spec, vl_version="6.4")["scenegraph"])
    return found


def same_in_vega(chart: Chart) -> None:
    marks = {(mark["row"], mark["column"]): mark for mark in chart.spec["datasets"]["marks"]}
    seen = marks_in_vega(chart.spec)
    if chart.grid.form == "tiles":
        shown = {(row, column): item["text"].partition(" ")[0] for row, column, kind, item in seen if kind == "text"}
        assert shown == {both: mark["label"] for both, mark in marks.items()}, chart.id
        return
    side = "height" if chart.grid.form == "columns" else "width"
    lengths = {(row, column): item.get(side, 0) for row, column, kind, item in seen if kind == "rect"}
    assert lengths.keys() == marks.keys(), chart.id
    total: Counter[str] = Counter()
    for (row, _), mark in marks.items():
        total[row] += mark["n"]
    size = {
        both: mark["n"] / (total[both[0]] or 1 if chart.grid.form == "shares" else 1) for both, mark in marks.items()
    }
    scale = sum(lengths.values()) / (sum(size.values()) or 1)
    for both, length in lengths.items():
        assert length == pytest.approx(size[both] * scale, abs=0.01), (chart.id, both)


def test_vega_draws_every_number_that_the_drawing_shows(drawn: dict[str, Chart]) -> None:
    for chart in drawn.values():
        same_in_vega(chart)


@given(both=ANY_WINS)
@settings(max_examples=3)
def test_vega_draws_the_numbers_of_any_school(both: Any) -> None:
    for chart in draw_charts(picture_of(*both)):
        same_in_vega(chart)


def test_vega_stands_with_nothing_to_draw(sample_school: School) -> None:
    bare = sample_school.model_copy(update={"practices": (), "groups": ()})
    for chart in draw_charts(picture_of(bare, [])):
        vl_convert.vegalite_to_scenegraph(chart.spec, vl_version="6.4")


# small numbers


@given(both=ANY_WINS)
@settings(max_examples=40)
def test_no_chart_of_groups_tells_a_number_below_the_minimum_anywhere(both: Any) -> None:
    school, wins = both
    (chart,) = (one for one in draw_charts(picture_of(school, wins)) if one.id == "groups")
    least = school.privacy.minimum_cell
    told = [mark["n"] for mark in chart.spec["datasets"]["marks"]]
    told += [cell["n"] for row in chart.table["rows"] for cell in row[1:]]
    told += [int(number) for number in re.findall(r": (\d+)$", "\n".join(numbers_in(chart.svg)), re.MULTILINE)]
    told += [int(text) for text in texts_of(chart.svg) if text.isdigit()]
    assert all(n == 0 or n >= least for n in told)
    assert not any(len(row) > 1 + len(chart.grid.columns) for row in chart.table["rows"]), "a total would give it away"
    wanted = [cell for row in chart.table["rows"] for cell in row[1:] if "few" in cell]
    assert all(not cell["stories"] for cell in wanted)


def test_a_drawing_leads_to_no_stories_of_a_suppressed_cell(drawn: dict[str, Chart]) -> None:
    chart = drawn["groups"]
    hidden = [(r.id, c.id) for r in chart.grid.rows for c in chart.grid.columns if chart.grid.is_hidden(r.id, c.id)]
    assert hidden
    for row, column in hidden:
        assert chart.grid.wanted(row, column).replace("&", "&amp;") not in chart.svg


def test_what_helped_and_hindered_is_for_leaders_and_in_no_other_chart(drawn: dict[str, Chart]) -> None:
    assert [chart.id for chart in drawn.values() if chart.leaders_only] == ["factors"]
    others = json.dumps([chart.as_json() for chart in drawn.values() if not chart.leaders_only])
    assert "hindered" not in others
    assert "factor" not in others
