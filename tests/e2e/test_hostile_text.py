"""Hostile strings are shown as the text they are: no element, no script, no dialog, no disguise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from fakes.hostile import store_shown
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.work.desk import receipt_for
from chalicelib.work.ids import weeks_for

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Product
    from playwright.sync_api import Page

    from chalicelib.domain.win import Win

# Tells the kinds of elements in a story's card, but for its buttons, and fetches many receipts as the browser would
# parse them.
PARTS = """all => {
  const own = all.flatMap(one => [...one.querySelectorAll('*:not(.actions, .actions *)')]);
  return [...new Set(own.map(part => part.localName))].sort();
}"""
RECEIPTS = """async tokens => {
  const shapes = new Set(), texts = [];
  for (const receipt of tokens) {
    const answer = await fetch('/api/receipt', {method: 'POST', body: new URLSearchParams({receipt, intent: 'open'})});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of page.querySelectorAll('details')) part.removeAttribute('open');
    shapes.add([...page.querySelectorAll('*')].map(one => one.localName + one.attributes.length).join(' '));
    texts.push([page.querySelector('article bdi').textContent, page.querySelector('#story').value]);
  }
  return [[...shapes], texts];
}"""
LOOKS = """stories => {
  const story = document.getElementById('story'), shown = [];
  for (const one of stories) {
    story.value = one;
    story.dispatchEvent(new Event('input'));
    document.getElementById('win').dispatchEvent(new Event('fit'));
    const look = document.getElementById('look');
    if (!look.hidden) shown.push([story.value, look.querySelector('bdi').textContent,
      [...look.querySelectorAll('article *')].map(part => part.localName).join(' ')]);
  }
  return shown;
}"""


LONG_AGO = 70


def _xss(folder: Path) -> list[str]:
    return (folder / "xss_payloads_dev.txt").read_text("utf-8").split("\n")


def _naughty(folder: Path) -> list[str]:
    strings: list[str] = json.loads((folder / "blns.json").read_text("utf-8"))
    return strings


def _show_each(name: str, stories: list[str], last: datetime) -> list[Win]:
    """Store what can be stored as a leader would let it pass; what is refused is another test's promise."""
    bodies = [
        {"kind": "lesson", "story": story, "tried": story[:3000], "nonce": f"{name}-{n}"}
        for n, story in enumerate(stories)
    ]
    return store_shown(wiring.desk(), bodies, last)


def _end_of_today() -> datetime:
    """Tell a moment that is later than all of today, also than noon, from which anonymous stories are."""
    desk = wiring.desk()
    return datetime.combine(desk.today, time(23, 59), desk.school.zone)


def _win(win_id: str) -> Any:
    return wiring.table().find_win(win_id, weeks_for(win_id, wiring.desk().school.zone))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_hostile_strings_are_text_everywhere(page: Page, product: Product, bad_input: Path) -> None:
    hostile = _xss(bad_input)[::8] + _naughty(bad_input)[::8]  # all of them: test_hostile_everywhere.py
    wins = _show_each("hostile", hostile, datetime.now(UTC) - timedelta(days=LONG_AGO))
    assert len(wins) > 0.95 * len(hostile)
    stories = [win.story for win in wins]
    product.publish()

    week = wins[0].week
    product.let_in(page).goto(f"/dashboard/#stories?week={week}&kind=lesson")
    more = page.locator("#stories-more")
    expect(page.locator("#stories-list article").first).to_be_visible()
    at_rest = page.locator("#stories-list:not([aria-busy])")
    expect(at_rest).to_be_visible()
    while more.is_visible():
        more.click()
        expect(at_rest).to_be_visible()
    cards = page.locator("#stories-list article")
    assert set(cards.evaluate_all(PARTS)) <= {"p", "bdi", "b", "ul", "li"}
    texts = cards.evaluate_all("all => all.map(one => one.querySelector('bdi').textContent)")
    assert not set(stories) - set(texts)
    assert page.locator("script").count() == 1

    page.goto("/s/staff")
    looks = page.evaluate(LOOKS, stories)
    assert all(typed == shown for typed, shown, _ in looks)
    assert {shape for *_, shape in looks} == {"p p bdi p bdi"}

    some = wins[::20]
    tokens = [receipt_for(wiring.desk(), win).token for win in some]
    shapes, shown_texts = page.evaluate(RECEIPTS, tokens)
    assert len(shapes) == 1
    for win, (shown, editable) in zip(some, shown_texts, strict=True):
        assert shown == editable == _lines(win.story)


def test_receipts_and_latest_stories_that_are_hostile_do_no_harm(page: Page, product: Product, bad_input: Path) -> None:
    wins = _show_each("opened", _xss(bad_input)[::30], _end_of_today())
    for win in wins[::6]:
        page.goto("about:blank")
        page.goto(f"/receipt#{receipt_for(wiring.desk(), win).token}")
        expect(page.locator("#address")).to_be_visible()
        assert page.locator("article bdi").first.text_content() == _lines(win.story)
        assert page.locator("script, iframe, object, embed, img").count() == 1
    product.publish()
    product.let_in(page).goto("/dashboard/")
    latest = page.locator("#latest article")
    shown = latest.evaluate_all("all => all.map(one => one.querySelector('bdi').textContent)")
    assert {_lines(win.story) for win in wins} & set(shown)
    assert set(latest.evaluate_all(PARTS)) <= {"p", "bdi", "b", "ul", "li", "span"}
    for win in wins:  # no other test's stories are the latest ones until then
        wiring.table().replace_win(win, win.model_copy(update={"state": "hidden", "revision": win.revision + 1}))


DISGUISE = "\u2069\u2069\u202e\u202dsaw\u202e eman"


def test_turned_text_turns_nothing_around_it(page: Page, product: Product) -> None:
    author = {"mode": "named", "name": f"Ms. Park{DISGUISE}"}
    story = {"kind": "success", "story": f"Look:{DISGUISE}", "tried": DISGUISE, "nonce": "bidi", "author": author}
    win = _win(product.tell({**story, "team": "primary"})[0])
    page.goto(f"/receipt#{receipt_for(wiring.desk(), win).token}")
    expect(page.locator("article bdi").first).to_have_text(win.story)
    lefts = page.locator("article > p:last-child").evaluate(
        """line => { const day = line.lastChild, range = document.createRange(), found = [];
        for (const n of [0, 4, 8]) { range.setStart(day, n); range.setEnd(day, n + 1);
          const box = range.getBoundingClientRect(); found.push(Math.round(box.top) * 10000 + box.left); }
        return found; }"""
    )
    assert lefts == sorted(lefts)
    for style in page.locator("article bdi").evaluate_all("all => all.map(one => getComputedStyle(one).unicodeBidi)"):
        assert style in {"isolate", "plaintext"}


def test_an_arabic_story_reads_from_the_right(page: Page, product: Product) -> None:
    win = _win(product.tell({"kind": "success", "story": "قالت الطالبة: لأن", "nonce": "arabic"})[0])
    page.goto(f"/receipt#{receipt_for(wiring.desk(), win).token}")
    text = page.locator("article bdi").first
    expect(text).to_have_css("direction", "rtl")
    expect(text).to_have_css("display", "block")
