"""Leaders over HTTP: whoever may not is refused on every route that is theirs, and on every one there will be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from fakes.caller import Answer, Caller
from fakes.leaders import MemoryRecord, MemorySignIns, MemoryViews

from app import app
from chalicelib import wiring
from chalicelib.domain.view import View
from chalicelib.ports.leaders import Done, Record, SignIns
from chalicelib.ports.passes import Views
from chalicelib.routes import exports as export_routes
from chalicelib.routes import leader as leader_routes
from chalicelib.stores.leaders import DynamoRecord, DynamoSignIns
from chalicelib.stores.table import connect
from chalicelib.stores.views import DynamoViews
from chalicelib.work.desk import Desk
from chalicelib.work.sign_in import open_session
from infra.outbox import sent_mails

FORM = {"content_type": "application/x-www-form-urlencoded"}
DANA, IMANI = "dana.whitlock@maplerow.example", "imani.obrien@maplerow.example"
OPEN = {
    *(("POST", "/api/stories/{week}/{story_id}/tried"),),
    *(("POST", "/api/wins"), ("GET", "/api/wins/{win_id}"), ("PATCH", "/api/wins/{win_id}")),
    *(("DELETE", "/api/wins/{win_id}"), ("POST", "/api/receipt"), ("POST", "/api/sms/twilio")),
    *(("GET", "/api/health"), ("GET", "/api/openapi.json"), ("POST", "/api/sign-in"), ("POST", "/api/session")),
    *(("POST", "/api/oidc/start"), ("GET", "/api/oidc/callback"), ("POST", "/api/view")),
}
"""Routes that ask for no session: a new route is a leader's unless it is named here."""
GUARDED = sorted({(method, path) for path, many in app.routes.items() for method in many} - OPEN)
ROLES = {"coach": IMANI, "leader": DANA, "admin": "lee.park@maplerow.example"}
BY_VIEW_TOO = {("GET", "/api/pass")}
"""Routes that a link to look at the dashboard is enough for, and so any role."""


def least_role(method: str, path: str) -> str | None:
    """Return the role that a route's own guard asks for."""
    return getattr(app.routes[path][method].view_function, "least_role", None)


REFUSED_ROLES = [
    (method, path, role)
    for method, path in GUARDED
    for role in list(ROLES)[: list(ROLES).index(least_role(method, path) or "coach")]
]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leader_routes, "ANSWERED_AFTER", 0.0)


def asked_for(caller: Caller, email: str) -> str:
    before = len(sent_mails())
    answer = caller.call("POST", "/api/sign-in", f"email={email}".encode(), **FORM)
    assert answer.status == 202
    return re.search(r"sign-in#(\S+)", sent_mails()[before].text)[1]  # type: ignore[index]


def signed_in(caller: Caller, email: str = DANA) -> str:
    answer = caller.call("POST", "/api/session", f"code={asked_for(caller, email)}".encode(), **FORM)
    assert (answer.status, answer.headers["location"]) == (303, "/leaders/")
    return answer.headers["set-cookie"].partition(";")[0]


def session_of(email: str, desk: Desk | None = None) -> str:
    """Open a session and return its cookie."""
    desk = desk or wiring.desk()
    leader = next(one for one in desk.school.leaders if one.email == email)
    return f"__Host-session={open_session(desk, wiring.front(), leader).cookie}"


def asks(caller: Caller, method: str, path: str, cookie: str = "", **headers: str) -> Answer:
    more = FORM if method == "POST" else {}
    return caller.call(method, path, b"" if method == "POST" else None, cookie=cookie, **more, **headers)


@pytest.mark.parametrize(
    "cookie", ["", "__Host-session=", "__Host-session=x.y", "session=x", "__Host-session=a.b; x=y"]
)
def test_every_leaders_route_refuses_who_is_not_signed_in(caller: Caller, cookie: str) -> None:
    answers = {(method, path): asks(caller, method, path, cookie) for method, path in GUARDED}
    assert [route for route, answer in answers.items() if answer.status != 401] == []
    assert [route for route, answer in answers.items() if b"sign" not in answer.body.lower()] == []


def test_every_leaders_route_refuses_a_session_that_is_over_or_altered(caller: Caller) -> None:
    cookie = signed_in(caller)
    for altered in (cookie[:-1], cookie + "x"):
        assert [route for route in GUARDED if asks(caller, *route, altered).status != 401] == []
    assert asks(caller, "GET", "/api/me", cookie).status == 200
    assert asks(caller, "POST", "/api/sign-out", cookie).status == 303
    assert [route for route in GUARDED if asks(caller, *route, cookie).status != 401] == []


