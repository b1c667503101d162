"""How long wins are kept, and until when what was removed can still be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.school import Privacy

NET = timedelta(days=60)
"""How long after its time a win is forgotten by the store itself, if nobody removed it before."""
BACKUPS_LAST = timedelta(days=35)
"""How far back the table can be restored (DynamoDB, point-in-time recovery)."""


@dataclass(frozen=True)
class Erased:
    """What was removed, and until when it is still somewhere."""

    wins: tuple[str, ...]
    """Their ids, which stay as the sign that there was a win."""
    contact: bool
    mails: int
    """Mails that lay in the inbox."""
    published_by: datetime
    """When the published files follow at the latest."""
    backups_until: date
    """Until when a backup holds it."""


def years_later(day: date, years: int) -> date:
    """Return the same day of another year (of a leap day, the 28th); negative years lie before."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def keeps_from(privacy: Privacy, today: date) -> date:
    """Return the first day whose wins are still kept."""
    return years_later(today, -privacy.keep_years)


def expires_on(privacy: Privacy, day: date) -> date | None:
    """Return the day on which the store forgets a win of a day by itself; None under a legal hold: never."""
    return None if privacy.legal_hold else years_later(day, privacy.keep_years) + NET
