"""The door of the dashboard: each published file is refused to whoever may not look, and a pass ends when it should."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import boto3
import pytest
from fakes.caller import Answer, Caller
from fakes.drawing import tabulate

from chalicelib import wiring
from chalicelib.stores.passes import CloudFrontPasses, Pair
from chalicelib.work.desk import Desk
from chalicelib.work.publish import COUNTS_PAGE, LEADERS_PAGE, publish
from chalicelib.work.secrets import issue_receipt
from chalicelib.work.sign_in import open_session
from infra import keyring, keys

FORM = {"content_type": "application/x-www-form-urlencoded"}
DANA, LEE = "dana.whitlock@maplerow.example", "lee.park@maplerow.example"
COUNTS_PAGES = {COUNTS_PAGE, "dashboard/counts/es/index.html"}
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def files(caller: Caller) -> list[str]:
    """Publish two stories, one with what helped; list all files that want a pass."""
    for story in ("Two hands went up.", "The plan fell flat."):
        caller.send(story=story, goals=["explain"], helped=["time"])
    publish(wiring.table(), wiring.site(), wiring.pages(), tabulate, datetime.now(UTC))
    listed = boto3.client("s3").list_objects_v2(Bucket=wiring.settings().site_bucket, Prefix="dashboard")["Contents"]
    return [one["Key"] for one in listed]


def session_of(email: str = DANA) -> str:
    desk = wiring.desk()
    leader = next(one for one in desk.school.leaders if one.email == email)
    return f"__Host-session={open_session(desk, wiring.front(), leader).cookie}"


def given(answer: Answer) -> dict[str, str]:
    """Return the cookies that were set, as a browser keeps them."""
    pairs = (one.partition(";")[0].partition("=") for one in answer.cookies)
    return {name: value for name, _, value in pairs if value}


def header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def signed(resource: str = "", minutes: float = 15, pair: Pair | None = None) -> dict[str, str]:
    passes = CloudFrontPasses([pair]) if pair else wiring.passes()
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return passes.sign(resource or f"{wiring.settings().public_url}/dashboard*", until)


def changed(name: str) -> dict[str, str]:
    cookies = signed()
    middle = len(cookies[name]) // 2
    other = "A" if cookies[name][middle] != "A" else "B"
    return {**cookies, name: cookies[name][:middle] + other + cookies[name][middle + 1 :]}


def unknown_pair(name: str = "KUNKNOWN") -> Pair:
    return replace(keyring.new_pair(), id=name, since="2026-01-01T00:00:00+00:00")


REFUSED: dict[str, Callable[[], dict[str, str]]] = {
    "no cookie": dict,
    "a session alone": lambda: dict([session_of().split("=", 1)]),  # type: ignore[list-item]
    "expired": lambda: signed(minutes=-1),
    "an altered policy": lambda: changed("CloudFront-Policy"),
    "an altered signature": lambda: changed("CloudFront-Signature"),
    "another hash": lambda: {**signed(), "CloudFront-Hash-Algorithm": "SHA1"},
    "no policy": lambda: {name: value for name, value in signed().items() if name != "CloudFront-Policy"},
    "another school's address": lambda: signed("https://other.school.example/dashboard/*"),
    "another school's key": lambda: signed(pair=unknown_pair()),
    "another key by this one's name": lambda: signed(pair=unknown_pair(signed()["CloudFront-Key-Pair-Id"])),
}


def test_every_file_of_the_dashboard_is_refused_without_a_pass(caller: Caller, files: list[str]) -> None:
    cookies = {what: header(made()) for what, made in REFUSED.items()}
    assert {"dashboard/index.html", "dashboard/manifest.json", COUNTS_PAGE, LEADERS_PAGE} < set(files)
    assert any(path.startswith("dashboard-leaders/") and "/factors/" in path for path in files)
    for path, (what, cookie) in product(files, cookies.items()):
        for method in ("GET", "HEAD"):
            answer = caller.call(method, f"/{path}", cookie=cookie)
            assert answer.status == 403, (path, what)
            assert b"Two hands" not in answer.body
            assert answer.headers["cache-control"] == "no-cache"


def test_every_file_of_the_dashboard_opens_with_a_pass(caller: Caller, files: list[str]) -> None:
    for path in files:
        assert caller.call("GET", f"/{path}", cookie=header(signed())).status == 200, path


def test_counts_alone_open_one_page_without_any_story(caller: Caller, files: list[str]) -> None:
    cookie = header(signed(f"{wiring.settings().public_url}/dashboard/counts/*"))
    opened = [path for path in files if caller.call("GET", f"/{path}", cookie=cookie).status == 200]
    assert set(opened) == COUNTS_PAGES
    for address in ("/dashboard/counts/", "/dashboard/counts/es/"):
        page = caller.call("GET", address, cookie=cookie).body
        for story in (
            b"Two hands",
            b"fell flat",
            b'"#stories',
            b"#stories?",
            b'id="stories"',
            b"/stories/",
            b"manifest",
            b"<script",
        ):
            assert story not in page
        assert b"2 stories" in page


def test_a_link_with_stories_opens_nothing_of_what_leaders_alone_see_and_a_leader_does(
    caller: Caller, files: list[str]
) -> None:
    leaders_own = {path for path in files if path.startswith("dashboard-leaders/")}
    assert LEADERS_PAGE in leaders_own
    for cookie, own in (
        (header(signed(f"{wiring.settings().public_url}/dashboard/*")), set()),
        (header(given(uses_link(caller, opens_link(caller, b"stories=yes")))), set()),
        (header(given(pass_for(caller, session_of()))), leaders_own),
    ):
        opened = {path for path in files if caller.call("GET", f"/{path}", cookie=cookie).status == 200}
        assert opened == (set(files) - leaders_own) | own


def test_what_helped_or_hindered_stands_in_no_file_under_the_dashboard(caller: Caller, files: list[str]) -> None:
    told = rb"factor=|:helped|:hindered|\"helped|chart-factors|\"id\":\"factors\",\"question"
    for path in files:
        body = caller.call("GET", f"/{path}", cookie=header(signed())).body
        assert bool(re.search(told, body)) <= path.startswith("dashboard-leaders/"), path
        assert path.startswith("dashboard-leaders/") or not path.endswith("factors.json")


ODD = [
    *("/%64ashboard/", "/dashboard%2findex.html", "//dashboard/index.html", "/dashboard/./index.html", "/dashboard"),
    *("/assets/../dashboard/index.html", "/assets/%2e%2e/dashboard/index.html", "/dashboard/%69ndex.html"),
    *("/dashboard/counts/../index.html", "/dashboard/counts/%2e%2e/index.html", "/dashboard/counts/..%2findex.html"),
    *("/dashboard/counts/../../dashboard/index.html", "/dashboard//index.html", "/dashboard/index.html/"),
    *("/dashboard/?x=/dashboard/counts/", "/dashboard/index.html?https://wins.school.example/dashboard/counts/"),
    *("/dashboard-leaders", "/dashboard-leaders/", "/dashboard/../dashboard-leaders/", "/%64ashboard-leaders/"),
    "/dashboard/counts/../../dashboard-leaders/index.html",
    "http://127.0.0.1/dashboard/index.html",
]
"""Other ways of writing where the page is."""


@pytest.mark.usefixtures("files")
def test_no_other_way_of_writing_its_address_opens_the_dashboard(caller: Caller) -> None:
    counts = header(signed(f"{wiring.settings().public_url}/dashboard/counts/*"))
    for address in ODD:
        for cookie in ("", counts):
            answer = caller.call("GET", address, cookie=cookie)
            assert answer.status in {403, 404}, address
            assert b"Two hands" not in answer.body


def test_a_file_that_a_browser_knows_is_refused_as_well(caller: Caller, files: list[str]) -> None:
    for path in files:
        known = caller.call("GET", f"/{path}", cookie=header(signed())).headers["etag"]
        assert caller.call("GET", f"/{path}", cookie=header(signed()), if_none_match=known).status == 304
        assert caller.call("GET", f"/{path}", if_none_match=known).status == 403


# who gets a pass


def pass_for(caller: Caller, cookie: str, to: str = "", **headers: str) -> Answer:
    return caller.call("GET", f"/api/pass{to}", cookie=cookie, **headers)


def test_signing_in_gives_a_pass_of_fifteen_minutes_for_the_dashboard_alone(caller: Caller, files: list[str]) -> None:
    answer = pass_for(caller, session_of())
    assert (answer.status, answer.body) == (204, b"")
    assert len(answer.cookies) == 4
    for cookie in answer.cookies:
        assert {"Path=/", "Max-Age=900", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert caller.call("GET", f"/{files[0]}", cookie=header(given(answer))).status == 200


@pytest.mark.parametrize(
    ("to", "led"),
    [
        ("?to=/dashboard/", "/dashboard/"),
        ("?to=/dashboard/counts/", "/dashboard/counts/"),
        ("?to=/dashboard-leaders/es/", "/dashboard-leaders/es/"),
        ("?to=/dashboard/0a1b/stories/2026-W48.json", "/dashboard/0a1b/stories/2026-W48.json"),
        *(
            (f"?to={to}", "/dashboard/")
            for to in (
                *(
                    "",
                    "/dashboards/",
                    "/dashboard-leaders.evil.example/",
                    "https://evil.example/dashboard/",
                    "//evil.example/dashboard/",
                    "/dashboard/../api/export.csv",
                ),
                *("/dashboard/%2e%2e/api", "/dashboard//evil.example", "/leaders/", "/dashboard/%0d%0aSet-Cookie:x=y"),
                *(
                    "/dashboard/%5cevil.example",
                    "dashboard/",
                    "javascript:alert(1)",
                    "/dashboard/x%20y",
                    "/dashboard/é",
                ),
            )
        ),
    ],
)
def test_a_browser_is_led_back_to_the_dashboard_and_nowhere_else(caller: Caller, to: str, led: str) -> None:
    to = to.replace("é", "%C3%A9")
    answer = pass_for(caller, session_of(), to, **HTML)
    assert (answer.status, answer.headers["location"], len(answer.cookies)) == (303, led, 4)


def test_who_is_not_signed_in_is_led_to_signing_in_and_from_there_back(caller: Caller) -> None:
    answer = pass_for(caller, "", "?to=/dashboard/counts/", **HTML)
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in/")
    kept = header(given(answer))
    assert pass_for(caller, "").status == 401
    for cookie, led in ((kept, "/dashboard/counts/"), ("__Host-came-from=//evil.example", "/leaders/")):
        desk = wiring.desk()
        code = f"code{time.monotonic_ns()}"
        save_link(desk, code)
        signed_in = caller.call("POST", "/api/session", f"code={code}".encode(), cookie=cookie, **FORM)
        assert signed_in.headers["location"] == led
        assert "CloudFront-Policy" in given(signed_in)


def save_link(desk: Desk, code: str) -> None:
    from chalicelib.work.secrets import keyed
    from chalicelib.work.sign_in import leader_key

    name = keyed(desk.keys, "sign in", code)
    wiring.front().sign_ins.save_link(name, leader_key(desk, desk.school.leaders[0]), desk.now + timedelta(minutes=1))


def test_who_signed_out_everywhere_gets_no_pass_and_signing_out_takes_it_from_this_browser(caller: Caller) -> None:
    cookie, phone = session_of(), session_of()
    answer = caller.call("POST", "/api/sign-out", b"intent=everywhere", cookie=cookie, **FORM)
    emptied = [one.partition("=")[0] for one in answer.cookies if "=; Max-Age=0; " in one]
    assert {"__Host-session", "__Host-view", *signed()} <= set(emptied)
    assert {one for one in answer.cookies if one.startswith("CloudFront")} == {
        one for one in answer.cookies if one.startswith(tuple(signed())) and "=; Max-Age=0; Path=/;" in one
    }
    assert answer.headers["clear-site-data"] == '"cache"'
    for session in (cookie, phone):
        assert pass_for(caller, session).status == 401


# links for a meeting


def opens_link(caller: Caller, body: bytes = b"") -> str:
    answer = caller.call("POST", "/api/views", body, cookie=session_of(), **FORM)
    assert answer.status == 201
    return re.search(rb'id="link">[^<]*#([\w-]+)<', answer.body)[1].decode()  # type: ignore[index]


def uses_link(caller: Caller, secret: str) -> Answer:
    return caller.call("POST", "/api/view", f"code={secret}".encode(), **FORM)


@pytest.mark.parametrize(
    ("body", "page", "hours"),
    [
        (b"", "/dashboard/counts/", 24),
        (b"hours=1&stories=yes", "/dashboard/", 1),
        (b"hours=720", "/dashboard/counts/", 720),
    ],
)
def test_a_link_opens_what_its_leader_chose(
    caller: Caller, files: list[str], body: bytes, page: str, hours: int
) -> None:
    answer = uses_link(caller, opens_link(caller, body))
    assert (answer.status, answer.headers["location"]) == (303, page)
    (view,) = [one for one in answer.cookies if one.startswith("__Host-view=")]
    seconds = int(re.search(r"Max-Age=(\d+)", view)[1])  # type: ignore[index]
    assert hours * 3600 - 60 <= seconds <= hours * 3600
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(view.split("; "))
    cookie = header(given(answer))
    opened = {path for path in files if caller.call("GET", f"/{path}", cookie=cookie).status == 200}
    shown = {path for path in files if path.startswith("dashboard/")}
    assert opened == (shown if page == "/dashboard/" else COUNTS_PAGES)


@pytest.mark.parametrize("hours", ["0", "721", "-1", "1.5", "x", "٣", "01", "99999999999"])
def test_a_link_stands_for_an_hour_to_thirty_days(caller: Caller, hours: str) -> None:
    answer = caller.call("POST", "/api/views", f"hours={hours}".encode(), cookie=session_of(), **FORM)
    assert answer.status == 422
    assert caller.call("GET", "/api/views", cookie=session_of()).json == {"views": []}


def test_a_link_is_renewed_while_it_stands_and_over_once_it_is_taken_back(caller: Caller) -> None:
    secret = opens_link(caller)
    cookie = header({"__Host-view": secret})
    assert pass_for(caller, cookie).status == 204
    led = pass_for(caller, cookie, "?to=/dashboard/", **HTML)
    assert led.headers["location"] == "/dashboard/counts/"
    (listed,) = caller.call("GET", "/api/views", cookie=session_of(LEE)).json["views"]
    assert (listed["opened_by"], listed["stories"], set(listed)) == (
        "Dana Whitlock",
        False,
        {"id", "until", "stories", "opened_by"},
    )
    taken = caller.call("POST", "/api/views/revoke", f"id={listed['id']}".encode(), cookie=session_of(LEE), **FORM)
    assert (taken.status, taken.headers["location"]) == (303, "/api/views")
    assert pass_for(caller, cookie).status == 401
    assert uses_link(caller, secret).status == 410
    lines = caller.call("GET", "/api/record", cookie=session_of()).json["done"]
    told = [(one["who"], one["what"], one["about"]) for one in lines if "view" in one["what"]]
    assert told == [(DANA, "opened_view", listed["id"]), (LEE, "revoked_view", listed["id"])]
    assert secret not in str(lines)


def test_a_session_comes_before_a_link_in_the_same_browser(caller: Caller, files: list[str]) -> None:
    cookie = f"{session_of()}; {header({'__Host-view': opens_link(caller)})}"
    passed = header(given(pass_for(caller, cookie)))
    assert all(caller.call("GET", f"/{path}", cookie=passed).status == 200 for path in files)


def test_a_scanner_that_opens_a_link_gets_nothing(caller: Caller) -> None:
    secret = opens_link(caller)
    for path in ("/view/", f"/view/?code={secret}", "/api/view", f"/api/view?code={secret}"):
        assert caller.call("GET", path).cookies == ()
    answer = caller.call("POST", "/api/view", f"code={secret}".encode(), origin="https://evil.example", **FORM)
    assert (answer.status, answer.cookies) == (401, ())


# keys


def parameter() -> str:
    return wiring.settings().keys_parameter


@pytest.fixture
def own_keys(surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Give this school keys of its own, so that others' stay as they are."""
    name = f"/small-wins/{surroundings['TABLE_NAME']}/keys"
    monkeypatch.setenv("KEYS_PARAMETER", name)
    wiring.forget()
    keyring.create(name, datetime.now(UTC))
    return name


