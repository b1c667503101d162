"""What is erased leaves nothing that was told, for whomever it is erased, and however often it is interrupted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from fakes.desk import NOW, desk_at, submission, win_at
from fakes.leaders import MemoryRecord
from fakes.memory import Fuse, Fused, Killed, MemoryTable
from fakes.phone import Phone
from fakes.postman import MemoryMail, mail

from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports.leaders import Done
from chalicelib.work.amend import open_win, remove_win
from chalicelib.work.desk import receipt_for
from chalicelib.work.erase import Office, Sender, erase_sender, erase_win, find_traces
from chalicelib.work.submit import submit_win

DANA = "dana.whitlock@maplerow.example"
NAMED = {"author": {"mode": "named", "name": "Ms. Ørsted"}}
CONFIDENTIAL = {"author": {"mode": "confidential", "name": "ms  orsted"}}


@pytest.fixture
def table(sample_school: School) -> MemoryTable:
    """A school without wins."""
    table = MemoryTable()
    table.save_school(sample_school, 1)
    return table


def dump(table: MemoryTable) -> str:
    """Write out all that a table holds but the school file."""
    held = [table.wins, table.seen, table.contacts, table.counts, table.stored, table.done]
    return json.dumps([repr(part) for part in held], ensure_ascii=False)


def with_hold(table: MemoryTable, *, hold: bool = True) -> School:
    version, school = table.latest_school() or (0, None)
    assert school is not None
    held = school.model_copy(update={"privacy": school.privacy.model_copy(update={"legal_hold": hold})})
    table.save_school(held, version + 1)
    return held


def save(table: MemoryTable, school: School, **told: Any) -> Win:
    win = win_at(school, **told)
    table.save_win(win, None)
    return win


def test_an_erased_win_leaves_its_id_and_that_it_was_erased(table: MemoryTable, sample_school: School) -> None:
    win = save(table, sample_school, story="To be forgotten for good.", kind="lesson", team="primary", **NAMED)
    done = erase_win(desk_at(table, sample_school), DANA, win.id)
    assert (done.wins, done.contact, done.backups_until) == ((win.id,), False, date(2026, 12, 30))
    assert done.published_by == NOW + timedelta(hours=3)
    for word in ("forgotten", "lesson", "primary", "rsted"):
        assert word not in dump(table)
    assert table.done == [Done(NOW, DANA, "erased", win.id)]
    assert win.week in table.changed_weeks()
    found = table.find_win(win.id, [win.week])
    assert found is not None
    assert found.state == "deleted"


def test_the_receipt_of_an_erased_win_says_that_it_is_gone(table: MemoryTable, sample_school: School) -> None:
    desk = desk_at(table, sample_school)
    receipt = submit_win(desk, submission(), "web")
    erase_win(desk, DANA, receipt.win.id)
    with pytest.raises(Problem, match="removed"):
        open_win(desk, receipt.token)
    with pytest.raises(Problem, match="removed"):
        erase_win(desk, DANA, receipt.win.id)


def test_a_repeated_message_does_not_bring_an_erased_win_back(table: MemoryTable, sample_school: School) -> None:
    desk = desk_at(table, sample_school)
    receipt = submit_win(desk, submission(nonce="1"), "web")
    erase_win(desk, DANA, receipt.win.id)
    with pytest.raises(Problem, match="removed"):
        submit_win(desk, submission(nonce="1"), "web")


@pytest.mark.parametrize("win_id", ["", "x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "../..", "é" * 26])
def test_what_is_no_win_is_no_such_win(table: MemoryTable, sample_school: School, win_id: str) -> None:
    with pytest.raises(Problem, match="no_such_win"):
        erase_win(desk_at(table, sample_school), DANA, win_id)
    assert table.done == []


def test_a_phone_no_longer_tells_that_it_sent_an_erased_win(table: MemoryTable, sample_school: School) -> None:
    phone = Phone(table, sample_school)
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    (win,) = table.wins.values()
    erase_win(desk_at(table, sample_school), DANA, win.id)
    (contact,) = table.contacts.values()
    assert (contact.last, contact.heard) == (None, ())
    assert contact.joined
    assert win.id not in repr(table.contacts)


def test_a_win_taken_back_by_receipt_is_cut_from_its_phone_too(table: MemoryTable, sample_school: School) -> None:
    phone = Phone(table, sample_school)
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    (win,) = table.wins.values()
    desk = desk_at(table, sample_school)
    remove_win(desk, receipt_for(desk, win).token)
    (contact,) = table.contacts.values()
    assert (contact.last, contact.heard) == (None, ())


def test_a_win_taken_back_by_text_leaves_no_trace_of_its_words(table: MemoryTable, sample_school: School) -> None:
    phone = Phone(table, sample_school)
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    phone.text("UNDO")
    (contact,) = table.contacts.values()
    assert contact.heard == ()
    assert contact.last is not None
    assert (contact.last.words, contact.last.offers) == ("", ())


# a sender


def test_a_sender_is_found_by_the_name_given_with_wins_however_it_is_typed(
    table: MemoryTable, sample_school: School
) -> None:
    named = save(table, sample_school, weeks_ago=3, **NAMED)
    confidential = save(table, sample_school, author={"mode": "confidential", "name": "MS. ØRSTED "})
    save(table, sample_school, author={"mode": "named", "name": "Ms. Orsted-Lee"})
    save(table, sample_school)
    found = find_traces(desk_at(table, sample_school), MemoryMail(), Sender(name="ms ørsted"))
    assert [win.id for win in found.wins] == [named.id, confidential.id]
    assert found.days == (named.day, confidential.day)
    assert found.contact is None


@pytest.mark.parametrize("typed", ["+15555550100", "(555) 555-0100", "555.555.0100"])
def test_a_sender_is_found_by_phone_with_the_last_win_however_it_is_typed(
    table: MemoryTable, sample_school: School, typed: str
) -> None:
    phone = Phone(table, sample_school, "+15555550100")
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    found = find_traces(desk_at(table, sample_school), MemoryMail(), Sender(phone=typed))
    assert [win.story for win in found.wins] == ["Two hands went up before I had finished."]
    assert found.contact is not None


@pytest.mark.parametrize("sender", [Sender(), Sender(" "), Sender("  ", " ", "\t"), Sender("…")])
def test_nobody_is_not_everybody(table: MemoryTable, sample_school: School, sender: Sender) -> None:
    save(table, sample_school)
    save(table, sample_school, **NAMED)
    desk = desk_at(table, sample_school)
    with pytest.raises(Problem, match="fields"):
        find_traces(desk, MemoryMail(), sender)
    with pytest.raises(Problem, match="fields"):
        erase_sender(desk, Office(MemoryRecord(), MemoryMail()), DANA, sender)
    assert not any(win.state == "deleted" for win in table.wins.values())


def test_looking_changes_nothing(table: MemoryTable, sample_school: School) -> None:
    save(table, sample_school, **NAMED)
    before = dump(table)
    find_traces(desk_at(table, sample_school), MemoryMail(), Sender("Ms. Ørsted", "+15555550100", "o@maplerow.example"))
    assert dump(table) == before


def test_an_erased_sender_leaves_nothing_and_others_keep_all(table: MemoryTable, sample_school: School) -> None:
    save(table, sample_school, story="Hers, named.", **NAMED)
    save(table, sample_school, story="Hers, kept to herself.", weeks_ago=9, **NAMED)
    other = save(table, sample_school, story="Another's.", author={"mode": "named", "name": "Mr. Lee"})
    phone, record = Phone(table, sample_school), MemoryRecord()
    hers, anothers = mail("Refused.", sender="Ms. O <Orsted@MapleRow.example>"), mail("Another's.")
    post = MemoryMail({"mail/1": hers, "mail/2": anothers})
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    table.count_up("REFUSED", "somebody else's", NOW.date())
    sender = Sender("Ms. Ørsted", phone.number, "orsted@maplerow.example")
    done = erase_sender(desk_at(table, sample_school), Office(record, post), DANA, sender)
    assert (len(done.wins), done.contact, done.mails) == (3, True, 1)
    assert post.lying == {"mail/2": anothers}
    assert table.contacts == {}
    assert [win for win in table.wins.values() if win.state != "deleted"] == [other]
    for word in ("Hers", "rsted", "Two hands"):
        assert word not in dump(table)
    assert record.lines == [Done(NOW, DANA, "erased_sender", "3")]
    assert table.counts == {("REFUSED", "somebody else's"): 1} | {
        key: n for key, n in table.counts.items() if key[0].startswith("ANSWER")
    }


def test_a_win_that_changes_meanwhile_is_erased_all_the_same(table: MemoryTable, sample_school: School) -> None:
    win = save(table, sample_school, **NAMED)

    class Hurried(MemoryTable):
        """A table on which somebody is quicker, twice."""

        changes = 2

        def replace_win(self, old: Win, new: Win, *more: Any) -> None:
            if self.changes and new.state == "deleted":
                self.changes -= 1
                later = old.model_copy(update={"story": f"changed {self.changes}", "revision": old.revision + 1})
                super().replace_win(old, later)
            super().replace_win(old, new, *more)

    hurried = Hurried()
    hurried.wins, hurried.schools = dict(table.wins), dict(table.schools)
    erase_sender(desk_at(hurried, sample_school), Office(MemoryRecord(), MemoryMail()), DANA, Sender("Ms. Ørsted"))
    (left,) = hurried.wins.values()
    assert (left.state, left.story, left.id) == ("deleted", "", win.id)


def sender_with_all(table: MemoryTable, school: School) -> Sender:
    for weeks_ago in (0, 4, 9):
        save(table, school, weeks_ago=weeks_ago, **NAMED)
    phone = Phone(table, school)
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    return Sender("Ms. Ørsted", phone.number, "orsted@maplerow.example")


def snapshot(table: MemoryTable) -> MemoryTable:
    fresh = MemoryTable()
    for name, value in vars(table).items():
        if not name.startswith("_"):
            setattr(fresh, name, copy.copy(value))
    fresh._stamps = copy.copy(table._stamps)
    return fresh


def outcome(table: MemoryTable) -> dict[str, Any]:
    return {"wins": table.wins, "contacts": table.contacts, "weeks": set(table.changed), "counts": table.counts}


def test_killed_before_any_single_write_and_run_again_a_sender_ends_as_erased(
    table: MemoryTable, sample_school: School
) -> None:
    sender = sender_with_all(table, sample_school)

    def run(table: MemoryTable, fuse: Fuse, post: MemoryMail) -> MemoryRecord:
        record = MemoryRecord()
        office: Any = Office(*(Fused(part, fuse) for part in (record, post)))
        desk: Any = desk_at(Fused(table, fuse), sample_school)
        erase_sender(desk, office, DANA, sender)
        assert post.lying == {}
        return record

    def letters() -> MemoryMail:
        return MemoryMail({f"mail/{n}": mail(sender=sender.mail) for n in range(2)})

    clean, counter = snapshot(table), Fuse()
    run(clean, counter, letters())
    assert counter.writes > 8
    for before_write in range(counter.writes):
        again, post = snapshot(table), letters()
        with pytest.raises(Killed):
            run(again, Fuse(before_write), post)
        record = run(again, Fuse(), post)
        assert outcome(again) == outcome(clean), f"killed before write {before_write}"
        assert [done.what for done in record.lines] == ["erased_sender"]


# a legal hold


def test_nothing_is_erased_while_a_legal_hold_stands(table: MemoryTable, sample_school: School) -> None:
    win = save(table, sample_school, **NAMED)
    with_hold(table)
    stale = desk_at(table, sample_school)  # a function that still has the file of before
    record = MemoryRecord()
    with pytest.raises(Problem, match="on_hold"):
        erase_win(stale, DANA, win.id)
    with pytest.raises(Problem, match="on_hold"):
        erase_sender(stale, Office(record, MemoryMail()), DANA, Sender("Ms. Ørsted"))
    assert (table.wins[win.week, win.id], table.done, record.lines) == (win, [], [])


def by_receipt(table: MemoryTable, school: School) -> Win:
    win = save(table, school, story="Two hands went up before I had finished.")
    desk = desk_at(table, school)
    _, kept = remove_win(desk, receipt_for(desk, win).token)
    assert kept.withdrawn
    with pytest.raises(Problem, match="withdrawn"):
        open_win(desk, receipt_for(desk, win).token)
    return win


def by_text(table: MemoryTable, school: School) -> Win:
    phone = Phone(table, school)
    phone.text("JOIN staff")
    phone.text("Two hands went up before I had finished.")
    (win,) = table.wins.values()
    assert "legal hold" in phone.text("UNDO")[0]
    assert "taken back already" in phone.text("UNDO")[0]
    return win


@pytest.mark.parametrize("take_back", [by_receipt, by_text])
def test_a_win_taken_back_under_a_hold_is_out_of_sight_and_its_sender_is_told(
    table: MemoryTable, take_back: Callable[[MemoryTable, School], Win]
) -> None:
    win = take_back(table, with_hold(table))
    kept = table.wins[win.week, win.id]
    assert (kept.state, kept.withdrawn, kept.story, kept.expires) == ("hidden", True, win.story, None)
    assert win.week in table.changed_weeks()


def test_a_new_win_does_not_expire_while_a_hold_stands(table: MemoryTable, sample_school: School) -> None:
    held = with_hold(table)
    assert win_at(held).expires is None
    assert win_at(sample_school).expires == date(2034, 1, 24)


def test_a_repeated_message_under_a_hold_says_that_the_win_was_taken_back(table: MemoryTable) -> None:
    desk = desk_at(table, with_hold(table))
    receipt = submit_win(desk, submission(nonce="1"), "web")
    remove_win(desk, receipt.token)
    with pytest.raises(Problem, match="withdrawn"):
        submit_win(desk, submission(nonce="1"), "web")


def test_a_receipt_of_erasure_holds_ids_and_days_only(table: MemoryTable, sample_school: School) -> None:
    win = save(table, sample_school, **NAMED)
    told = asdict(erase_win(desk_at(table, sample_school), DANA, win.id))
    assert set(told) == {"wins", "contact", "mails", "published_by", "backups_until"}
