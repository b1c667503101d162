"""The dashboard on paper and on a wall."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from fakes.camera import look_at_pdf, read_codes
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.domain.small_numbers import shown_by

if TYPE_CHECKING:
    from conftest import Open, Product
    from playwright.sync_api import Page

RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | ')))"""
SECOND = 1000
SLIDE = "#slides > .slide:visible"


def _teams() -> list[str]:
    school = wiring.desk().school
    return [team.id for team in school.teams if team.offered and team.id in shown_by(school).teams]


def _sheet(language: str = "") -> str:
    return f"/dashboard/sheet/{_teams()[0]}/{language}"


def _pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture
def wall(open_context: Open, product: Product) -> Page:
    """Hang up the wall, with a clock of the test's own."""
    page = product.let_in(open_context(viewport={"width": 1920, "height": 1080}).new_page())
    page.clock.install()
    page.goto("/dashboard/wall/")
    return page


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("language", ["", "es/"])
def test_sheets_and_the_wall_have_no_findings(
    open_context: Open, product: Product, axe: str, width: int, language: str
) -> None:
    page = product.let_in(
        open_context(viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce").new_page()
    )
    for path in (_sheet(language), f"/dashboard/wall/{language}"):
        page.goto(path)
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    for _ in range(page.locator("#slides > .slide").count() - 1):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", ["", "es/"])
def test_a_sheet_is_one_page_of_paper(page: Page, product: Product, paper: str, language: str) -> None:
    product.let_in(page).goto(_sheet(language))
    pdf = page.pdf(format=paper)
    assert _pages_of(pdf) == 1
    assert read_codes(look_at_pdf(pdf, scale=3)) == [page.locator(".address a").get_attribute("href")]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_sheet_with_long_stories_and_names_is_one_page_with_room_to_write(
    page: Page, product: Product, paper: str
) -> None:
    product.tell(
        *(
            {
                "kind": "success",
                "nonce": uuid4().hex,
                "story": f"{n} " + "We told much of it. " * 60,
                "team": _teams()[0],
            }
            for n in range(3)
        )
    )
    product.publish()
    product.let_in(page).goto(_sheet())
    expect(page.locator(".told")).to_have_count(3)
    expect(page.locator(".told bdi", has_text="We told much of it.").first).to_contain_text("…")
    lengthen = "for (const one of document.querySelectorAll('h1, .name')) one.textContent = 'Wonderful '.repeat(29)"
    page.evaluate(lengthen)
    assert _pages_of(page.pdf(format=paper)) == 1
    page.set_viewport_size({"width": 720, "height": 1000})
    page.emulate_media(media="print")
    rooms = page.evaluate(
        "[...document.querySelectorAll('.box')].map(box => [box.getBoundingClientRect().bottom,"
        " document.querySelector('main').getBoundingClientRect().bottom, box.offsetHeight])"
    )
    assert all(bottom <= end + 1 and height > 150 for bottom, end, height in rooms), rooms


def test_a_sheet_needs_no_script_and_no_second_request(plain_page: Page, product: Product) -> None:
    product.let_in(plain_page)
    asked: list[str] = []
    plain_page.on("request", lambda request: asked.append(request.url))
    plain_page.goto(_sheet())
    assert len(asked) == 1
    expect(plain_page.locator("script")).to_have_count(0)
    expect(plain_page.locator(".box")).to_have_count(3)
    expect(plain_page.locator(".bar rect").first).to_be_visible()
    expect(plain_page.locator(".address a")).to_have_text(re.compile(rf"^https?://.+/dashboard/\?team={_teams()[0]}$"))


def test_a_name_given_with_a_story_is_on_neither(page: Page, product: Product) -> None:
    author = {"mode": "named", "name": "Zenobia Q."}
    told = {"kind": "success", "story": "Seen by all", "team": _teams()[-1], "quotable": True, "author": author}
    product.tell(*({"nonce": uuid4().hex, **told} for _ in range(30)))
    product.publish()
    product.let_in(page)
    for path in (f"/dashboard/sheet/{_teams()[-1]}/", "/dashboard/wall/"):
        answer = page.goto(path)
        assert answer is not None
        assert "Seen by all" in answer.text()
        assert "Zenobia" not in answer.text()


def test_without_a_script_all_slides_stand_below_each_other(plain_page: Page, product: Product) -> None:
    product.let_in(plain_page).goto("/dashboard/wall/")
    slides = plain_page.locator("#slides > .slide")
    assert slides.count() > 4
    for slide in slides.all():
        expect(slide).to_be_visible()
    expect(plain_page.locator("button:visible")).to_have_count(0)


def test_the_wall_turns_and_begins_again_after_the_last_slide(wall: Page) -> None:
    n = wall.locator("#slides > .slide").count()
    expect(wall.locator(SLIDE)).to_have_count(1)
    expect(wall.locator("#place")).to_have_text(f"1 / {n}")
    wall.clock.run_for(12 * SECOND)
    expect(wall.locator("#place")).to_have_text(f"2 / {n}")
    expect(wall.locator(SLIDE)).to_have_count(1)
    wall.clock.run_for(12 * (n - 1) * SECOND)
    expect(wall.locator("#place")).to_have_text(f"1 / {n}")


def test_the_wall_stops_and_goes_on_by_button_and_by_key(wall: Page) -> None:
    n = wall.locator("#slides > .slide").count()
    wall.get_by_role("button", name="Pause").click()
    wall.clock.run_for(60 * SECOND)
    expect(wall.locator("#place")).to_have_text(f"1 / {n}")
    wall.get_by_role("button", name="Next").click()
    wall.get_by_role("button", name="Next").click()
    wall.get_by_role("button", name="Back").click()
    expect(wall.locator("#place")).to_have_text(f"2 / {n}")
    wall.keyboard.press("Space")  # on the button that has focus
    expect(wall.locator("#place")).to_have_text(f"1 / {n}")
    wall.evaluate("document.activeElement.blur()")
    wall.keyboard.press("Space")
    expect(wall.locator("#pause")).to_have_text("Pause")
    wall.keyboard.press("ArrowLeft")
    expect(wall.locator("#place")).to_have_text(f"{n} / {n}")
    wall.keyboard.press("ArrowRight")
    wall.clock.run_for(12 * SECOND)
    expect(wall.locator("#place")).to_have_text(f"2 / {n}")


def test_with_reduced_motion_the_wall_waits_to_be_asked(open_context: Open, product: Product) -> None:
    page = product.let_in(open_context(reduced_motion="reduce").new_page())
    page.clock.install()
    page.goto("/dashboard/wall/")
    page.clock.run_for(60 * SECOND)
    expect(page.locator("#place")).to_have_text(re.compile("^1 /"))
    assert page.locator(SLIDE).evaluate("one => getComputedStyle(one).animationName") == "none"
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(12 * SECOND)
    expect(page.locator("#place")).to_have_text(re.compile("^2 /"))


def test_the_wall_takes_up_what_is_published_and_bears_a_network_that_is_gone(wall: Page, product: Product) -> None:
    expect(wall.locator("#place")).to_be_visible()
    wall.wait_for_load_state("networkidle")
    wall.context.set_offline(offline=True)
    wall.clock.run_for(301 * SECOND)
    expect(wall.locator(SLIDE)).to_have_count(1)
    wall.context.set_offline(offline=False)
    product.tell({"kind": "success", "nonce": uuid4().hex, "story": "Fresh on the wall"})
    product.publish()
    with wall.expect_navigation():
        wall.clock.run_for(301 * SECOND)
    expect(wall.locator(SLIDE)).to_have_count(1)
