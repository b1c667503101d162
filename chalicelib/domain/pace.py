"""How many stories came in four school weeks, and in the four before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import week_of

if TYPE_CHECKING:
    from chalicelib.domain.chart import Picture

FOUR = 4


def school_weeks(picture: Picture, n: Mapping[str, int]) -> list[str]:
    """List the weeks with school, or with stories in spite of that."""
    return [week for week in picture.weeks if n.get(week) or not picture.is_break(week)]


def whole_weeks(picture: Picture, n: Mapping[str, int]) -> list[str]:
    """List the school weeks without the running one, which is not over yet."""
    return [week for week in school_weeks(picture, n) if week != week_of(picture.today)]


def is_over(picture: Picture) -> bool:
    """Whether the weeks shown lie back: nothing has arrived for a year."""
    return picture.weeks[-1] != week_of(picture.today)


def change_of(picture: Picture, n: Mapping[str, int]) -> tuple[int, int, list[str]] | None:
    """Count the stories of the last four whole school weeks and of the four before; None if it is too early to tell.

    It is too early until the school has told stories for all eight: who has just begun has not grown.

    Args:
        picture: the weeks shown; the last is not over yet.
        n: stories by week.

    Returns:
        Both counts, and the last four weeks.
    """
    weeks = whole_weeks(picture, n)
    if len(weeks) < 2 * FOUR or is_over(picture) or not picture.begun or weeks[-2 * FOUR] < picture.begun:
        return None
    now, before = (sum(n.get(week, 0) for week in part) for part in (weeks[-FOUR:], weeks[-2 * FOUR : -FOUR]))
    return now, before, weeks[-FOUR:]


def percent(part: int, whole: int) -> int:
    """Round a share to whole per cent, halves up, as readers and scripts do."""
    return (200 * part + whole) // (2 * whole)
