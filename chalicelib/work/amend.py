"""A sender reads, changes or takes back what was sent, by its receipt."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.win import Author, Change, Told, Win
from chalicelib.work.desk import Desk, Receipt, receipt_for
from chalicelib.work.ids import arrived_at, new_id, weeks_for
from chalicelib.work.secrets import read_receipt
from chalicelib.work.submit import is_tie, told_problems, with_goals_of_signs


def open_win(desk: Desk, token: str, win_id: str | None = None) -> Receipt:
    """Fetch the win a receipt is for.

    Args:
        desk: where it is dealt with.
        token: the receipt.
        win_id: the win that was asked for, if the address names one.

    Raises:
        Problem: `receipt_missing`, `receipt_wrong`, `receipt_old`, `receipt_other_win`, `no_such_win`, `removed`.
    """
    return receipt_for(desk, _find(desk, token, win_id))


def _find(desk: Desk, token: str, win_id: str | None) -> Win:
    own_id = read_receipt(desk.keys, token, desk.now)
    if win_id is not None and win_id != own_id:
        raise Problem("receipt_other_win")
    win = desk.table.find_win(own_id, weeks_for(own_id, desk.school.zone))
    if win is None:
        raise Problem("no_such_win")
    if win.state == "deleted":
        raise Problem("removed")
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


def remove_win(desk: Desk, token: str, win_id: str | None = None) -> Win:
    """Take a win back: its story and all it held are gone; only the fact that it was removed is kept.

    Returns:
        The win as it was.

    Raises:
        Problem: as `open_win`; `changed_meanwhile`.
    """
    old = _find(desk, token, win_id)
    _replace(desk, old, removed(old))
    return old


def removed(win: Win) -> Win:
    """Return what stays of a removed win: nothing that was told."""
    return Win(
        id=win.id,
        week=win.week,
        day=win.day,
        state="deleted",
        kind=win.kind,
        story="",
        author=Author(mode="anonymous"),
        channel=win.channel,
        school_version=win.school_version,
        revision=win.revision + 1,
    )


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
        "school_version": desk.version,
        "tagged_by": {tag: by for tag, by in old.tagged_by.items() if tag in kept_tags} | added,
    }
    if new.author.mode == "anonymous" and old.author.mode != "anonymous":
        update["id"] = new_id(arrived_at(old.id), desk.school.zone, to_the_day=True)
        update["revision"] = 1
        update["link"] = None if is_tie(new.channel, new.author) else new.link
    return new.model_copy(update=update)


def _check(desk: Desk, old: Win, different: dict[str, Any]) -> None:
    """Check what is to be different against the school file of now, or the one that the win was sent under."""
    told = Told.model_construct(**different)
    problems = tuple(told_problems(desk.school, told, desk.today))
    if problems and old.school_version != desk.version:
        problems = tuple(told_problems(desk.table.school_at(old.school_version), told, desk.today))
    if problems:
        raise Problem("fields", problems)


def _replace(desk: Desk, old: Win, new: Win) -> None:
    try:
        desk.table.replace_win(old, new)
    except WriteConflict:
        raise Problem("changed_meanwhile") from None
