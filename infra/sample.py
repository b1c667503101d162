"""The sample school: one year of wins that end this week, told by an invented staff (`schools/sample_wins.jsonl`)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.calendar import monday_of, week_of, weeks_between
from chalicelib.domain.chart import Picture
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Channel, Submission
from chalicelib.work.desk import Desk
from chalicelib.work.submit import submit_wins

_WINS = Path(__file__).parent / "schools" / "sample_wins.jsonl"
_SEED = 20260824
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
_FIRST_DAY, _LAST_WEEK = date(2025, 8, 25), "2026-W25"
"""The year that the sample tells of, by the calendar in `schools/sample.yaml`."""
_AT_ONCE = 88
_CHANNELS: tuple[Channel, ...] = ("web", "text", "web", "mail", "web", "web", "text", "web", "mail", "web")


def sample_rows() -> list[dict[str, Any]]:
    """Return all sample wins: the body of `POST /api/wins`, with its time and what it answers beside it.

    `week` is 1 to 40, `day` a weekday, `answers` the line of a lesson.
    """
    return [json.loads(line) for line in _WINS.read_text("utf-8").splitlines()]


def around(school: School, today: date) -> School:
    """Move the school's calendar by whole weeks, so that its sample year ends this week whenever it is tried."""
    weeks = (monday_of(week_of(today)) - monday_of(_LAST_WEEK)) // timedelta(weeks=1)
    shift = timedelta(weeks=weeks)
    moved = tuple(
        pause.model_copy(update={"first": pause.first + shift, "last": pause.last + shift})
        for pause in school.school_year.breaks
    )
    starts = (_FIRST_DAY + shift).strftime("%m-%d")
    calendar = school.school_year.model_copy(update={"breaks": moved, "starts": starts})
    return school.model_copy(update={"school_year": calendar})


def _school_weeks(school: School, today: date) -> list[str]:
    """The forty school weeks that end with this one, oldest first."""
    blank = Picture(school, "en", today, [], {}, {})
    weeks = weeks_between(week_of(today - timedelta(weeks=60)), week_of(today))
    return [week for week in weeks if not blank.is_break(week)][-40:]


def placed(school: School, now: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Give each sample win a time, the same for the same seed and day; what would lie ahead moves to today."""
    chance = random.Random(_SEED)  # noqa: S311 - a fixed draw is the point
    weeks = _school_weeks(school, now.astimezone(school.zone).date())
    for row in sample_rows():
        day = monday_of(weeks[row.pop("week") - 1]) + timedelta(days=_WEEKDAYS.index(row.pop("day")))
        clock = time(chance.choice((7, 8, 10, 11, 12, 13, 14, 15, 15, 16, 16, 17, 20)), chance.randrange(60))
        row.pop("lang", None)
        yield min(datetime.combine(day, clock, school.zone), now), row


def fill(desk: Desk) -> Iterator[int]:
    """Submit all sample wins through the same work as any other; filling twice adds nothing.

    Those that answer a lesson come last, for they name it by the id it then has. Yields how many were just done.
    """
    ids: dict[int, str] = {}
    rows = list(enumerate(placed(desk.school, desk.now), start=1))
    for answering in (False, True):
        some = [one for one in rows if ("answers" in one[1][1]) == answering]
        for channel in dict.fromkeys(_CHANNELS):
            through = [one for one in some if _CHANNELS[one[0] % len(_CHANNELS)] == channel]
            for start in range(0, len(through), _AT_ONCE):
                yield _submit(desk, through[start : start + _AT_ONCE], channel, ids)


def _submit(
    desk: Desk, rows: list[tuple[int, tuple[datetime, dict[str, Any]]]], channel: Channel, ids: dict[int, str]
) -> int:
    submissions = []
    for number, (arrived, row) in rows:
        told = {"link": "staff", "nonce": f"sample-{number}", **row}
        if answers := told.pop("answers", None):
            told["resolves"] = ids[answers]
        submissions.append((parse(Submission, json.dumps(told).encode()), arrived))
    for (number, _), result in zip(rows, submit_wins(desk, submissions, channel), strict=True):
        if not isinstance(result, Problem):
            ids[number] = result[0].story_id
    return len(rows)
