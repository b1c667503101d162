"""How a school is used in a month, and how often each happening comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from infra.cost.clocks import calls_a_week

WEEKS_A_MONTH = 365.25 / 7 / 12
DAYS_A_MONTH = 365.25 / 12
SCHOOL_WEEKS = 40
"""Of a year, as in the sample school's calendar."""


@dataclass(frozen=True)
class Staff:
    """How a school is used in a month."""

    teachers: int = 60
    leaders: int = 5
    wins_a_week: float = 2.0
    """Of each teacher."""
    by_text: float = 0.20
    by_mail: float = 0.15
    weeks: float = SCHOOL_WEEKS / 12
    """School weeks of a month, on the average of a year."""
    looks_a_week: float = 2.0
    """Of each leader at the dashboard, each on a day of its own: it begins with a mailed link."""
    texts_a_win: float = 1.5
    """The win, and from every other sender an answer that adds a sign."""
    years: float = 1.0
    """For how long wins have been kept."""

    @property
    def wins(self) -> float:
        """Wins in a month."""
        return self.teachers * self.wins_a_week * self.weeks

    @property
    def forms(self) -> float:
        """Those of them told by the form."""
        return self.wins * (1 - self.by_text - self.by_mail)

    @property
    def looks(self) -> float:
        """Looks at the dashboard in a month."""
        return self.leaders * self.looks_a_week * self.weeks


def happenings(staff: Staff, stack: dict[str, Any] | None = None) -> dict[str, float]:
    """Count how often each happens in a month, with the clocks of a template; if not told, of the school's."""
    weekly = calls_a_week(stack)
    runs = weekly["Publish"] * WEEKS_A_MONTH
    with_wins = busy(staff.wins / staff.weeks, weekly["Publish"]) * staff.weeks if staff.weeks else 0.0
    new_days = min(runs, DAYS_A_MONTH)
    return {
        "win_by_form": staff.forms + 2 * staff.looks,
        "win_by_text": staff.texts_a_win * staff.wins * staff.by_text,
        "win_by_mail": staff.wins * staff.by_mail,
        "publish": with_wins + new_days,
        "publish_idle": max(0.0, runs - with_wins - new_days),
        "retain": weekly["Retain"] * WEEKS_A_MONTH,
        "watch": weekly["Watch"] * WEEKS_A_MONTH,
    }


def busy(wins: float, slots: float) -> float:
    """Estimate in how many slots there is a win at least, if each comes in any of them by chance."""
    return slots * (1 - math.exp(-wins / slots))
