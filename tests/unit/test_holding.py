"""What may point at a student waits for a leader, through every door and after every change."""

from __future__ import annotations

import pytest
from fakes.desk import desk_at, submission
from fakes.memory import MemoryTable
from fakes.phone import Phone
from fakes.postman import Postman, mail

from chalicelib.domain import guard
from chalicelib.domain.guard import roster_hash
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Change, Channel, Win
from chalicelib.work.amend import change_win
from chalicelib.work.desk import Desk, Receipt
from chalicelib.work.submit import submit_win

CLEAN = "Two hands went up before I had finished the question."
NAMED = "Zuri Okafor explained her answer to the whole class."


@pytest.fixture
def desk(sample_school: School) -> Desk:
    """A desk of a school without wins."""
    return desk_at(MemoryTable(), sample_school)


def sent(desk: Desk, story: str, channel: Channel = "web", **more: object) -> Receipt:
    return submit_win(desk, submission(story, **more), channel)


def changed(desk: Desk, receipt: Receipt, **change: object) -> Win:
    import json

    return change_win(desk, receipt.token, parse(Change, json.dumps(change).encode())).win


@pytest.mark.parametrize("channel", ["web", "spreadsheet"])
@pytest.mark.parametrize(
    ("story", "reasons"),
    [
        (CLEAN, ()),
        (NAMED, ("person",)),
        ("Her mother called from 555-867-5309 to say thanks.", ("phone",)),
        ("The parent wrote to maria.lopez@gmail.com about it.", ("mail",)),
        ("See https://photos.example/abc for the picture.", ("link",)),
        ("Student id 4471902 finished first.", ("id",)),
        ("We walked to 142 Maple Street together.", ("address",)),
    ],
)
def test_a_win_is_held_for_what_the_guard_finds(
    desk: Desk, channel: Channel, story: str, reasons: tuple[str, ...]
) -> None:
    win = sent(desk, story, channel).win
    assert (win.state, win.held_for) == ("held" if reasons else "visible", reasons)
    assert win.story == story


@pytest.mark.parametrize("part", ["tried", "happened", "takeaway"])
def test_every_part_that_colleagues_read_is_looked_at(desk: Desk, part: str) -> None:
    assert sent(desk, CLEAN, **{part: NAMED}).win.held_for == ("person",)


def test_texts_and_mails_are_held_alike_and_their_senders_are_told(sample_school: School) -> None:
    texts = sample_school.texts.model_copy(update={"unknown": "open"})
    phone = Phone(MemoryTable(), sample_school.model_copy(update={"texts": texts}))
    assert "a leader reads it first" in phone.text(NAMED)[0]
    assert phone.last().held_for == ("person",)
    postman = Postman(MemoryTable(), sample_school)
    postman.bring(mail(NAMED))
    assert [win.state for win in postman.wins()] == ["held"]
    assert "it may name a student" in postman.answers()[0]


def test_a_text_that_is_edited_until_it_names_nobody_is_let_through(sample_school: School) -> None:
    texts = sample_school.texts.model_copy(update={"unknown": "open"})
    phone = Phone(MemoryTable(), sample_school.model_copy(update={"texts": texts}))
    phone.text(NAMED)
    assert "A leader reads it first" in phone.text("EDIT Zuri Okafor explained it")[0]
    assert phone.text("EDIT A student explained it")[0].startswith("Changed. It reads")
    assert (phone.last().state, phone.last().held_for) == ("visible", ())


def test_a_change_that_brings_in_a_name_holds_a_win_and_one_that_takes_it_out_lets_it_go(desk: Desk) -> None:
    receipt = sent(desk, CLEAN)
    assert changed(desk, receipt, story=NAMED).state == "held"
    assert changed(desk, receipt, kind="lesson").state == "held"
    assert changed(desk, receipt, story=CLEAN).state == "visible"


