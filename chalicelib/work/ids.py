"""Win ids: ULIDs, whose time is that of arrival, so that an id alone tells in which week its win is kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ulid import ULID

from chalicelib.domain.calendar import week_of
from chalicelib.domain.errors import Problem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WIDEST_OFFSET = timedelta(hours=14)
_TIME_BYTES, _RANDOM_BYTES = 6, 10


def new_id(arrived: datetime, zone: ZoneInfo, *, to_the_day: bool) -> str:
    """Make an id; `to_the_day` rounds its time to noon of the school's day (for anonymous wins).

    The random half is drawn anew for every id. A ULID library counts up within a millisecond, which would tell in
    which order the anonymous wins of a day arrived.
    """
    if to_the_day:
        arrived = datetime.combine(arrived.astimezone(zone).date(), time(12), zone)
    milliseconds = int(arrived.timestamp() * 1000)
    return str(ULID(milliseconds.to_bytes(_TIME_BYTES, "big") + os.urandom(_RANDOM_BYTES)))


def arrived_at(win_id: str) -> datetime:
    """Read the time of arrival from an id.

    Raises:
        Problem: `no_such_win` if this can't be an id.
    """
    try:
        return ULID.from_str(win_id).datetime.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Problem("no_such_win") from None


def weeks_for(win_id: str, zone: ZoneInfo) -> list[str]:
    """List the weeks a win may be kept in: its week by the school's clock, then by any other clock on earth.

    The second matters only near Monday midnight, for a school that corrected its time zone.
    """
    moment = arrived_at(win_id)
    weeks = [week_of(moment.astimezone(zone).date())]
    for elsewhere in (moment - _WIDEST_OFFSET, moment + _WIDEST_OFFSET):
        if (week := week_of(elsewhere.date())) not in weeks:
            weeks.append(week)
    return weeks
