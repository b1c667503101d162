"""Floods are refused by counts of an hour that stand in memory alone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from fakes.desk import NOW, desk_at
from fakes.memory import MemoryTable

from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.work.desk import Desk
from chalicelib.work.limits import refuse_flood

MOST = 10


@pytest.fixture
def desk(sample_school: School) -> Desk:
    """A school that takes ten wins an hour."""
    web = sample_school.web.model_copy(update={"per_hour": MOST})
    return desk_at(MemoryTable(), sample_school.model_copy(update={"web": web}), NOW)


def test_more_wins_in_an_hour_by_one_link_or_network_than_a_school_takes_are_refused(desk: Desk) -> None:
    for n in range(MOST):
        refuse_flood(desk, "oak7", f"198.51.100.{n}")
    with pytest.raises(Problem, match="too_many_wins"):
        refuse_flood(desk, "oak7", "198.51.100.200")
    for n in range(MOST - 1):
        refuse_flood(desk, f"elm{n}", "198.51.100.200")
    with pytest.raises(Problem, match="too_many_wins"):
        refuse_flood(desk, "ash4", "198.51.100.200")


def test_the_next_hour_counts_anew(desk: Desk) -> None:
    for _ in range(MOST):
        refuse_flood(desk, "oak7", "")
    later = dataclasses.replace(desk, now=desk.now + timedelta(hours=1))
    refuse_flood(later, "oak7", "")


def test_nobody_is_counted_by_what_is_not_known(desk: Desk) -> None:
    for _ in range(MOST + 1):
        refuse_flood(desk, "", "")
