"""What removal for good asks of every store: in memory, on moto, on Amazon's DynamoDB Local."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.desk import table_dump, win_at
from fakes.leaders import MemoryRecord

from chalicelib import wiring
from chalicelib.domain.contact import Contact
from chalicelib.domain.rollup import count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import Source, Table
from chalicelib.ports.leaders import Done, Record
from chalicelib.stores.leaders import DynamoRecord
from chalicelib.stores.table import connect
from chalicelib.work.amend import removed

MakeWin = Callable[..., Win]
KINDS = ["memory", "moto", "dynamodb-local"]


def source(key: str) -> Source:
    return Source("web", key, "what it said")


def shut(win: Win) -> Win:
    return win.model_copy(update={"state": "hidden", "withdrawn": True, "revision": win.revision + 1})


def test_a_win_knows_when_it_expires_wherever_it_is_read(table: Table, win: MakeWin) -> None:
    one = win()
    assert one.expires == date(2034, 1, 24)  # seven years and sixty days after 2026-11-25
    table.save_win(one, None)
    assert table.wins_of(one.week) == [one] == [table.find_win(one.id, [one.week])]


def test_the_expiry_changes_without_anything_else_of_a_win(table: Table, win: MakeWin) -> None:
    one = win()
    table.save_win(one, source("1"))
    table.clear_changed(table.changed_weeks())
    for expires in (date(2030, 1, 1), None, date(2031, 1, 1)):
        table.set_expiry(one, expires)
        assert table.wins_of(one.week) == [one.model_copy(update={"expires": expires})]
    assert table.changed_weeks() == {}
    table.replace_win(one, one.model_copy(update={"story": "changed", "revision": 2, "expires": None}))
    assert table.wins_of(one.week)[0].expires is None


def test_the_expiry_of_a_win_that_is_gone_brings_nothing_back(table: Table, win: MakeWin) -> None:
    table.set_expiry(win(), date(2030, 1, 1))
    assert table.weeks() == []


def test_forgotten_wins_leave_nothing_but_a_marked_week(table: Table, win: MakeWin) -> None:
    wins = [win(story=f"story {n}") for n in range(120)]
    for n, one in enumerate(wins):
        table.save_win(one, source(str(n)))
    kept = win(story="kept")
    table.save_win(kept, source("kept"))
    table.clear_changed(table.changed_weeks())
    table.forget_wins("2026-W48", wins)
    assert table.wins_of("2026-W48") == [kept]
    assert set(table.changed_weeks()) == {"2026-W48"}
    assert [table.find_seen(source(str(n))) for n in range(120)] == [None] * 120
    assert table.find_seen(source("kept")) is not None


def test_forgetting_what_is_forgotten_is_no_error(table: Table, win: MakeWin) -> None:
    one = win()
    table.save_win(one, source("1"))
    table.forget_wins(one.week, [one])
    table.forget_wins(one.week, [one])
    assert table.wins_of(one.week) == []


def test_a_forgotten_rollup_is_counted_no_more_and_its_week_is_marked(table: Table, win: MakeWin) -> None:
    table.save_rollup(count_week("2026-W48", [win()]), replaces=0)
    table.forget_rollup("2026-W48")
    table.forget_rollup("2026-W48")
    assert table.counted_weeks() == []
    assert table.stored_rollup("2026-W48").revision == 0
    assert set(table.changed_weeks()) == {"2026-W48"}


def test_withdrawn_wins_are_listed_until_they_are_removed(table: Table, win: MakeWin) -> None:
    wins = [win(story=f"story {n}", weeks_ago=n) for n in range(3)]
    for one in wins:
        table.save_win(one, None)
    assert table.withdrawn() == []
    for one in wins[:2]:
        table.replace_win(one, shut(one))
    assert table.withdrawn() == sorted((shut(one) for one in wins[:2]), key=lambda one: one.id)
    table.replace_win(shut(wins[0]), removed(shut(wins[0])))
    assert table.withdrawn() == [shut(wins[1])]


def test_a_contact_is_removed_once_and_for_all(table: Table) -> None:
    table.save_contact(Contact(key="k"), source("1"))
    table.save_contact(Contact(key="other"), source("2"))
    table.remove_contact("k")
    table.remove_contact("k")
    assert table.find_contact("k") is None
    assert [one.key for one in table.every_contact()] == ["other"]


def test_what_stays_of_a_removed_win_is_the_same_for_every_win(table: Table, win: MakeWin) -> None:
    told = {"kind": "lesson", "team": "primary", "goals": ["explain"], "author": {"mode": "named", "name": "Ms. Gone"}}
    one = win(story="to be forgotten", **told)
    table.save_win(one, source("1"))
    table.replace_win(one, removed(one))
    found = table.find_win(one.id, [one.week])
    assert found is not None
    own = {"id": one.id, "week": one.week, "day": one.day, "expires": one.expires, "revision": 2}
    assert found == removed(win()).model_copy(update=own)


@pytest.mark.usefixtures("surroundings")
def test_the_item_of_a_removed_win_tells_neither_channel_nor_message(sample_school: School) -> None:
    one = win_at(sample_school, story="to be forgotten", kind="lesson").model_copy(update={"channel": "text"})
    wiring.table().save_win(one, Source("text", "message", "content"))
    wiring.table().replace_win(one, removed(one))
    (item,) = [json.loads(line) for line in table_dump().splitlines() if "WEEK#" in line]
    assert set(item) == {"pk", "sk", "revision", "body", "expires"}
    assert "text" not in json.dumps(item)
    assert "lesson" not in json.dumps(item)


# the record


@pytest.fixture(params=KINDS)
def record(request: pytest.FixtureRequest) -> Record:
    """An empty record of each kind."""
    if request.param == "memory":
        return MemoryRecord()
    surroundings = request.getfixturevalue("surroundings" if request.param == "moto" else "real_surroundings")
    return DynamoRecord(connect(), surroundings["TABLE_NAME"])


def test_the_months_of_the_record_are_those_with_lines(record: Record) -> None:
    assert record.months() == []
    for days in (0, 1, 40, 400):
        record.add_done(Done(datetime(2026, 11, 25, tzinfo=UTC) - timedelta(days=days), "dana", "exported"))
    assert record.months() == ["2025-10", "2026-10", "2026-11"]


def test_nothing_of_the_record_can_be_changed_or_removed() -> None:
    """The door has no handle: whoever writes the record can only add to it and read it."""
    for kind in (Record, DynamoRecord, MemoryRecord):
        doors = {name for name in vars(kind) if not name.startswith("_")} - {"lines"}
        assert doors == {"add_done", "done_in", "months"}
