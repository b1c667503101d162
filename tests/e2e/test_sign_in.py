"""A leader signs in by a mailed link, takes the stories along, and signs out, in a real browser."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

DANA = "dana.whitlock@maplerow.example"


def link_in_outbox(page: Page, subject: str) -> str:
    page.goto("/local/outbox")
    mail = page.locator("article").filter(has_text=subject).first
    return str(mail.get_by_role("link").first.get_attribute("href"))


def test_a_leader_signs_in_exports_and_signs_out(page: Page, tmp_path: Path) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Your school mail address").fill(DANA)
    page.get_by_role("button", name="Mail me a link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()
    page.goto(link_in_outbox(page, "Sign in to Small Wins"))
    assert "#" not in page.url
    page.get_by_role("button", name="Sign in with this code").click()
    page.get_by_role("heading", name="For leaders").wait_for()
    with page.expect_download(timeout=60_000) as started:  # all that the other tests told is in it
        page.get_by_role("link", name="All wins as a spreadsheet (CSV)").click(no_wait_after=True, timeout=60_000)
    started.value.save_as(tmp_path / "wins.csv")
    with (tmp_path / "wins.csv").open(encoding="utf-8-sig", newline="") as wins:
        assert len(list(csv.DictReader(wins))) > 400
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    page.goto("/api/export.csv")
    assert page.url.endswith("/sign-in/")


def test_without_scripts_the_code_is_pasted(plain_page: Page) -> None:
    plain_page.goto("/sign-in/es")
    plain_page.get_by_label("Su correo de la escuela").fill(DANA)
    plain_page.get_by_role("button", name="Mándenme un enlace").click()
    link = link_in_outbox(plain_page, "Iniciar sesión en Small Wins")
    plain_page.goto("/sign-in/")
    plain_page.get_by_label("Code from the mail").fill(link)
    plain_page.get_by_role("button", name="Sign in with this code").click()
    plain_page.get_by_role("heading", name="For leaders").wait_for()


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/es/", "/leaders/"])
def test_pages_for_leaders_have_no_findings_and_fit_a_phone(page: Page, axe: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []


def test_a_code_that_was_used_is_said_to_be(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Code from the mail").fill("a-code-that-never-was-a-code")
    page.get_by_role("button", name="Sign in with this code").click()
    page.get_by_text("This link was used already").wait_for()