def test_new_keys_sign_from_now_on_and_what_the_old_ones_signed_goes_on(own_keys: str, caller: Caller) -> None:
    sent, cookie = caller.send(), session_of()
    before = pass_for(caller, cookie)
    now = datetime.now(UTC)
    keys.rotate(own_keys, now)
    wiring.forget()
    assert signed()["CloudFront-Key-Pair-Id"] == given(before)["CloudFront-Key-Pair-Id"], "the new pair waits"
    keys.use(own_keys, now)
    wiring.forget()
    assert caller.get(sent).status == 200
    again = pass_for(caller, cookie)
    assert again.status == 204, "nobody is signed out"
    assert given(again)["CloudFront-Key-Pair-Id"] != given(before)["CloudFront-Key-Pair-Id"]
    for answer in (before, again):
        assert caller.call("GET", "/dashboard/", cookie=header(given(answer))).status == 404, (
            "opened, and not published"
        )
    fresh = caller.send(nonce="fresh-one-0001")
    old = {**wiring.keys(), "receipt": wiring.keys()["receipt"][:-1]}
    new = {**wiring.keys(), "receipt": wiring.keys()["receipt"][-1:]}
    assert sent.json["receipt"] == issue_receipt(old, sent.json["id"])
    assert fresh.json["receipt"] == issue_receipt(new, fresh.json["id"])


