"""Hostile words of a school file, a story or a leader are words on every page: nothing runs, nothing grows.

Each page is written with harmless words and with hostile ones, and read by Chromium. The second must be the first with
its words replaced: the same elements, attributes and texts in the same order.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.desk import NOW, desk_at
from fakes.hostile import hostile_strings, renamed, store_shown
from fakes.hostile_pages import ALL, LINE, ON_NO_PAGE, OWN, harmless, pages_of
from fakes.leaders import MemoryRecord, MemorySignIns
from fakes.memory import MemoryTable
from fakes.phone import URL
from fakes.postman import ADDRESS, MemoryMail, Postman, mail
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.charts.gallery import draw_charts
from chalicelib.domain.calendar import week_of
from chalicelib.domain.chart import Picture
from chalicelib.domain.rollup import Cell, Rollup
from chalicelib.domain.school import Provider, School, SignIn
from chalicelib.pages.dashboard import write_dashboards
from chalicelib.pages.render import style
from chalicelib.pages.security import modes
from chalicelib.work.configure import configure_school
from chalicelib.work.desk import receipt_for
from chalicelib.work.sign_in import Front, ask_for_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Open, Product
    from playwright.sync_api import Page

    from chalicelib.domain.win import Win

OUTLINE = """
  const lines = (text) => text.replace(/\\r\\n?/g, '\\n');
  const told = (value) => typeof value === 'string' ? value : JSON.stringify(value);
  const inside = (one) => one.name === 'data-words'
    ? Object.values(JSON.parse(one.value)).map(told).join('|') : one.value;
  const read = (html) => new DOMParser().parseFromString(html, 'text/html');
  const outline = (html) => {
    const found = [], walk = document.createTreeWalker(read(html), NodeFilter.SHOW_ALL);
    while (walk.nextNode()) {
      const node = walk.currentNode, attributes = [...node.attributes ?? []].map(a => `${a.name}=${inside(a)}`);
      if (node.nodeType === Node.ELEMENT_NODE) found.push(['<' + node.localName, ...attributes].join(' '));
      else if (node.nodeType !== Node.TEXT_NODE) found.push('<!' + node.nodeType);
      else if (/[^ \\t\\n]/.test(node.data)) found.push(node.data.replace(/^[ \\t\\n]+|[ \\t\\n]+$/g, ''));
    }
    return lines(found.join('\\u0001')).replace(/story:0:\\d+/g, 'story:0:n');
  };"""
DIFFERENT = f"""(sent) => {{{OUTLINE}
  const [harmless, schools] = JSON.parse(sent), wrong = {{}};
  const expected = Object.fromEntries(Object.entries(harmless).map(([name, html]) => [name, outline(html)]));
  for (const [words, pages] of schools) for (const [name, html] of Object.entries(pages)) {{
    const wanted = expected[name].replace(/⟦(\\d+)⟧/g, (_, n) => lines(words[n])), found = outline(html);
    let at = 0;
    while (found[at] === wanted[at] && at < wanted.length) at += 1;
    if (found !== wanted) wrong[name] = [found.slice(Math.max(0, at - 60), at + 90), wanted.slice(at, at + 90)];
  }}
  return wrong;
}}"""
NAMES = "one => [one.localName, ...one.getAttributeNames().sort()].join(' ')"
CHARTS = f"""pages => pages
  .map(html => new DOMParser().parseFromString(html, 'text/html'))
  .map(page => [[...page.querySelectorAll('section *')].map({NAMES}),
    [...page.querySelectorAll('th')].map(one => one.textContent)])"""
SHAPE = f"() => [...document.querySelectorAll('*')].map({NAMES})"
TELL_VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error('VIOLATION', e.violatedDirective))"
SLICES, ROUNDS = 3, 1
SHORT = 280
"""Characters of a story that stand on every page; a wall and a sheet shorten it."""


@pytest.fixture(scope="module")
def strings() -> list[str]:
    """All hostile strings that are at hand."""
    return hostile_strings(Path(os.environ.get("SMALL_WINS_DATA", Path(__file__).parents[3] / "shared" / "data")))


def _bare(pages: dict[str, str]) -> dict[str, str]:
    return {name: html.replace(style(), "").replace(modes(), "") for name, html in pages.items()}


@pytest.mark.parametrize("slice_", range(SLICES))
def test_hostile_strings_in_every_place_are_text_on_every_page(page: Page, strings: list[str], slice_: int) -> None:
    expected = _bare(pages_of(harmless))
    assert {n for n in range(ALL) if harmless(n) not in "".join(expected.values())} == ON_NO_PAGE
    schools = []
    for first in range(slice_, len(strings), 4 * SLICES):  # each string in a quarter of all places
        words = [strings[(first + n * SLICES) % len(strings)] for n in range(ALL)]
        words[OWN["name"]] = words[OWN["name"]][:LINE]
        words[OWN["story"]] = words[OWN["story"]][:SHORT]
        schools.append([words, _bare(pages_of(words.__getitem__))])
    page.goto("/help")
    assert page.evaluate(DIFFERENT, json.dumps([expected, schools])) == {}


def _dashboard(school: School, words: list[str]) -> str:
    """Write a dashboard whose charts name goals, signs and practices with these words."""
    third = _IN_A_CHART // 3
    goals, signs, practices = (words[n * third : (n + 1) * third] for n in range(3))
    named = {
        "goals": [
            {"id": f"goal-{n}", "name": goal, "signs": [{"id": f"sign-{n}", "name": sign, "mode": "looks"}]}
            for n, (goal, sign) in enumerate(zip(goals, signs, strict=True))
        ],
        "practices": [{"id": f"practice-{n}", "name": one} for n, one in enumerate(practices)],
    }
    drawn = School.model_validate({**school.model_dump(by_alias=True), **named, "links": ()})
    week, last = week_of(NOW.date()), NOW.date().isoformat()
    rollup = Rollup(week)
    for n, kind in ((n, kind) for n in range(third) for kind in ("success", "lesson")):
        rollup.cells[Cell(kind, (f"goal-{n}",), (f"sign-{n}",), ((f"practice-{n}", ""),))] = 3
    picture = Picture(drawn, "en", NOW.date(), [week], {week: rollup}, {goal.id: last for goal in drawn.goals})
    return write_dashboards(picture, draw_charts(picture), [])["dashboard/counts/index.html"]


_IN_A_CHART = 60


def test_hostile_strings_in_a_chart_are_text(page: Page, strings: list[str], sample_school: School) -> None:
    starts = range(0, len(strings), 4 * _IN_A_CHART)
    many = [(strings[n:] + strings)[:_IN_A_CHART] for n in starts]
    plain = [f"Plain {n}" for n in range(_IN_A_CHART)]
    page.goto("/help")
    charts = page.evaluate(CHARTS, [_dashboard(sample_school, words) for words in (plain, *many)])
    (allowed, _), *found = charts
    for words, (shape, headings) in zip(many, found, strict=True):
        assert set(_without_lines(shape)) <= set(allowed)
        assert not {_lines(word) for word in words} - set(headings)


def _lines(text: str) -> str:
    r"""Read a text as a page does, with the spaces that charts have for what no picture can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text.replace("\r\n", "\n").replace("\r", "\n"))


