"""Who took a win along: what its sender may know of exports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import school_year_of
from chalicelib.domain.words import say, say_day
from chalicelib.work.ids import arrived_at

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.win import Win
    from chalicelib.ports.leaders import Done, Record
    from chalicelib.work.desk import Desk

_OF_WINS = ("csv", "json")


def exports_of(desk: Desk, record: Record, win: Win) -> list[dict[str, str]]:
    """List the exports since a win arrived that covered its school year, oldest first: `who`, `day`, `what`.

    Who exported is told by name and the day alone; of an anonymous win only the day of arrival is known, so exports of
    that whole day are listed.
    """
    year = school_year_of(win.week, desk.school.school_year.starts)
    names = {leader.email: leader.name for leader in desk.school.leaders}
    told = []
    for month in _months(win.day, desk.today):
        for done in record.done_in(month):
            if done.what == "exported" and _covers(done.about, year) and _is_later(desk, done, win):
                day = done.when.astimezone(desk.school.zone).date()
                who = names.get(done.who) or say(desk.language, "record.former")
                told.append({"who": who, "day": day.isoformat(), "what": done.about.partition(" ")[0]})
    return told


def in_words(desk: Desk, exports: list[dict[str, str]]) -> list[str]:
    """Write one line for each export, for the receipt page."""
    return [f"{one['who']}, {say_day(desk.language, _day(one['day']))} ({one['what'].upper()})" for one in exports]


def _day(text: str) -> date:
    from datetime import date

    return date.fromisoformat(text)


def _covers(about: str, year: str) -> bool:
    ending, _, scope = about.partition(" ")
    return ending in _OF_WINS and scope in {"all", year}


def _is_later(desk: Desk, done: Done, win: Win) -> bool:
    if win.author.mode == "anonymous":
        return done.when.astimezone(desk.school.zone).date() >= win.day
    return done.when >= arrived_at(win.id)


def _months(first: date, last: date) -> list[str]:
    """List the months from the day before the first to the day after the last: the record goes by UTC."""
    day, end = first - timedelta(days=1), last + timedelta(days=1)
    count = (end.year - day.year) * 12 + end.month - day.month
    months = [day.year * 12 + day.month - 1 + n for n in range(count + 1)]
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in months]