@pytest.mark.parametrize(("method", "path"), sorted(set(GUARDED) - BY_VIEW_TOO))
def test_every_leaders_route_says_which_role_it_asks_for(method: str, path: str) -> None:
    assert least_role(method, path) in ROLES


def test_every_leaders_route_refuses_who_has_a_lesser_role(caller: Caller) -> None:
    assert REFUSED_ROLES
    for method, path, role in REFUSED_ROLES:
        answer = asks(caller, method, path, session_of(ROLES[role]))
        assert (method, path, answer.status) == (method, path, 401)
        assert b"Your role at this school does not include this." in answer.body


def test_every_leaders_route_refuses_an_expired_session_and_another_schools(caller: Caller) -> None:
    desk = wiring.desk()
    late = replace(desk, now=desk.now - timedelta(hours=12))
    elsewhere = replace(desk, keys={**desk.keys, "source": ["another school's"]})
    for other in (late, elsewhere):
        cookie = session_of(ROLES["admin"], other)
        assert [route for route in GUARDED if asks(caller, *route, cookie).status != 401] == []
    for route in GUARDED:
        assert asks(caller, *route, session_of(ROLES["admin"])).status != 401


def test_a_coach_sees_who_they_are_and_exports_nothing(caller: Caller) -> None:
    cookie = signed_in(caller, IMANI)
    assert asks(caller, "GET", "/api/me", cookie).json == {"name": "Imani O’Brien", "role": "coach"}  # noqa: RUF001
    for path in ("/api/export.csv", "/api/export.json", "/api/record"):
        answer = asks(caller, "GET", path, cookie)
        assert (answer.status, answer.json["code"]) == (401, "not_your_role")


def test_the_answer_is_the_same_for_leaders_and_strangers(caller: Caller) -> None:
    answers = [
        caller.call("POST", "/api/sign-in", f"email={email}&language=es".encode(), **FORM)
        for email in (DANA, "nobody@maplerow.example", "", "%00")
    ]
    assert len({(answer.status, answer.body) for answer in answers}) == 1
    assert answers[0].status == 202
    assert "Mire su correo" in answers[0].body.decode()


def test_a_mail_scanner_that_opens_the_link_changes_nothing(caller: Caller) -> None:
    code = asked_for(caller, DANA)
    for path in ("/sign-in/", f"/sign-in/?code={code}", "/api/session", f"/api/session?code={code}"):
        caller.call("GET", path)
        caller.call("HEAD", path)
    assert caller.call("POST", "/api/session", f"code={code}".encode(), **FORM).status == 303
    assert caller.call("POST", "/api/session", f"code={code}".encode(), **FORM).status == 401


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(caller: Caller) -> None:
    code = asked_for(caller, DANA)
    cookie = caller.call("POST", "/api/session", f"code={code}".encode(), **FORM).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=43200"} <= set(cookie.split("; "))


def test_another_sites_page_cannot_act_in_a_leaders_name(caller: Caller) -> None:
    cookie = signed_in(caller)
    for told in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}):
        answer = asks(caller, "POST", "/api/sign-out", cookie, **told)
        assert (answer.status, asks(caller, "GET", "/api/me", cookie).status) == (401, 200)
    own = {"origin": "null", "sec_fetch_site": "same-origin"}
    assert asks(caller, "POST", "/api/sign-out", cookie, **own).status == 303


def test_a_browser_that_is_not_signed_in_is_led_to_the_page_for_it(caller: Caller) -> None:
    answer = asks(caller, "GET", "/api/export.csv", accept="text/html,application/xhtml+xml")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in/")


def test_an_export_holds_all_wins_and_is_recorded_without_their_words(real_caller: Caller) -> None:
    real_caller.send(story="=cmd|' /C calc'!A0", author={"mode": "named", "name": "Ms. Ørsted"})
    taken_back = real_caller.send(story="Taken back.")
    real_caller.delete(taken_back)
    cookie = signed_in(real_caller)
    answer = asks(real_caller, "GET", "/api/export.csv", cookie)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="maple-row-wins.csv"'
    text = answer.body.decode("utf-8-sig")
    assert "\"'=cmd|" in text
    assert "Taken back." not in text
    found = asks(real_caller, "GET", "/api/export.json", cookie).json
    assert [win["name"] for win in found["wins"]] == ["Ms. Ørsted"]
    assert set(found["wins"][0]) == set(found["fields"])
    assert asks(real_caller, "GET", "/api/export.json?year=1999-00", cookie).json["wins"] == []
    record = asks(real_caller, "GET", "/api/record", cookie).json["done"]
    assert [(one["who"], one["what"], one["about"]) for one in record] == [
        (DANA, "signed_in", ""),
        (DANA, "exported", "csv all"),
        (DANA, "exported", "json all"),
        (DANA, "exported", "json 1999-00"),
    ]
    assert "cmd" not in json.dumps(record)