# on the running product


@pytest.fixture
def school(product: Product) -> Iterator[School]:
    """The school as it was, which it is again afterwards; sign-in with an account elsewhere is offered meanwhile."""
    original = wiring.desk().school
    google = Provider(id="google", name="Google", issuer="https://accounts.google.com", client_id="x")
    yield original.model_copy(update={"sign_in": SignIn(providers=(google,))})
    _configure(product, original)


def _configure(product: Product, school: School) -> None:
    configure_school(wiring.table(), school)
    wiring.forget_school()
    product.publish()


def _replace(wins: list[Win], **told: object) -> list[Win]:
    new = [win.model_copy(update={**told, "revision": win.revision + 1}) for win in wins]
    for one, other in zip(wins, new, strict=True):
        wiring.table().replace_win(one, other)
    return new


def _told(words: list[str], n: int) -> dict[str, object]:
    parts = {part: words[n + k] for k, part in enumerate(("story", "tried", "happened", "takeaway", "quoted"))}
    return {**parts, "question": words[n + 5]}


def _shapes(page: Page, wins: list[Win]) -> dict[str, list[str]]:
    """Open every page and say of what it is made."""
    shapes = {}
    receipt = receipt_for(wiring.desk(), wins[-1]).token
    for path in (*_PLAIN, f"/receipt#{receipt}", "/dashboard/#stories?goal=explain", "/api/review", "/api/record"):
        page.goto("about:blank")
        page.goto(path)
        if "#stories" in path:
            expect(page.locator("#stories-list:not([aria-busy]) [aria-pressed]").first).to_be_visible()
        if path.startswith("/receipt#"):
            expect(page.locator("#address")).to_be_visible()
        shapes[path.partition("#")[0] + path.partition("#")[2][:7]] = page.evaluate(SHAPE)
    return shapes


