"""While somebody types: what may name a student is said under the field, and nothing leaves the page for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from infra import device_names

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Open, Product
    from playwright.sync_api import Page, Request

MARIA = "Today Maria explained it to the whole class."
AT_MOST = 60_000
"""Bytes of the names, which no further packing makes smaller."""
FIND_IN_ALL = """async (texts) => {
    const [{findContacts}, {findPeople}, {fetchNames}] = await Promise.all(
        ["contacts", "people", "names"].map((name) => import(`/assets/${name}.js`)));
    const facts = await fetchNames();
    return texts.map((text) => ({people: findPeople(text, facts).map((one) => [one.start, one.end]),
                                 any: findPeople(text, facts).length + findContacts(text).length > 0}));
}"""


def _type(page: Page, text: str, field: str = "#story") -> None:
    page.locator(field).fill("")
    page.locator(field).press_sequentially(text)


def _warned(page: Page, field: str = "#story") -> Any:
    return page.locator(f"{field} + .warnings .warning")


POINTS_AT_A_STUDENT = {
    MARIA: "This may name a student: “Maria”.",
    "Then José Hernández raised a hand.": "This may name a student: “José Hernández”.",
    "Will shared it in June, in Paris.": "This may name a student: “Will”.",
    "today maria was so proud": "This may name a student: “maria”.",
    "We saw how Jordan's group did it.": "This may name a student: “Jordan”.",
    "His mom said to call 212-555-0187 any time.": "This may be a phone number: “212-555-0187”.",
    "Write to ana.ruiz@example.org about it.": "This may be a mail address: “ana.ruiz@example.org”.",
    "Her student id is 4471902 in the list.": "This may be a number that belongs to somebody: “4471902”.",
    "They live at 12 Maple Street near us.": "This may be where somebody lives: “12 Maple Street”.",
    "See https://example.org/p/7 for it.": "This is a link: “https://example.org/p/7”.",
}
NAMES_NOBODY = [
    "Hope is what we saw. Will they do it again? Grace under pressure, in June and in May.",
    "San Diego is big. April's lessons came. In April we read Charlotte's Web.",
    "We read about Paris and Rosa Parks, and Harry Potter on Monday.",
    "Ms. Rivera and Coach Daniels tried it with me. Dr. Okafor came.",
    "La maestra Gómez y la Sra. Ruiz ayudaron en abril.",
    "Lincoln Elementary won. 24 of 28 explained it by 10:30 on 9/14/2026, pages 112-118.",
    "[student] showed [student] the way.",
]


def test_what_points_at_a_student_is_said_under_the_field(page: Page) -> None:
    page.goto("/s/oak7")
    for told, sentence in POINTS_AT_A_STUDENT.items():
        page.locator("#story").fill(told)
        expect(_warned(page)).to_have_count(1)
        expect(_warned(page)).to_contain_text(sentence)


def test_what_names_no_student_is_let_be(page: Page) -> None:
    page.goto("/s/oak7")
    for n, told in enumerate(NAMES_NOBODY):
        name = ("Maria", "Emma")[n % 2]
        page.locator("#story").fill(f"{told} {name}.")
        expect(_warned(page)).to_have_count(1)
        expect(_warned(page)).to_contain_text(f"“{name}”")


def test_a_button_writes_the_guards_mask_everywhere_in_the_field(page: Page) -> None:
    page.goto("/s/oak7")
    _type(page, f"{MARIA} Later Maria and Emma smiled.")
    expect(_warned(page)).to_have_count(2)
    page.get_by_role("button", name="Write [student]: Maria").click()
    expect(page.locator("#story")).to_have_value(
        "Today [student] explained it to the whole class. Later [student] and Emma smiled."
    )
    expect(page.get_by_role("button", name="Write [student]: Emma")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_warned(page)).to_have_count(0)
    expect(page.locator("#story")).to_be_focused()
    expect(page.locator("#look-card")).to_contain_text("Later [student] and [student] smiled.")


def test_who_is_no_student_is_let_be_for_this_draft(page: Page, product: Product) -> None:
    page.goto("/s/oak7")
    _type(page, MARIA)
    page.get_by_role("button", name="It is no student: Maria").click()
    expect(_warned(page)).to_have_count(0)
    page.reload()
    page.locator("#story").press("End")
    page.keyboard.type(" Thanks to Maria and Emma!")
    expect(_warned(page)).to_have_count(1)
    expect(_warned(page)).to_contain_text("“Emma”")
    page.click("text=Start afresh")
    expect(_warned(page)).to_have_count(0)
    _type(page, MARIA)
    expect(_warned(page)).to_have_count(1)
    page.click("button.main")
    page.wait_for_url("**/receipt#*")
    assert page.evaluate("localStorage.length") == 0
    assert product.stored(MARIA) == []


@pytest.mark.parametrize("part", ["tried", "happened", "takeaway"])
def test_every_part_of_a_story_is_looked_at(page: Page, part: str) -> None:
    page.goto("/s/oak7")
    page.click("summary:has-text('Help me tell it')")
    _type(page, MARIA, f"#{part}")
    expect(_warned(page, f"#{part}")).to_have_count(1)
    expect(_warned(page)).to_have_count(0)


def test_spanish_stays_spanish(page: Page) -> None:
    page.goto("/s/oak7/es")
    _type(page, "Hoy Mateo explicó su idea. Llame al 212-555-0187.")
    expect(_warned(page)).to_have_count(2)
    expect(_warned(page).first).to_contain_text("Esto puede nombrar a un estudiante: «Mateo».")
    page.get_by_role("button", name="Escribir [student]: Mateo").click()
    expect(page.locator("#story")).to_have_value("Hoy [student] explicó su idea. Llame al 212-555-0187.")
    page.get_by_role("button", name="Dejarlo así: 212-555-0187").click()
    expect(_warned(page)).to_have_count(0)


def test_a_changed_receipt_is_looked_at_too(page: Page) -> None:
    page.goto("/s/oak7")
    page.fill("#story", "They waited for each other at the door.")
    page.click("button.main")
    page.wait_for_url("**/receipt#*")
    page.locator("summary").first.click()
    _type(page, MARIA)
    page.get_by_role("button", name="Write [student]: Maria").click()
    page.click("button[value=save]")
    expect(page.locator("article.story")).to_contain_text("Today [student] explained it")


def test_nothing_that_is_typed_leaves_the_page(page: Page) -> None:
    asked: list[Request] = []
    page.goto("/s/oak7")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    page.locator("#story").focus()
    page.wait_for_timeout(300)
    assert asked == [], "nothing is fetched before somebody types"
    _type(page, f"{MARIA} Call 212-555-0187 or ana.ruiz@example.org.")
    page.get_by_role("button", name="Write [student]: Maria").click()
    page.get_by_role("button", name="Leave it in: 212-555-0187").click()
    expect(_warned(page)).to_have_count(1)
    page.wait_for_load_state("networkidle")
    paths = sorted(re.sub(r"^https?://[^/]+", "", one.url) for one in asked)
    assert paths == [f"/assets/{name}" for name in ("contacts.js", "names.bin", "names.js", "people.js")]
    assert all(one.method == "GET" and one.post_data is None for one in asked)


def test_without_the_names_contacts_are_warned_of_and_all_can_be_sent(page: Page) -> None:
    page.route("**/assets/names.bin", lambda route: route.abort())
    page.goto("/s/oak7")
    _type(page, "Maria has 212-555-0187 now.")
    expect(_warned(page)).to_have_count(1)
    expect(_warned(page)).to_contain_text("phone number")
    page.click("button.main")
    page.wait_for_url("**/receipt#*")


def test_without_any_of_it_a_win_is_sent(page: Page, product: Product) -> None:
    page.route(re.compile(r"/assets/(contacts|people|names)\."), lambda route: route.abort())
    page.goto("/s/oak7")
    _type(page, "They found it out without our help.")
    page.click("button.main")
    page.wait_for_url("**/receipt#*")
    assert product.stored("without our help") == ["They found it out without our help."]


def test_a_name_still_being_written_is_waited_for(page: Page) -> None:
    page.goto("/s/oak7")
    _type(page, "Then Emma and Maria")
    expect(_warned(page)).to_have_count(1)
    expect(_warned(page)).to_contain_text("“Emma”")
    expect(_warned(page)).to_have_count(2)


def test_it_is_read_out_politely_and_reached_by_keyboard(page: Page) -> None:
    page.goto("/s/oak7")
    live = page.locator("#story + .warnings > [aria-live]")
    expect(live).to_have_attribute("aria-live", "polite")
    expect(live).to_be_empty()
    _type(page, MARIA)
    expect(live).to_contain_text("This may name a student")
    expect(page.locator("#story")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Write [student]: Maria")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="It is no student: Maria")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#story")).to_be_focused()
    expect(page.locator("#story")).to_have_value(MARIA)


@pytest.mark.parametrize("width", [320, 1366])
def test_warnings_fit_and_have_no_findings(open_context: Open, axe: str, width: int) -> None:
    page = open_context(viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce").new_page()
    page.goto("/s/oak7")
    page.fill("#story", f"{MARIA} Emma, Liam, Noah and Olivia too. {'x' * 90}@example.org 212-555-0187 and more.")
    expect(_warned(page)).to_have_count(3)
    expect(page.get_by_text("And 4 more.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe)
    run = (
        "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map((one) => one.id))"
    )
    assert page.evaluate(run) == []


def test_hostile_text_is_shown_as_text(page: Page) -> None:
    page.goto("/s/oak7")
    page.fill(
        "#story", "https://example.org/<img/src=x/onerror=alert(1)> \u202eMaria said <b>Emma</b> www.x.com/'\"><svg"
    )
    expect(_warned(page).first).to_be_visible()
    assert page.locator(".warnings :is(img, svg, b)").count() == 0


def test_without_javascript_a_hint_stands(plain_page: Page) -> None:
    plain_page.goto("/s/oak7")
    expect(plain_page.get_by_text("name students. “A student” is enough.")).to_be_visible()
    expect(plain_page.locator(".warnings")).to_have_count(0)


def test_the_names_are_small_and_name_nobody_in_clear() -> None:
    data = device_names.build()
    assert len(data) <= AT_MOST
    assert b"maria" not in data.lower()


def test_names_are_found_and_stories_let_be(page: Page, bad_input: Path) -> None:
    page.goto("/s/oak7")

    def rows(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (bad_input.parent / name).read_text("utf-8").splitlines()]

    touched = named = 0
    for name in ("pii/presidio_synth_dev.jsonl", "pii/ambientmeta_dev.jsonl"):
        told = rows(name)
        for row, found in zip(told, page.evaluate(FIND_IN_ALL, [row["text"] for row in told]), strict=True):
            for span in (one for one in row["spans"] if one["type"] == "PERSON"):
                start, end = (len(row["text"][: span[at]].encode("utf-16-le")) // 2 for at in ("start", "end"))
                named += 1
                touched += any(first < end and start < last for first, last in found["people"])
    assert touched / named >= 0.6
    for name in ("stories/nhs_comments_dev.jsonl", "stories/happydb_claff_10k.jsonl"):
        found = page.evaluate(FIND_IN_ALL, [row["text"] for row in rows(name)])
        assert sum(one["any"] for one in found) / len(found) <= 0.03, "even counting those that do name somebody"
