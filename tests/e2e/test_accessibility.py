"""axe finds nothing on any page, in any state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Open, Product
    from playwright.sync_api import Page

    Check = Callable[[], None]

RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | ')))"""


@pytest.fixture(params=[390, 1366])
def checked(request: pytest.FixtureRequest, product: Product, open_context: Open, axe: str) -> tuple[Page, Check]:
    """Open a page into which axe can be put, as a leader."""
    viewport = {"width": request.param, "height": 900}
    page = product.let_in(open_context(viewport=viewport, bypass_csp=True, reduced_motion="reduce").new_page())

    def check() -> None:
        page.evaluate(axe)
        assert page.evaluate(RUN) == []

    return page, check


def _open_all(page: Page) -> None:
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


PAGES = ["/s/oak7", "/s/oak7/es", "/s/nonesuch", "/help/es/", "/receipt/", "/dashboard/", "/dashboard/counts/"]
PAGES += ["/view/", "/view/es/", "/leaders/", "/api/views", "/refused/", "/privacy/", "/privacy/es/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_findings(checked: tuple[Page, Check], path: str) -> None:
    page, check = checked
    page.goto(path)
    check()
    _open_all(page)
    check()


def test_the_form_has_no_findings_in_any_state(checked: tuple[Page, Check]) -> None:
    page, check = checked
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


def test_the_receipt_has_no_findings_in_any_state(checked: tuple[Page, Check]) -> None:
    page, check = checked
    page.goto("/s/oak7")
    page.fill("#story", "Checked receipt")
    page.click("button.main")
    expect(page.locator("#address")).to_be_visible()
    check()
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


def test_pages_of_posted_forms_have_no_findings(checked: tuple[Page, Check]) -> None:
    page, check = checked
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
    check()
    _open_all(page)
    check()


def test_open_stories_have_no_findings(checked: tuple[Page, Check]) -> None:
    page, check = checked
    page.goto("/dashboard/#stories?goal=belong")
    expect(page.locator("#stories-list article")).to_have_count(50)
    _open_all(page)
    check()
