"""Who may look at the dashboard, in a real browser: by a session that goes on, or by a link for a meeting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.work.passes import DASHBOARD, pass_for_leader
from chalicelib.work.sign_in import leader_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Open, Product
    from playwright.sync_api import Page

DANA = "dana.whitlock@maplerow.example"
FINDING = "#goals-finding"


def lets_pass_end(page: Page) -> None:
    """Leave the browser as it is a quarter of an hour later: what it keeps for so long is gone."""
    page.context.clear_cookies(name=re.compile("^CloudFront-"))


def pass_is_old(page: Page) -> None:
    """Give the browser the cookies of a pass that is over, as a clock that is late would leave them."""
    desk = wiring.desk()
    late = pass_for_leader(replace(desk, now=desk.now - timedelta(minutes=16)), wiring.passes())
    place: Any = {"domain": "127.0.0.1", "path": "/", "secure": True}
    page.context.add_cookies([{"name": name, "value": value, **place} for name, value in late.items()])


@pytest.mark.parametrize("age", [lets_pass_end, pass_is_old])
@pytest.mark.parametrize("script", ["with scripts", "without"])
def test_who_is_signed_in_sees_the_dashboard_without_a_click_however_old_the_pass(
    open_context: Open, product: Product, script: str, age: Callable[[Page], None]
) -> None:
    page = product.let_in(open_context(java_script_enabled=script == "with scripts").new_page())
    age(page)
    page.goto("/dashboard/")
    expect(page.locator(FINDING)).to_be_visible()
    assert page.url.endswith(DASHBOARD)


def test_numbers_go_on_to_open_their_stories_when_the_pass_ends_meanwhile(page: Page, product: Product) -> None:
    product.let_in(page).goto("/dashboard/")
    expect(page.locator(FINDING)).to_be_visible()
    lets_pass_end(page)
    page.evaluate("location.hash = '#stories?goal=belong'")
    expect(page.locator("#stories-list article").first).to_be_visible()


def test_who_signed_out_elsewhere_is_led_to_signing_in_and_then_back_to_the_story(page: Page, product: Product) -> None:
    product.let_in(page).goto("/dashboard/")
    expect(page.locator(FINDING)).to_be_visible()
    desk = wiring.desk()
    wiring.front().sign_ins.end_sessions(
        leader_key(desk, next(one for one in desk.school.leaders if one.email == DANA))
    )
    lets_pass_end(page)
    page.evaluate("location.hash = '#stories?goal=belong'")
    page.get_by_label("Your school mail address").fill(DANA)
    page.get_by_role("button", name="Mail me a link").click()
    page.goto("/local/outbox")
    page.goto(str(page.locator("article").first.get_by_role("link").first.get_attribute("href")))
    page.get_by_role("button", name="Sign in with this code").click()
    expect(page.locator(FINDING)).to_be_visible()
    assert page.url.endswith(DASHBOARD)


def test_nobody_else_sees_anything(page: Page) -> None:
    page.goto("/dashboard/")
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    assert page.request.get("/dashboard/manifest.json").status == 403


def test_after_signing_out_the_way_back_shows_nothing(page: Page, product: Product) -> None:
    product.let_in(page).goto("/dashboard/")
    expect(page.locator(FINDING)).to_be_visible()
    page.goto("/leaders/")
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    page.go_back()
    page.go_back()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    expect(page.locator(FINDING)).to_have_count(0)


def makes_link(page: Page, *, stories: bool, lasts: str = "a day") -> str:
    page.goto("/leaders/")
    page.get_by_label("It ends after").select_option(lasts)
    if stories:
        page.get_by_label("Show the stories too").check()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("#link").inner_text()


@pytest.mark.parametrize("chosen", ["counts", "stories"])
def test_a_link_for_a_meeting_shows_what_its_leader_chose_until_it_is_taken_back(
    page: Page, open_context: Open, product: Product, chosen: str
) -> None:
    stories = chosen == "stories"
    link = makes_link(product.let_in(page), stories=stories)
    guest = open_context().new_page()
    guest.goto(link)
    assert "#" not in guest.url
    guest.get_by_role("button", name="Open the dashboard").click()
    expect(guest.locator(FINDING)).to_be_visible()
    assert guest.url.endswith(DASHBOARD if stories else "/dashboard/counts/")
    assert (guest.locator("article").count() > 0) is stories
    assert (guest.request.get("/dashboard/manifest.json").status == 200) is stories
    assert guest.request.get("/api/me").status == 401
    guest.goto("/dashboard/")
    expect(guest.locator(FINDING)).to_be_visible()
    assert guest.url.endswith(DASHBOARD if stories else "/dashboard/counts/")
    page.goto("/api/views")
    page.get_by_role("button", name="Take back").first.click()
    lets_pass_end(guest)
    guest.goto("/dashboard/counts/")
    guest.get_by_role("heading", name="Sign in", exact=True).wait_for()


def test_a_link_is_used_without_scripts_too(page: Page, plain_page: Page, product: Product) -> None:
    link = makes_link(product.let_in(page), stories=False)
    plain_page.goto(link)
    plain_page.get_by_label("Code from the link").fill(link)
    plain_page.get_by_role("button", name="Open the dashboard").click()
    expect(plain_page.locator(FINDING)).to_be_visible()


def test_a_link_that_is_over_says_so(page: Page) -> None:
    page.goto("/view/#a-code-that-never-was-a-code")
    page.get_by_role("button", name="Open the dashboard").click()
    page.get_by_text("This link is over, was taken back").wait_for()
