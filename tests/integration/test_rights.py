"""What is kept can be read by leaders, taken along, replaced and erased, over HTTP and by command."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from fakes.caller import Answer, Caller
from fakes.desk import table_dump
from fakes.postman import mail

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.domain.words import catalogue
from chalicelib.ports.leaders import Done
from chalicelib.work.desk import Desk
from chalicelib.work.export import FIELDS, RECORD_FIELDS, SCHOOL_FIELDS
from chalicelib.work.sign_in import open_session
from infra.erase import main as erase

FORM = {"content_type": "application/x-www-form-urlencoded"}
DANA, IMANI = "dana.whitlock@maplerow.example", "imani.obrien@maplerow.example"
PAGE = {"accept": "text/html"}
NAMED = {"author": {"mode": "named", "name": "Ms. Orsted"}}
STORY = "Two hands went up before I had finished asking the very first question of the day."

SignIn = Callable[..., str]


def desk() -> Desk:
    return wiring.desk("en")


@pytest.fixture
def sign_in(caller: Caller, sample_school: School) -> SignIn:
    """Sign in as somebody of a role; returns the cookie."""
    del caller
    dana, imani = sample_school.leaders[:2]
    lee = dana.model_copy(update={"name": "Lee Park", "email": "lee@maplerow.example"})
    leaders = (dana.model_copy(update={"role": "admin"}), imani, lee)
    admin = sample_school.model_copy(update={"leaders": leaders})
    wiring.table().save_school(admin, 2)
    wiring.forget_school()

    def as_(role: str = "admin") -> str:
        leader = next(one for one in admin.leaders if one.role == role)
        return f"__Host-session={open_session(desk(), wiring.front(), leader).cookie}"

    return as_


def asks(caller: Caller, method: str, path: str, cookie: str, body: Any = None, **headers: str) -> Answer:
    return caller.call(method, path, body, cookie=cookie, **headers)


def posts(caller: Caller, path: str, cookie: str, form: str) -> Answer:
    return caller.call("POST", path, form.encode(), cookie=cookie, sec_fetch_site="same-origin", **FORM)


def recorded(what: str) -> list[Done]:
    month = f"{datetime.now(UTC):%Y-%m}"
    return [done for done in wiring.front().record.done_in(month) if done.what == what]


def set_hold(*, hold: bool = True) -> School:
    version, school = wiring.table().latest_school() or (0, None)
    assert school is not None
    held = school.model_copy(update={"privacy": school.privacy.model_copy(update={"legal_hold": hold})})
    wiring.table().save_school(held, version + 1)
    wiring.forget_school()
    return held


# erasing


def test_a_leader_erases_a_win_and_gets_a_receipt(caller: Caller, sign_in: SignIn) -> None:
    sent = caller.send(story=STORY, **NAMED)
    answer = asks(caller, "POST", "/api/erase/win", sign_in("leader"), {"id": sent.json["id"]})
    assert (answer.status, answer.json["wins"], answer.json["stays"]) == (200, 1, [{"id": sent.json["id"]}])
    days = datetime.fromisoformat(answer.json["backups_until"]).date() - desk().today
    assert days == timedelta(days=35)
    assert caller.get(sent).json["code"] == "removed"
    assert STORY[:20] not in table_dump()
    assert "Orsted" not in table_dump()
    assert [done.about for done in recorded("erased")] == [sent.json["id"]]
    again = asks(caller, "POST", "/api/erase/win", sign_in("leader"), {"id": sent.json["id"]})
    assert (again.status, again.json["code"]) == (410, "removed")


def test_a_form_is_answered_with_a_page_that_says_what_stays_and_until_when(caller: Caller, sign_in: SignIn) -> None:
    sent = caller.send(story=STORY)
    answer = posts(caller, "/api/erase/win", sign_in("leader"), f"id=%20{sent.json['id'].lower()}&language=es")
    page = answer.body.decode()
    assert answer.status == 200
    assert "Se borró una historia." in page
    assert sent.json["id"] in page
    assert "35 días" in page
    assert "hands" not in page


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"id": 1}', b'{"id": "x", "more": 1}', b'{"id": "x"'])
def test_a_body_that_is_none_is_refused_by_field(caller: Caller, sign_in: SignIn, body: bytes) -> None:
    assert asks(caller, "POST", "/api/erase/win", sign_in("leader"), body).status in {400, 422}


def test_a_leader_who_is_no_admin_erases_no_sender_and_replaces_no_school_file(caller: Caller, sign_in: SignIn) -> None:
    for role in ("leader", "coach"):
        cookie = sign_in(role)
        for method, path in (("POST", "/api/erase/sender"), ("PUT", "/api/school")):
            assert asks(caller, method, path, cookie, {}).json["code"] == "not_your_role"
    for method, path in (("POST", "/api/erase/win"), ("GET", "/api/school"), ("GET", "/api/export/school.json")):
        assert asks(caller, method, path, sign_in("coach"), {} if method == "POST" else None).status == 401


def test_an_admin_first_sees_what_a_sender_left_and_then_erases_it(caller: Caller, sign_in: SignIn) -> None:
    for story in (STORY, "A second one."):
        caller.send(story=story, **NAMED)
    other = caller.send(story="Another's.")
    cookie = sign_in()
    seen = posts(caller, "/api/erase/sender", cookie, "name=ms+orsted&intent=look&language=en")
    page = seen.body.decode()
    assert "2 stories." in page
    assert 'name="name" value="ms orsted"' in page
    assert recorded("erased_sender") == []
    done = posts(caller, "/api/erase/sender", cookie, "name=ms+orsted&intent=erase&language=en")
    assert "2 stories were erased." in done.body.decode()
    assert "Orsted" not in table_dump()
    assert caller.get(other).status == 200
    assert [one.about for one in recorded("erased_sender")] == ["2"]
    left = asks(caller, "POST", "/api/erase/sender", cookie, {"name": "Ms. Orsted"})
    assert left.json == {"wins": 0, "contacts": 0, "mails": 0, "days": []}


def test_mails_that_lie_in_the_inbox_are_erased_with_their_sender(caller: Caller, sign_in: SignIn) -> None:
    s3: Any = boto3.client("s3")
    bucket = wiring.settings().inbox_bucket
    address = "orsted.erased@elsewhere.example"
    for name, sender in (("hers", f"O <{address.upper()}>"), ("anothers", "ana@elsewhere.example")):
        s3.put_object(Bucket=bucket, Key=f"mail/{name}", Body=mail(STORY, sender=sender))
    cookie = sign_in()
    assert posts(caller, "/api/erase/sender", cookie, f"email={address}").body.decode().count("One mail that lies") == 1
    done = asks(caller, "POST", "/api/erase/sender", cookie, {"email": address, "intent": "erase"})
    assert (done.json["mails"], done.json["wins"]) == (1, 0)
    names = {one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert "mail/hers" not in names
    assert "mail/anothers" in names


def test_a_form_that_names_nobody_is_told_so_on_a_page(caller: Caller, sign_in: SignIn) -> None:
    answer = posts(caller, "/api/erase/sender", sign_in(), "name=&phone=&email=&intent=erase")
    assert answer.status == 422
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.usefixtures("caller")
def test_under_a_legal_hold_erasing_is_refused_in_a_sentence(caller: Caller, sign_in: SignIn) -> None:
    sent = caller.send(story=STORY, **NAMED)
    set_hold()
    for path, body in (("win", {"id": sent.json["id"]}), ("sender", {"name": "Ms. Orsted", "intent": "erase"})):
        answer = asks(caller, "POST", f"/api/erase/{path}", sign_in(), body)
        assert (answer.status, answer.json["code"]) == (409, "on_hold")
        assert "legal hold" in answer.json["detail"]
    assert caller.get(sent).status == 200


def test_a_sender_who_takes_back_under_a_hold_is_told_that_a_copy_stays(caller: Caller, sign_in: SignIn) -> None:
    sent, second = caller.send(story=STORY), caller.send(story="A second one.")
    set_hold()
    answer = caller.delete(sent)
    assert (answer.status, answer.json["withdrawn"]) == (200, True)
    assert "legal hold" in answer.json["detail"]
    gone = caller.get(sent)
    assert (gone.status, gone.json["code"], gone.json["detail"]) == (410, "withdrawn", answer.json["detail"])
    form = f"receipt={second.json['receipt']}&intent=remove&language=en"
    page = caller.call("POST", "/api/receipt", form.encode(), **FORM)
    assert "A copy is kept while a legal hold stands" in page.body.decode()
    rows = asks(caller, "GET", "/api/export.json", sign_in()).json["wins"]
    assert [row["state"] for row in rows] == ["withdrawn", "withdrawn"]


# who exported


def test_a_sender_sees_who_exported_the_win_since_it_came(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in()
    asks(caller, "GET", "/api/export.csv", cookie)  # before it came
    sent = caller.send(story=STORY)
    assert "exports" not in sent.json
    assert caller.get(sent).json["exports"] == []
    for path in ("export.csv", "export.json", "export.csv?year=1999-00", "export/school.json", "export/record.csv"):
        assert asks(caller, "GET", f"/api/{path}", cookie).status == 200
    told = caller.get(sent).json["exports"]
    assert [(one["who"], one["what"]) for one in told] == [("Dana Whitlock", "csv"), ("Dana Whitlock", "json")]
    assert {one["day"] for one in told} == {desk().today.isoformat()}
    assert "@" not in json.dumps(told)


def test_the_receipt_page_says_who_exported(caller: Caller, sign_in: SignIn) -> None:
    sent = caller.send(story=STORY)
    form = f"receipt={sent.json['receipt']}&language=en".encode()
    assert "Nobody has exported it so far." in caller.call("POST", "/api/receipt", form, **FORM).body.decode()
    asks(caller, "GET", "/api/export.csv", sign_in())
    page = caller.call("POST", "/api/receipt", form, **FORM).body.decode()
    assert re.search(r"<li>Dana Whitlock, \w+ \d+, \d{4} \(CSV\)</li>", page)


def test_a_leader_who_left_is_no_address_to_a_sender(caller: Caller, sign_in: SignIn) -> None:
    sent = caller.send(story=STORY)
    cookie = sign_in()
    asks(caller, "GET", "/api/export.csv", cookie)
    wiring.front().record.add_done(Done(datetime.now(UTC), "left@maplerow.example", "exported", "csv all"))
    assert [one["who"] for one in caller.get(sent).json["exports"]] == [
        "Dana Whitlock",
        "Somebody who was a leader then",
    ]


# exports


def test_held_and_hidden_wins_are_exported_as_such_with_the_reasons(caller: Caller, sign_in: SignIn) -> None:
    caller.send(story="Call me at 212-555-0147 about it.")
    hidden = caller.send(story=STORY)
    (stored,) = [win for win in wiring.table().wins_of(hidden.json["week"]) if win.id == hidden.json["id"]]
    wiring.table().replace_win(stored, stored.model_copy(update={"state": "hidden", "revision": 2}))
    cookie = sign_in("leader")
    rows = {row["story"]: row for row in asks(caller, "GET", "/api/export.json", cookie).json["wins"]}
    assert (rows[STORY]["state"], rows[STORY]["held_for"]) == ("hidden", [])
    held = rows["Call me at 212-555-0147 about it."]
    assert (held["state"], held["held_for"]) == ("held", ["phone"])
    text = asks(caller, "GET", "/api/export.csv", cookie).body.decode("utf-8-sig")
    told = {row["story"]: row for row in csv.DictReader(StringIO(text))}
    assert told["Call me at 212-555-0147 about it."]["held_for"] == "phone"


def test_every_export_says_what_its_fields_mean(caller: Caller, sign_in: SignIn) -> None:
    caller.send(story=STORY)
    cookie = sign_in("leader")
    for path, name, fields in (
        ("export.json", "wins", FIELDS),
        ("export/school.json", "versions", SCHOOL_FIELDS),
        ("export/record.json", "done", RECORD_FIELDS),
    ):
        found = asks(caller, "GET", f"/api/{path}", cookie).json
        assert found["fields"] == fields
        assert all(tuple(row) == tuple(fields) for row in found[name])
        assert found[name]


def test_every_version_of_the_school_file_is_exported_as_kept(
    caller: Caller, sign_in: SignIn, sample_school: School
) -> None:
    set_hold()
    found = asks(caller, "GET", "/api/export/school.json", sign_in()).json["versions"]
    assert [one["version"] for one in found] == [1, 2, 3]
    assert School.model_validate(found[0]["file"]) == sample_school
    assert found[2]["file"]["privacy"]["legal_hold"] is True


def test_the_record_is_exported_by_month_or_whole(caller: Caller, sign_in: SignIn) -> None:
    record = wiring.front().record
    record.add_done(Done(datetime(2025, 3, 1, tzinfo=UTC), "=cmd|' /C calc'!A0", "exported", "csv all"))
    cookie = sign_in("leader")
    whole = asks(caller, "GET", "/api/export/record.csv", cookie)
    rows = list(csv.DictReader(StringIO(whole.body.decode("utf-8-sig"))))
    assert (rows[0]["who"], rows[0]["what"]) == ("'=cmd|' /C calc'!A0", "exported")
    assert {"signed_in"} <= {row["what"] for row in rows}
    march = asks(caller, "GET", "/api/export/record.json?month=2025-03", cookie)
    assert march.headers["content-disposition"] == 'attachment; filename="maple-row-record-2025-03.json"'
    assert [row["when"] for row in march.json["done"]] == ["2025-03-01T00:00:00+00:00"]
    assert [done.about for done in recorded("exported")][-2:] == ["record csv all", "record json 2025-03"]


OWN = ["=1+1", "+1", "-1", "@SUM(A1)", "|x", "%0A=1", "\t=1", '=HYPERLINK("http://x.example","y")', "＝1"]  # noqa: RUF001


def payloads() -> list[str]:
    path = Path(__file__).parents[3] / "shared" / "data" / "bad_input" / "csv_injection_payloads.txt"
    return [*OWN, *(filter(str.strip, path.read_text("utf-8").splitlines()) if path.exists() else ())]


def test_no_payload_is_a_live_cell_of_any_export(caller: Caller, sign_in: SignIn) -> None:
    for payload in payloads():
        told = {"story": payload, "tried": payload, "takeaway": payload}
        assert caller.send(**told, author={"mode": "named", "name": payload[:80]}).status in {201, 422}
    cookie = sign_in("leader")
    for path in ("export.csv", "export/record.csv"):
        text = asks(caller, "GET", f"/api/{path}", cookie).body.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline="")))
        assert len(rows) > 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.lstrip("\u200b\ufeff \u00a0").startswith(tuple("=+-@|%\t\r\n＝＋－＠")), cell  # noqa: RUF001


# the record as a page


def test_leaders_read_who_did_what_as_a_page_on_the_schools_clock(caller: Caller, sign_in: SignIn) -> None:
    record = wiring.front().record
    moment = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)  # still February at the school
    record.add_done(Done(moment, DANA, "exported", "csv all"))
    record.add_done(Done(moment, "left@maplerow.example", "flew", "<script>alert(1)</script>"))
    answer = asks(caller, "GET", "/api/record?month=2026-03", sign_in("leader"), **PAGE)
    page = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert "February 28, 2026, 22:30" in page
    assert "<bdi>Dana Whitlock</bdi></td><td>exported</td>" in page
    assert "left@maplerow.example" in page
    assert "<td>flew</td>" in page
    assert "<script>alert" not in page
    assert "month=2026-02" in page
    assert "month=2026-04" in page
    assert "language=es" in page


def test_the_page_of_the_record_speaks_the_language_it_is_asked_for(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in("leader")
    page = asks(caller, "GET", "/api/record?language=es", cookie, **PAGE).body.decode()
    assert catalogue("es")["record.title"] in page
    assert catalogue("es")["record.signed_in"] in page
    assert 'rel="next"' not in page


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "9999-12", "2026", "x", "2026-1", "%00", "２０２６-01"])  # noqa: RUF001
def test_a_month_that_is_none_is_this_month(caller: Caller, sign_in: SignIn, month: str) -> None:
    cookie = sign_in("leader")
    path = f"/api/record?month={month.encode().hex() if not month.isascii() else month}"
    assert asks(caller, "GET", path, cookie).json["month"] == f"{datetime.now(UTC):%Y-%m}"
    assert asks(caller, "GET", path, cookie, **PAGE).status == 200


# the school file


def test_the_school_file_is_read_changed_and_put_back(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in()
    found = asks(caller, "GET", "/api/school", cookie)
    assert (found.json["version"], found.headers["etag"]) == (2, '"2"')
    file = found.json["file"] | {"name": "Maple Row Elementary"}
    stored = asks(caller, "PUT", "/api/school", cookie, file, if_match=found.headers["etag"])
    assert (stored.status, stored.json) == (200, {"version": 3, "new": True})
    assert asks(caller, "GET", "/api/school", cookie).json["file"]["name"] == "Maple Row Elementary"
    assert desk().school.name == "Maple Row Elementary"
    assert [(done.who, done.about) for done in recorded("changed_school")] == [(DANA, "3")]
    again = asks(caller, "PUT", "/api/school?version=3", cookie, file)
    assert again.json == {"version": 3, "new": False}


def test_who_replaces_an_older_version_than_the_newest_is_told_so(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in()
    file = asks(caller, "GET", "/api/school", cookie).json["file"]
    for asked in ("?version=1", "?version=3"):
        answer = asks(caller, "PUT", f"/api/school{asked}", cookie, file | {"name": "Other"})
        assert (answer.status, answer.json["code"]) == (409, "changed_meanwhile")
    for asked, header in (("", ""), ("?version=two", ""), ("", "*"), ("?version=-1", "")):
        answer = asks(caller, "PUT", f"/api/school{asked}", cookie, file, **({"if_match": header} if header else {}))
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "version")
    assert asks(caller, "GET", "/api/school", cookie).json["version"] == 2


def test_every_mistake_of_a_school_file_is_named(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in()
    file = asks(caller, "GET", "/api/school", cookie).json["file"]
    file["goals"][0]["signs"][0]["mode"] = "smells"
    file["privacy"] = {"minimum_cell": 1}
    file["school_year"] = {"starts": "08-24", "breaks": [{"name": "B", "from": "2026-12-20", "to": "2026-12-01"}]}
    answer = asks(caller, "PUT", "/api/school?version=2", cookie, file)
    assert answer.status == 422
    assert {one["field"] for one in answer.json["errors"]} == {"goals[0].signs[0].mode", "privacy.minimum_cell"}
    assert "looks, sounds or feels" in answer.json["errors"][0]["sentence"]
    good = asks(caller, "GET", "/api/school", cookie).json["file"] | {"school_year": file["school_year"]}
    answer = asks(caller, "PUT", "/api/school?version=2", cookie, good)
    assert [one["field"] for one in answer.json["errors"]] == ["school_year.breaks[0].to"]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"1", b"\xff", b"[" * 100_000, b'"x"', b"{}"])
def test_what_is_no_school_file_is_refused_with_a_sentence(caller: Caller, sign_in: SignIn, body: bytes) -> None:
    answer = asks(caller, "PUT", "/api/school?version=2", sign_in(), body)
    assert answer.status in {400, 422}
    assert wiring.table().latest_school()[0] == 2  # type: ignore[index]


def test_setting_and_lifting_a_legal_hold_is_recorded(caller: Caller, sign_in: SignIn) -> None:
    cookie = sign_in()
    file = asks(caller, "GET", "/api/school", cookie).json["file"]
    for version, hold in ((2, True), (3, True), (3, False)):
        told = file | {"privacy": file.get("privacy", {}) | {"legal_hold": hold}}
        assert asks(caller, "PUT", f"/api/school?version={version}", cookie, told).status == 200
    assert [done.about for done in recorded("held_on")] == ["3"]
    assert [done.about for done in recorded("held_off")] == ["4"]


# by command


def test_a_command_erases_a_win_and_a_sender(
    caller: Caller, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    del sign_in
    sent = caller.send(story=STORY)
    caller.send(story="A second one.", **NAMED)
    assert erase(["win", sent.json["id"].lower()]) == 0
    assert erase(["sender", "--name", "ms. orsted"]) == 0
    assert "1 wins" in capsys.readouterr().out
    assert "Orsted" in table_dump()
    assert erase(["sender", "--name", "ms. orsted", "--yes"]) == 0
    assert "Orsted" not in table_dump()
    assert {done.who for done in [*recorded("erased"), *recorded("erased_sender")]} == {"operator"}


def test_a_command_erases_a_school_only_by_its_name(caller: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    caller.send(story=STORY)
    settings = wiring.settings()
    s3: Any = boto3.client("s3")
    for bucket in (settings.site_bucket, settings.inbox_bucket):
        for n in range(3):
            s3.put_object(Bucket=bucket, Key=f"{settings.table_name}/{n}", Body=b"a file")
    for wrong in ([], ["--yes", "other"], ["--yes", ""]):
        assert erase(["school", *wrong]) == 1
    assert "maple-row" in capsys.readouterr().err
    assert STORY[:20] in table_dump()
    assert erase(["school", "--yes", "maple-row"]) == 0
    assert table_dump() == ""
    for bucket in (settings.site_bucket, settings.inbox_bucket):
        assert s3.list_objects_v2(Bucket=bucket).get("Contents", []) == []
    assert erase(["school", "--yes", "maple-row"]) == 1
    assert erase(["school", "--yes", settings.table_name]) == 0


def test_no_command_erases_a_school_under_a_legal_hold(caller: Caller) -> None:
    caller.send(story=STORY)
    set_hold()
    with pytest.raises(Exception, match="on_hold"):
        erase(["school", "--yes", "maple-row"])
    assert STORY[:20] in table_dump()
