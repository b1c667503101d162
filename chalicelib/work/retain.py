"""What is older than the school keeps it goes, once a day: wins, what was counted of them, what was withdrawn.

A net lies below: the store itself forgets a win sixty days after its time (`expires`). As long as a legal hold stands
nothing is removed, and the net is taken away from below the wins that would soon fall into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import monday_of, week_of, weeks_between
from chalicelib.domain.errors import WriteConflict
from chalicelib.domain.retention import NET, expires_on, keeps_from, years_later
from chalicelib.work.amend import put_away, removed

if TYPE_CHECKING:
    from chalicelib.domain.school import Privacy
    from chalicelib.domain.win import Win
    from chalicelib.ports import Table
    from chalicelib.work.desk import Desk

_AHEAD = timedelta(days=90)
"""How long before the store would forget a win it is looked at whether it still may."""
_LATE = timedelta(days=14)
"""How long the store may take to forget what it should have."""


@dataclass(frozen=True)
class Retained:
    """What a run did."""

    wins: int = 0
    """Removed for their age."""
    withdrawn: int = 0
    """Removed because the legal hold that kept them is over."""
    on_hold: bool = False


def retain(desk: Desk) -> Retained:
    """Remove what is older than the school keeps it; under a legal hold, see to it that nothing is.

    A district keeps no wins; its counts follow what its schools keep.
    """
    table = desk.table
    version, school = table.latest_school() or (desk.version, desk.school)
    if school.district is not None:
        return Retained()
    known = {table.school_at(one).privacy.keep_years for one in range(1, version)} | {school.privacy.keep_years}
    for years in sorted(known):
        _mend_net(table, years, school.privacy, desk.today)
    if school.privacy.legal_hold:
        return Retained(on_hold=True)
    withdrawn = sum(_remove(desk, win) for win in table.withdrawn())
    first = keeps_from(school.privacy, desk.today)
    return Retained(sum(_purge(table, week, first) for week in _weeks_before(table, first)), withdrawn)


def _weeks_before(table: Table, first: date) -> list[str]:
    """List the weeks that began before the first day that is kept: since the oldest that may hold anything.

    Weeks with wins have a rollup, but for those whose wins were all held from the start.
    """
    held = [win.week for win in table.held("", 1)]
    oldest = min([week_of(first - NET - _LATE), *table.counted_weeks()[:1], *held])
    return [week for week in weeks_between(oldest, week_of(first)) if monday_of(week) < first]


def _purge(table: Table, week: str, first: date) -> int:
    """Remove the wins of a week from before a day, and what was counted of it once it is empty."""
    wins = table.wins_of(week)
    old = [win for win in wins if win.day < first and not win.withdrawn]
    if old:
        table.forget_wins(week, old)
    if len(old) == len(wins) and week_of(first) != week and table.stored_rollup(week).revision:
        table.forget_rollup(week)
    return sum(win.state != "deleted" for win in old)


def _remove(desk: Desk, win: Win) -> int:
    """Remove a withdrawn win as if its sender took it back now."""
    try:
        put_away(desk, win, removed(win))
    except WriteConflict:
        return 0  # the next run does it
    return 1


def _mend_net(table: Table, years: int, rule: Privacy, today: date) -> None:
    """Look at the wins that the store would soon forget if they were kept for so many years when they were stored.

    Their time is set to what the rule of now says.
    """
    first, last = (years_later(today - NET + ahead, -years) for ahead in (-_LATE, _AHEAD))
    for week in weeks_between(week_of(first), week_of(last)):
        for win in table.wins_of(week):
            wanted = expires_on(rule, win.day)
            if win.expires != wanted:
                table.set_expiry(win, wanted)
