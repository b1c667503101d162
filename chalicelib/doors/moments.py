"""Dates as they stand in files: read as they are written, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from chalicelib.domain.errors import FieldProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?(Z|[+-]\d\d:?\d\d))?)?")
_CLOCK = re.compile(r"%[HIXcT]")
_EARLIEST_YEAR = 1971
"""An id carries its time since 1970, so nothing can have arrived before, on any clock."""


def _day_or_moment(moment: datetime, form: str) -> date:
    return moment if _CLOCK.search(form) else moment.date()


def tells_a_day(form: str) -> bool:
    """Whether a form of dates (as in `strptime`) names day, month and year."""
    sample = datetime(2033, 11, 22, 4, 5, tzinfo=UTC)
    try:
        return datetime.strptime(sample.strftime(form), form).date() == sample.date()  # noqa: DTZ007 - a check of days
    except ValueError:
        return False


def read_moment(field: str, value: object, forms: Sequence[str] = ()) -> date:
    """Read a date, or a date with a time (a `datetime`), from a cell.

    Args:
        field: what it is for; named in the problem.
        value: an ISO text, a text in one of the forms, or a date cell.
        forms: how dates are written if not as ISO does, as in `strptime`.

    Raises:
        Problem: `fields` with `not_a_moment`, or `two_dates` if the forms read it as different days.
    """
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    found = {read for form in forms if (read := _in_form(text, form)) is not None}
    if not found and _ISO.fullmatch(text):
        found = {read for read in [_iso(text)] if read is not None}
    if len(found) == 1:
        return found.pop()
    raise Problem("fields", (FieldProblem(field, "two_dates" if found else "not_a_moment"),))


def _in_form(text: str, form: str) -> date | None:
    try:
        return _day_or_moment(datetime.strptime(text, form), form)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-09-23") else datetime.fromisoformat(_joined(text))
    except ValueError:
        return None


def _joined(text: str) -> str:
    return text[:10] + "T" + text[11:].replace(" ", "")


def day_of(moment: date, zone: ZoneInfo) -> date:
    """Return the day of a date, or of a moment on the school's clock."""
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def arrival(moment: date, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when something arrived: a day means its noon, a time without a zone the school's clock.

    Raises:
        Problem: `fields` with `in_future` or `too_early`.
    """
    if moment.year < _EARLIEST_YEAR:
        raise Problem("fields", (FieldProblem("arrived", "too_early"),))
    if not isinstance(moment, datetime):
        whole_day = datetime.combine(moment, time(12), zone)
        arrived = min(whole_day, now) if moment == now.astimezone(zone).date() else whole_day
    else:
        arrived = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if arrived > now:
        raise Problem("fields", (FieldProblem("arrived", "in_future"),))
    return arrived
