"""A sender reads, changes or takes back what was sent, by its receipt."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.errors import FieldProblem, Problem, WriteConflict
from chalicelib.domain.win import Author, Change, Told, Win
from chalicelib.ports import Alongside
from chalicelib.ports.leaders import Done
from chalicelib.work.desk import Desk, Receipt, receipt_for
from chalicelib.work.holding import held_after_change
from chalicelib.work.ids import arrived_at, new_id
from chalicelib.work.secrets import read_receipt
from chalicelib.work.submit import is_tie, told_problems, with_goals_of_signs


def open_win(desk: Desk, token: str, win_id: str | None = None) -> Receipt:
    """Fetch the win a receipt is for.

    Args:
        desk: where it is dealt with.
        token: the receipt.
        win_id: the win that was asked for, if the address names one.

    Raises:
        Problem: `receipt_missing`, `receipt_wrong`, `receipt_old`, `receipt_other_win`, `no_such_win`, `removed`,
            `withdrawn`.
    """
    return receipt_for(desk, _find(desk, token, win_id))


def _find(desk: Desk, token: str, win_id: str | None) -> Win:
    own_id = read_receipt(desk.keys, token, desk.now)
    if win_id is not None and win_id != own_id:
        raise Problem("receipt_other_win")
    win = desk.find(own_id)
    if win is None:
        raise Problem("no_such_win")
    if win.taken_back:
        raise Problem("withdrawn" if win.withdrawn else "removed")
    return win


def change_win(desk: Desk, token: str, change: Change, win_id: str | None = None) -> Receipt:
    """Change a win and return its new receipt.

    A win that becomes anonymous gets a new id whose time is rounded to the day, and so a new receipt.

    Raises:
        Problem: as `open_win`; `fields`; `changed_meanwhile` if somebody else was quicker.
    """
    old = _find(desk, token, win_id)
    new = changed(desk, old, change)
    if new == old:
        return receipt_for(desk, old)
    _replace(desk, old, new)
    return receipt_for(desk, new)


def remove_win(desk: Desk, token: str, win_id: str | None = None) -> tuple[Win, Win]:
    """Take a win back: its story and all it held are gone, or under a legal hold out of everybody's sight.

    Returns:
        The win as it was, and what is kept of it from now on.

    Raises:
        Problem: as `open_win`; `changed_meanwhile`.
    """
    old = _find(desk, token, win_id)
    new = taken_back(desk, old)
    _replace(desk, old, new)
    return old, new


def on_legal_hold(desk: Desk) -> bool:
    """Whether nothing may be removed for good: what the newest school file says, not one read some seconds ago."""
    latest = desk.table.latest_school()
    return (latest[1] if latest else desk.school).privacy.legal_hold


def taken_back(desk: Desk, win: Win) -> Win:
    """Return what stays of a win that its sender takes back."""
    if not on_legal_hold(desk):
        return removed(win)
    shut = {"state": "hidden", "withdrawn": True, "held_for": (), "question": None, "expires": None}
    return win.model_copy(update={**shut, "revision": win.revision + 1})


def removed(win: Win) -> Win:
    """Return what stays of a removed win: that there was one. All else is the same for every removed win."""
    return Win(
        id=win.id,
        week=win.week,
        day=win.day,
        state="deleted",
        kind="success",
        story="",
        author=Author(mode="anonymous"),
        channel="web",
        school_version=0,
        revision=win.revision + 1,
        expires=win.expires,
    )


def put_away(desk: Desk, old: Win, new: Win, done: Done | None = None) -> None:
    """Put what stays of a win in its place, or it made anonymous, and forget whose phone sent it, in one step.

    Args:
        desk: where it is dealt with.
        old: the win as it is.
        new: what stays of it.
        done: the line of the record, if it is not the sender who does it.

    Raises:
        WriteConflict: if somebody was quicker.
    """
    talking = desk.table.every_contact() if old.channel == "text" else ()
    contact = next((one for one in talking if one.last and one.last.win == old.id), None)
    desk.table.replace_win(old, new, Alongside(contact=contact.forgetting() if contact else None, done=done))


def changed(desk: Desk, old: Win, change: Change) -> Win:
    """Return a win as it is after a change; stores nothing, and is `old` itself if nothing differs.

    Raises:
        Problem: `fields`.
    """
    wanted = {name: getattr(change, name) for name in change.model_fields_set}
    _check(desk, old, {name: value for name, value in wanted.items() if value != getattr(old, name)})
    if change.author:
        wanted["author"] = change.author.kept()
    new = old.model_copy(update=wanted)
    if new == old:
        return old
    goals, added = with_goals_of_signs(desk.school, new.goals, new.signs)
    kept_tags = {*(f"goals/{goal}" for goal in new.goals), f"team/{new.team}"}
    update = {
        "goals": goals,
        "revision": old.revision + 1,
        "school_version": version_after(desk, old, new),
        "tagged_by": {tag: by for tag, by in old.tagged_by.items() if tag in kept_tags} | added,
    }
    if new.author.mode == "anonymous" and old.author.mode != "anonymous":
        update["id"] = new_id(arrived_at(old.id), desk.school.zone, to_the_day=True)
        update["revision"] = 1
        update["link"] = None if is_tie(new.channel, new.author) else new.link
    return held_after_change(desk, old, new.model_copy(update=update))


def version_after(desk: Desk, old: Win, new: Win) -> int:
    """Return the version of the school file that a changed win counts as sent under.

    A team or group that was chosen before is shown by the rules of its own time: a team that has grown since would else
    be told by which of its stories get its name.
    """
    chosen_anew = new.team not in {old.team, None} or not {*new.groups} <= {*old.groups}
    return desk.version if chosen_anew else old.school_version


def _check(desk: Desk, old: Win, different: dict[str, Any]) -> None:
    """Check what is to be different against the school file of now, or the one that the win was sent under."""
    told = Told.model_construct(**different)
    problems = tuple(told_problems(desk.school, told, desk.today))
    if problems and old.school_version != desk.version:
        problems = tuple(told_problems(desk.table.school_at(old.school_version), told, desk.today))
    if different.get("resolves") == old.story_id:
        problems = (*problems, FieldProblem("resolves", "answers_itself"))
    if problems:
        raise Problem("fields", problems)


def _replace(desk: Desk, old: Win, new: Win) -> None:
    """Store what a sender changed; a win that is nobody's any more is put away."""
    try:
        if new.id != old.id or new.taken_back:
            put_away(desk, old, new)
        else:
            desk.table.replace_win(old, new)
    except WriteConflict:
        raise Problem("changed_meanwhile") from None
