"""Leaders sign in by a mailed link that works once."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fakes.desk import NOW, desk_at
from fakes.leaders import MemoryRecord, MemorySignIns
from fakes.memory import MemoryTable
from fakes.phone import URL
from fakes.postman import ADDRESS, MemoryMail

from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.ports import Undeliverable
from chalicelib.work.desk import Desk
from chalicelib.work.sign_in import Front, Session, ask_for_link, read_session, sign_out, use_link

DANA = "dana.whitlock@maplerow.example"
HOME = "203.0.113.7"


@dataclass
class Door:
    """A school somebody wants to sign in at."""

    desk: Desk
    front: Front
    mail: MemoryMail

    def wait(self, **time: float) -> None:
        self.desk = dataclasses.replace(self.desk, now=self.desk.now + timedelta(**time))

    def asks(self, email: str = DANA, network: str = HOME) -> str:
        """Ask for a link and return its code, empty if none was mailed."""
        before = len(self.mail.sent)
        ask_for_link(self.desk, self.front, email, network)
        if len(self.mail.sent) == before:
            return ""
        return re.search(r"/sign-in#(\S+)", self.mail.sent[-1][1].get_content())[1]  # type: ignore[index]

    def signs_in(self, email: str = DANA) -> Session:
        return use_link(self.desk, self.front, self.asks(email))


@pytest.fixture
def door(sample_school: School) -> Door:
    """The sample school's door."""
    desk, mail = dataclasses.replace(desk_at(MemoryTable(), sample_school), url=URL), MemoryMail()
    return Door(desk, Front(MemorySignIns(), MemoryRecord(), mail, ADDRESS), mail)


def test_a_leader_gets_a_link_that_signs_in_once(door: Door) -> None:
    code = door.asks(" Dana.Whitlock@MapleRow.example ")
    ((recipient, message),) = door.mail.sent
    assert (recipient, message["Auto-Submitted"]) == (DANA, "auto-generated")
    assert f"{URL}/sign-in#{code}" in message.get_content()
    session = use_link(door.desk, door.front, code)
    assert read_session(door.desk, door.front, session.cookie).leader.email == DANA
    with pytest.raises(Problem, match="link_used"):
        use_link(door.desk, door.front, code)


def test_an_address_that_is_no_leaders_gets_nothing(door: Door) -> None:
    for email in ("", "nobody@maplerow.example", "dana.whitlock@evil.example", f"{DANA}, x@evil.example"):
        assert door.asks(email) == ""
    assert door.mail.sent == []


def test_a_link_is_over_after_fifteen_minutes_and_a_session_after_twelve_hours(door: Door) -> None:
    code = door.asks()
    door.wait(minutes=14, seconds=59)
    session = use_link(door.desk, door.front, code)
    late = door.asks()
    door.wait(minutes=15)
    with pytest.raises(Problem, match="link_used"):
        use_link(door.desk, door.front, late)
    door.wait(hours=11, minutes=44)
    assert read_session(door.desk, door.front, session.cookie)
    door.wait(minutes=1)
    with pytest.raises(Problem, match="sign_in_first"):
        read_session(door.desk, door.front, session.cookie)


@pytest.mark.parametrize("altered", ["", ".", "x", "{leader}", "{leader}.", "{leader}.x", "x.{name}", "{other}.{name}"])
def test_a_cookie_that_is_not_whole_opens_nothing(door: Door, altered: str) -> None:
    session, other = door.signs_in(), door.signs_in("lee.park@maplerow.example")
    leader, _, name = session.cookie.partition(".")
    cookie = altered.format(leader=leader, name=name, other=other.cookie.partition(".")[0])
    with pytest.raises(Problem, match="sign_in_first"):
        read_session(door.desk, door.front, cookie)


def test_a_cookie_of_another_schools_keys_opens_nothing(door: Door) -> None:
    session = door.signs_in()
    elsewhere = dataclasses.replace(door.desk, keys={"receipt": ["r"], "source": ["another"]})
    with pytest.raises(Problem, match="sign_in_first"):
        read_session(elsewhere, door.front, session.cookie)


def test_who_leaves_the_school_file_is_signed_out_and_a_new_role_holds_at_once(door: Door) -> None:
    session = door.signs_in()
    dana, *others = door.desk.school.leaders
    coach = door.desk.school.model_copy(update={"leaders": (dana.model_copy(update={"role": "coach"}), *others)})
    assert read_session(dataclasses.replace(door.desk, school=coach), door.front, session.cookie).leader.role == "coach"
    gone = door.desk.school.model_copy(update={"leaders": tuple(others)})
    with pytest.raises(Problem, match="sign_in_first"):
        read_session(dataclasses.replace(door.desk, school=gone), door.front, session.cookie)


def test_signing_out_here_leaves_other_sessions_and_everywhere_ends_them_all(door: Door) -> None:
    phone, laptop, another = door.signs_in(), door.signs_in(), door.signs_in("lee.park@maplerow.example")
    sign_out(door.desk, door.front, phone, everywhere=False)
    with pytest.raises(Problem, match="sign_in_first"):
        read_session(door.desk, door.front, phone.cookie)
    assert read_session(door.desk, door.front, laptop.cookie)
    third = door.signs_in()
    sign_out(door.desk, door.front, third, everywhere=True)
    for cookie in (laptop.cookie, third.cookie):
        with pytest.raises(Problem, match="sign_in_first"):
            read_session(door.desk, door.front, cookie)
    assert read_session(door.desk, door.front, another.cookie)


def test_links_are_limited_by_address_and_by_network(door: Door) -> None:
    assert [bool(door.asks()) for _ in range(7)] == [True] * 5 + [False] * 2
    assert door.asks("lee.park@maplerow.example")
    for n in range(40):
        door.asks(f"{n}@maplerow.example", "198.51.100.1")
    assert door.asks("lee.park@maplerow.example", "198.51.100.1") == ""
    door.wait(hours=1)
    assert door.asks()


def test_neither_address_network_code_nor_session_is_kept(door: Door) -> None:
    code = door.asks()
    kept = repr((vars(door.desk.table), vars(door.front.sign_ins)))
    session = use_link(door.desk, door.front, code)
    kept += repr((vars(door.desk.table), vars(door.front.sign_ins)))
    for secret in (DANA, HOME, code, session.cookie.partition(".")[2]):
        assert secret not in kept


def test_a_mail_that_can_never_be_delivered_is_no_error(door: Door) -> None:
    door.mail.failures.append(Undeliverable("MessageRejected"))
    assert door.asks() == ""


def test_who_signs_in_and_out_is_recorded(door: Door) -> None:
    sign_out(door.desk, door.front, door.signs_in(), everywhere=True)
    lines = list(door.front.record.done_in("2026-11"))
    assert [(line.who, line.what, line.about) for line in lines] == [
        (DANA, "signed_in", ""),
        (DANA, "signed_out", "everywhere"),
    ]
    assert {line.when for line in lines} == {NOW}
    assert list(door.front.record.done_in("2026-12")) == []