def test_the_source_key_is_never_replaced_and_an_operators_own_stay(own_keys: str) -> None:
    before = keyring.read_keys(own_keys)
    keys.rotate(own_keys, datetime.now(UTC))
    after = keyring.read_keys(own_keys)
    assert before is not None
    assert after is not None
    assert {name: after[name] for name in before if name != "receipt"} == {
        name: before[name] for name in before if name != "receipt"
    }


def test_keys_are_kept_as_long_as_what_they_signed_and_then_dropped(own_keys: str) -> None:
    start = datetime.now(UTC)
    first_pair = keyring.read_pairs(own_keys)[0]
    keys.rotate(own_keys, start)
    keys.use(own_keys, start)
    assert [pair.private == "" for pair in keyring.read_pairs(own_keys)] == [True, False]
    keys.rotate(own_keys, start + timedelta(minutes=19))
    assert first_pair.id in {pair.id for pair in keyring.read_pairs(own_keys)}
    keys.rotate(own_keys, start + timedelta(minutes=21))
    assert first_pair.id not in {pair.id for pair in keyring.read_pairs(own_keys)}
    kept = [len((keyring.read_keys(own_keys) or {})["receipt"])]
    for days in (400, 401):
        keys.rotate(own_keys, start + timedelta(days=days))
        kept.append(len((keyring.read_keys(own_keys) or {})["receipt"]))
    assert kept == [4, 5, 3]


