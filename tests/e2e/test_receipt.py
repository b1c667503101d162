"""The receipt page with JavaScript: by its link, without a loop, and without a token in any address sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Product
    from playwright.sync_api import Page


@pytest.fixture
def receipt(page: Page) -> str:
    """Send a win and return the address of its receipt."""
    page.goto("/s/elm2")
    page.fill("#story", "A receipt to come back to")
    page.click("button.main")
    page.wait_for_url("**/receipt#*")
    expect(page.locator("#address")).to_be_visible()
    return str(page.locator("#address").get_attribute("href"))


def test_a_receipt_opens_by_its_link_and_no_address_sent_holds_it(page: Page, receipt: str) -> None:
    token = receipt.partition("#")[2]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    page.goto("about:blank")
    page.goto(receipt)
    expect(page.get_by_role("heading", level=1)).to_have_text("This is the win your receipt opens.")
    expect(page.locator("article.story")).to_contain_text("A receipt to come back to")
    expect(page).to_have_url(receipt)
    assert asked
    assert not any(token in url for url in asked)


def test_back_and_reload_never_loop_or_repeat(page: Page, receipt: str, product: Product) -> None:
    before = len(product.stored("A receipt to come back to"))
    page.reload()
    expect(page.locator("article.story")).to_be_visible()
    expect(page).to_have_url(receipt)
    page.go_back()
    expect(page.locator("#win")).to_be_visible()
    expect(page.locator("#story")).to_have_value("")
    page.go_forward()
    expect(page.locator("article.story")).to_be_visible()
    assert len(product.stored("A receipt to come back to")) == before > 0


def test_a_change_that_is_wrong_leads_to_its_field_and_keeps_the_address(page: Page, receipt: str) -> None:
    page.click("summary:has-text('Change it')")
    page.fill("#story", " ")
    page.click("button[value=save]")
    expect(page.locator("#problems")).to_be_focused()
    page.click("#problems a")
    expect(page.locator("#story")).to_be_focused()
    expect(page).to_have_url(receipt)


def test_an_anonymous_win_gets_a_receipt_of_its_own(page: Page, receipt: str) -> None:
    page.click("summary:has-text('Change it')")
    page.check("input[value=anonymous]")
    page.click("button[value=save]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved. This is how it appears now.")
    own = str(page.locator("#address").get_attribute("href"))
    expect(page).to_have_url(own)
    assert own != receipt
    page.reload()
    expect(page.locator("article.story")).to_contain_text("A receipt to come back to")


def test_a_win_taken_back_says_so_and_a_reload_does_nothing_more(page: Page, receipt: str) -> None:
    page.click("summary:has-text('Take it back')")
    page.click("button[value=remove]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken back")
    page.reload()
    expect(page.locator("#open")).to_be_visible()
    page.goto(receipt)
    expect(page.locator("#problems")).to_contain_text("This win was taken back.")


def test_a_lessons_receipt_leads_to_a_form_that_answers_it_and_keeps_what_helped(page: Page) -> None:
    page.goto("/s/elm2")
    page.check("input[value=lesson]")
    page.fill("#story", "A lesson to answer")
    page.click("button.main")
    page.get_by_role("link", name="Tell what came of it").click()
    lesson = page.url.partition("?resolves=")[2]
    box = page.get_by_role("checkbox", name=f"This answers a lesson: {lesson}")
    expect(box).to_be_checked()
    page.fill("#story", "Then it worked, by the third week")
    page.click("summary:has-text('Say what it shows')")
    page.get_by_role("group", name="What helped").get_by_label("Enough time").press("Space")
    page.get_by_label("May be quoted outside our staff").check()
    page.click("button.main")
    page.wait_for_url("**/receipt#*")
    page.click("summary:has-text('Change it')")
    expect(box).to_be_checked()
    page.click("summary:has-text('Say what it shows')")
    expect(page.locator("input[name=helped][value=time]")).to_be_checked()
    expect(page.locator("input[name=hindered]:checked")).to_have_count(0)
    expect(page.locator("input[name=quotable]")).to_be_checked()
    box.uncheck()
    page.click("button[value=save]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved. This is how it appears now.")
    page.click("summary:has-text('Change it')")
    expect(page.locator("#resolves")).to_be_hidden()


def test_a_form_without_a_lesson_in_its_address_says_nothing_of_one(page: Page) -> None:
    for address in ("/s/elm2", "/s/elm2?resolves=nonsense"):
        page.goto(address)
        expect(page.locator("#win")).to_be_visible()
        expect(page.locator("#resolves")).to_be_hidden()
