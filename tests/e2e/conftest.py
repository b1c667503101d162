"""A real browser on the real product: moto's engine, the front door, a published school."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Submission
from chalicelib.routes.sessions import start
from chalicelib.work.configure import configure_school
from chalicelib.work.publish import publish as publish_now
from chalicelib.work.sign_in import open_session
from chalicelib.work.submit import submit_wins
from infra.browser import find_chromium
from infra.engine import TOOLS, free_port, running_engine
from infra.front import copy_static_files, serving
from infra.postbox import taking_mail
from infra.queues import queues_served
from infra.sample import around, fill
from infra.schoolfile import SAMPLE, load_school
from infra.trial import Trial

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

AXE = TOOLS / "axe-core" / "axe.min.js"
_PATIENCE = 30_000
"""Milliseconds: a busy machine is slow, and what never comes is told by any limit."""
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def _lacking(what: str) -> None:
    if os.environ.get("NO_SKIPS"):
        pytest.fail(f"{what}, and NO_SKIPS is set", pytrace=False)
    pytest.skip(what)


@dataclass
class Product:
    """The running product and what a test needs to ask of it."""

    url: str
    smtp_port: int

    def publish(self) -> None:
        publish_now(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))

    def tell(self, *bodies: dict[str, Any], days_ago: int = 0) -> list[str]:
        """Store many wins at once, as `infra.load` does; returns their ids."""
        last = datetime.now(UTC) - timedelta(days=days_ago)  # one a millisecond: the ids of a moment are neighbours
        times = [last - timedelta(milliseconds=n) for n in range(len(bodies))]
        told = [parse(Submission, json.dumps({"link": "staff", **body}).encode()) for body in bodies]
        many = list(zip(told, times, strict=True))
        results = submit_wins(wiring.desk(), many, "spreadsheet")
        return [result[0].id for result in results if isinstance(result, tuple)]

    def let_in(self, page: Page, role: str = "leader") -> Page:
        """Sign somebody of the school in, with all that a browser gets when it uses a mailed link."""
        desk = wiring.desk()
        session = open_session(desk, wiring.front(), next(one for one in desk.school.leaders if one.role == role))
        for line in start(desk, session).headers["Set-Cookie"]:
            ((name, one),) = SimpleCookie(line).items()
            if one.value:
                place: Any = {"domain": "127.0.0.1", "path": one["path"], "secure": True, "httpOnly": True}
                page.context.add_cookies([{"name": name, "value": one.value, **place}])
        return page

    def stored(self, needle: str) -> list[str]:
        """Return this week's visible stories that hold a text."""
        wins = wiring.table().wins_of(week_of(wiring.desk().today))
        return [win.story for win in wins if win.state == "visible" and needle in win.story]


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Run the product with the sample school, published."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running_engine("moto", url) as engine:
        wiring.forget()
        school = load_school(SAMPLE)
        configure_school(wiring.table(), around(school, date.today() - timedelta(days=1)))  # noqa: DTZ011 - near enough
        for _ in fill(wiring.desk()):
            pass
        running = Product(url, free_port())
        copy_static_files(wiring.site())
        running.publish()
        trial = Trial(url, engine.outputs["TextTopicArn"], running.smtp_port)
        with (
            serving(wiring.settings().site_bucket, port, trial.answer),
            taking_mail(wiring.settings().inbox_bucket, running.smtp_port),
            queues_served(engine.outputs),
        ):
            yield running
    wiring.forget()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open the one browser of the run."""
    found = find_chromium()
    if found is None:
        _lacking("no Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield opened
        opened.close()


@dataclass
class Watch:
    """What a page did that it never should."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("request", lambda request: self._asked(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.origin, "data:")):
            self.foreign.append(url)

    def _refuse(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


Open = Callable[..., "BrowserContext"]


@pytest.fixture
def open_context(product: Product, browser: Browser) -> Iterator[Open]:
    """Make browser contexts; at the end no page may have left the origin, crashed or opened a dialog."""
    contexts: list[BrowserContext] = []
    watch = Watch(product.url)

    def opened(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=product.url, locale="en-US", **options)
        context.set_default_timeout(_PATIENCE)
        context.on("page", watch.over)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()
    assert watch.foreign == []
    assert watch.errors == []
    assert watch.dialogs == []


@pytest.fixture
def page(open_context: Open) -> Page:
    """Open a page on a small phone, with JavaScript."""
    return open_context(viewport={"width": 390, "height": 844}).new_page()


@pytest.fixture
def plain_page(open_context: Open) -> Page:
    """Open a page without JavaScript."""
    return open_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the accessibility checker's source."""
    if not AXE.exists():
        _lacking("axe-core is not in .local/tools (run `make tools`)")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def bad_input() -> Path:
    """Return the folder of hostile input."""
    folder = Path(os.environ.get("SMALL_WINS_DATA", Path(__file__).parents[3] / "shared" / "data")) / "bad_input"
    if not folder.exists():
        pytest.skip(f"the test data is not at {folder.parent} (SMALL_WINS_DATA names another place)")
    return folder
