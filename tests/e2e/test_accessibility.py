"""Everybody can read and use every page: axe, targets, narrow windows, the keyboard, eyes that see otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Open, Product
    from playwright.sync_api import Page

    Check = Callable[..., None]

RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | ')))"""
SMALL_TARGETS = (Path(__file__).parent / "small_targets.js").read_text("utf-8")
WIDE, ZOOMED, NARROW = 1366, 683, 320
"""683 is a window of 1366 pixels at 200 % zoom, 320 one of 1280 at 400 %."""


@pytest.fixture
def page(product: Product, open_context: Open) -> Page:
    """Open a page into which axe can be put, as a leader."""
    context = open_context(viewport={"width": WIDE, "height": 900}, bypass_csp=True, reduced_motion="reduce")
    return product.let_in(context.new_page())


@pytest.fixture
def check(page: Page, axe: str) -> Check:
    """Look for findings as the page stands: dark in a narrow window, and bright in a wide one if that is asked for."""

    def checked(*, wide: bool = False) -> None:
        page.evaluate(axe)
        for width, scheme in (*(((WIDE, "light"),) if wide else ()), (NARROW, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate(RUN) == [], (page.url, width)
        assert page.evaluate(SMALL_TARGETS) == [], page.url
        for width in (NARROW, ZOOMED):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    return checked


def _open_all(page: Page) -> None:
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


PAGES = ["/s/oak7", "/s/oak7/es", "/s/nonesuch", "/help/es/", "/receipt/", "/dashboard/", "/dashboard/es/"]
PAGES += ["/dashboard/counts/", "/dashboard-leaders/", "/view/", "/view/es/", "/leaders/", "/api/views", "/api/record"]
PAGES += ["/refused/", "/privacy/", "/privacy/es/", "/sign-in/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_findings(page: Page, check: Check, path: str) -> None:
    page.goto(path)
    _open_all(page)
    check(wide="/es" not in path)


def test_the_form_has_no_findings_in_any_state(page: Page, check: Check) -> None:
    page.goto("/s/oak7")
    _open_all(page)
    page.click("button.main")
    expect(page.locator("#problems")).to_be_visible()
    check()
    page.fill("#story", "Draft and look")
    page.check("input[value=named]")
    check()
    page.reload()
    expect(page.get_by_text("Your unfinished draft is back.")).to_be_visible()
    check()
    page.fill("#author_name", "Ms. Haddad")
    page.context.set_offline(offline=True)
    page.click("button.main")
    expect(page.get_by_role("status")).to_contain_text("kept on this phone")
    check()
    page.context.set_offline(offline=False)
    expect(page.get_by_role("status")).to_contain_text("has been sent")
    check()


def test_the_receipt_has_no_findings_in_any_state(page: Page, check: Check) -> None:
    page.goto("/s/oak7")
    page.fill("#story", "Checked receipt")
    page.click("button.main")
    expect(page.locator("#address")).to_be_visible()
    _open_all(page)
    check()
    page.fill("#story", "")
    page.click("button[value=save]")
    expect(page.locator("#problems")).to_be_visible()
    check()
    _open_all(page)
    page.click("button[value=remove]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken back")
    check()


def test_pages_of_posted_forms_have_no_findings(page: Page, check: Check) -> None:
    page.route("**/assets/form.js", lambda route: route.abort())
    page.goto("/s/oak7")
    page.check("input[value=named]")
    page.click("button[value=preview]")
    expect(page.locator("#problems")).to_be_visible()
    check()
    page.fill("#story", "Seen before it is sent")
    page.check("input[value=confidential]")
    page.click("button[value=preview]")
    expect(page.locator("article.story")).to_be_visible()
    _open_all(page)
    check()


# the dashboard

CARDS = "#stories-list article"


def test_a_filtered_dashboard_with_open_stories_has_no_findings(page: Page, check: Check) -> None:
    page.set_viewport_size({"width": NARROW, "height": 12_000})  # so that every drawing is near
    page.goto("/dashboard/?group=multilingual-learners#stories?goal=belong")
    expect(page.locator(f"{CARDS} button").first).to_be_visible()
    expect(page.locator("#chart-arrivals .vega svg")).to_be_visible()
    _open_all(page)
    page.locator(f"{CARDS} button").first.click()
    expect(page.locator(f"{CARDS} [aria-pressed=true]").first).to_be_visible()
    check()


def test_a_search_and_what_failed_have_no_findings(page: Page, check: Check) -> None:
    page.goto("/dashboard/")
    page.fill("#q", "student")
    expect(page.locator(f"{CARDS} mark").first).to_be_visible()
    page.fill("#q", "zzz")
    expect(page.locator("#stories-status")).to_have_text("No stories here.")
    page.context.set_offline(offline=True)
    page.evaluate("location.hash = '#stories?goal=belong&kind=lesson'")
    expect(page.locator("#stories-status")).not_to_be_empty()
    check()
    page.context.set_offline(offline=False)


def test_every_chart_has_a_name_a_sentence_and_a_table_with_heads(page: Page) -> None:
    for path, most in (("/dashboard/", 11), ("/dashboard-leaders/", 1)):
        page.goto(path)
        _open_all(page)
        charts = page.locator("[data-chart]")
        assert charts.count() == most
        for chart in charts.all():
            name = chart.get_by_role("heading").inner_text()
            assert chart.get_attribute("aria-labelledby") == chart.get_by_role("heading").get_attribute("id")
            assert name.endswith("?")
            sentence = chart.locator("figcaption").inner_text()
            expect(chart.get_by_role("group", name=sentence)).to_be_visible()
            expect(chart.get_by_role("columnheader").nth(1)).not_to_be_empty()
            assert chart.get_by_role("rowheader").count() == chart.locator("tbody tr").count() > 0


FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const before = window.focusedBefore?.getBoundingClientRect();
  window.focusedBefore = one;
  return {rises: before?.height > 0 && box.top < before.top - 60, id: one.id,
    text: (one.innerText ?? '').trim(), tag: one.tagName,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


def _press_until(page: Page, key: str, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Press a key until something has focus; return all that had it on the way."""
    passed: list[dict[str, Any]] = []
    for _ in range(60):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUS))
        if wanted(passed[-1]):
            return passed
    raise AssertionError([one["text"] or one["id"] for one in passed])


def test_all_works_by_keyboard_alone_from_the_first_look_to_stories_and_back(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/dashboard/")
    expect(page.locator("#explore")).to_be_visible()
    passed = _press_until(page, "Tab", lambda one: one["tag"] == "SELECT")
    assert passed[0]["text"] == "Skip to the content"
    assert [one["text"] for one in passed].count("Read the stories") == 3
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("goal="))
    expect(page.locator("#explore-status")).to_contain_text("fit")
    passed += _press_until(page, "Tab", lambda one: one["id"] == "explore-clear")
    passed += _press_until(page, "Tab", lambda one: one["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    passed += _press_until(page, "Tab", lambda one: one["tag"] == "A")
    number = page.evaluate_handle("document.activeElement")
    page.keyboard.press("Enter")
    expect(page.locator("#stories-title")).to_be_focused()
    assert page.evaluate(FOCUS)["seen"]
    expect(page.locator(CARDS).first).to_be_visible()
    inside = _press_until(page, "Tab", lambda one: one["text"] == "I tried this too")
    assert inside[0]["id"] == "stories-close"
    page.keyboard.press("Escape")
    expect(page.locator("#stories")).to_be_hidden()
    assert page.evaluate("one => one === document.activeElement", number)
    assert [str(one) for one in passed + inside if not (one["ring"] and one["seen"])] == []
    assert [str(one) for one in passed if one["rises"]] == []  # fields of one line differ little


def test_with_high_contrast_drawings_take_the_readers_own_colours(page: Page) -> None:
    page.goto("/dashboard/")
    page.emulate_media(forced_colors="active")
    told = page.evaluate(
        """() => {
          const fill = (what) => getComputedStyle(document.querySelector('#chart-goals ' + what)).fill;
          const page = getComputedStyle(document.body);
          return {mark: fill('a rect'), stripe: fill('pattern rect + rect'), between: fill('pattern rect'),
            ink: page.color, paper: page.backgroundColor};
        }"""
    )
    assert told["mark"] == told["stripe"] == told["ink"]
    assert told["between"] == told["paper"]
