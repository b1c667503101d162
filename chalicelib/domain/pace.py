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


def change_of(picture: Picture, n: Mapping[str, int]) -> tuple[int, int, list[str]] | None:
    """Count the stories of the last four whole school weeks and of the four before; None if it is too early to tell.

    Args:
        picture: the weeks shown; the last is not over yet.
        n: stories by week.

    Returns:
        Both counts, and the last four weeks.
    """
    weeks = [week for week in school_weeks(picture, n) if week != picture.weeks[-1]]
    is_over = picture.weeks[-1] != week_of(picture.today)
    first = next((rollup.week for rollup in picture.shown), "")
    if len(weeks) < 2 * FOUR or is_over or first == picture.weeks[-1]:
        return None
    now, before = (sum(n.get(week, 0) for week in part) for part in (weeks[-FOUR:], weeks[-2 * FOUR : -FOUR]))
    return now, before, weeks[-FOUR:]
