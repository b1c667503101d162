"""What charts are made from, counted from wins without a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fakes.desk import NOW, labels_of

from chalicelib.domain.appearance import published_story
from chalicelib.domain.calendar import week_of
from chalicelib.domain.chart import Picture, voices_of, weeks_shown
from chalicelib.domain.rollup import as_named_today, as_shown, count_week
from chalicelib.domain.school import School
from chalicelib.domain.win import Win

TODAY = NOW.date()


def picture_of(school: School, wins: Iterable[Win], weeks: int | None = 12, today: date = TODAY) -> Picture:
    """Count wins into what charts are made from; without a number, the weeks that a publication would show."""
    labels, visible = labels_of(school), [win for win in wins if win.state == "visible"]
    by_week: dict[str, list[Win]] = {}
    for win in visible:
        by_week.setdefault(win.week, []).append(win)
    counted = {week: as_shown(count_week(week, some), labels) for week, some in by_week.items()}
    rollups = {week: as_named_today(rollup, school) for week, rollup in counted.items()}
    last_day: dict[str, str] = {}
    for rollup in rollups.values():
        for goal, day in rollup.last_day.items():
            last_day[goal] = max(day, last_day.get(goal, ""))
    shown = [week_of(today - timedelta(weeks=n)) for n in reversed(range(weeks or 0))]
    shown = shown or weeks_shown(today, min(by_week, default=None), last_day.get(""))
    voices = voices_of(published_story(win, labels) for win in visible if win.week in shown[-4:])
    in_them = {week: rollup for week, rollup in rollups.items() if week in shown}
    since = min(by_week, default="")
    return Picture(school, school.languages[0], today, shown, in_them, last_day, voices, since=since)
