"""Texts and mails as a person sends them: from the phone page, and by SMTP with a stock client."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Product
    from playwright.sync_api import Page

BY = ["Twilio", "AWS"]


def text(page: Page, body: str) -> list[str]:
    """Send a text and return what stands in all bubbles."""
    page.get_by_label("Message", exact=True).fill(body)
    page.get_by_role("button", name="Send", exact=True).click()
    return page.get_by_role("log").locator(".text").all_inner_texts()


def open_phone(page: Page, number: str, by: str) -> None:
    page.goto(f"/local/phone?number=%2B{number}&by={by}")
    page.get_by_label(by).check()


@pytest.mark.parametrize("by", BY)
def test_a_win_is_texted_tagged_taken_back_and_stopped_from_the_phone_page(plain_page: Page, by: str) -> None:
    open_phone(plain_page, f"1555555020{BY.index(by)}", by)
    assert "you are in" in text(plain_page, "JOIN oak7")[-1]
    assert text(plain_page, "Two hands went up & one <waved> ✋🏽, ¿no?")[-1].startswith("Thank you! Kept as a success")
    assert "Added" in text(plain_page, "1 3")[-1]
    assert "Taken back" in text(plain_page, "UNDO")[-1]
    assert "opted out" in text(plain_page, "STOP")[-1]
    bubbles = text(plain_page, "One more, unanswered.")
    assert bubbles[-1] == "One more, unanswered."
    costs = plain_page.get_by_role("log").locator(".hint").all_inner_texts()
    assert "1 segment, GSM-7" in costs[1]
    assert "UCS-2" in costs[2]


def test_a_text_delivered_again_is_one_win(product: Product, plain_page: Page) -> None:
    open_phone(plain_page, "15555550210", "Twilio")
    text(plain_page, "JOIN oak7")
    text(plain_page, "Delivered twice, told once.")
    plain_page.get_by_role("button", name="Deliver the last one again").click()
    assert plain_page.get_by_role("log").locator(".text").all_inner_texts()[-1] == "Delivered twice, told once."
    assert product.stored("Delivered twice") == ["Delivered twice, told once."]


def test_the_phone_fits_a_phone_and_is_accessible(page: Page, axe: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_phone(page, "15555550220", "Twilio")
    text(page, "JOIN oak7")
    text(page, "averylongwordwithoutanyspaceatall" * 8)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []


def send(product: Product, subject: str, body: str, **headers: str) -> None:
    message = EmailMessage()
    message["From"] = "Ana O'Brien 🎉 <ana.ruiz@maplerow.example>"
    message["To"], message["Subject"] = "wins+oak7@maplerow.example", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    with smtplib.SMTP("127.0.0.1", product.smtp_port) as client:
        client.send_message(message)


def outbox(page: Page, subject: str) -> list[str]:
    """Wait for a mail in the outbox; return the texts of all with this subject."""
    found: list[str] = []
    for _ in range(40):
        page.goto("/local/outbox")
        found = page.locator("article").filter(has_text=subject).locator(".text").all_inner_texts()
        if found:
            break
        time.sleep(0.25)
    return found


def test_a_mailed_win_is_stored_and_its_receipt_opens_and_removes_it(product: Product, page: Page, axe: str) -> None:
    quoted = "On Mon, Nov 23, 2026 at 9:00 AM Dana <dana@maplerow.example> wrote:\n> How was it?"
    send(product, "Lesson: groups of five", f"Too many voices, one whiteboard.\n\n{quoted}\n\n-- \nAna")
    (receipt,) = outbox(page, "Re: Lesson: groups of five")
    assert "Too many voices, one whiteboard." in receipt
    assert "How was it" not in receipt
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    page.locator("article").filter(has_text="Lesson: groups of five").get_by_role("link").first.click()
    page.get_by_text("Take it back", exact=True).first.click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("heading", name="Taken back").wait_for()
    assert product.stored("Too many voices") == []


def test_a_vacation_reply_is_not_a_win_and_not_answered(product: Product, page: Page) -> None:
    send(product, "Out of office", "I am away, the vacation is fine.", Auto_Submitted="auto-replied")
    send(product, "After the vacation", "The first morning back, and they asked for the talk moves.")
    assert len(outbox(page, "Re: After the vacation")) == 1
    assert page.locator("article").filter(has_text="Out of office").count() == 0
    assert product.stored("vacation is fine") == []
