"""Leaders review wins in a real browser, and the whole way of one that named a pupil."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from fakes.desk import table_dump
from test_sign_in import DANA, link_in_outbox

from chalicelib import wiring
from chalicelib.domain.calendar import week_of

if TYPE_CHECKING:
    from conftest import Product
    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture(autouse=True)
def _nothing_waits(product: Product) -> None:
    """Hide what other tests left waiting: a page of the queue has only so many."""
    assert product
    for win in wiring.table().held("", 1_000):
        wiring.table().replace_win(win, win.model_copy(update={"state": "hidden", "revision": win.revision + 1}))


def unheard_of() -> str:
    """Make up a word of letters alone: one with digits may be somebody's number."""
    return uuid.uuid4().hex[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


def named(product: Product, text: str = "Zuri Okafor explained her answer", **more: Any) -> str:
    """Tell a win that names a pupil; returns a word by which it is found."""
    word = unheard_of()
    product.tell({"kind": "success", "story": f"{text} {word}.", "nonce": word, **more})
    return word


def card(page: Page, word: str) -> Locator:
    return page.locator("article.review").filter(has_text=word)


def test_what_was_found_is_masked_with_one_button(page: Page, product: Product) -> None:
    word = named(product)
    product.let_in(page).goto("/api/review")
    one = card(page, word)
    assert one.locator("mark").inner_text() == "Zuri Okafor"
    assert "it may name a student" in one.inner_text()
    one.get_by_role("button", name="Mask and publish").click()
    page.get_by_text("Masked and published").wait_for()
    assert product.stored(word) == [f"[student] explained her answer {word}."]


def test_words_that_are_selected_are_masked_too(page: Page, product: Product) -> None:
    word = named(product, "Zuri Okafor told her twin, the zaz, all about it")
    product.let_in(page).goto("/api/review")
    part = card(page, word).locator("[data-part=story]")
    part.evaluate(
        """part => {
            const text = [...part.querySelector("bdi").childNodes].find(node => node.data?.includes("zaz"));
            const range = document.createRange();
            const start = text.data.indexOf("zaz");
            range.setStart(text, start); range.setEnd(text, start + 3);
            getSelection().removeAllRanges(); getSelection().addRange(range);
            part.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        }"""
    )
    assert card(page, word).get_by_label("Other words to mask").input_value() == "zaz"
    card(page, word).get_by_role("button", name="Mask and publish").click()
    page.get_by_text("Masked and published").wait_for()
    assert product.stored(word) == [f"[student] told her twin, the [student], all about it {word}."]


def test_it_works_by_keyboard_alone(page: Page, product: Product) -> None:
    first, second = named(product), named(product)
    product.let_in(page).goto("/api/review")
    order = [page.locator("article.review").nth(n).get_attribute("id") for n in range(2)]
    page.locator("article.review").first.focus()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == order[1]
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == order[0]
    card(page, second).focus()
    page.keyboard.press("h")
    page.get_by_text("Hidden. Only leaders can see it.").wait_for()
    card(page, first).get_by_label("Other words to mask").focus()
    page.keyboard.type("ahm")  # letters are letters while somebody types
    assert card(page, first).get_by_label("Other words to mask").input_value() == "ahm"
    card(page, first).focus()
    page.keyboard.press("m")
    page.get_by_text("Masked and published").wait_for()
    assert product.stored(second) == []


def test_the_second_of_two_leaders_is_told(page: Page, product: Product) -> None:
    word = named(product)
    product.let_in(page).goto("/api/review")
    other = page.context.new_page()
    other.goto("/api/review")
    card(other, word).get_by_role("button", name="Hide").click()
    other.get_by_text("Hidden.").wait_for()
    card(page, word).get_by_role("button", name="Publish as it is").click()
    page.get_by_role("alert").get_by_text("Nothing was changed").wait_for()
    assert product.stored(word) == []


def test_without_scripts_tags_are_set_and_a_question_is_asked(plain_page: Page, product: Product) -> None:
    word = named(product)
    product.let_in(plain_page).goto("/api/review")
    card(plain_page, word).get_by_text("Change its tags").click()
    card(plain_page, word).locator("input[name=signs]").first.check()
    card(plain_page, word).get_by_role("button", name="Save tags").click()
    plain_page.get_by_text("Tags saved.").wait_for()
    card(plain_page, word).get_by_text("Ask its author").click()
    card(plain_page, word).get_by_label("Your question").fill("May we leave out the name?")
    card(plain_page, word).get_by_role("button", name="Ask", exact=True).click()
    plain_page.get_by_text("Asked.").wait_for()
    assert "May we leave out the name?" in card(plain_page, word).inner_text()


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_the_page_has_no_findings_and_fits_a_phone(browser: Browser, product: Product, axe: str, language: str) -> None:
    author = {"mode": "named", "name": "Ms. O'Brien"}
    named(product, "Zuri Okafor " + "sesquipedalian" * 8, quoted="forwarded", author=author)
    context = browser.new_context(base_url=product.url, locale=language, viewport={"width": 320, "height": 640})
    page = context.new_page()
    product.let_in(page).goto("/api/review")
    assert page.locator("html").get_attribute("lang") == language[:2]
    for details in page.locator("article.review details > summary").all():
        details.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    context.close()


def test_a_coach_is_told_that_this_is_not_their_part(page: Page, product: Product) -> None:
    answer = product.let_in(page, "coach").goto("/api/review")
    assert answer is not None
    assert answer.status == 401


def test_a_named_pupil_never_reaches_the_page_and_an_erased_win_leaves_no_byte(page: Page, product: Product) -> None:
    word = unheard_of()
    page.goto("/s/oak7")
    page.get_by_label("Your story", exact=True).fill(f"Zuri Okafor stood up and {word} explained it to all of us.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("A leader of").first.wait_for()
    receipt = str(page.locator("#address").get_attribute("href"))

    page.goto("/sign-in/")
    page.get_by_label("Your school mail address").fill(DANA)
    page.get_by_role("button", name="Mail me a link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()
    page.goto(link_in_outbox(page, "Sign in to Small Wins"))
    page.get_by_role("button", name="Sign in with this code").click()
    page.get_by_role("heading", name="For leaders").wait_for()
    page.get_by_role("link", name="Wins that wait for you").click()
    card(page, word).get_by_role("button", name="Mask and publish").click()
    page.get_by_text("Masked and published").wait_for()

    product.publish()
    page.goto(f"/dashboard/#stories?week={week_of(wiring.desk().today)}&kind=success")
    at_rest = page.locator("#stories-list:not([aria-busy]) article").first
    at_rest.wait_for()
    while page.locator("#stories-more").is_visible():  # a day's stories stand in any order
        page.click("#stories-more")
        at_rest.wait_for()
    page.get_by_text(f"[student] stood up and {word} explained it").first.wait_for()
    assert "Zuri" not in page.content()

    page.goto("about:blank")
    page.goto(receipt)
    page.locator("summary").filter(has_text="Take it back").click()
    page.locator("button[value=remove]").click()
    page.get_by_text(re.compile("taken back", re.IGNORECASE)).first.wait_for()
    product.publish()
    page.goto("/dashboard/")
    assert word not in page.content()
    assert word not in table_dump()
    assert [key for key, body in every_object() if word.encode() in body] == []


def every_object() -> list[tuple[str, bytes]]:
    s3, bucket = boto3.client("s3"), wiring.settings().site_bucket
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [one["Key"] for page in pages for one in page.get("Contents", ())]
    return [(key, s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]
