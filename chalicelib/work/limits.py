"""How often somebody sent something in this hour, kept in this process's memory and nowhere else.

What the table holds could tell when a number or an address was heard from, and so whose an anonymous win is. A function
that starts anew counts anew: the limits stop loops and floods, and need not be exact.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.work.desk import Desk


class Limits:
    """Counts of one hour."""

    def __init__(self) -> None:
        self._hour = ""
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._lock = Lock()

    def count(self, now: datetime, *what: str) -> int:
        """Count one more of something, and return how many there were in this hour."""
        hour = f"{now:%Y-%m-%dT%H}"
        with self._lock:
            if hour != self._hour:
                self._hour = hour
                self._counts.clear()
            self._counts[what] += 1
            return self._counts[what]


def refuse_taps(desk: Desk, network: str) -> None:
    """Count a tap on a story, and refuse it once there were too many from its network; no story is counted with it.

    Raises:
        Problem: `too_many_wins`.
    """
    _refuse_too_many(desk, ("taps", network))


def refuse_flood(desk: Desk, link: str, network: str) -> None:
    """Count a win that came by the form, and refuse it once there were too many by its link or from its network.

    Raises:
        Problem: `too_many_wins`.
    """
    _refuse_too_many(desk, ("link", link), ("network", network))


def _refuse_too_many(desk: Desk, *counted: tuple[str, str]) -> None:
    counts = [desk.limits.count(desk.now, what, who) for what, who in counted if who]
    if max(counts, default=0) > desk.school.web.per_hour:
        raise Problem("too_many_wins")
