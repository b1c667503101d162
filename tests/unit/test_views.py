"""A link to look at the dashboard ends by itself, is taken back, and is told once."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from fakes.desk import NOW, desk_at
from fakes.leaders import MemoryRecord, MemorySignIns, MemoryViews, OpenPasses
from fakes.memory import MemoryTable
from fakes.phone import URL
from fakes.postman import ADDRESS, MemoryMail

from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.work.desk import Desk
from chalicelib.work.passes import PASS_LASTS, opened_by, pass_for_leader, pass_for_view
from chalicelib.work.sign_in import Front, Session, open_session
from chalicelib.work.views import Links, open_view, read_view, standing, take_view_back


@pytest.fixture
def desk(sample_school: School) -> Desk:
    """A desk of the sample school."""
    return dataclasses.replace(desk_at(MemoryTable(), sample_school), url=URL)


@pytest.fixture
def links() -> Links:
    """No link stands yet."""
    return Links(MemoryViews(), MemoryRecord())


def session_at(desk: Desk) -> Session:
    front = Front(MemorySignIns(), MemoryRecord(), MemoryMail(), ADDRESS)
    return open_session(desk, front, desk.school.leaders[0])


def opened(desk: Desk, links: Links, hours: int = 1, *, stories: bool = False) -> str:
    """Open a link and return its secret."""
    link = open_view(desk, links, session_at(desk), hours, stories=stories)
    address, _, secret = link.partition("#")
    assert address == f"{URL}/view"
    return secret


def at(desk: Desk, **later: float) -> Desk:
    return dataclasses.replace(desk, now=desk.now + timedelta(**later))


def test_a_link_stands_until_its_hours_are_over(desk: Desk, links: Links) -> None:
    secret = opened(desk, links, hours=24)
    assert read_view(at(desk, hours=23, minutes=59), links.views, secret).until == NOW + timedelta(hours=24)
    with pytest.raises(Problem, match="view_over"):
        read_view(at(desk, hours=24), links.views, secret)


@pytest.mark.parametrize("secret", ["", "x", "{}x", "{} "])
def test_a_secret_that_is_not_whole_opens_nothing(desk: Desk, links: Links, secret: str) -> None:
    with pytest.raises(Problem, match="view_over"):
        read_view(desk, links.views, secret.format(opened(desk, links)))


def test_a_link_that_was_taken_back_is_over_and_others_stand(desk: Desk, links: Links) -> None:
    first, second = opened(desk, links), opened(desk, links)
    short = read_view(desk, links.views, first).short
    for _ in range(2):
        take_view_back(desk, links, session_at(desk), short)
    with pytest.raises(Problem, match="view_over"):
        read_view(desk, links.views, first)
    assert [view.short for view, _ in standing(desk, links.views)] == [read_view(desk, links.views, second).short]


def test_a_link_goes_with_the_leader_who_opened_it(desk: Desk, links: Links) -> None:
    secret = opened(desk, links)
    first, *others = desk.school.leaders
    for leaders in (others, [first.model_copy(update={"role": "coach"}), *others]):
        school = desk.school.model_copy(update={"leaders": tuple(leaders)})
        later = dataclasses.replace(desk, school=school)
        assert standing(later, links.views) == []
        with pytest.raises(Problem, match="view_over"):
            read_view(later, links.views, secret)


def test_another_schools_link_opens_nothing(desk: Desk, links: Links) -> None:
    secret = opened(desk, links)
    elsewhere = dataclasses.replace(desk, keys={"receipt": ["r"], "source": ["another"]})
    with pytest.raises(Problem, match="view_over"):
        read_view(elsewhere, links.views, secret)


def test_opening_and_taking_back_are_recorded_without_the_secret_which_is_not_kept(desk: Desk, links: Links) -> None:
    secret = opened(desk, links)
    short = read_view(desk, links.views, secret).short
    take_view_back(desk, links, session_at(desk), short)
    lines = [(done.what, done.about) for done in links.record.done_in("2026-11")]
    assert lines == [("opened_view", short), ("revoked_view", short)]
    opened(desk, links)
    assert secret not in repr((vars(links.views), vars(links.record)))


def test_a_pass_ends_in_fifteen_minutes_or_with_its_link(desk: Desk, links: Links) -> None:
    def ends(cookies: dict[str, str]) -> datetime:
        return datetime.fromisoformat(cookies["until"])

    assert ends(pass_for_leader(desk, OpenPasses())) == desk.now + PASS_LASTS
    view = read_view(desk, links.views, opened(desk, links))
    assert ends(pass_for_view(desk, OpenPasses(), view)) == desk.now + PASS_LASTS
    assert ends(pass_for_view(at(desk, minutes=55), OpenPasses(), view)) == view.until


def test_a_leaders_pass_opens_the_dashboard_and_what_leaders_alone_see(desk: Desk) -> None:
    assert pass_for_leader(desk, OpenPasses())["resource"] == f"{URL}/dashboard*"


@pytest.mark.parametrize(("stories", "page"), [("no", "/dashboard/counts/"), ("yes", "/dashboard/")])
def test_a_link_opens_counts_alone_unless_stories_were_chosen(
    desk: Desk, links: Links, stories: str, page: str
) -> None:
    view = read_view(desk, links.views, opened(desk, links, stories=stories == "yes"))
    assert opened_by(view) == page
    assert pass_for_view(desk, OpenPasses(), view)["resource"] == f"{URL}{page}*"