def test_a_parameter_is_never_larger_than_ssm_keeps_for_nothing(own_keys: str) -> None:
    now = datetime.now(UTC)
    for minutes in range(3):
        keys.rotate(own_keys, now + timedelta(minutes=minutes))
        keys.use(own_keys, now + timedelta(minutes=minutes))
    keys.rotate(own_keys, now + timedelta(minutes=4))
    for after in ("", "-dashboard", "-dashboard-next"):
        value = boto3.client("ssm").get_parameter(Name=own_keys + after, WithDecryption=True)["Parameter"]["Value"]
        assert len(value) <= 4096


def test_creating_keys_again_changes_nothing(own_keys: str) -> None:
    before = keyring.read_keys(own_keys), keyring.read_pairs(own_keys)
    keyring.create(own_keys, datetime.now(UTC))
    assert (keyring.read_keys(own_keys), keyring.read_pairs(own_keys)) == before


def test_no_secret_is_shown(own_keys: str, capsys: pytest.CaptureFixture[str]) -> None:
    keys.rotate(own_keys, datetime.now(UTC))
    keys.show(own_keys, datetime.now(UTC))
    shown = capsys.readouterr().out
    pairs = [*keyring.read_pairs(own_keys), *keyring.read_pairs(own_keys, keyring.NEXT)]
    assert all(pair.id in shown for pair in pairs)
    assert "PRIVATE" not in shown
    held = keyring.read_keys(own_keys) or {}
    secret = [key for use in ("receipt", "source", "twilio") for key in held[use]]
    assert not [key for key in secret if key[:10] in shown]
