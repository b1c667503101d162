"""Pages are light and stand in narrow windows."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Open, Product
    from playwright.sync_api import Page


@pytest.mark.parametrize(("path", "most"), [("/s/oak7", 10_000), ("/s/oak7/es", 10_000), ("/dashboard/", 40_000)])
def test_a_page_is_small_when_compressed(page: Page, product: Product, path: str, most: int) -> None:
    answer = product.let_in(page).goto(path)
    assert answer is not None
    assert len(gzip.compress(answer.body(), 6)) <= most


def test_no_page_scrolls_sideways(open_context: Open, product: Product) -> None:
    width = 320  # and so with long words; as they are, pages are tried in test_accessibility.py
    page = product.let_in(open_context(viewport={"width": width, "height": 640}).new_page())

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto("/s/oak7")
    page.fill("#story", "W" * 300)
    page.check("input[value=named]")
    page.fill("#author_name", "N" * 80)
    for part in page.locator("details").all():
        part.evaluate("one => one.open = true")
    fits()
    page.click("button.main")
    expect(page.locator("#address")).to_be_visible()
    page.locator("summary").first.click()
    fits()
    for path in (
        "/receipt/",
        "/s/nonesuch",
        "/privacy/es/",
        "/view/",
        "/dashboard/counts/",
        "/dashboard/",
        "/dashboard/#stories?goal=explain",
    ):
        page.goto(path)
        for part in page.locator("details").all():
            part.evaluate("one => one.open = true")
        fits()
