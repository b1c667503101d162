"""The form and the receipt without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Product
    from playwright.sync_api import Page


def test_a_win_is_previewed_sent_changed_and_taken_back(plain_page: Page, product: Product) -> None:
    page = plain_page
    page.goto("/s/oak7")
    page.fill("#story", "Plain words: a pencil was shared.")
    page.click("button[value=preview]")
    expect(page.locator("article.story")).to_contain_text("Plain words: a pencil was shared.")
    expect(page.locator("article.story")).to_contain_text("Every student can explain their thinking")
    assert product.stored("a pencil was shared") == []

    page.click("button[value=send]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your win is stored.")
    assert product.stored("a pencil was shared") == ["Plain words: a pencil was shared."]

    page.click("summary:has-text('Change it')")
    page.fill("#story", "Plain words: two pencils were lent.")
    page.check("input[name=kind][value=lesson]")
    page.click("button[value=save]")
    expect(page.locator("article.story.lesson")).to_contain_text("two pencils were lent")
    assert product.stored("Plain words:") == ["Plain words: two pencils were lent."]

    page.click("summary:has-text('Take it back')")
    page.click("button[value=remove]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken back")
    assert product.stored("Plain words:") == []


def test_sending_after_a_preview_twice_stores_one(plain_page: Page, product: Product) -> None:
    page = plain_page
    page.goto("/s/oak7")
    page.fill("#story", "Previewed, then sent and sent.")
    page.click("button[value=preview]")
    page.dblclick("button[value=send]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your win is stored.")
    assert len(product.stored("Previewed, then sent")) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(plain_page: Page, product: Product) -> None:
    page = plain_page
    page.goto("/s/elm2")
    page.fill("#story", "Kept though the name is missing")
    page.check("input[value=named]")
    page.click("button[value=send]")
    expect(page.locator("#problems a[href='#author']")).to_have_text("Your name")
    expect(page.locator("#author-error")).to_have_text("Write your name, or choose not to be named.")
    expect(page.locator("#story")).to_have_value("Kept though the name is missing")
    expect(page.locator("#team")).to_have_value("grade-2-3")
    assert product.stored("Kept though") == []


@pytest.mark.parametrize("words", ["", " \t\n", "\u200b\u2060", "x" * 10_001])
def test_a_story_that_cannot_be_told_gets_a_sentence(plain_page: Page, words: str) -> None:
    page = plain_page
    page.goto("/s/oak7")
    page.fill("#story", words)
    page.click("button[value=send]")
    expect(page.locator("#story-error")).to_have_count(1)
    expect(page.locator("#problems")).to_be_focused()


def test_the_form_speaks_spanish_to_the_end(plain_page: Page) -> None:
    page = plain_page
    page.goto("/s/oak7")
    page.click("text=Español")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.click("button[value=send]")
    expect(page.locator("#problems h2")).to_have_text("Hay algo por corregir")
    page.fill("#story", "Una mano más que ayer.")
    page.click("button[value=send]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias. Su logro está guardado.")
    expect(page.locator("#address")).to_contain_text("/receipt/es#")
    expect(page.get_by_role("link", name="Compartir otro")).to_have_attribute("href", "/s/oak7/es")


def test_an_unknown_code_gets_a_page_that_helps(plain_page: Page) -> None:
    page = plain_page
    answer = page.goto("/s/nonesuch")
    assert answer is not None
    assert answer.status == 404
    page.fill("#code", "OAK7")
    page.click("button")
    expect(page.locator("#win")).to_be_visible()


def test_a_wrong_receipt_gets_a_sentence_and_another_try(plain_page: Page) -> None:
    page = plain_page
    page.goto("/receipt/")
    page.fill("#receipt", "01ARZ3NDEKTSV4RRFFQ69G5FAV.no")
    page.click("button")
    expect(page.locator("#problems")).to_contain_text("This receipt is not complete or not ours.")
    expect(page.locator("#receipt")).to_be_visible()