def test_an_export_too_large_to_answer_says_what_to_ask_for(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.send()
    cookie = signed_in(caller)
    monkeypatch.setattr(export_routes, "MOST_DOWNLOADED", 100)
    answer = asks(caller, "GET", "/api/export.csv", cookie)
    assert (answer.status, answer.json["code"]) == (413, "too_much_at_once")


# one suite for every store

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


@pytest.fixture(params=["memory", "moto", "dynamodb-local"])
def views(request: pytest.FixtureRequest) -> Views:
    """Links of each kind."""
    if request.param == "memory":
        return MemoryViews()
    surroundings = request.getfixturevalue("surroundings" if request.param == "moto" else "real_surroundings")
    return DynamoViews(connect(), surroundings["TABLE_NAME"])


def test_links_stand_until_they_end_or_are_taken_back_and_are_listed_by_their_end(views: Views) -> None:
    long, short = (
        View(name, "dana", NOW + timedelta(hours=hours), stories=hours > 1) for name, hours in (("a", 24), ("b", 1))
    )
    for view in (long, short):
        views.save_view(view)
    assert views.standing_views(NOW) == [short, long]
    assert views.find_view("a", NOW) == long
    assert views.find_view("b", NOW + timedelta(hours=1)) is None
    assert views.find_view("never", NOW) is None
    assert views.standing_views(NOW + timedelta(hours=1)) == [long]
    for _ in range(2):
        views.end_view("a")
    assert views.find_view("a", NOW) is None
    assert views.standing_views(NOW) == [short]


@pytest.fixture(params=["memory", "moto", "dynamodb-local"])
def stores(request: pytest.FixtureRequest) -> Iterator[tuple[SignIns, Record]]:
    """Sign-ins and the record of each kind."""
    if request.param == "memory":
        yield MemorySignIns(), MemoryRecord()
        return
    surroundings = request.getfixturevalue("surroundings" if request.param == "moto" else "real_surroundings")
    client, name = connect(), surroundings["TABLE_NAME"]
    yield DynamoSignIns(client, name), DynamoRecord(client, name)


def test_a_link_is_taken_once_and_in_time(stores: tuple[SignIns, Record]) -> None:
    sign_ins, _ = stores
    sign_ins.save_link("a", "dana", NOW + timedelta(minutes=15))
    sign_ins.save_link("b", "dana", NOW)
    assert [sign_ins.take_link(name, NOW) for name in ("a", "a", "b", "never")] == ["dana", None, None, None]


def test_sessions_last_until_their_end_and_are_ended_one_or_all(stores: tuple[SignIns, Record]) -> None:
    sign_ins, _ = stores
    for leader, name in (("dana", "1"), ("dana", "2"), ("dana", "3"), ("lee", "1")):
        sign_ins.save_session(leader, name, NOW + timedelta(hours=12))
    assert sign_ins.has_session("dana", "1", NOW)
    assert not sign_ins.has_session("dana", "1", NOW + timedelta(hours=12))
    assert not sign_ins.has_session("lee", "2", NOW)
    sign_ins.end_session("dana", "1")
    sign_ins.end_session("dana", "1")
    assert [sign_ins.has_session("dana", name, NOW) for name in ("1", "2", "3")] == [False, True, True]
    sign_ins.end_sessions("dana")
    assert [sign_ins.has_session(leader, name, NOW) for leader, name in (("dana", "2"), ("lee", "1"))] == [False, True]


def test_the_record_keeps_its_lines_by_month_in_order(stores: tuple[SignIns, Record]) -> None:
    _, record = stores
    lines = [Done(NOW + timedelta(days=n), "dana", "exported", str(n)) for n in (0, 1, 2, 6)]
    for line in lines:
        record.add_done(line)
    assert list(record.done_in("2026-11")) == lines[:3]
    assert list(record.done_in("2026-12")) == lines[3:]


def test_an_asker_cannot_tell_a_leader_by_the_clock(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(leader_routes, "ANSWERED_AFTER", 5.0)
    monkeypatch.setattr(leader_routes.time, "sleep", waited.append)
    for email in (DANA, "nobody@maplerow.example"):
        caller.call("POST", "/api/sign-in", f"email={email}".encode(), **FORM)
    assert len(waited) == 2
    assert all(wait > 0 for wait in waited)


def test_nothing_of_a_sign_in_stands_in_the_table_in_plain(caller: Caller) -> None:
    code = asked_for(caller, DANA)
    pages: Any = boto3.client("dynamodb").scan(TableName=wiring.settings().table_name)["Items"]
    held = json.dumps([item for item in pages if item["pk"]["S"] != "SCHOOL"])
    assert code not in held
    assert DANA not in held
