"""Reviewing over HTTP, by JSON and by the page's forms."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fakes.caller import Answer, Caller
from fakes.desk import table_dump
from test_leaders import asks, signed_in

from chalicelib import wiring
from chalicelib.routes import leader as leader_routes

NAMED = "Zuri Okafor explained her answer."
BROWSER = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leader_routes, "ANSWERED_AFTER", 0.0)


def decides(caller: Caller, cookie: str, win: dict[str, Any], action: str, **more: Any) -> Answer:
    told = {"revision": win["revision"], "action": action, **more}
    return caller.call("POST", f"/api/review/{win['id']}", told, cookie=cookie)


def queue(caller: Caller, cookie: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asks(caller, "GET", "/api/review", cookie).json["wins"]
    return found


def test_a_held_win_waits_and_a_leader_publishes_it_masked(real_caller: Caller) -> None:
    sent = real_caller.send(story=NAMED)
    assert sent.json["state"] == "held"
    wiring.publish_now()
    cookie = signed_in(real_caller)
    (win,) = queue(real_caller, cookie)
    assert win["id"] == sent.json["id"]
    (finding,) = win["findings"]
    assert NAMED[finding["start"] : finding["end"]] == finding["value"] == "Zuri Okafor"
    spans = [{key: finding[key] for key in ("part", "start", "end", "type")}]
    done = decides(real_caller, cookie, win, "mask", spans=spans)
    assert (done.status, done.json["state"], done.json["story"]) == (200, "visible", "[student] explained her answer.")
    assert queue(real_caller, cookie) == []
    assert real_caller.get(sent).json["story"] == "[student] explained her answer."
    assert "Zuri" not in table_dump()
    wiring.publish_now()
    record = asks(real_caller, "GET", "/api/record", cookie).json["done"]
    assert [one["what"] for one in record] == ["signed_in", "saw_held", "masked"]


def test_the_second_of_two_leaders_is_told_by_json_and_by_the_page(caller: Caller) -> None:
    caller.send(story=NAMED)
    cookie = signed_in(caller)
    (win,) = queue(caller, cookie)
    assert decides(caller, cookie, win, "hide").status == 200
    late = decides(caller, cookie, win, "approve")
    assert (late.status, late.json["code"]) == (409, "changed_meanwhile")
    form = {"content_type": "application/x-www-form-urlencoded", "cookie": cookie}
    page = caller.call("POST", f"/api/review/{win['id']}", b"revision=1&action=approve", **form)
    assert page.status == 409
    assert "Nothing was changed" in page.body.decode()


def test_the_page_shows_what_was_found_and_its_form_masks_it(caller: Caller) -> None:
    caller.send(story=f"{NAMED} <b>Bold</b>")
    cookie = signed_in(caller)
    page = asks(caller, "GET", "/api/review", cookie, **BROWSER).body.decode()
    assert "<mark>Zuri Okafor</mark> explained" in page
    assert "&lt;b&gt;Bold" in page
    address = re.search(r'action="(/api/review/[0-9A-Z]{26})"', page)[1]  # type: ignore[index]
    body = b"revision=1&action=mask&mask=story:0:11:PERSON&words=bold%3B+nobody&goals=explain&team="
    form = {"content_type": "application/x-www-form-urlencoded", "cookie": cookie}
    done = caller.call("POST", address, body, **form)
    assert (done.status, done.headers["location"]) == (303, "/api/review?done=mask")
    page = asks(caller, "GET", "/api/review?done=mask", cookie, **BROWSER).body.decode()
    assert "Masked and published" in page
    assert "Nothing waits" in page
    assert "[student] explained her answer. <b>[student]</b>" in table_dump()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"revision=x&action=mask",
        b"revision=1&action=mask&mask=story",
        b"revision=1&action=mask&mask=a:b:c:d",
        b"revision=1&action=ask&question=",
        b"revision=1&action=burn",
        b"revision=1&action=retag&goals=nowhere&practices=x:z",
        b"revision=%d&action=hide" % 10**30,
    ],
)
def test_a_form_that_can_not_be_done_is_answered_with_the_queue(caller: Caller, body: bytes) -> None:
    sent = caller.send(story=NAMED)
    cookie = signed_in(caller)
    form = {"content_type": "application/x-www-form-urlencoded", "cookie": cookie}
    page = caller.call("POST", f"/api/review/{sent.json['id']}", body, **form)
    assert page.status == 422
    assert NAMED.split(maxsplit=1)[0] in page.body.decode()


def test_a_win_on_the_dashboard_is_found_and_hidden(caller: Caller) -> None:
    sent = caller.send()
    cookie = signed_in(caller)
    address = f"/api/review?week={sent.json['week']}&story={sent.json['id'][10:]}"
    (win,) = asks(caller, "GET", address, cookie).json["wins"]
    assert "Hide" in asks(caller, "GET", address, cookie, **BROWSER).body.decode()
    assert decides(caller, cookie, win, "hide").json["state"] == "hidden"
    assert caller.get(sent).json["preview"]["seen_by"].startswith("Only leaders")


def test_a_confidential_name_is_not_shown_to_leaders(caller: Caller) -> None:
    caller.send(story=NAMED, author={"mode": "confidential", "name": "Ms. Verysecret"})
    cookie = signed_in(caller)
    told = asks(caller, "GET", "/api/review", cookie).body + asks(caller, "GET", "/api/review", cookie, **BROWSER).body
    assert b"Verysecret" not in told


def test_a_question_is_read_at_the_receipt_and_nowhere_else(caller: Caller) -> None:
    sent = caller.send(story=NAMED)
    cookie = signed_in(caller)
    (win,) = queue(caller, cookie)
    decides(caller, cookie, win, "ask", question="May we leave out the name?")
    assert caller.get(sent).json["question"] == "May we leave out the name?"
    form = {"content_type": "application/x-www-form-urlencoded"}
    page = caller.call("POST", "/api/receipt", f"receipt={sent.json['receipt']}&intent=open".encode(), **form)
    assert "May we leave out the name?" in page.body.decode()
    assert json.loads(caller.patch(sent, story="A student did.").body)["held_for"] == ["answered"]
    assert queue(caller, cookie)[0]["question"] is None
