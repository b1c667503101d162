"""Weeks and school years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import monday_of, school_year_of, week_of, weeks_between, weeks_of_school_year

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
STARTS = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda day: day.strftime("%m-%d"))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-11-23", "2026-W48"),
        ("2026-11-29", "2026-W48"),
        ("2027-01-01", "2026-W53"),
        ("2024-12-30", "2025-W01"),
        ("2021-01-03", "2020-W53"),
    ],
)
def test_a_day_lies_in_its_iso_week(day: str, week: str) -> None:
    assert week_of(date.fromisoformat(day)) == week


@given(day=DAYS)
def test_a_week_begins_with_its_monday_and_holds_its_days(day: date) -> None:
    monday = monday_of(week_of(day))
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(7)


@given(day=DAYS, more=st.integers(0, 200))
def test_weeks_between_are_all_of_them_in_order(day: date, more: int) -> None:
    weeks = weeks_between(week_of(day), week_of(day + timedelta(weeks=more)))
    assert len(weeks) == more + 1
    assert weeks == sorted(set(weeks))


def test_no_weeks_lie_between_a_later_and_an_earlier_one() -> None:
    assert weeks_between("2026-W48", "2026-W47") == []
    assert weeks_between("2027-W01", "2026-W40") == []


def test_a_year_with_53_weeks_has_them_all() -> None:
    assert weeks_between("2026-W52", "2027-W01") == ["2026-W52", "2026-W53", "2027-W01"]


@pytest.mark.parametrize(
    ("week", "year"),
    [("2026-W34", "2025-26"), ("2026-W35", "2026-27"), ("2026-W53", "2026-27"), ("2000-W01", "1999-00")],
)
def test_a_week_belongs_to_the_school_year_of_its_thursday(week: str, year: str) -> None:
    assert school_year_of(week, "08-24") == year


@given(day=DAYS, starts=STARTS)
def test_every_week_belongs_to_exactly_one_school_year(day: date, starts: str) -> None:
    week = week_of(day)
    year = school_year_of(week, starts)
    number = int(year[:4])
    years = [f"{n}-{(n + 1) % 100:02d}" for n in (number - 1, number, number + 1)]
    assert [one for one in years if week in weeks_of_school_year(one, starts)] == [year]


@given(year=st.integers(1990, 2080), starts=STARTS)
def test_a_school_year_has_52_or_53_weeks_without_gaps(year: int, starts: str) -> None:
    weeks = weeks_of_school_year(f"{year}-{(year + 1) % 100:02d}", starts)
    assert len(weeks) in {52, 53}
    assert weeks == weeks_between(weeks[0], weeks[-1])
