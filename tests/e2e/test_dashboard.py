"""The dashboard: its charts without a script, and the stories under every number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.domain.school import Sign
from chalicelib.work.configure import configure_school

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Product
    from playwright.sync_api import Locator, Page, Route

    from chalicelib.domain.school import School

CARDS = "#stories-list article"


@pytest.fixture
def page(page: Page, product: Product) -> Page:
    """Let a leader look."""
    return product.let_in(page)


def _open(page: Page, link: Locator) -> int:
    """Open a number's stories, all of them, and return the number."""
    link.evaluate("one => one.closest('details').open = true")
    n = int(re.findall(r"\d+", link.text_content() or "")[0])
    link.click()
    expect(page.locator("#stories-title")).to_contain_text(re.compile(rf"· {n} stor(y|ies)$"))
    for shown in range(50, n, 50):
        expect(page.locator(CARDS)).to_have_count(shown)
        page.click("#stories-more")
    expect(page.locator(CARDS)).to_have_count(n)
    expect(page.locator("#stories-more")).to_be_hidden()
    return n


def test_charts_and_numbers_come_with_the_first_response(plain_page: Page, product: Product) -> None:
    product.let_in(plain_page)
    asked: list[str] = []
    plain_page.on("request", lambda request: asked.append(request.url))
    plain_page.goto("/dashboard/")
    assert len(asked) == 1
    expect(plain_page.locator("figure .drawing svg[viewBox]")).to_have_count(11)
    expect(plain_page.locator(".aloud li")).to_have_count(3)
    expect(plain_page.locator("#goals-finding")).to_contain_text("Families are partners in learning")
    plain_page.locator("summary").first.click()
    expect(plain_page.locator("table").first).to_be_visible()


@pytest.mark.parametrize("path", ["/dashboard/es/", "/dashboard/counts/", "/dashboard/counts/es/"])
def test_each_language_and_counts_alone_come_with_all_charts_too(plain_page: Page, product: Product, path: str) -> None:
    product.let_in(plain_page)
    plain_page.goto(path)
    expect(plain_page.locator("figure .drawing svg[viewBox]")).to_have_count(11)
    expect(plain_page.locator("html")).to_have_attribute("lang", "es" if "/es/" in path else "en")
    if "counts" in path:
        expect(plain_page.locator('a[href*="#stories"]')).to_have_count(0)


@pytest.mark.parametrize(
    ("chart", "kind_card", "label"),
    [
        ("goals", "article.lesson", "Lessons"),
        ("goals", "article.success", "Successes"),
        ("pulse", "article", "Week of"),
    ],
)
def test_a_number_opens_exactly_its_stories(page: Page, chart: str, kind_card: str, label: str) -> None:
    page.goto("/dashboard/")
    links = page.locator(f"#{chart}-title ~ details td a")
    link = links.nth({"Successes": 0, "Lessons": 1, "Week of": 8}[label])
    n = _open(page, link)
    expect(page.locator("#stories-title")).to_contain_text(label)
    expect(page.locator(f"#stories-list {kind_card}")).to_have_count(n)
    if chart == "goals":
        goal = "Every student can explain their thinking"
        expect(page.locator("#stories-list article", has_text=goal)).to_have_count(n)


def test_a_cell_of_practice_and_sign_opens_the_stories_that_name_both(page: Page) -> None:
    page.goto("/dashboard/")
    n = _open(page, page.locator("#practices-title ~ details td a").first)
    cards = page.locator("#stories-list article")
    expect(cards.filter(has_text="because").filter(has_text="Talk moves")).to_have_count(n)


def test_stories_stand_newest_first(page: Page) -> None:
    page.goto("/dashboard/")
    _open(page, page.locator("#goals-title ~ details td a").nth(3))
    days = page.locator("#stories-list article > p:last-child").evaluate_all(
        "all => all.map(one => Date.parse(one.textContent.split(' · ').pop()))"
    )
    assert days == sorted(days, reverse=True)


@pytest.fixture
def merged(product: Product) -> Iterator[None]:
    """Merge a sign and a practice into others for one test."""
    school: School = wiring.desk().school
    goals = []
    for goal in school.goals:
        signs = tuple(_merge(sign) if sign.id == "builds-on" else sign for sign in goal.signs)
        goals.append(goal.model_copy(update={"signs": signs}))
    configure_school(wiring.table(), school.model_copy(update={"goals": tuple(goals)}))
    product.publish()
    yield
    configure_school(wiring.table(), school)
    product.publish()


def _merge(sign: Sign) -> Sign:
    return sign.model_copy(update={"merged_into": "because"})


@pytest.mark.usefixtures("merged")
def test_a_number_counts_and_opens_what_was_merged_into_it(page: Page) -> None:
    page.goto("/dashboard/")
    rows = page.locator("#practices-title ~ details tbody tr")
    expect(rows.filter(has_text="build on each other")).to_have_count(0)
    n = _open(page, rows.first.locator("a").first)
    told = page.locator("#stories-list article", has_text=re.compile("because|build on each other"))
    expect(told).to_have_count(n)


def test_focus_goes_to_the_stories_and_comes_back_to_the_number(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("#goals-title ~ details summary").click()
    link = page.locator("#goals-title ~ details td a").first
    for leave in ("Escape", "button", "back"):
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#stories-title")).to_be_focused()
        expect(page.locator(CARDS).first).to_be_visible()
        if leave == "Escape":
            page.keyboard.press("Escape")
        elif leave == "button":
            page.click("#stories-close")
        else:
            page.go_back()
        expect(page.locator("#stories")).to_be_hidden()
        expect(link).to_be_focused()


def test_an_address_with_a_number_opens_its_stories(page: Page) -> None:
    page.goto("/dashboard/#stories?goal=belong&kind=lesson")
    expect(page.locator("#stories-title")).to_contain_text("Every student belongs · Lessons · ")
    expect(page.locator(CARDS).first).to_be_visible()
    page.goto("/dashboard/#stories?goal=nonesuch")
    expect(page.locator("#stories-status")).to_have_text("No stories here.")


def test_stories_open_after_a_publication_replaced_them(page: Page, product: Product) -> None:
    page.goto("/dashboard/")
    old = page.request.get("/dashboard/manifest.json").body()
    product.tell({"kind": "success", "story": "Came in between", "goals": ["belong"], "nonce": "between"})
    product.publish()
    answers: list[str] = []

    def stale_once(route: Route) -> None:
        answers.append("asked")
        route.fulfill(body=old) if len(answers) == 1 else route.continue_()

    page.route("**/dashboard/manifest.json", stale_once)
    page.goto("/dashboard/#stories?goal=belong")
    expect(page.locator("#stories-list")).to_contain_text("Came in between")
    assert len(answers) == 2


def test_without_signal_a_sentence_says_so_and_the_number_works_again(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("#goals-title ~ details summary").click()
    link = page.locator("#goals-title ~ details td a").first
    page.context.set_offline(offline=True)
    link.click()
    expect(page.locator("#stories-status")).to_contain_text("Check the connection")
    page.context.set_offline(offline=False)
    link.click()
    expect(page.locator(CARDS).first).to_be_visible()
