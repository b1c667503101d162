"""How soon the dashboard answers who explores it, in Chromium at full speed: 10,000 wins in one year, and in 20.

Each time runs from the event (a choice, a click, a key) until what it asked for is painted. The floor is a handler that
puts a copy of the same elements in the place of these, and does nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import Row, fill, school_running
from benchmarks.static import Files, served
from chalicelib import wiring
from chalicelib.stores.bucket import content_type
from chalicelib.work.publish import MANIFEST, PAGE, publish
from infra.browser import find_chromium
from infra.engine import ROOT

_WINS, _ROUNDS = 10_000, 12
_FILTER, _STORIES, _KEY = 100, 200, 150
_ALL_YEARS = "?from=2000-01-01&kind=success"
_CHOICES = [("goal", "explain"), ("goal", "belong"), ("practice", "talk-moves"), ("practice", ""), ("channel", "web")]
_TYPED = "students t"
_MEASURE = """
window.painted = async (begin, isDone) => {
  const frame = () => new Promise((go) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(null);
  }));
  const start = performance.now();
  begin();
  do await frame(); while (!isDone());
  return performance.now() - start;
};
window.isSeen = (one) => one.getBoundingClientRect().top < innerHeight && one.getBoundingClientRect().bottom > 0;
window.anew = (many) => painted(() => { for (const one of many) one.replaceWith(one.cloneNode(true)); }, () => true);
"""
_CHOOSE = """async ([name, value]) => {
  const status = document.getElementById("explore-status");
  const drawings = [...document.querySelectorAll("[data-chart] .drawing > div")];
  const field = document.querySelector(`#explore [name=${name}]`);
  const isDone = () => status.textContent !== "…" && drawings.every((one) => !one.style.visibility || !isSeen(one));
  return painted(() => {
    status.textContent = "…";
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, isDone);
}"""
_CHARTS_ANEW = "anew([...document.querySelectorAll('[data-chart] figure')])"
_OPEN = """async () => {
  const list = document.getElementById("stories-list");
  const links = [...document.querySelectorAll('td a[href^="#stories?"]')];
  const link = links[Math.floor(links.length * window.part)];
  return painted(() => link.click(), () => list.children.length);
}"""
_TYPE = """async (text) => {
  const [field, title] = [document.getElementById("q"), document.getElementById("stories-title")];
  const list = document.getElementById("stories-list");
  return painted(() => {
    title.textContent = "…";
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, () => title.textContent !== "…" && list.children.length);
}"""
_STORIES_ANEW = "anew([...document.querySelectorAll('#stories-list > *')].slice(0, 10))"


def measure() -> list[Row]:
    """Explore a school with many wins in the year shown, and one with as many in 20 years."""
    with _published(1) as page:
        rows = [
            _row("filter over the year shown, all counts and charts in view", *_filtered(page, ""), _FILTER),
            _row("  opening stories", *_opened(page), _STORIES),
            _row("  search over 10,000 stories, a key", *_searched(page), _KEY),
        ]
    with _published(20) as page:
        return [
            *rows,
            _row("filter over 20 years, all counts and charts in view", *_filtered(page, _ALL_YEARS), _FILTER),
        ]


@contextmanager
def _published(years: int) -> Iterator[Page]:
    """Publish a school's wins, and open a browser before it as wide as a laptop."""
    with school_running():
        fill(wiring.desk(), _WINS, years)
        publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
        files = _files()
    with served(files, {"dashboard/"}) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        try:
            page = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
            page.add_init_script(_MEASURE)
            yield page
        finally:
            browser.close()


def _files() -> Files:
    manifest: dict[str, Any] = json.loads(_body(MANIFEST))
    paths = {entry["path"].lstrip("/") for part in ("charts", "cubes", "stories") for entry in manifest[part]}
    read = {
        path: _body(path)
        for path in (MANIFEST, "public/school.json", *paths)
        if path.startswith(("dashboard/", "public/"))
    }
    assets = {f"assets/{path.name}": path.read_bytes() for path in (ROOT / "static_site").iterdir()}
    files = {path: (content_type(path), body) for path, body in {**read, **assets}.items()}
    return {**files, "dashboard/": ("text/html; charset=utf-8", _body(PAGE))}


def _body(path: str) -> bytes:
    found = wiring.site().read(path)
    if found is None:
        raise FileNotFoundError(path)
    return found.body


def _filtered(page: Page, query: str) -> tuple[list[float], list[float]]:
    """Choose one filter after another, the charts in view; each is given time to finish those that are not."""
    page.goto(f"/dashboard/{query}")
    page.locator("#explore [name=goal]").focus()
    page.locator("#chart-pulse").scroll_into_view_if_needed()
    page.wait_for_timeout(5_000)
    times = []
    for n in range(-len(_CHOICES), _ROUNDS):
        taken = page.evaluate(_CHOOSE, _CHOICES[n % len(_CHOICES)])
        page.wait_for_timeout(700)
        times += [taken] if n >= 0 else []
    return times, [page.evaluate(_CHARTS_ANEW) for _ in range(_ROUNDS)]


def _opened(page: Page) -> tuple[list[float], list[float]]:
    """Open the stories of one number after another, each in a page that has opened none."""
    times, floors = [], []
    for n in range(_ROUNDS):
        page.goto("about:blank")
        page.goto("/dashboard/")
        page.wait_for_timeout(500)
        page.evaluate(f"window.part = {n / _ROUNDS}")
        times.append(page.evaluate(_OPEN))
        page.wait_for_timeout(500)
        floors.append(page.evaluate(_STORIES_ANEW))
    return times, floors


def _searched(page: Page) -> tuple[list[float], list[float]]:
    """Type letter by letter, once the stories are there."""
    page.goto("about:blank")
    page.goto("/dashboard/")
    page.locator("#q").focus()
    page.wait_for_timeout(5_000)
    times, floors = [], []
    for n in range(len(_TYPED)):
        times.append(page.evaluate(_TYPE, _TYPED[: n + 1]))
        page.wait_for_timeout(500)
        floors.append(page.evaluate(_STORIES_ANEW))
    return times, floors


def _row(what: str, times: list[float], floors: list[float], limit: int) -> Row:
    took, floor = median(times), median(floors)
    return Row(what, f"{took:.0f} ms", f"{floor:.0f} ms", took / floor, f"<= {limit} ms", took <= limit)
