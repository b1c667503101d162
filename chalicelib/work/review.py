"""Leaders look at held wins, and decide: nothing is released by time, and no decision overwrites another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import FieldProblem, Problem, WriteConflict
from chalicelib.domain.guard import find_spans, mask
from chalicelib.domain.review import Decision, Waiting, masked
from chalicelib.domain.win import Told, Win, is_blank
from chalicelib.ports import Alongside
from chalicelib.ports.leaders import Done
from chalicelib.work.amend import version_after
from chalicelib.work.holding import findings_of
from chalicelib.work.submit import told_problems, with_goals_of_signs

if TYPE_CHECKING:
    from chalicelib.ports.leaders import Record
    from chalicelib.work.desk import Desk
    from chalicelib.work.holding import Findings
    from chalicelib.work.sign_in import Session

MOST_AT_ONCE = 25
"""Held wins that one look shows."""
_NAMED = {"approve": "approved", "mask": "masked", "hide": "hid", "retag": "retagged", "ask": "asked"}
_LISTS = ("goals", "signs", "groups", "helped", "hindered")
_TAGS = (*_LISTS, "practices", "team")


def open_queue(desk: Desk, record: Record, session: Session, after: str = "") -> list[Waiting]:
    """List held wins, oldest first, and record that somebody saw them.

    Args:
        desk: where it is dealt with.
        record: of who did what.
        session: whoever looks.
        after: the id after which to go on.
    """
    return _seen(desk, record, session, desk.table.held(after, MOST_AT_ONCE))


def open_one(desk: Desk, record: Record, session: Session, week: str, story: str) -> list[Waiting]:
    """Find one win, held or not, by its week and the id its story has on the dashboard.

    Raises:
        Problem: `no_such_win`.
    """
    found = [win for win in desk.table.wins_of(week) if win.id[-len(story) :] == story and win.state != "deleted"]
    if not (story and found):
        raise Problem("no_such_win")
    return _seen(desk, record, session, found[:1])


def _seen(desk: Desk, record: Record, session: Session, wins: list[Win]) -> list[Waiting]:
    if held := [win.id for win in wins if win.state != "visible"]:
        record.add_done(Done(desk.now, session.leader.email, "saw_held", " ".join(held)))
    return [Waiting(win, max((desk.today - win.day).days, 0), _findings(desk, win)) for win in wins]


def _findings(desk: Desk, win: Win) -> Findings:
    try:
        return findings_of(desk, win)
    except Exception:  # noqa: BLE001 - a leader can still read and decide
        return {}


def decide(desk: Desk, session: Session, win_id: str, decision: Decision) -> Win:
    """Do what a leader decided about a win, and record it in the same step.

    Raises:
        Problem: `no_such_win`, `removed`, `withdrawn`, `fields`, and `changed_meanwhile` if somebody else was quicker.
    """
    old = desk.find(win_id)
    if old is None:
        raise Problem("no_such_win")
    if old.taken_back:
        raise Problem("withdrawn" if old.withdrawn else "removed")
    if old.revision != decision.revision:
        raise Problem("changed_meanwhile")
    new = old.model_copy(update={**_decided(desk, old, decision), "revision": old.revision + 1})
    what = "showed" if (decision.action, old.state) == ("approve", "hidden") else _NAMED[decision.action]
    try:
        desk.table.replace_win(old, new, Alongside(done=Done(desk.now, session.leader.email, what, old.id)))
    except WriteConflict:
        raise Problem("changed_meanwhile") from None
    return new


def _decided(desk: Desk, win: Win, decision: Decision) -> dict[str, Any]:
    if decision.action == "retag":
        return _retagged(desk, win, decision)
    if decision.action == "ask":
        return _asked(win, decision.question or "")
    if decision.action == "hide":
        return {"state": "hidden", "held_for": (), "question": None}
    shown: dict[str, Any] = {"state": "visible", "held_for": (), "question": None, **_checked_quote(desk, win)}
    if decision.action == "approve":
        return shown
    parts = masked(win, decision.spans, decision.words)
    if not parts:
        raise Problem("fields", (FieldProblem("words", "nothing_to_mask"),))
    return shown | parts


def _checked_quote(desk: Desk, win: Win) -> dict[str, Any]:
    """Mask what was forwarded, if the guard could not when the win arrived."""
    return {"quoted": mask(win.quoted, find_spans(win.quoted, desk.known))} if win.quoted else {}


def _asked(win: Win, question: str) -> dict[str, Any]:
    if is_blank(question):
        raise Problem("fields", (FieldProblem("question", "blank"),))
    reasons = [reason for reason in win.held_for if reason not in {"asked", "answered"}]
    return {"state": "held", "held_for": (*reasons, "asked"), "question": question.strip()}


def _retagged(desk: Desk, win: Win, decision: Decision) -> dict[str, Any]:
    wanted = {name: getattr(decision, name) for name in _TAGS if name in decision.model_fields_set}
    wanted = {name: value for name, value in wanted.items() if value is not None or name == "team"}
    different = {name: value for name, value in wanted.items() if value != getattr(win, name)}
    if problems := tuple(told_problems(desk.school, Told.model_construct(**different), desk.today)):
        raise Problem("fields", problems)
    new = win.model_copy(update=different)
    goals, added = with_goals_of_signs(desk.school, new.goals, new.signs)
    tags = {tag: by for tag, by in win.tagged_by.items() if tag in _names(new)}
    by_leader = dict.fromkeys(_names(new) - _names(win), "leader")
    told_by = {"tagged_by": tags | by_leader | added, "school_version": version_after(desk, win, new)}
    return {**different, "goals": goals, **told_by}


def _names(win: Win) -> set[str]:
    """Name all tags of a win as `tagged_by` does."""
    named = {f"{what}/{one}" for what in _LISTS for one in getattr(win, what)}
    named |= {f"practices/{use.id}" for use in win.practices}
    return named | ({f"team/{win.team}"} if win.team else set())