def _without_lines(shape: list[str]) -> list[str]:
    """Leave out the lines into which a chart breaks long names."""
    return [one for one in shape if not re.match(r"text\b", one)]


_PLAIN = (
    *("/s/oak7", "/s/staff/es", "/receipt", "/help", "/privacy/", "/privacy/es/", "/sign-in/", "/leaders/", "/view/"),
    *("/api/views", "/dashboard/", "/dashboard/counts/"),
)
_MAY_GROW = {"/api/review", "/api/record"}
"""What the guard finds in hostile words is marked, and looking at held wins is itself recorded."""


def test_the_running_product_shows_hostile_words_as_harmless_ones(
    open_context: Open, product: Product, school: School, strings: list[str]
) -> None:
    context = open_context(viewport={"width": 390, "height": 844})
    context.add_init_script(TELL_VIOLATIONS)
    page, said = product.let_in(context.new_page()), []
    page.on("console", lambda line: said.append(line.text) if line.type in {"error", "warning"} else None)
    _configure(product, school)
    tags = {"goals": ["explain"], "signs": ["because"], "practices": [{"id": "wait-time"}], "groups": ["whole-class"]}
    bodies = [{"kind": "lesson", "story": "Two.", "team": "primary", "nonce": f"shown-{n}", **tags} for n in range(7)]
    wins = _replace(store_shown(wiring.desk(), bodies, datetime.now(UTC)), **_told(["Zuri Okafor spoke."] * 9, 0))
    wins[-1:] = _replace(wins[-1:], state="held", held_for=("person", "asked"))
    product.publish()
    expected = _shapes(page, wins)
    for turn in range(ROUNDS):
        words = strings[turn * 500 :] + strings
        wins = [_replace([win], **_told(words, 6 * n))[0] for n, win in enumerate(wins)]
        _configure(product, renamed(school, words))
        for path, shape in _shapes(page, wins).items():
            if path in _MAY_GROW:
                assert not set(shape) - set(expected[path]), path
            else:
                assert _without_lines(shape) == _without_lines(expected[path]), path
    _replace(wins, state="hidden", question=None)
    assert said == []


# mails


def test_no_string_in_a_subject_writes_a_header(sample_school: School, strings: list[str]) -> None:
    postman = Postman(MemoryTable(), sample_school)
    for n, text in enumerate(strings):
        subject = b64encode(f"{text}\r\nBcc: everyone@evil.example\r\n\r\n<b>{text}".encode()).decode()
        sender = f"teacher-{n}@maplerow.example"
        postman.bring(mail(sender=sender, subject=f"=?utf-8?b?{subject}?=", message_id=f"<{n}@maplerow.example>"))
    assert len(postman.mail.sent) == len(strings)
    for recipient, message in postman.mail.sent:
        assert message["To"] == recipient
        assert message["Bcc"] is None
        assert set(message.keys()) <= _OUR_HEADERS
        assert message.get_content_type() == "text/plain"


def test_no_string_in_a_school_file_writes_a_header(sample_school: School, strings: list[str]) -> None:
    dana = sample_school.leaders[0]
    for text in strings:
        named = {"shown_as": text, "name": text, "leaders": (dana.model_copy(update={"name": text}),)}
        desk = desk_at(MemoryTable(), sample_school.model_copy(update=named))
        post = MemoryMail()
        front = Front(MemorySignIns(), MemoryRecord(), post, ADDRESS)
        ask_for_link(dataclasses.replace(desk, url=URL), front, dana.email, "192.0.2.1")
        ((recipient, message),) = post.sent
        assert recipient == message["To"] == dana.email
        assert set(message.keys()) <= _OUR_HEADERS
        assert [one.addr_spec for one in message["From"].addresses] == [ADDRESS]


_OUR_HEADERS = {
    *("From", "To", "Subject", "Reply-To", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("X-Small-Wins", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}
