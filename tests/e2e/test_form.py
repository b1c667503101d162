"""What JavaScript adds to the form: nothing typed is lost, nothing sent arrives twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Open, Product
    from playwright.sync_api import Page, Route

REFUSE_STORAGE = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
)
ON_RECEIPT = "**/receipt#*"


def _thanked(page: Page) -> None:
    page.wait_for_url(ON_RECEIPT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your win is stored.")


def test_a_win_is_sent_and_its_receipt_shown(page: Page, product: Product) -> None:
    page.goto("/s/elm2")
    page.fill("#story", "Sent by script.\nTwo lines.")
    page.check("input[value=named]")
    page.fill("#author_name", "Ms. O'Brien")
    page.click("button.main")
    _thanked(page)
    expect(page.locator("article.story")).to_contain_text("Ms. O'Brien, Grades 2\u20133")
    assert product.stored("Sent by script.") == ["Sent by script.\nTwo lines."]
    assert page.evaluate("localStorage.length") == 0


def test_a_draft_survives_a_closed_tab_until_it_is_forgotten(page: Page) -> None:
    page.goto("/s/oak7")
    page.fill("#story", "half a thou")
    page.check("input[value=lesson]")
    page.click("summary:has-text('Say what it shows')")
    page.check("input[value=because]")
    page.select_option("#practices", "wait-time:b")
    context = page.context
    page.close()

    page = context.new_page()
    page.goto("/s/oak7")
    expect(page.get_by_text("Your unfinished draft is back.")).to_be_visible()
    expect(page.locator("#story")).to_have_value("half a thou")
    expect(page.locator("input[value=lesson]")).to_be_checked()
    expect(page.locator("input[value=because]")).to_be_checked()
    expect(page.locator("#practices")).to_have_value("wait-time:b")
    page.goto("/s/elm2")
    expect(page.locator("#story")).to_have_value("")
    page.goto("/s/oak7")
    page.click("text=Start afresh")
    expect(page.locator("#story")).to_have_value("")
    page.reload()
    expect(page.locator("#story")).to_have_value("")
    expect(page.locator("input[value=success]")).to_be_checked()


def test_without_signal_a_win_is_kept_and_arrives_once(page: Page, product: Product) -> None:
    page.goto("/s/oak7")
    page.context.set_offline(offline=True)
    for n in (1, 2):
        page.fill("#story", f"From the basement, {n}")
        page.click("button.main")
        expect(page.get_by_role("status")).to_contain_text(f"Waiting for signal: {n}")
        expect(page.locator("#story")).to_have_value("")
    assert product.stored("From the basement") == []
    page.context.set_offline(offline=False)
    expect(page.get_by_role("status")).to_have_text("A win that waited for signal has been sent. Your receipt")
    assert sorted(product.stored("From the basement")) == ["From the basement, 1", "From the basement, 2"]
    page.reload()
    page.wait_for_load_state("networkidle")
    assert len(product.stored("From the basement")) == 2
    assert page.evaluate("localStorage.length") == 0


def test_a_win_that_waited_in_a_closed_tab_is_sent_by_the_next_form(page: Page, product: Product) -> None:
    page.goto("/s/oak7")
    page.context.set_offline(offline=True)
    page.fill("#story", "Written in the lift")
    page.click("button.main")
    expect(page.get_by_role("status")).to_contain_text("kept on this phone")
    context = page.context
    page.close()
    context.set_offline(offline=False)
    page = context.new_page()
    page.goto("/s/elm2")
    expect(page.get_by_role("status")).to_contain_text("has been sent")
    assert product.stored("Written in the lift") == ["Written in the lift"]


def test_two_open_tabs_send_a_waiting_win_once(page: Page, product: Product) -> None:
    other = page.context.new_page()
    other.goto("/s/oak7")
    page.goto("/s/oak7")
    page.context.set_offline(offline=True)
    page.fill("#story", "Two tabs were open")
    page.click("button.main")
    expect(page.get_by_role("status")).to_contain_text("kept on this phone")
    page.context.set_offline(offline=False)
    page.wait_for_function("() => localStorage.length === 0")
    page.wait_for_load_state("networkidle")
    assert product.stored("Two tabs were open") == ["Two tabs were open"]


def test_a_win_whose_answer_is_lost_arrives_once(page: Page, product: Product) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.goto("/s/oak7")
    page.route("**/api/wins", lose_the_answer)
    page.fill("#story", "Stored, but nobody heard")
    page.click("button.main")
    expect(page.get_by_role("status")).to_contain_text("kept on this phone")
    page.unroute("**/api/wins")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("status")).to_contain_text("has been sent")
    assert product.stored("Stored, but nobody heard") == ["Stored, but nobody heard"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_tried_again(page: Page, product: Product, status: int) -> None:
    page.goto("/s/oak7")
    page.route("**/api/wins", lambda route: route.fulfill(status=status, body="{}"))
    page.fill("#story", f"Trouble {status}")
    page.click("button.main")
    expect(page.get_by_role("status")).to_contain_text("kept on this phone")
    page.unroute("**/api/wins")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("status")).to_contain_text("has been sent")
    assert product.stored(f"Trouble {status}") == [f"Trouble {status}"]


def test_a_reload_while_sending_stores_one(page: Page, product: Product) -> None:
    sent: list[str] = []

    def never_answer_the_first(route: Route) -> None:
        sent.append("once more")
        if len(sent) == 1:
            route.fetch()
        else:
            route.continue_()

    page.goto("/s/oak7")
    page.route("**/api/wins", never_answer_the_first)
    page.fill("#story", "Reloaded too early")
    page.click("button.main")
    expect(page.locator("button.main")).to_have_text("Sending…")
    expect(page.locator("button.main")).to_be_disabled()
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("has been sent")
    assert product.stored("Reloaded too early") == ["Reloaded too early"]


def test_a_double_tap_stores_one(page: Page, product: Product) -> None:
    page.goto("/s/oak7")
    page.fill("#story", "Tapped twice")
    page.dblclick("button.main")
    _thanked(page)
    assert product.stored("Tapped twice") == ["Tapped twice"]


def test_a_win_refused_while_it_waited_comes_back_with_the_reason(page: Page, product: Product) -> None:
    page.goto("/s/oak7")
    page.context.set_offline(offline=True)
    page.fill("#story", "Tomorrow never knows")
    page.click("summary:has-text('Say what it shows')")
    page.fill("#occurred_on", "2090-01-01")
    page.click("button.main")
    expect(page.locator("#story")).to_have_value("")
    page.context.set_offline(offline=False)
    expect(page.locator("#problems")).to_contain_text("This day is still to come.")
    expect(page.locator("#story")).to_have_value("Tomorrow never knows")
    page.reload()
    expect(page.locator("#story")).to_have_value("Tomorrow never knows")
    page.fill("#occurred_on", "")
    page.click("button.main")
    _thanked(page)
    assert product.stored("Tomorrow never") == ["Tomorrow never knows"]


def test_what_is_wrong_takes_focus_and_leads_to_each_field(page: Page) -> None:
    page.goto("/s/oak7")
    page.check("input[value=named]")
    page.click("summary:has-text('Say what it shows')")
    page.fill("#occurred_on", "1890-01-01")
    page.click("summary:has-text('Say what it shows')")
    page.click("button.main")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems li")).to_have_count(3)
    page.click("#problems a[href='#story']")
    expect(page.locator("#story")).to_be_focused()
    expect(page.locator("#story")).to_have_attribute("aria-invalid", "true")
    page.click("#problems a[href='#occurred_on']")
    expect(page.locator("#occurred_on")).to_be_focused()
    expect(page.locator("#occurred_on")).to_be_visible()
    page.click("#problems a[href='#author']")
    expect(page.locator("#author_name")).to_be_focused()
    expect(page.locator("#author-error")).to_have_text("Write your name, or choose not to be named.")
    expect(page.locator("#occurred_on")).to_have_value("1890-01-01")


def test_the_look_matches_the_receipt_and_leaves_the_page_for_nothing(page: Page) -> None:
    asked: list[str] = []
    page.goto("/s/oak7")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url) if "/assets/" not in request.url else None)
    page.fill("#story", "Looked at first")
    page.check("input[value=lesson]")
    page.click("summary:has-text('Help me tell it')")
    page.fill("#tried", "Waiting")
    page.click("summary:has-text('Say what it shows')")
    page.check("input[value=because]")
    page.click("summary:has-text('Signs of other goals')")
    page.check("input[value=repairs]")
    page.select_option("#practices", "talk-moves:a")
    page.select_option("#team", "arts")
    page.check("input[value=whole-class]")
    expect(page.locator("#look-card")).to_contain_text("Looked at first")
    expect(page.locator("button[value=preview]")).to_be_hidden()
    assert asked == []
    look = page.locator("#look-card").inner_text()
    note = page.locator("#look-note").inner_text()
    page.click("button.main")
    _thanked(page)
    assert page.locator("article.story").inner_text() == look
    expect(page.get_by_text(note)).to_be_visible()


def test_fields_follow_each_other(page: Page) -> None:
    page.goto("/s/oak7")
    expect(page.locator("#author_name")).to_be_hidden()
    page.get_by_label("Show my name").check()
    expect(page.get_by_label("Name to show")).to_be_visible()
    page.click("summary:has-text('Say what it shows')")
    expect(page.locator("#signs legend")).to_have_text("What was seen")
    page.get_by_label("Lesson learned").check()
    expect(page.locator("#signs legend")).to_have_text("What was hoped for")
    expect(page.locator("input[value=because]")).to_be_visible()
    expect(page.locator("input[value=repairs]")).to_be_hidden()
    page.select_option("#goals", "belong")
    expect(page.locator("input[value=repairs]")).to_be_visible()
    page.click("summary:has-text('Signs of other goals')")
    expect(page.locator("input[value=because]")).to_be_visible()
    page.select_option("#goals", "")
    expect(page.locator("#signs input:visible")).to_have_count(12)


def test_where_storage_is_refused_the_form_works(open_context: Open, product: Product) -> None:
    context = open_context()
    context.add_init_script(REFUSE_STORAGE)
    page = context.new_page()
    page.goto("/s/oak7")
    page.fill("#story", "Told in private")
    context.set_offline(offline=True)
    page.click("button.main")
    expect(page.locator("#problems")).to_contain_text("leave this page open and send it again")
    expect(page.locator("#story")).to_have_value("Told in private")
    context.set_offline(offline=False)
    page.click("button.main")
    _thanked(page)
    assert product.stored("Told in private") == ["Told in private"]


def test_spanish_stays_spanish(page: Page) -> None:
    page.goto("/s/oak7/es")
    page.click("button.main")
    expect(page.locator("#problems")).to_contain_text("Hay una cosa por corregir.")
    page.fill("#story", "Una mano más.")
    page.click("button.main")
    page.wait_for_url("**/receipt/es#*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias. Su logro está guardado.")
    page.click("text=English")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is the win your receipt opens.")


def test_a_typed_code_leads_to_its_form(page: Page) -> None:
    page.goto("/help/es/")
    page.fill("#code", " OAK7 ")
    page.click("button")
    expect(page.locator("#win")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
