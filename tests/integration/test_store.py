"""One suite for every store: in memory, on moto, on Amazon's DynamoDB Local."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import boto3
import pytest
from fakes.desk import NOW, win_at
from fakes.memory import MemoryTable

from chalicelib.domain.contact import Contact, LastWin
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup, count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import Alongside, Seen, Source, Table
from chalicelib.ports.leaders import Done
from chalicelib.stores.leaders import DynamoRecord
from chalicelib.stores.table import DynamoTable
from chalicelib.work.amend import removed

MakeWin = Callable[..., Win]


def source(key: str, content: str = "what it said") -> Source:
    return Source("web", key, content)


def every_win(table: Table) -> list[Win]:
    return [win for week in table.weeks() for win in table.wins_of(week)]


def test_a_saved_win_is_found_as_it_was(table: Table, win: MakeWin) -> None:
    one = win(
        story="Ünïcode ✏️ and\nlines",
        signs=["because"],
        practices=[{"id": "wait-time", "level": "b"}],
        author={"mode": "named", "name": "Ms. Ørsted"},
        occurred_on="2026-11-20",
    )
    assert table.save_win(one, source("1")) is None
    assert table.find_win(one.id, [one.week]) == one
    assert table.wins_of(one.week) == [one]


def test_a_win_without_a_source_is_saved_and_marks_its_week(table: Table, win: MakeWin) -> None:
    one = win()
    assert table.save_win(one, None) is None
    assert set(table.changed_weeks()) == {one.week}
    assert every_win(table) == [one]


def test_a_repeated_source_returns_what_was_seen_and_stores_nothing(table: Table, win: MakeWin) -> None:
    first, second = win(story="first"), win(story="second", weeks_ago=3)
    table.save_win(first, source("1", "content of the first"))
    marks = table.changed_weeks()
    assert table.save_win(second, source("1", "content of the second")) == Seen(first.id, "content of the first")
    assert every_win(table) == [first]
    assert table.changed_weeks() == marks


def test_the_same_key_through_another_channel_is_another_source(table: Table, win: MakeWin) -> None:
    assert table.save_win(win(), Source("web", "1", "same")) is None
    assert table.save_win(win(), Source("text", "1", "same")) is None
    assert len(every_win(table)) == 2


def test_a_win_refused_for_its_id_leaves_neither_mark_nor_source(table: Table, win: MakeWin) -> None:
    first = win(story="first")
    table.save_win(first, source("1"))
    table.clear_changed(table.changed_weeks())
    with pytest.raises(WriteConflict):
        table.save_win(first.model_copy(update={"story": "an intruder"}), source("2"))
    assert table.changed_weeks() == {}
    assert table.save_win(win(story="third"), source("2")) is None
    assert {one.story for one in every_win(table)} == {"first", "third"}


def test_a_batch_says_for_each_whether_it_was_seen(table: Table, win: MakeWin) -> None:
    known = win(story="known")
    table.save_win(known, source("2", "as known"))
    batch = [(win(story=f"win {n}"), source(str(n))) for n in range(4)]
    assert table.save_wins(batch) == [None, None, Seen(known.id, "as known"), None]
    assert {one.story for one in every_win(table)} == {"known", "win 0", "win 1", "win 3"}


def test_a_batch_repeated_adds_nothing(table: Table, win: MakeWin) -> None:
    batch = [(win(story=f"win {n}"), source(str(n))) for n in range(5)]
    table.save_wins(batch)
    stored, marks = every_win(table), table.changed_weeks()
    again = [(win(story=one.story), of) for one, of in batch]
    assert table.save_wins(again) == [Seen(one.id, of.content) for one, of in batch]
    assert every_win(table) == stored
    assert table.changed_weeks() == marks


def test_a_batch_larger_than_a_transaction_is_stored_whole(table: Table, win: MakeWin) -> None:
    batch = [(win(story=f"win {n}", weeks_ago=n % 3), source(str(n))) for n in range(101)]
    assert table.save_wins(batch) == [None] * 101
    assert sorted(one.id for one in every_win(table)) == sorted(one.id for one, _ in batch)
    assert set(table.changed_weeks()) == {one.week for one, _ in batch}


def test_a_batch_of_more_weeks_than_fit_one_transaction_is_stored_whole(table: Table, win: MakeWin) -> None:
    batch = [(win(story=f"win {n}", weeks_ago=n), source(str(n))) for n in range(45)]
    assert table.save_wins(batch) == [None] * 45
    assert len(every_win(table)) == 45
    assert set(table.changed_weeks()) == {one.week for one, _ in batch} == set(table.weeks())


def test_a_batch_with_an_id_that_is_taken_stores_nothing_in_its_place(table: Table, win: MakeWin) -> None:
    taken = win(story="first")
    table.save_win(taken, source("1"))
    with pytest.raises(WriteConflict):
        table.save_wins([(taken.model_copy(update={"story": "an intruder"}), source("2"))])
    assert [one.story for one in every_win(table)] == ["first"]


def test_an_empty_batch_is_nothing(table: Table) -> None:
    assert table.save_wins([]) == []
    assert table.changed_weeks() == {}


def test_a_win_is_looked_for_in_every_week_that_is_named(table: Table, win: MakeWin) -> None:
    one = win(weeks_ago=1)
    table.save_win(one, None)
    assert table.find_win(one.id, ["2026-W48", one.week]) == one
    assert table.find_win(one.id, ["2026-W48"]) is None
    assert table.find_win(one.id, []) is None
    assert table.find_win("01ARZ3NDEKTSV4RRFFQ69G5FAV", [one.week]) is None


def test_the_wins_of_a_week_come_oldest_first(table: Table, sample_school: School) -> None:
    wins = [win_at(sample_school, NOW - timedelta(hours=hours), story=f"{hours} h ago") for hours in (2, 30, 5)]
    for one in wins:
        table.save_win(one, None)
    assert [one.story for one in table.wins_of("2026-W48")] == ["30 h ago", "5 h ago", "2 h ago"]


def test_weeks_are_those_that_hold_wins_and_nothing_else(table: Table, win: MakeWin, sample_school: School) -> None:
    assert table.weeks() == []
    table.save_school(sample_school, 1)
    table.save_rollup(Rollup("2026-W01"), replaces=0)
    table.save_win(win(weeks_ago=4), source("1"))
    table.save_win(win(), source("2"))
    assert table.weeks() == ["2026-W44", "2026-W48"]


def test_a_replaced_win_is_what_is_found_and_marks_its_week(table: Table, win: MakeWin) -> None:
    old = win(weeks_ago=10, story="before")
    table.save_win(old, source("1"))
    table.clear_changed(table.changed_weeks())
    new = old.model_copy(update={"story": "after", "revision": 2})
    table.replace_win(old, new)
    assert every_win(table) == [new]
    assert set(table.changed_weeks()) == {old.week}


def test_replacing_what_somebody_else_replaced_is_refused(table: Table, win: MakeWin) -> None:
    old = win(story="before")
    table.save_win(old, None)
    table.replace_win(old, old.model_copy(update={"story": "quicker", "revision": 2}))
    table.clear_changed(table.changed_weeks())
    with pytest.raises(WriteConflict):
        table.replace_win(old, old.model_copy(update={"story": "slower", "revision": 2}))
    assert [one.story for one in every_win(table)] == ["quicker"]
    assert table.changed_weeks() == {}


def test_replacing_a_win_that_is_not_there_is_refused(table: Table, win: MakeWin) -> None:
    old = win()
    with pytest.raises(WriteConflict):
        table.replace_win(old, old.model_copy(update={"revision": 2}))
    assert every_win(table) == []
    assert table.changed_weeks() == {}


def test_a_win_with_a_new_id_moves(table: Table, win: MakeWin) -> None:
    old = win(story="told by somebody")
    table.save_win(old, source("1"))
    new = win(story="told by nobody", author={"mode": "anonymous"})
    table.replace_win(old, new)
    assert every_win(table) == [new]
    assert table.find_win(old.id, [old.week]) is None


def test_a_moved_win_is_what_a_repeat_of_its_message_is_answered_with(table: Table, win: MakeWin) -> None:
    old = win(story="told by somebody")
    table.save_win(old, source("1", "content"))
    new = win(author={"mode": "anonymous"})
    table.replace_win(old, new)
    assert table.save_win(win(), source("1", "content")) == Seen(new.id, "content")


def test_a_win_changed_and_then_moved_still_takes_its_source_along(table: Table, win: MakeWin) -> None:
    old = win(story="told by somebody")
    table.save_win(old, source("1", "content"))
    changed = old.model_copy(update={"story": "mended", "revision": 2})
    table.replace_win(old, changed)
    new = win(author={"mode": "anonymous"})
    table.replace_win(changed, new)
    assert table.save_win(win(), source("1", "content")) == Seen(new.id, "content")


def test_a_move_of_what_somebody_else_replaced_is_refused_whole(table: Table, win: MakeWin) -> None:
    old = win(story="before")
    table.save_win(old, source("1", "content"))
    quicker = old.model_copy(update={"story": "quicker", "revision": 2})
    table.replace_win(old, quicker)
    with pytest.raises(WriteConflict):
        table.replace_win(old, win(author={"mode": "anonymous"}))
    assert every_win(table) == [quicker]
    assert table.save_win(win(), source("1", "content")) == Seen(old.id, "content")


def test_a_removed_win_keeps_nothing_that_was_told(table: Table, win: MakeWin) -> None:
    old = win(story="to be forgotten", tried="this too", author={"mode": "named", "name": "Ms. Forgotten"})
    table.save_win(old, source("1"))
    table.replace_win(old, removed(old))
    found = table.find_win(old.id, [old.week])
    assert found is not None
    assert (found.state, found.story, found.tried, found.author.name) == ("deleted", "", None, None)


def test_marks_are_cleared(table: Table, win: MakeWin) -> None:
    table.save_win(win(), None)
    table.save_win(win(weeks_ago=1), None)
    table.clear_changed(table.changed_weeks())
    assert table.changed_weeks() == {}


def test_a_mark_stamped_anew_since_it_was_read_stays(table: Table, win: MakeWin) -> None:
    table.save_win(win(), None)
    table.save_win(win(weeks_ago=1), None)
    marks = table.changed_weeks()
    table.save_win(win(), None)
    table.clear_changed(marks)
    assert set(table.changed_weeks()) == {"2026-W48"}


def test_clearing_a_mark_that_is_gone_is_no_error(table: Table, win: MakeWin) -> None:
    table.save_win(win(), None)
    marks = table.changed_weeks()
    table.clear_changed(marks)
    table.clear_changed(marks)
    assert table.changed_weeks() == {}


def test_a_rollup_is_read_as_it_was_counted(table: Table, win: MakeWin) -> None:
    wins = [win(signs=["because"], practices=[{"id": "wait-time"}]), win(kind="lesson"), win(kind="lesson")]
    rollup = count_week("2026-W48", wins)
    table.save_rollup(rollup, replaces=0)
    stored = table.stored_rollup("2026-W48")
    assert stored.rollup == rollup
    assert stored.revision == 1
    assert sum(n for cell, n in stored.rollup.cells.items() if cell.kind == "lesson") == 2


def test_a_rollup_that_was_never_counted_is_empty_with_revision_0(table: Table) -> None:
    stored = table.stored_rollup("2026-W48")
    assert (stored.rollup.n, stored.revision) == (0, 0)


@pytest.mark.parametrize("replaces", [0, 1, 3])
def test_a_rollup_is_replaced_only_by_naming_its_revision(table: Table, win: MakeWin, replaces: int) -> None:
    table.save_rollup(Rollup("2026-W48"), replaces=0)
    counted = count_week("2026-W48", [win()])
    table.save_rollup(counted, replaces=1)
    with pytest.raises(WriteConflict):
        table.save_rollup(Rollup("2026-W48"), replaces=replaces)
    assert table.stored_rollup("2026-W48").rollup == counted
    table.save_rollup(Rollup("2026-W48"), replaces=2)
    assert table.stored_rollup("2026-W48").revision == 3


def test_rollups_are_listed_by_range_oldest_first(table: Table) -> None:
    for week in ["2027-W02", "2026-W48", "2026-W10", "2026-W53"]:
        table.save_rollup(Rollup(week), replaces=0)
    assert [rollup.week for rollup in table.rollups("2026-W48", "2027-W02")] == ["2026-W48", "2026-W53", "2027-W02"]
    assert table.rollups("2027-W03", "2027-W52") == []


def test_a_win_of_the_open_week_needs_no_mark(table: Table, win: MakeWin) -> None:
    older = win(weeks_ago=1)
    table.save_win(win(), None, "2026-W48")
    table.save_win(win(), source("1"), "2026-W48")
    table.save_wins([(older, source("2")), (win(), source("3"))], "2026-W48")
    assert set(table.changed_weeks()) == {older.week}
    assert len(every_win(table)) == 4


def test_a_win_of_the_open_week_is_not_written_over_another(table: Table, win: MakeWin) -> None:
    first = win(story="first")
    table.save_win(first, None, first.week)
    with pytest.raises(WriteConflict):
        table.save_win(first.model_copy(update={"story": "an intruder"}), None, first.week)
    assert every_win(table) == [first]


def test_versions_of_the_school_file_are_all_kept(table: Table, sample_school: School) -> None:
    assert table.latest_school() is None
    renamed = sample_school.model_copy(update={"name": "Another Name"})
    table.save_school(sample_school, 1)
    table.save_school(renamed, 2)
    assert table.latest_school() == (2, renamed)
    assert table.school_at(1) == sample_school


def test_the_tenth_version_is_newer_than_the_ninth(table: Table, sample_school: School) -> None:
    for version in range(1, 11):
        table.save_school(sample_school, version)
    found = table.latest_school()
    assert found is not None
    assert found[0] == 10


def test_a_version_that_is_taken_is_refused(table: Table, sample_school: School) -> None:
    table.save_school(sample_school, 1)
    with pytest.raises(WriteConflict):
        table.save_school(sample_school.model_copy(update={"name": "Slower"}), 1)
    assert table.school_at(1).name == sample_school.name


def test_a_version_that_never_was_is_a_problem(table: Table) -> None:
    with pytest.raises(Problem, match="not_set_up"):
        table.school_at(7)


def test_a_contact_is_stored_with_the_win_it_came_with(table: Table, win: MakeWin) -> None:
    contact = Contact(key="k", joined=True, last=LastWin(win="w", day=date(2026, 11, 25), offers=("signs/because",)))
    assert table.find_contact("k") is None
    table.save_win(win(), source("1"), contact=contact)
    found = table.find_contact("k")
    assert found == contact.model_copy(update={"revision": 1})


def test_a_win_whose_contact_changed_meanwhile_is_not_stored_and_can_be_tried_again(table: Table, win: MakeWin) -> None:
    table.save_contact(Contact(key="k"), source("1"))
    one = win()
    with pytest.raises(WriteConflict):
        table.save_win(one, source("2"), contact=Contact(key="k"))
    assert every_win(table) == []
    fresh = table.find_contact("k")
    assert table.save_win(one, source("2"), contact=fresh) is None


def test_a_repeated_message_with_a_contact_is_seen(table: Table, win: MakeWin) -> None:
    first = win()
    table.save_win(first, source("1", "content"), contact=Contact(key="k"))
    assert table.save_win(win(), source("1", "content"), contact=table.find_contact("k")) == Seen(first.id, "content")


def test_a_contact_is_changed_once_by_a_message(table: Table) -> None:
    table.save_contact(Contact(key="k"), source("1"))
    stored = table.find_contact("k")
    assert stored is not None
    with pytest.raises(WriteConflict):
        table.save_contact(stored.model_copy(update={"stopped": True}), source("1"))
    with pytest.raises(WriteConflict):
        table.save_contact(Contact(key="k", stopped=True), source("2"))
    table.save_contact(stored.model_copy(update={"stopped": True}), source("3"))
    found = table.find_contact("k")
    assert found is not None
    assert (found.stopped, found.revision) == (True, 2)
    assert table.find_seen(source("3", "other content")) == Seen("", "what it said")
    assert table.find_seen(source("2")) is None


def test_a_change_its_message_and_its_sender_are_stored_together_or_not_at_all(table: Table, win: MakeWin) -> None:
    old = win(story="before")
    table.save_win(old, source("1"), contact=Contact(key="k"))
    contact, new = table.find_contact("k"), old.model_copy(update={"story": "after", "revision": 2})
    for alongside in (
        Alongside(source("1"), contact),  # this message was seen before
        Alongside(source("2"), Contact(key="k")),  # the sender changed meanwhile
    ):
        with pytest.raises(WriteConflict):
            table.replace_win(old, new, alongside)
        assert every_win(table) == [old]
        assert table.find_contact("k") == contact
    table.replace_win(old, new, Alongside(source("2"), contact))
    assert every_win(table) == [new]
    assert table.find_seen(source("2")) == Seen("", "what it said")


def test_a_win_that_moves_takes_both_its_messages_along(table: Table, win: MakeWin) -> None:
    old = win(story="told by somebody")
    table.save_win(old, source("1", "content"))
    new = win(author={"mode": "anonymous"})
    table.replace_win(old, new, Alongside(source("2")))
    assert table.find_seen(source("1")) == Seen(new.id, "content")
    assert table.find_seen(source("2")) == Seen(new.id, "what it said")


def test_counting_counts_each_thing_by_itself_and_can_be_taken_back(table: Table) -> None:
    tomorrow = date(2026, 11, 26)
    assert [table.count_up("A", "1", tomorrow) for _ in range(3)] == [1, 2, 3]
    assert table.count_up("A", "2", tomorrow) == 1
    assert table.count_up("B", "1", tomorrow) == 1
    table.take_back_count("A", "1")
    table.take_back_count("A", "never counted")
    assert table.count_up("A", "1", tomorrow) == 1


@pytest.mark.usefixtures("surroundings")
def test_what_is_written_for_dynamodb_expires_by_day_and_never_tells_the_hour(win: MakeWin) -> None:
    client: Any = boto3.client("dynamodb")
    DynamoTable(client, os.environ["TABLE_NAME"]).save_win(win(author={"mode": "anonymous"}), source("1"))
    items = client.scan(TableName=os.environ["TABLE_NAME"])["Items"]
    expires = [int(item["expires"]["N"]) for item in items if "expires" in item]
    assert len(expires) == 2
    assert {second % 86_400 for second in expires} == {0}
    assert "15:30" not in json.dumps(items)


def test_held_wins_are_listed_oldest_first_until_somebody_decides(table: Table, win: MakeWin) -> None:
    held = [win(story="Zuri Okafor did it.", weeks_ago=ago).model_copy(update={"state": "held"}) for ago in (3, 2, 1)]
    for n, one in enumerate([*reversed(held), win(story="Nothing to hold.")]):
        table.save_win(one, source(str(n)))
    assert table.held("", 10) == held
    assert table.held("", 2) == held[:2]
    assert table.held(held[0].id, 10) == held[1:]
    table.replace_win(held[1], held[1].model_copy(update={"state": "visible", "revision": 2}))
    assert table.held("", 10) == [held[0], held[2]]
    again = held[1].model_copy(update={"state": "held", "revision": 3})
    table.replace_win(again.model_copy(update={"revision": 2}), again)
    assert table.held("", 10) == [held[0], again, held[2]]


def test_who_decided_is_recorded_with_the_decision_or_not_at_all(table: Table, win: MakeWin) -> None:
    one = win()
    table.save_win(one, None)
    done = Done(NOW, "dana@maplerow.example", "hid", one.id)
    table.replace_win(one, one.model_copy(update={"state": "hidden", "revision": 2}), Alongside(done=done))
    with pytest.raises(WriteConflict):
        table.replace_win(one, one.model_copy(update={"revision": 2}), Alongside(done=done))
    if isinstance(table, MemoryTable):
        assert table.done == [done]
    else:
        client: Any = boto3.client("dynamodb")
        record = DynamoRecord(client, os.environ["TABLE_NAME"])
        assert list(record.done_in("2026-11")) == [done]


def test_a_roster_is_replaced_as_a_whole(table: Table) -> None:
    assert table.roster() == []
    many = [f"{n:032x}" for n in range(12_000)]
    table.save_roster(many)
    assert sorted(table.roster()) == many
    table.save_roster(many[:3])
    assert table.roster() == many[:3]
    table.save_roster([])
    assert table.roster() == []


def test_every_contact_is_read_as_it_is_now(table: Table) -> None:
    for n in range(3):
        table.save_contact(Contact(key=f"{n:032x}"), source(str(n)))
    first, *_ = sorted(table.every_contact(), key=lambda contact: contact.key)
    table.save_contact(first.model_copy(update={"stopped": True}), source("4"))
    with pytest.raises(WriteConflict):
        table.save_contact(first, source("5"))
    assert [contact.stopped for contact in sorted(table.every_contact(), key=lambda one: one.key)] == [
        True,
        False,
        False,
    ]


# who tried it too

LATER = date(2027, 12, 30)


def test_a_device_counts_once_for_a_story_and_the_week_is_marked(table: Table, win: MakeWin) -> None:
    one, other = win(), win()
    assert table.count_tried(one.week, one.story_id, "first device", LATER) == 1
    assert set(table.changed_weeks()) == {one.week}
    table.clear_changed(table.changed_weeks())
    assert table.count_tried(one.week, one.story_id, "first device", LATER) == 1
    assert table.changed_weeks() == {}
    assert table.count_tried(one.week, one.story_id, "second device", LATER) == 2
    assert table.count_tried(other.week, other.story_id, "third device", LATER) == 1
    assert table.tried_of(one.week) == {one.story_id: 2, other.story_id: 1}
    assert table.tried_of("2026-W01") == {}


@pytest.mark.parametrize("goes", ["removed", "renamed", "forgotten"])
def test_a_story_that_goes_takes_along_how_many_tried_it(table: Table, win: MakeWin, goes: str) -> None:
    one, other = win(), win()
    for each in (one, other):
        table.save_win(each, None)
        table.count_tried(each.week, each.story_id, each.id, LATER)
    if goes == "forgotten":
        table.forget_wins(one.week, [one])
    else:
        new = removed(one) if goes == "removed" else one.model_copy(update={"id": win().id, "revision": 1})
        table.replace_win(one, new)
    assert table.tried_of(one.week) == {other.story_id: 1}


def test_a_change_keeps_how_many_tried_it(table: Table, win: MakeWin) -> None:
    one = win()
    table.save_win(one, None)
    table.count_tried(one.week, one.story_id, "a device", LATER)
    table.replace_win(one, one.model_copy(update={"story": "Told anew", "revision": 2}))
    assert table.tried_of(one.week) == {one.story_id: 1}
