"""What one release wrote the one before it and the one after it read: a school goes on, and goes back, with all it has.

`tests/data/items_<month>.json` holds items as a release wrote them. A release that writes other items adds a file; no
file is ever changed, for schools still hold such items.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.domain.rollup import Rollup
from chalicelib.domain.win import PracticeUse
from chalicelib.ports import Source
from chalicelib.stores import items
from chalicelib.stores.leaders import DynamoRecord, DynamoSignIns
from chalicelib.stores.table import DynamoTable, connect
from chalicelib.stores.views import DynamoViews

FILES = sorted((Path(__file__).parents[1] / "data").glob("items_*.json"))
WEEK, RICH, PLAIN = "2026-W47", "01K9Z3V5J0Q69G5FAV3NDEKTSV", "01K9Z3V5J0Q69G5FAV3NDEKTSX"
THEN = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
Items = dict[str, dict[str, Any]]


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def written(request: pytest.FixtureRequest) -> Items:
    """Items as a release wrote them, by what they are."""
    found: Items = json.loads(request.param.read_text("utf-8"))
    return found


def with_more(item: dict[str, Any]) -> dict[str, Any]:
    """The item as a later release might write it: with attributes, keys and columns that nobody here knows."""
    later = copy.deepcopy(item) | {"later": {"S": "x"}}
    if not item.get("body", {}).get("S", "").startswith("{"):
        return later
    body = json.loads(item["body"]["S"])
    if "cells" in body:
        body["cells"] = [[*columns, more, n] for *columns, n in body["cells"] for more in ("a", "b")]
    later["body"] = {"S": json.dumps(_with_key_everywhere(body))}
    return later


_BY_ID = {"last_day", "tagged_by", "name", "vision", "prompt", "example", "variations", "summary"}
"""Mappings whose keys are the school's own, or languages."""


def _with_key_everywhere(part: Any, name: str = "") -> Any:
    if isinstance(part, list):
        return [_with_key_everywhere(one, name) for one in part]
    if not isinstance(part, dict):
        return part
    told = {key: _with_key_everywhere(value, "" if name == "variations" else key) for key, value in part.items()}
    return told if name in _BY_ID or name == "prompts" else {**told, "of_a_later_release": {"x": 1}}


@pytest.fixture(params=[lambda item: item, with_more], ids=["as written", "as a later release writes them"])
def stored(request: pytest.FixtureRequest, written: Items, surroundings: dict[str, str]) -> Iterator[str]:
    """A table that holds them; its name."""
    change: Callable[[dict[str, Any]], dict[str, Any]] = request.param
    client = boto3.client("dynamodb")
    for item in written.values():
        client.put_item(TableName=surroundings["TABLE_NAME"], Item=change(item))
    return surroundings["TABLE_NAME"]


def test_wins_are_read_whole(stored: str) -> None:
    table = DynamoTable(connect(), stored)
    plain, rich = sorted(table.wins_of(WEEK), key=lambda win: win.kind, reverse=True)
    assert (plain.id, plain.story, plain.author.mode, plain.channel) == (
        PLAIN,
        "Two hands went up.",
        "anonymous",
        "text",
    )
    assert (rich.id, rich.story, rich.tried, rich.happened) == (
        RICH,
        "The plan fell flat.",
        "A circle.",
        "Nobody spoke.",
    )
    assert rich.practices == (PracticeUse(id="talk-moves", level="b"), PracticeUse(id="wait-time"))
    assert (rich.helped, rich.hindered, rich.resolves, rich.quotable) == (
        ("time",),
        ("choice",),
        "Q69G5FAV3NDEKTSW",
        True,
    )
    assert (rich.author.name, rich.held_for, rich.question) == ("Ms. Orsted", ("person",), "Which class?")
    assert (rich.revision, rich.expires, rich.tagged_by) == (3, date(2034, 1, 17), {"goals/explain": "link"})
    assert [win.id for win in table.held("", 10)] == [RICH]
    assert [win.id for win in table.withdrawn()] == [RICH]
    seen = table.find_seen(Source("web", "k" * 20, "content-hash"))
    assert seen
    assert (seen.win_id, seen.content) == (RICH, "content-hash")


def test_what_is_counted_and_said_of_the_school_is_read_whole(stored: str, written: Items) -> None:
    table = DynamoTable(connect(), stored)
    (rollup,) = table.rollups(WEEK, WEEK)
    told: Rollup = items.rollup_from(written["rollup"])
    assert set(rollup.cells) == set(told.cells), "what differs by a later release's columns alone is one"
    assert rollup.last_day == told.last_day
    assert table.changed_weeks() == {WEEK: "a" * 32}
    version, school = table.latest_school() or (0, None)
    assert school
    assert (version, school.school, school.languages) == (1, "maple-row", ("en", "es"))
    assert school == items.school_from(written["school"])
    assert (school.sign_in.providers[0].id, school.leaders[0].role, school.staff) == (
        "google",
        "leader",
        ("Ms. Rivera",),
    )
    contact = table.find_contact("c" * 20)
    assert contact
    assert (contact.joined, contact.language, contact.log[0].what, contact.revision) == (True, "es", "opted_in", 1)
    assert contact.last
    assert contact.last.win == PLAIN
    assert table.roster() == ["one", "two", "three"]


def test_who_is_signed_in_stays_so_and_the_record_is_read_whole(stored: str) -> None:
    client = connect()
    sign_ins, until = DynamoSignIns(client, stored), THEN + timedelta(minutes=30)
    assert sign_ins.has_session("dana", "s" * 20, THEN)
    assert not sign_ins.has_session("dana", "s" * 20, until)
    assert sign_ins.take_link("l" * 20, THEN) == "dana"
    (done,) = DynamoRecord(client, stored).done_in("2026-11")
    assert (done.who, done.what, done.about) == ("dana.whitlock@maplerow.example", "masked", RICH)
    view = DynamoViews(client, stored).find_view("v" * 20, THEN)
    assert view
    assert (view.leader, view.stories, view.until) == ("dana", True, until)
    assert DynamoTable(client, stored).tried_of(WEEK) == {PLAIN[10:]: 3}


def test_this_release_writes_the_same_of_the_same_so_that_the_last_one_reads_it(written: Items) -> None:
    for name in ("win", "win_in_full"):
        item = written[name]
        assert same(items.win_item(items.win_from(item), item.get("seen")), item)
    contact = items.contact_from(written["contact"])
    before = contact.model_copy(update={"revision": contact.revision - 1})
    assert same(items.contact_item(before), written["contact"])
    school = items.school_from(written["school"]).model_dump_json(exclude_defaults=True, by_alias=True)
    assert json.loads(school) == json.loads(written["school"]["body"]["S"])
    counted = json.dumps(items.rollup_from(written["rollup"]).as_json(), separators=(",", ":"))
    assert counted == written["rollup"]["body"]["S"]


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two items hold the same; a later release may add to what an earlier one passes over."""
    read = [{**item, "body": json.loads(item["body"]["S"])} for item in (one, other)]
    return read[0] == read[1]


def test_a_school_file_that_somebody_sends_still_may_have_no_unknown_key(written: Items) -> None:
    from chalicelib.domain.school_file import SchoolFileProblems, read_school

    sent = json.loads(with_more(written["school"])["body"]["S"])
    with pytest.raises(SchoolFileProblems, match="of_a_later_release"):
        read_school(sent)
