"""Weeks and school years. A week is an ISO week in the school's time zone, written `2026-W38`."""

from __future__ import annotations

from datetime import date, timedelta


def week_of(day: date) -> str:
    """Name the ISO week that holds a day (ISO 8601, so 2027-01-01 is in `2026-W53`)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    """Return the Monday of a week written `2026-W38`."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def thursday_of(week: str) -> date:
    """Return the Thursday of a week: its month and year are the week's own, as ISO has it."""
    return monday_of(week) + timedelta(days=3)


def weeks_between(first: str, last: str) -> list[str]:
    """List all weeks from the first to the last, both included; empty if the first is later."""
    span = (monday_of(last) - monday_of(first)).days // 7
    return [week_of(monday_of(first) + timedelta(weeks=n)) for n in range(span + 1)]


def school_year_of(week: str, starts: str) -> str:
    """Name the school year (`2026-27`) a week belongs to: that of its Thursday, as ISO does for calendar years.

    Args:
        week: an ISO week, `2026-W38`.
        starts: month and day on which school years start, `08-24`.
    """
    thursday = thursday_of(week)
    year = thursday.year if thursday.strftime("%m-%d") >= starts else thursday.year - 1
    return f"{year}-{(year + 1) % 100:02d}"


def weeks_of_school_year(school_year: str, starts: str) -> list[str]:
    """List the 52 or 53 weeks of a school year, oldest first."""
    year, (month, day) = int(school_year[:4]), map(int, starts.split("-"))
    around = weeks_between(week_of(date(year, month, day)), week_of(date(year + 1, month, day)))
    return [week for week in around if school_year_of(week, starts) == school_year]