def test_what_a_leader_let_pass_stays_passed_but_a_new_name_does_not(desk: Desk) -> None:
    receipt = sent(desk, NAMED)
    held = receipt.win
    passed = held.model_copy(update={"state": "visible", "held_for": (), "revision": 2})
    desk.table.replace_win(held, passed)
    assert changed(desk, receipt, story=f"{NAMED} Again!").state == "visible"
    assert changed(desk, receipt, story=f"{NAMED} So did Mateo Rivera.").held_for == ("person",)


def test_what_a_leader_hid_stays_hidden_whatever_its_sender_changes(desk: Desk) -> None:
    receipt = sent(desk, NAMED)
    desk.table.replace_win(receipt.win, receipt.win.model_copy(update={"state": "hidden", "revision": 2}))
    assert changed(desk, receipt, story=CLEAN).state == "hidden"


def test_what_was_forwarded_is_masked_at_once_and_holds_nothing_up(desk: Desk) -> None:
    win = sent(desk, CLEAN, quoted="Dear teacher,\nZuri Okafor loved it. Call 555-867-5309.").win
    assert win.state == "visible"
    assert win.quoted == "Dear teacher,\n[student] loved it. Call [phone]."


def test_staff_of_the_school_file_are_no_findings(sample_school: School) -> None:
    school = sample_school.model_copy(update={"staff": ("Ms. Adaeze Nwosu",)})
    desk = desk_at(MemoryTable(), school)
    assert sent(desk, "Adaeze Nwosu and I planned it together.").win.state == "visible"
    leader = school.leaders[0].name
    assert sent(desk, f"I planned it with {leader} on Monday.").win.state == "visible"


def test_a_name_on_the_roster_is_found_however_it_is_written(sample_school: School) -> None:
    hashes, key = {roster_hash(name, b"key") for name in ("Sky Rivers", "sky")}, b"key"
    desk = desk_at(MemoryTable(), sample_school)
    import dataclasses

    knowing = dataclasses.replace(desk, on_roster=guard.roster(hashes, key))
    story = "today sky rivers raised her hand"
    assert sent(knowing, story).win.held_for == ("person",)


def test_what_only_a_robot_fills_in_holds_a_win_and_loses_none(desk: Desk) -> None:
    receipt = sent(desk, CLEAN, website="http://cheap.example")
    assert (receipt.win.state, receipt.win.held_for) == ("held", ("robot",))
    assert changed(desk, receipt, story="Edited.").held_for == ("robot",)
    assert sent(desk, CLEAN, website="").win.state == "visible"


def test_without_the_guards_names_wins_are_held_and_not_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.domain.guard import lexicon

    lexicon.load.cache_clear()
    lexicon.look_up.cache_clear()
    monkeypatch.setattr(lexicon, "FILE", lexicon.FILE.with_name("nowhere.dat"))
    try:
        win = sent(desk, f"{CLEAN} We were all Surprised.", quoted="Zuri Okafor loved it.").win
    finally:
        lexicon.load.cache_clear()
        lexicon.look_up.cache_clear()
    assert (win.state, win.held_for, win.quoted) == ("held", ("unchecked",), None)


def test_the_sender_is_told_why_a_win_is_held(desk: Desk) -> None:
    seen_by = str(sent(desk, f"{NAMED} Call 555-867-5309.").preview["seen_by"])
    assert "A leader of" in seen_by
    assert seen_by.endswith("Why: it may name a student; it may hold a phone number.")


def test_a_change_leaves_the_rules_of_a_storys_own_time_in_force_unless_its_team_is_chosen_anew(desk: Desk) -> None:
    import dataclasses

    desk.table.save_school(desk.school, 1)
    receipt = sent(desk, CLEAN, team="grade-2-3")
    later = dataclasses.replace(desk, version=2)
    assert changed(later, receipt, story="Three hands went up.").school_version == 1
    assert changed(later, receipt, team="primary").school_version == 2
