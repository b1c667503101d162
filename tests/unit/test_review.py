"""Leaders decide about wins, one after the other."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from fakes.desk import NOW, desk_at, submission
from fakes.leaders import MemoryRecord
from fakes.memory import MemoryTable
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Problem
from chalicelib.domain.guard import MASKS
from chalicelib.domain.review import Decision, Stretch, masked
from chalicelib.domain.school import School
from chalicelib.domain.win import Author, Change, Win
from chalicelib.work.amend import change_win
from chalicelib.work.desk import Desk
from chalicelib.work.review import decide, open_one, open_queue
from chalicelib.work.sign_in import Session
from chalicelib.work.submit import submit_win

NAMED = "Zuri Okafor explained her answer. Later Zuri helped."


class Office:
    """A leader at a desk."""

    def __init__(self, school: School) -> None:
        self.desk = desk_at(MemoryTable(), school)
        self.record = MemoryRecord()
        self.session = Session(school.leaders[0], "cookie")

    def send(self, story: str = NAMED, days_ago: int = 0, **told: Any) -> Win:
        desk = dataclasses.replace(self.desk, now=NOW - timedelta(days=days_ago))
        return submit_win(desk, submission(story, **told), "web").win

    def decide(self, win: Win, action: str, **more: Any) -> Win:
        told = {"revision": win.revision, "action": action, **more}
        return decide(self.desk, self.session, win.id, Decision.model_validate(told))

    def done(self) -> list[tuple[str, str]]:
        return [(done.what, done.about) for done in self.desk.table.done]  # type: ignore[attr-defined]


@pytest.fixture
def office(sample_school: School) -> Office:
    """A leader of the sample school."""
    return Office(sample_school)


def as_spans(office: Office, win: Win) -> tuple[Stretch, ...]:
    (waiting,) = [one for one in open_queue(office.desk, office.record, office.session) if one.win.id == win.id]
    return tuple(
        Stretch(part=part, start=one.start, end=one.end, type=one.type)  # type: ignore[arg-type]
        for part, spans in waiting.findings.items()
        for one in spans
    )


def test_the_queue_has_held_wins_alone_oldest_first_with_their_age(office: Office) -> None:
    office.send("Nothing to see in it.")
    new, old = office.send(), office.send(days_ago=9)
    waiting = open_queue(office.desk, office.record, office.session)
    assert [(one.win.id, one.days) for one in waiting] == [(old.id, 9), (new.id, 0)]
    assert [one.win.id for one in open_queue(office.desk, office.record, office.session, after=old.id)] == [new.id]


def test_who_saw_what_was_held_is_recorded_by_ids(office: Office) -> None:
    win = office.send()
    open_queue(office.desk, office.record, office.session)
    ((done),) = office.record.lines
    assert (done.who, done.what, done.about) == (office.session.leader.email, "saw_held", win.id)


def test_masking_keeps_the_sentence_and_nothing_of_the_name(office: Office) -> None:
    win = office.send(takeaway="Ask Zuri more often.")
    now = office.decide(win, "mask", spans=as_spans(office, win))
    assert now.story == "[student] explained her answer. Later [student] helped."
    assert "Zuri" not in now.model_dump_json()
    assert (now.state, now.held_for) == ("visible", ())
    stored = repr(office.desk.table.wins)  # type: ignore[attr-defined]
    assert "Zuri" not in stored
    assert "Okafor" not in stored


def test_words_are_masked_wherever_they_stand_and_not_inside_others(office: Office) -> None:
    win = office.send("The twins did it: zaz and ZAZ, not zazen.", quoted="zaz was here")
    now = office.decide(win, "mask", words=("Zaz",))
    assert now.story == "The twins did it: [student] and [student], not zazen."
    assert now.quoted == "[student] was here"


def test_whatever_was_chosen_goes_even_where_choices_overlap(office: Office) -> None:
    win = office.send("abcdefghij klm")
    spans = (Stretch(part="story", start=0, end=5, type="ID"), Stretch(part="story", start=3, end=10))
    assert office.decide(win, "mask", spans=spans, words=("klm",)).story == "[id] [student]"


def test_what_stands_nowhere_is_not_masked_and_the_win_stays(office: Office) -> None:
    win = office.send()
    with pytest.raises(Problem, match="fields"):
        office.decide(win, "mask", words=("Nobody",))
    with pytest.raises(Problem, match="fields"):
        office.decide(win, "mask")
    assert office.desk.table.find_win(win.id, [win.week]) == win


def test_of_two_leaders_at_once_the_second_is_told_and_nothing_is_overwritten(office: Office) -> None:
    win = office.send()
    office.decide(win, "hide")
    for action in ("approve", "mask", "hide", "retag", "ask"):
        with pytest.raises(Problem, match="changed_meanwhile"):
            office.decide(win, action, words=("Zuri",), question="Who?")
    assert [one.state for one in office.desk.table.wins_of(win.week)] == ["hidden"]
    assert office.done() == [("hid", win.id)]


def test_every_decision_is_recorded_with_the_win_and_none_of_its_words(office: Office) -> None:
    win = office.decide(office.send(), "ask", question="May we keep the name?")
    win = office.decide(win, "retag", goals=("explain",))
    win = office.decide(win, "hide")
    win = office.decide(win, "approve")
    office.decide(win, "mask", words=("Zuri",))
    assert office.done() == [(what, win.id) for what in ("asked", "retagged", "hid", "showed", "masked")]
    assert "Zuri" not in repr(office.desk.table.done)  # type: ignore[attr-defined]


def test_an_answer_to_a_question_comes_back_to_the_queue_even_if_it_names_nobody(office: Office) -> None:
    receipt = submit_win(office.desk, submission(NAMED), "web")
    asked = office.decide(receipt.win, "ask", question="  May we leave out the name? ")
    assert (asked.state, asked.question) == ("held", "May we leave out the name?")
    now = change_win(office.desk, receipt.token, Change(story="A student explained it.")).win
    assert (now.state, now.held_for, now.question) == ("held", ("answered",), None)
    assert office.decide(now, "approve").state == "visible"


def test_a_question_needs_words(office: Office) -> None:
    with pytest.raises(Problem, match="fields"):
        office.decide(office.send(), "ask", question=" \u200b ")


def test_tags_that_a_leader_sets_say_so_and_bring_their_goals(office: Office) -> None:
    win = office.send(signs=("book-talk",))
    now = office.decide(win, "retag", signs=("because",), goals=(), team="grade-2-3")
    assert (now.signs, now.goals, now.team, now.state) == (("because",), ("explain",), "grade-2-3", "held")
    assert now.tagged_by == {"signs/because": "leader", "team/grade-2-3": "leader", "goals/explain": "sign"}
    with pytest.raises(Problem, match="fields"):
        office.decide(now, "retag", goals=("nowhere",))


def test_one_win_is_found_by_its_story_on_the_dashboard(office: Office) -> None:
    win = office.send("Nothing to see in it.")
    (found,) = open_one(office.desk, office.record, office.session, win.week, win.id[10:])
    assert found.win == win
    for week, story in ((win.week, "0" * 16), ("1999-W01", win.id[10:]), (win.week, "")):
        with pytest.raises(Problem, match="no_such_win"):
            open_one(office.desk, office.record, office.session, week, story)


def test_a_win_that_is_gone_is_not_decided_about(office: Office) -> None:
    win = office.send()
    with pytest.raises(Problem, match="no_such_win"):
        office.decide(win.model_copy(update={"id": "01K00000000000000000000000"}), "hide")


TEXTS = st.lists(st.sampled_from([*"aA é👩🏽[]\n.'Zuri ", "[student]", "student"]), max_size=30).map("".join)
STRETCHES = st.builds(
    Stretch,
    part=st.sampled_from(("story", "tried")),
    start=st.integers(0, 50),
    end=st.integers(1, 50),
    type=st.sampled_from(tuple(MASKS)),
)


@given(
    story=TEXTS,
    spans=st.lists(STRETCHES, max_size=6).map(tuple),
    words=st.lists(TEXTS, max_size=3).map(tuple),
)
def test_masking_never_breaks_and_leaves_no_word_it_was_told(
    story: str, spans: tuple[Stretch, ...], words: tuple[str, ...]
) -> None:
    win = _win(story)
    parts = masked(win, spans, words)
    now = win.model_copy(update=parts)
    assert masked(now, (), words) == {}
    assert set(parts) <= {"story"}


def _win(story: str) -> Win:
    author = Author(mode="confidential")
    day = NOW.date()
    return Win(
        id="0" * 26,
        week="2026-W48",
        day=day,
        kind="success",
        story=story,
        author=author,
        channel="web",
        school_version=1,
    )


def test_a_desk_knows_its_adults(sample_school: School) -> None:
    desk: Desk = desk_at(MemoryTable(), sample_school)
    assert {leader.name for leader in sample_school.leaders} <= desk.known.staff
