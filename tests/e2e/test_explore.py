"""Filters, search and stories in a real browser: the same counts as Python's, in addresses, by keyboard, as text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

import pytest
from fakes.desk import NOW, labels_of
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.charts.specs import marks_of
from chalicelib.domain.appearance import published_story
from chalicelib.domain.calendar import monday_of, school_year_of, week_of, weeks_between
from chalicelib.domain.chart import Grid, Line
from chalicelib.domain.counts import count_by
from chalicelib.domain.cube import COLUMNS
from chalicelib.domain.dimensions import (
    AGES,
    ANSWERS,
    CHANNELS,
    DIMENSIONS,
    LEVELS,
    Context,
    answers_of,
    month_of,
    term_of,
)
from chalicelib.domain.rollup import Cell, Rollup, as_named_today, as_shown, count_week
from chalicelib.domain.school import Mode
from chalicelib.pages.shell import public_school

if TYPE_CHECKING:
    from conftest import Open, Product
    from playwright.sync_api import Page

    from chalicelib.domain.school import School
    from chalicelib.domain.win import Win

BY = [
    *(("week", "kind"), ("goal", "kind"), ("sign", "practice"), ("practice", "level"), ("term", "level")),
    *(
        ("sign", "group"),
        ("age", "answer"),
        ("goal", "mode"),
        ("goal", "month"),
        ("channel", "weekday"),
        ("use", "team"),
        ("school_year", "level"),
    ),
]
COUNT = """
async ({ cube, school, language, until, asked, shapes, files }) => {
  const { countBy, Index, marksOf, pick } = await import("/assets/grid.js");
  const { answersOf, recordOfStory, recordsOfCube } = await import("/assets/dimensions.js");
  const { Names } = await import("/assets/naming.js");
  const names = new Names(school, language);
  const records = recordsOfCube(cube, names);
  const context = { names, until, answers: answersOf(records) };
  const index = new Index(records, context);
  const told = files.flatMap(({ week, stories }) => stories.map((one) => recordOfStory(one, week, names)));
  const stories = new Index(told, context);
  return asked.map((wanted) => {
    const part = pick(index, wanted);
    const charts = shapes.map((shape) => {
      const counts = countBy(shape.by, part);
      const successes = shape.shares ? countBy(shape.by, part, index.successes) : undefined;
      const totals = shape.rows.map(({ id }) => counts.total(id));
      return { n: counts.all, totals, marks: marksOf(shape, counts, successes) };
    });
    return { n: part.n, stories: pick(stories, wanted).n, charts };
  });
}
"""
Pairs = list[tuple[str, str]]


@pytest.fixture
def bare(open_context: Open) -> Page:
    """Open a page that has nothing to do with the dashboard, to load modules into."""
    page = open_context().new_page()
    page.goto("/privacy/")
    return page


def filtered(rollups: list[Rollup], pairs: Pairs, window: tuple[str, str], context: Context) -> list[Rollup]:
    """Keep what all of a filter speaks of; a practice that is asked for leaves its own uses alone."""
    practices = [one.partition(":")[0] for key, one in pairs if key in {"practice", "use"}]

    def narrow(cell: Cell) -> Cell:
        return cell._replace(practices=tuple(use for use in cell.practices if all(use[0] == one for one in practices)))

    def fits(cell: Cell, week: str) -> bool:
        told = {key: DIMENSIONS["team" if key == "not_team" else key](cell, week, context) for key, _ in pairs}
        return all(any(fnmatchcase(id_, one) for id_ in told[key]) != (key == "not_team") for key, one in pairs)

    kept = []
    for rollup in rollups:
        if window[0] <= rollup.week <= window[1]:
            found = Rollup(rollup.week)
            for cell, n in rollup.cells.items():
                if fits(narrow(cell), rollup.week):
                    found.cells[narrow(cell)] += n
            kept.append(found)
    return kept


def shape_of(by: tuple[str, str], ids: dict[str, list[str]], least: int) -> Grid:
    """Make a chart of two dimensions without numbers."""
    rows, columns = (tuple(Line(one, one) for one in ids[dimension]) for dimension in by)
    few = f"<{least}" if by == ("sign", "group") else ""
    form: Any = "columns" if by[0] == "week" else "bars" if few else "tiles"
    return Grid(form, by, rows, columns, {}, "", at_least=least if few else 1, few=few)


def every_id(school: School, weeks: list[str], rollups: list[Rollup], context: Context) -> dict[str, list[str]]:
    """List what each dimension may say."""
    found = {key: set[str]() for key in DIMENSIONS}
    for rollup in rollups:
        for cell in rollup.cells:
            for key, tell in DIMENSIONS.items():
                found[key] |= set(tell(cell, rollup.week, context))
    named = {"goal": school.goals, "sign": school.signs, "practice": school.practices, "team": school.teams}
    fixed = {"level": LEVELS, "age": AGES, "answer": ANSWERS, "channel": CHANNELS, "mode": get_args(Mode)}
    more = {key: [one.id for one in many] for key, many in {**named, "group": school.groups}.items()}
    return {
        key: sorted({*ids, *more.get(key, ()), *fixed.get(key, ())} | (set(weeks) if key == "week" else set()))
        for key, ids in found.items()
    }


def in_python(grid: Grid, rollups: list[Rollup], context: Context, *, shares: bool) -> dict[str, Any]:
    counts = count_by(*grid.by, rollups, context)
    only = [
        Rollup(one.week, type(one.cells)({c: n for c, n in one.cells.items() if c.kind == "success"}))
        for one in rollups
    ]
    successes = count_by(*grid.by, only, context).cells if shares else None
    marks = marks_of(replace(grid, cells=counts.cells, successes=successes))
    return {"n": counts.n, "totals": [counts.rows[row.id] for row in grid.rows], "marks": marks}


FILTERS = [
    "goal",
    "sign",
    "practice",
    "kind",
    "team",
    "group",
    "channel",
    "term",
    "use",
    "month",
    "not_team",
    "answer",
    "level",
    "scene",
    "school_year",
]
TOLD = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=30, weeks=40)))


@given(both=TOLD, choose=st.data())
@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_the_page_counts_as_python_does(bare: Page, both: tuple[School, list[Win]], choose: st.DataObject) -> None:
    school, wins = both
    labels, until = labels_of(school), week_of(NOW.date())
    visible = [win for win in wins if win.state == "visible"]
    weeks = sorted({win.week for win in visible})
    counted = [as_shown(count_week(week, [win for win in visible if win.week == week]), labels) for week in weeks]
    rollups = [as_named_today(rollup, school) for rollup in counted]
    context = Context(school, answers_of(rollups), until)
    ids = every_id(school, weeks, rollups, context)
    grids = [(shape_of(by, ids, school.privacy.minimum_cell), by == ("sign", "practice")) for by in BY]
    asked: list[tuple[Pairs, tuple[str, str]]] = [([], ("2000-W01", until))]
    any_of = {key: sorted({f"{one.partition(':')[0]}:*" for one in ids[key]}) for key in ("use", "scene")}
    ids |= {"level": [*ids["level"], "*"], **{key: [*ids[key], *more] for key, more in any_of.items()}}
    for _ in range(6):
        keys = choose.draw(st.lists(st.sampled_from(FILTERS), max_size=3))
        pairs = [
            (key, choose.draw(st.sampled_from(many)))
            for key in keys
            if (many := ids["team" if key == "not_team" else key])
        ]
        first, last = sorted(choose.draw(st.sampled_from([*weeks, "2000-W01", until])) for _ in range(2))
        asked.append((pairs, (first, last)))
    told = bare.evaluate(
        COUNT,
        {
            "cube": {
                "columns": [*COLUMNS, "n"],
                "cells": [{"week": one.week, "cells": one.rows(COLUMNS)} for one in counted],
            },
            "school": public_school(school),
            "language": school.languages[0],
            "until": until,
            "asked": [{"keys": pairs, "window": window} for pairs, window in asked],
            "shapes": [
                {
                    **vars(grid),
                    "rows": [vars(one) for one in grid.rows],
                    "columns": [vars(one) for one in grid.columns],
                    "cells": None,
                    "shares": shares,
                }
                for grid, shares in grids
            ],
            "files": [
                {"week": week, "stories": [published_story(win, labels) for win in visible if win.week == week]}
                for week in weeks
            ],
        },
    )
    for (pairs, window), found in zip(asked, told, strict=True):
        kept = filtered(rollups, pairs, window, context)
        assert found["n"] == found["stories"] == sum(one.n for one in kept), pairs
        for (grid, shares), chart in zip(grids, found["charts"], strict=True):
            expected = in_python(grid, kept, context, shares=shares)
            assert chart["marks"] == expected["marks"], (grid.by, pairs)
            assert chart == expected, (grid.by, pairs)


# the page


@pytest.fixture
def page(page: Page, product: Product) -> Page:
    """Let a leader look."""
    return product.let_in(page)


CARDS = "#stories-list article"


def expect_drawn(page: Page, chart: str) -> None:
    page.locator(f"#chart-{chart}").scroll_into_view_if_needed()
    expect(page.locator(f"#chart-{chart} .vega svg")).to_be_visible(timeout=15_000)


def n_of(page: Page, chart: str) -> int:
    return int(re.findall(r"\d+", page.locator(f"#chart-{chart} p.n").text_content() or "")[0])


def days_of(page: Page) -> list[int]:
    """Read the days under the stories shown, counted from 1970 on."""
    script = "all => all.map(one => Date.parse(`${one.textContent.split(' · ').pop()} UTC`) / 86400000)"
    found: list[int] = page.locator(f"{CARDS} > p.quiet:not(.said)").evaluate_all(script)
    return found


def test_vega_and_counts_load_only_when_somebody_filters(page: Page) -> None:
    asked: list[str] = []
    blocked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: blocked.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto("/dashboard/")
    expect(page.locator("#explore")).to_be_visible()
    assert not [url for url in asked if "vega" in url or "/cube/" in url or "explore.js" in url]
    page.select_option("#explore [name=goal]", "explain")
    expect_drawn(page, "goals")
    assert [url for url in asked if "/assets/vega.js" in url]
    assert blocked == []


def test_a_filter_changes_every_number_and_clearing_brings_the_servers_own_back(page: Page) -> None:
    page.goto("/dashboard/")
    before = page.locator("#chart-goals").inner_html()
    page.select_option("#explore [name=goal]", "explain")
    page.select_option("#explore [name=kind]", "lesson")
    expect(page).to_have_url(re.compile(r"\?goal=explain&kind=lesson$"))
    expect_drawn(page, "goals")
    n = n_of(page, "goals")
    expect(page.locator("#chart-pulse p.n")).to_have_text(f"n = {n} stories")
    expect(page.locator("#chart-goals .finding")).to_have_text(f"With this filter: {n} stories.")
    page.click("#explore-clear")
    expect(page).to_have_url(re.compile(r"/dashboard/$"))
    expect(page.locator("#chart-goals .vega")).to_have_count(0)
    assert page.locator("#chart-goals").inner_html().replace(' style=""', "") == before


def test_an_address_filters_and_the_way_back_undoes_one_step_after_the_other(page: Page) -> None:
    page.goto("/dashboard/?goal=explain&nonsense=1&kind=")
    expect(page.locator("#explore [name=goal]")).to_have_value("explain")
    expect(page.locator("#chart-pulse .finding")).to_contain_text("With this filter")
    n = n_of(page, "pulse")
    page.select_option("#explore [name=kind]", "success")
    expect(page).to_have_url(re.compile("kind=success"))
    expect(page.locator("#chart-pulse p.n")).not_to_have_text(f"n = {n} stories")
    page.go_back()
    expect(page.locator("#explore [name=kind]")).to_have_value("")
    expect(page.locator("#chart-pulse p.n")).to_have_text(f"n = {n} stories")


def test_a_number_under_a_filter_opens_exactly_its_stories(page: Page) -> None:
    page.goto("/dashboard/?kind=success")
    expect(page.locator("#chart-groups .finding")).to_contain_text("With this filter")
    totals = {"map", "shift", "looks"}
    for chart in ("goals", "practices", "groups", "year", "arrivals", *totals):
        page.locator(f"#chart-{chart} > details:last-of-type").evaluate("one => one.open = true")
        links = page.locator(f"#chart-{chart} td:last-child a" if chart in totals else f"#chart-{chart} td a")
        expect(page.locator(f"#chart-{chart} tbody")).to_be_visible()
        if chart == "groups" and not links.count():
            continue
        link = links.nth(links.count() // 2)
        n = int(re.findall(r"\d+", link.text_content() or "")[0])
        link.click()
        expect(page.locator("#stories-title")).to_contain_text(re.compile(rf"· {n} stor(y|ies)$"))
        expect(page.locator(CARDS)).to_have_count(min(n, 50))
        expect(page.locator(f"{CARDS}.lesson")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
        assert "kind=success" in page.url


def test_the_number_of_all_that_fit_opens_them(page: Page) -> None:
    page.goto("/dashboard/?goal=explain&kind=success")
    for place in ("#explore-status", "#chart-pulse p.n"):
        link = page.locator(place).get_by_role("link")
        expect(link).to_be_visible()
        n = int(re.findall(r"\d+", page.locator(place).text_content() or "")[0])
        link.press("Enter")
        expect(page.locator("#stories-title")).to_contain_text(re.compile(rf"^Every student can .+ · Successes · {n} "))
        page.keyboard.press("Escape")
        expect(link).to_be_focused()


def test_a_goal_says_how_long_ago_it_was_heard_of_under_the_filter(page: Page) -> None:
    page.goto("/dashboard/?kind=lesson")
    expect(page.locator("#chart-goals .finding")).to_contain_text("With this filter")
    page.locator("#chart-goals > details").evaluate("one => one.open = true")
    row = page.locator("#chart-goals tbody tr").first
    said = row.locator("td").last.text_content() or ""
    row.locator("td a").last.click()
    expect(page.locator(CARDS).first).to_be_visible()
    ago = (wiring.desk().today - date(1970, 1, 1)).days - days_of(page)[0]
    assert said == {0: "today", 1: "yesterday"}.get(ago, f"{ago} days ago")


def test_a_drawing_that_did_not_load_says_so_and_the_next_choice_draws_it(page: Page) -> None:
    page.goto("/dashboard/")
    chart = page.locator("#chart-goals")
    page.route("**/assets/vega.js*", lambda route: route.abort())
    page.select_option("#explore [name=goal]", "explain")
    chart.scroll_into_view_if_needed()
    said = chart.get_by_text("The one above is of all stories")
    expect(said).to_be_visible()
    expect(chart.locator(".drawing > div > svg")).to_be_visible()
    page.unroute("**/assets/vega.js*")
    page.select_option("#explore [name=kind]", "lesson")
    expect_drawn(page, "goals")
    expect(said).to_have_count(0)


def test_a_mark_opens_its_stories(page: Page) -> None:
    page.goto("/dashboard/?kind=success")
    expect_drawn(page, "goals")
    page.locator("#chart-goals .vega .mark-rect path").first.click()
    expect(page.locator(CARDS).first).to_be_visible()
    assert "kind=success" in page.url.partition("#stories?")[2]


def test_all_works_by_keyboard(page: Page) -> None:
    page.goto("/dashboard/")
    page.focus("#explore [name=kind]")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("kind=success"))
    page.focus("#explore-clear")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/dashboard/$"))


def test_who_changes_a_filter_or_empties_the_search_keeps_focus_when_the_stories_close(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("#chart-goals > details").evaluate("one => one.open = true")
    for field, key in (("#explore [name=kind]", "ArrowDown"), ("#q", "Delete")):
        page.fill("#q", "a")
        page.locator("#chart-goals td a").first.click()
        expect(page.locator("#stories-title")).to_be_focused()
        expect(page.locator(CARDS).first).to_be_visible()
        page.focus(field)
        if key == "Delete":
            page.keyboard.press("Control+A")
        page.keyboard.press(key)
        expect(page.locator("#stories")).to_be_hidden()
        expect(page.locator(field)).to_be_focused()


def test_who_leaves_stories_without_a_number_is_led_to_the_chart_or_the_search(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("#chart-practices > details").evaluate("one => one.open = true")
    page.locator("#chart-practices td a").first.click()
    page.locator(CARDS).first.get_by_role("link", name="Related stories").click()
    expect(page).to_have_url(re.compile("#stories.sign="))
    expect(page.locator("#stories-title")).to_be_focused()
    page.keyboard.press("Escape")
    hashes = page.locator("a").evaluate_all("all => all.map(one => one.hash)")
    assert not [one for one in hashes if "not_team" in str(one)]
    expect(page.locator("#practices-title")).to_be_focused()
    page.fill("#q", "a")
    page.locator(f"{CARDS} button").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()


def test_no_total_or_share_beside_a_hidden_number_tells_it(page: Page, product: Product) -> None:
    ago, of = 390, {"goals": ["belong"], "groups": ["multilingual-learners"], "signs": ["because"]}
    kinds = [*["success"] * 9, *["lesson"] * 2]
    told = [{**of, "kind": kind, "story": f"Of few {n}", "nonce": f"few{n}"} for n, kind in enumerate(kinds)]
    product.tell(*({**one, "practices": [{"id": "talk-moves"}]} for one in told), days_ago=ago)
    product.publish()
    day = (datetime.now(UTC) - timedelta(days=ago)).astimezone(wiring.desk().school.zone).date()
    page.goto(f"/dashboard/?group=multilingual-learners&from={day}&to={day}")
    expect_drawn(page, "goals")
    expect(page.locator("#explore-status")).to_contain_text("11 stories fit.")
    finding = "With this filter: 11 stories. Numbers under 5 are not drawn."
    expect(page.locator("#chart-pulse .finding")).to_have_text(finding)
    for chart in ("goals", "practices"):
        page.locator(f"#chart-{chart} > details:last-of-type").evaluate("one => one.open = true")
    row = page.locator("#chart-goals tbody tr").filter(has_text="Every student belongs")
    why = "Why is this hidden?"
    expect(row.locator("td summary, td > a")).to_have_text(["9", f"fewer than 5 · {why}", why])
    expect(page.locator("#chart-goals .vega").get_by_text("9 + <5", exact=True).first).to_be_visible()
    expect(page.locator("#chart-practices tbody a")).to_have_text(["11"])
    expect_drawn(page, "practices")
    expect(page.locator("#chart-practices .vega")).not_to_contain_text("%")
    page.select_option("#explore [name=kind]", "lesson")
    expect(page.locator("#explore-status")).to_have_text("With this filter: fewer than 5 stories.")
    expect(page.locator("#chart-goals .vega").get_by_text("<5", exact=True).first).to_be_visible()


def test_days_are_counted_exactly_and_not_by_their_weeks(page: Page) -> None:
    shown = weeks_between(week_of(wiring.desk().today - timedelta(weeks=20)), week_of(wiring.desk().today))
    told = sorted(win.day for week in shown for win in wiring.table().wins_of(week) if win.state == "visible")
    inner = [day for before, day in pairwise(told) if before < day and week_of(before) == week_of(day)]
    first, last = inner[0], inner[-1] - timedelta(days=1)
    for query, fits in (
        (f"from={first}", lambda day: day >= first),
        (f"from={first}&to={last}", lambda day: first <= day <= last),
    ):
        page.goto(f"/dashboard/?{query}")
        n = sum(map(fits, told))
        expect(page.locator("#explore-status")).to_have_text(f"{n} stories fit. Read the stories")
        page.locator("#explore-status a").click()
        expect(page.locator("#stories-title")).to_contain_text(f" · {n} stories")
        expect(page.locator(CARDS)).to_have_count(min(n, 50))
        assert all(fits(date(1970, 1, 1) + timedelta(days=day)) for day in days_of(page))


def test_days_up_to_one_begin_with_the_first_published_week(bare: Page) -> None:
    wanted = bare.evaluate("""async () => (await import("/assets/filter.js"))
        .wantedBy([["to", "2020-05-06"]], ["2025-W49", "2026-W48"], "2019-W30")""")
    assert wanted == {"keys": [], "window": ["2019-W30", "2020-W19"], "days": ["2019-W30", "2020-W193"]}


def test_other_days_than_those_shown_have_their_own_weeks(page: Page) -> None:
    page.goto("/dashboard/?from=2020-01-01&to=2020-02-01")
    expect(page.locator("#explore-status")).to_contain_text("No story fits")
    expect(page.locator("#chart-pulse tbody tr")).to_have_count(5)


def test_a_lesson_of_a_past_school_year_is_resolved_by_a_win_of_a_later_one(page: Page, product: Product) -> None:
    ago = 400
    product.tell({"kind": "lesson", "story": "A lesson of old", "nonce": "old"}, days_ago=ago)
    day = (datetime.now(UTC) - timedelta(days=ago)).astimezone(wiring.desk().school.zone).date()
    lesson = next(win for win in wiring.table().wins_of(week_of(day)) if win.story == "A lesson of old")
    told = {"kind": "success", "story": "What came of it", "resolves": lesson.story_id, "nonce": "came"}
    product.tell(told)
    product.publish()
    page.goto(f"/dashboard/?from={day}&to={day}")
    expect(page.locator("#chart-lessons .finding")).to_contain_text("With this filter")
    page.locator("#chart-lessons > details").evaluate("one => one.open = true")
    page.locator("#chart-lessons td a").first.click()
    expect(page.locator("#stories-title")).to_contain_text("Resolved")
    expect(page.locator(CARDS)).to_contain_text("A lesson of old")


def test_many_years_are_told_in_longer_steps(page: Page) -> None:
    starts = wiring.desk().school.school_year.starts
    steps = {"Month": month_of, "Half of the school year": partial(term_of, starts=starts)}
    steps["School year"] = years = partial(school_year_of, starts=starts)
    for (head, step), first in zip(steps.items(), (2000, 1990, 1900), strict=True):
        page.goto(f"/dashboard/?from={first}-01-10&to=2003-12-10")
        weeks = weeks_between(week_of(date(first, 1, 10)), week_of(date(2003, 12, 10)))
        expect(page.locator("#chart-pulse thead th").first).to_have_text(head)
        expect(page.locator("#chart-pulse tbody tr")).to_have_count(len({step(week) for week in weeks}))
        expect(page.locator("#chart-year thead th")).to_have_count(2 + len({years(week) for week in weeks}))


def test_all_charts_are_drawn_for_paper(open_context: Open, product: Product) -> None:
    page = product.let_in(open_context(viewport={"width": 390, "height": 844}).new_page())
    page.add_init_script("window.requestIdleCallback = () => 0")
    page.goto("/dashboard/?kind=success")
    expect(page.locator("#chart-pulse .finding")).to_contain_text("With this filter")
    assert page.locator(".vega svg").count() < 10
    page.pdf()
    expect(page.locator(".vega svg")).to_have_count(10)


def test_paper_names_the_filter_and_leaves_out_what_does_not_follow_it(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/dashboard/?kind=lesson&goal=explain")
    filtered, aloud = page.locator("#filtered"), page.locator(".aloud")
    expect(filtered).to_have_text("Counted here are only: Every student can explain their thinking · Lessons")
    expect(filtered).to_be_visible()
    expect(aloud).to_be_hidden()
    page.goto("/dashboard/")
    expect(aloud).to_be_visible()
    expect(filtered).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto("/dashboard/?kind=lesson")
    expect(filtered).not_to_be_empty()
    expect(filtered).to_be_hidden()
    expect(aloud).to_be_visible()


def test_search_folds_accents_and_case_and_finds_beginnings(page: Page, product: Product) -> None:
    hostile = "<img src=x onerror=alert(1)> Éxito zanahoria & más"
    many = [hostile, *(f"Zanahorias {n}" for n in range(60))]
    product.tell(*({"kind": "success", "story": one, "nonce": one, "quotable": True} for one in many))
    product.publish()
    page.goto("/dashboard/")
    expect(page.locator("#latest .quotable").first).to_have_text("“ may be quoted")
    page.focus("#q")
    page.keyboard.type("EXITO zana")
    expect(page.locator("#stories-title")).to_contain_text("1 story")
    card = page.locator(CARDS).first
    expect(card).to_contain_text(hostile)
    expect(card.locator("mark")).to_have_text(["Éxito", "zana"])
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#stories-status")).to_have_text("One story found.")
    page.fill("#q", "zanahoria")
    expect(page.locator("#stories-title")).to_contain_text("61 stories")
    expect(page.locator("#stories-status[role=status]")).to_have_text("61 stories found, the newest first.")
    expect(page.locator(CARDS)).to_have_count(50)
    page.click("#stories-more")
    expect(page.locator(CARDS)).to_have_count(61)
    expect(page.locator(CARDS).nth(50)).to_be_focused()
    page.fill("#q", "exito nonesuch")
    expect(page.locator("#stories-status")).to_have_text("No stories here.")
    page.fill("#q", "")
    expect(page.locator("#stories")).to_be_hidden()


def test_a_tap_is_counted_once_and_known_again(page: Page) -> None:
    page.goto("/dashboard/#stories?goal=belong")
    card = page.locator(CARDS).first
    tried = card.get_by_role("button", name="I tried this too")
    page.route("**/tried", lambda route: route.abort())
    tried.click()
    expect(card.get_by_role("status")).to_contain_text("tap again")
    expect(tried).to_have_attribute("aria-pressed", "false")
    page.unroute("**/tried")
    tried.click()
    expect(tried).to_have_attribute("aria-pressed", "true")
    expect(card.locator(".said")).to_be_empty()
    tried.press("Enter")
    expect(card).to_contain_text("One colleague tried this too")
    page.reload()
    expect(tried).to_have_attribute("aria-pressed", "true")


def test_a_tap_that_comes_before_what_counts_it_is_counted(page: Page) -> None:
    held: list[Any] = []
    page.route("**/assets/tried.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    page.goto("/dashboard/#stories?goal=readers")
    tried = page.locator(CARDS).first.get_by_role("button", name="I tried this too")
    tried.click()
    held[0].continue_()
    expect(tried).to_have_attribute("aria-pressed", "true")
    expect(page.locator(CARDS).first).to_contain_text("One colleague tried this too")


def test_related_stories_share_the_sign(page: Page) -> None:
    page.goto("/dashboard/#stories?sign=because")
    page.locator(CARDS).first.get_by_role("link", name="Related stories").click()
    expect(page.locator("#stories-title")).to_contain_text("because")
    expect(page.locator(CARDS).first).to_be_visible()


PAINTED = """
window.painted = [];
const paint = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
  painted.push(text);
  paint.call(this, text, ...at);
};
"""


def test_a_picture_and_a_copy_tell_the_story_and_no_name(page: Page, product: Product) -> None:
    author = {"mode": "named", "name": "Zenobia Q."}
    told = {
        "kind": "success",
        "story": "A story to take along",
        "takeaway": "Ask them",
        "nonce": "taken",
        "author": author,
    }
    product.tell({**told, "goals": ["belong"]})
    product.publish()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(PAINTED)
    page.goto("/dashboard/#stories?goal=belong")
    card = page.locator(CARDS).filter(has_text="A story to take along")
    expect(card).to_contain_text("Zenobia Q.")
    with page.expect_download() as saved:
        card.get_by_role("button", name="As a picture").click()
    assert saved.value.suggested_filename.endswith(".png")
    painted = " ".join(page.evaluate("painted"))
    assert "A story to take along" in painted
    copy = card.get_by_role("button", name="Copy as text")
    copy.click()
    expect(card.get_by_role("status")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "A story to take along\n\nTakeaway: Ask them"
    assert "Zenobia" not in painted + copied
    page.evaluate("navigator.clipboard.writeText('')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    copy.click()
    expect(copy).to_be_focused()
    page.locator("#q").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("#q")).to_have_value(re.compile("^A story to take along"))


def test_what_helped_opens_its_stories_and_leaders_page_has_no_filter_that_it_would_not_follow(page: Page) -> None:
    page.goto("/dashboard-leaders/")
    expect(page.locator("#chart-factors svg").first).to_be_visible()
    expect(page.locator("#explore")).to_have_count(0)
    page.locator("#chart-factors > details").evaluate("one => one.open = true")
    link = page.locator("#chart-factors td a").first
    n = int(link.text_content() or "")
    link.click()
    expect(page.locator("#stories-title")).to_contain_text(re.compile(rf" · {n} stor(y|ies)$"))
    expect(page.locator(CARDS)).to_have_count(n)
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_the_number_of_a_teams_voices_opens_its_stories_of_four_weeks(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("#chart-voices > details").evaluate("one => one.open = true")
    link = page.locator("#chart-voices td a").first
    since = monday_of(week_of(wiring.desk().today)) - timedelta(weeks=3)
    assert (link.get_attribute("href") or "").endswith(f"&from={since}")
    link.click()
    expect(page.locator("#stories-title")).to_contain_text(" · From ")
    expect(page.locator(CARDS).first).to_be_visible()
    assert min(days_of(page)) >= (since - date(1970, 1, 1)).days
