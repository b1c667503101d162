"""What helped, what a win answers, who may quote it, and "I tried this too": from door to published file."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from fakes.caller import Answer, Caller
from fakes.desk import KEYS, desk_at, labels_of, submission, table_dump, win_at
from fakes.memory import MemoryTable

from chalicelib import wiring
from chalicelib.domain.appearance import published_story
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Change
from chalicelib.work.amend import change_win, removed
from chalicelib.work.publish import publish
from chalicelib.work.secrets import keyed
from chalicelib.work.submit import submit_win

LESSON = "Q69G5FAV3NDEKTSV"
MORE: dict[str, Any] = {"helped": ["time", "help"], "hindered": ["choice"], "resolves": LESSON, "quotable": True}
FORM = {"content_type": "application/x-www-form-urlencoded"}


def tap(caller: Caller, week: str, story: str, nonce: str) -> Answer:
    return caller.call("POST", f"/api/stories/{week}/{story}/tried", {"nonce": nonce})


def told(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in MORE}


def test_all_four_are_kept_given_back_and_taken_away(caller: Caller) -> None:
    sent = caller.send(**MORE)
    assert told(caller.get(sent).json) == MORE
    nothing: dict[str, Any] = {"helped": [], "hindered": [], "resolves": None, "quotable": False}
    assert told(caller.patch(sent, **nothing).json) == nothing


def test_a_win_made_anonymous_keeps_all_four(caller: Caller) -> None:
    sent = caller.send(**MORE, author={"mode": "named", "name": "Ms. O'Brien"})
    assert told(caller.patch(sent, author={"mode": "anonymous", "name": None}).json) == MORE


def test_a_win_sent_twice_with_all_four_is_one(caller: Caller) -> None:
    first, second = (caller.send(**MORE, nonce="one and the same") for _ in range(2))
    assert first.json["id"] == second.json["id"]


def test_a_message_from_before_these_fields_is_still_the_same(sample_school: School) -> None:
    table = MemoryTable()
    submit_win(desk_at(table, sample_school), submission(nonce="an old one"), "web")
    (seen,) = table.seen.values()
    told_then = json.loads(submission(nonce="an old one").model_dump_json(exclude={"nonce", "website", *MORE}))
    assert seen.content == keyed(KEYS, json.dumps(told_then, separators=(",", ":")).encode())


def test_a_lesson_can_not_answer_itself(sample_school: School) -> None:
    desk = desk_at(MemoryTable(), sample_school)
    receipt = submit_win(desk, submission(kind="lesson"), "web")
    change = parse(Change, json.dumps({"resolves": receipt.win.story_id}).encode())
    with pytest.raises(Problem) as caught:
        change_win(desk, receipt.token, change)
    assert [(one.field, one.code) for one in caught.value.fields] == [("resolves", "answers_itself")]


def test_a_removed_win_forgets_all_four(sample_school: School) -> None:
    stays = removed(win_at(sample_school, **MORE))
    assert (stays.helped, stays.hindered, stays.resolves, stays.quotable) == ((), (), None, False)


def test_colleagues_never_read_what_helped_and_of_an_anonymous_win_not_how_it_came(sample_school: School) -> None:
    story = published_story(win_at(sample_school, **MORE), labels_of(sample_school), tried=3)
    assert not {"helped", "hindered"} & story.keys()
    assert (story["resolves"], story["quotable"], story["channel"], story["tried_by"]) == (LESSON, True, "web", 3)
    anonymous = win_at(sample_school, author={"mode": "anonymous", "name": None})
    assert (
        not {"channel", "resolves", "quotable", "tried_by"}
        & published_story(anonymous, labels_of(sample_school)).keys()
    )


def test_the_form_sends_all_four_and_the_receipt_changes_them(caller: Caller) -> None:
    fields = {"link": "oak7", "kind": "lesson", "story": "Flat", "author_mode": "confidential", "intent": "send"}
    posted = urlencode({**fields, **MORE, "quotable": "yes"}, doseq=True).encode()
    page = caller.call("POST", "/api/wins", posted, **FORM)
    assert page.status == 201
    ((win,),) = ([*wiring.table().wins_of(week)] for week in wiring.table().weeks())
    assert told(win.model_dump(mode="json")) == MORE
    assert f'href="/s/oak7?resolves={win.story_id}"' in page.body.decode()
    token = page.body.decode().partition('name="receipt" value="')[2].partition('"')[0]
    change = {"receipt": token, "kind": "success", "story": "Flat", "author_mode": "confidential", "intent": "save"}
    saved = caller.call("POST", "/api/receipt", urlencode(change).encode(), **FORM)
    assert saved.status == 200
    assert "?resolves=" not in saved.body.decode()
    ((win,),) = ([*wiring.table().wins_of(week)] for week in wiring.table().weeks())
    assert (win.helped, win.hindered, win.resolves, win.quotable) == ((), (), None, False)


def test_a_tap_counts_once_and_is_published(caller: Caller) -> None:
    sent = caller.send()
    week, story = sent.json["week"], sent.json["id"][10:]
    publish(wiring.table(), wiring.site(), wiring.pages(), lambda _: [], wiring.desk().now)
    mine, yours = str(uuid.uuid4()), uuid.uuid4().hex
    assert [tap(caller, week, story, nonce).json for nonce in (mine, mine, yours)] == [{"n": 1}, {"n": 1}, {"n": 2}]
    publish(wiring.table(), wiring.site(), wiring.pages(), lambda _: [], wiring.desk().now)
    manifest = wiring.site().read("dashboard/manifest.json")
    assert manifest
    (entry,) = json.loads(manifest.body)["stories"]
    found = wiring.site().read(entry["path"].removeprefix("/"))
    assert found
    assert json.loads(found.body)["stories"][0]["tried_by"] == 2


def test_what_is_kept_of_a_tap_names_no_device_and_no_two_stories_share_it(caller: Caller) -> None:
    nonce = str(uuid.uuid4())
    for sent in (caller.send(story="one"), caller.send(story="two")):
        assert tap(caller, sent.json["week"], sent.json["id"][10:], nonce).json == {"n": 1}
    kept = table_dump()
    assert nonce not in kept
    assert nonce.replace("-", "") not in kept
    taps = [json.loads(line) for line in kept.splitlines() if json.loads(line)["pk"]["S"] == "TAP"]
    assert len({one["sk"]["S"] for one in taps}) == 2
    assert all(one.keys() == {"pk", "sk", "expires"} for one in taps)
    assert len({one["expires"]["N"] for one in taps}) == 1


def test_only_a_story_that_colleagues_see_can_be_tried(caller: Caller) -> None:
    sent = caller.send()
    week, story, nonce = sent.json["week"], sent.json["id"][10:], str(uuid.uuid4())
    wrong = [(week, LESSON), ("2020-W01", story), ("now", story), (week, story.lower()), (week, sent.json["id"])]
    assert {tap(caller, *where, nonce).json["code"] for where in wrong} == {"no_such_win"}
    assert tap(caller, week, story, "one for all").json["code"] == "fields"
    caller.call("DELETE", f"/api/wins/{sent.json['id']}", authorization=f"Bearer {sent.json['receipt']}")
    assert tap(caller, week, story, nonce).status == 410
    assert wiring.table().tried_of(week) == {}
