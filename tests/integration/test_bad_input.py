"""Whatever is sent becomes a stored win or a clear sentence; after a refusal the table is as it was."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from fakes.caller import WIN, Answer, Caller
from fakes.desk import table_dump
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.errors import STATUS
from chalicelib.domain.win import is_blank
from chalicelib.domain.words import catalogue

PROBLEM = {"type", "title", "status", "code", "detail"}
INVISIBLE = ["", " ", "\t\n", "\u200b", "\u2066\u2069", "\u00ad\ufeff", "\u00a0\u3000", "\u200e \u200f"]


@pytest.fixture
def refused(caller: Caller) -> Iterator[Callable[[Answer, int, str], dict[str, Any]]]:
    """Check that an answer is a clear refusal; at the end, that nothing was stored."""
    before = table_dump()

    def check(answer: Answer, status: int, code: str) -> dict[str, Any]:
        problem = checked_problem(answer)
        assert (answer.status, problem["code"]) == (status, code)
        return problem

    yield check
    assert table_dump() == before
    assert caller.send().status == 201  # and nothing else was harmed


def checked_problem(answer: Answer) -> dict[str, Any]:
    """Check the shape that every refusal has, and that it tells nothing of our insides."""
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json
    assert set(problem) - {"errors"} == PROBLEM
    assert problem["status"] == answer.status == STATUS[problem["code"]]
    assert ("errors" in problem) == (problem["code"] == "fields")
    for one in problem.get("errors", ()):
        assert set(one) == {"field", "code", "sentence"}
        assert one["sentence"].endswith(".")
        assert "{" not in one["sentence"]
    text = answer.body.decode().lower()
    assert not any(inside in text for inside in ("traceback", "pydantic", 'file "', "botocore", "input_value"))
    return problem


def codes(problem: dict[str, Any]) -> dict[str, str]:
    return {one["field"]: one["code"] for one in problem["errors"]}


# JSON itself


def test_no_json_of_the_test_suite_is_stored_or_crashes_anything(caller: Caller, shared_data: Path) -> None:
    before = table_dump()
    lines = (shared_data / "bad_input" / "json_parsing_dev.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 147
    for line in lines:
        case = json.loads(line)
        body = base64.b64decode(case["bytes_base64"])
        problem = checked_problem(caller.send(body))
        allowed = {"fields", "not_json", "not_utf8", "too_large"}
        if case["expect"] == "accept":
            allowed = {"fields"}  # valid JSON, but no win
        assert problem["code"] in allowed, case["name"]
    assert table_dump() == before


@pytest.mark.parametrize("field", ["story", "goals", "practices"])
def test_no_json_of_the_test_suite_is_stored_as_part_of_a_win(caller: Caller, shared_data: Path, field: str) -> None:
    lines = (shared_data / "bad_input" / "json_parsing_dev.jsonl").read_text("utf-8").splitlines()
    told = json.dumps({key: one for key, one in WIN.items() if key != field}).encode()
    before = table_dump()
    for case in map(json.loads, lines):
        value = base64.b64decode(case["bytes_base64"])
        answer = caller.send(told[:-1] + b', "' + field.encode() + b'": ' + value + b"}")
        problem = checked_problem(answer)
        assert problem["code"] in {"fields", "not_json", "not_utf8"}, case["name"]
    assert table_dump() == before


def test_each_text_in_the_json_test_suite_is_stored_as_it_reads_or_refused(caller: Caller, shared_data: Path) -> None:
    lines = (shared_data / "bad_input" / "json_parsing_dev.jsonl").read_text("utf-8").splitlines()
    stored = 0
    for case in map(json.loads, lines):
        value = base64.b64decode(case["bytes_base64"])
        if not (value.startswith(b'["') and value.endswith(b'"]')):
            continue
        answer = caller.send(json.dumps(WIN).encode()[:-1] + b', "tried": ' + value[1:-1] + b"}")
        if answer.status == 201:
            assert case["expect"] != "reject", case["name"]
            text = json.loads(value)[0]
            assert caller.get(answer).json["tried"] == (None if is_blank(text) else text), case["name"]
            stored += 1
        else:
            checked_problem(answer)
    assert stored > 5


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"5", b"true", b"null"])
def test_json_that_is_no_object_is_told_so(caller: Caller, refused: Callable[..., Any], body: bytes) -> None:
    problem = refused(caller.send(body), 422, "fields")
    assert codes(problem) == {"body": "must_be_object"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"story": "\\ud800", "kind": "success"}', "not_json"),
        (b'{"story": "\xff"}', "not_utf8"),
        ('{"story": "x"}'.encode("utf-16"), "not_utf8"),
    ],
)
def test_what_cannot_be_read_is_told_so(caller: Caller, refused: Callable[..., Any], body: bytes, code: str) -> None:
    refused(caller.send(body), 400, code)


# types and values

WRONG = {
    "kind": [5, None, True, [], {}, "", "Success", "win"],
    "story": [5, None, True, [], {}, ["x"]],
    "tried": [5, True, [], {}],
    "happened": [5, True, [], {}],
    "takeaway": [1.5, True, [], {}],
    "goals": [5, None, "explain", {}, [5], [None], [[]], [""], ["x" * 41], ["explain"] * 21],
    "signs": [5, None, "because", {"0": "because"}, [5]],
    "practices": [5, None, "wait-time", {}, ["wait-time"], [{}], [{"id": 5}], [{"id": "wait-time", "level": "f"}]],
    "groups": [5, None, "whole-class", {}, [5]],
    "team": [5, True, [], {}, ""],
    "author": [5, "Ms. Rowe", [], {}, {"mode": "named"}, {"mode": "known"}, {"mode": "named", "name": " "}],
    "occurred_on": [
        5,
        "",
        "yesterday",
        "2026-02-30",
        "20260923",
        "0",
        "1600000000",
        "2026-09-23T10:00:00",
        [],
        "1901-01-01",
    ],
    "link": [5, "", [], {}, "x" * 41],
    "nonce": [5, "", [], {}, "x" * 81, "a\x00b"],
    "colour": ["blue"],
    "id": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    "state": ["visible"],
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_type_or_value_is_refused_by_its_field(caller: Caller, refused: Callable[..., Any], field: str) -> None:
    for value in WRONG[field]:
        problem = refused(caller.send(**{field: value}), 422, "fields")
        assert len(problem["errors"]) == 1, value
        assert problem["errors"][0]["field"].startswith(field), value


def test_everything_wrong_is_told_at_once(caller: Caller, refused: Callable[..., Any]) -> None:
    body = {"kind": "sucess", "story": " ", "goals": "explain", "occurred_on": "soon", "colour": "blue"}
    problem = refused(caller.send(body), 422, "fields")
    assert codes(problem) == {
        "kind": "choose_one",
        "story": "blank",
        "goals": "must_be_list",
        "occurred_on": "not_a_date",
        "colour": "unknown_field",
    }


UNKNOWN = {
    "goals[0]": ({"goals": ["nope"]}, "unknown_goal"),
    "signs[1]": ({"signs": ["because", "nope"]}, "unknown_sign"),
    "groups[0]": ({"groups": ["Whole-Class"]}, "unknown_group"),
    "practices[0].id": ({"practices": [{"id": "nope"}]}, "unknown_practice"),
    "practices[1].level": ({"practices": [{"id": "wait-time"}, {"id": "conferring", "level": "e"}]}, "unknown_level"),
    "team": ({"team": "nope"}, "unknown_team"),
    "link": ({"link": "nope7"}, "unknown_link"),
}


@pytest.mark.parametrize("field", UNKNOWN)
def test_an_id_the_school_does_not_have_is_refused(caller: Caller, refused: Callable[..., Any], field: str) -> None:
    told, code = UNKNOWN[field]
    problem = refused(caller.send(**told), 422, "fields")
    assert codes(problem) == {field: code}


def test_a_missing_link_is_asked_for(caller: Caller, refused: Callable[..., Any]) -> None:
    problem = refused(caller.send({"kind": "success", "story": "No link."}), 422, "fields")
    assert codes(problem) == {"link": "link_needed"}


@pytest.mark.parametrize("story", INVISIBLE)
def test_a_story_in_which_nothing_can_be_seen_is_blank(caller: Caller, refused: Callable[..., Any], story: str) -> None:
    assert codes(refused(caller.send(story=story), 422, "fields")) == {"story": "blank"}


def test_a_story_of_ten_thousand_characters_is_stored_in_any_script(caller: Caller) -> None:
    for letter in ("x", "字", "😀"):
        story = letter * 10_000
        sent = caller.send(story=story)
        assert sent.status == 201
        assert caller.get(sent).json["story"] == story


@pytest.mark.parametrize("length", [10_001, 20_000])
def test_a_longer_story_is_refused_with_the_limit(caller: Caller, refused: Callable[..., Any], length: int) -> None:
    problem = refused(caller.send(story="x" * length), 422, "fields")
    assert codes(problem) == {"story": "too_long"}
    assert "10000" in problem["errors"][0]["sentence"].replace(",", "")


CONTROLS = [chr(code) for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"]


def test_control_characters_are_refused_wherever_text_is_told(caller: Caller, refused: Callable[..., Any]) -> None:
    for char in CONTROLS:
        problem = refused(caller.send(story=f"a{char}b"), 422, "fields")
        assert codes(problem) == {"story": "control_character"}, repr(char)
    for field in ("tried", "happened", "takeaway"):
        assert codes(refused(caller.send(**{field: "a\x00b"}), 422, "fields")) == {field: "control_character"}
    author = {"mode": "named", "name": "Ms.\x07 Rowe"}
    assert codes(refused(caller.send(author=author), 422, "fields")) == {"author.name": "control_character"}


@pytest.mark.parametrize(
    "char", ["\t", "\n", "\r\n", "\x80", "\x85", "\x9f", "\u2028", "\u202e", "\ufffd", "\U0010fffd"]
)
def test_other_characters_are_stored_as_they_came(caller: Caller, char: str) -> None:
    sent = caller.send(story=f"a{char}b")
    assert sent.status == 201
    assert caller.get(sent).json["story"] == f"a{char}b"


@pytest.mark.parametrize("day", ["2999-12-31", "9999-12-31"])
def test_a_day_to_come_is_refused(caller: Caller, refused: Callable[..., Any], day: str) -> None:
    assert codes(refused(caller.send(occurred_on=day), 422, "fields")) == {"occurred_on": "in_future"}


# the envelope


FORM = "application/x-www-form-urlencoded"


def refused_with_a_page(caller: Caller, body: bytes, status: int, sentence: str) -> None:
    before = table_dump()
    answer = caller.call("POST", "/api/wins", body, content_type=FORM)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert sentence in answer.body.decode()
    assert b"Traceback" not in answer.body
    assert table_dump() == before


def test_a_body_of_two_megabytes_is_refused(caller: Caller, refused: Callable[..., Any]) -> None:
    refused(caller.send(story="x" * 2_000_000), 413, "too_large")
    refused_with_a_page(caller, b"story=" + b"x" * 2_000_000, 413, "The message is too large.")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x", "application/jsonp"]
)
def test_a_wrong_content_type_is_refused(caller: Caller, refused: Callable[..., Any], kind: str) -> None:
    refused(caller.call("POST", "/api/wins", json.dumps(WIN).encode(), content_type=kind), 415, "wrong_content_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_content_type_in_other_clothes_is_taken(caller: Caller, kind: str) -> None:
    assert caller.call("POST", "/api/wins", json.dumps(WIN).encode(), content_type=kind).status == 201


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_refused_and_the_right_one_named(
    caller: Caller, refused: Callable[..., Any], method: str
) -> None:
    answer = caller.call(method, "/api/wins")
    refused(answer, 405, "wrong_method")
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/wins/a/b", "/api/wins/../../etc/passwd"])
def test_an_address_that_leads_nowhere_is_told_so(caller: Caller, refused: Callable[..., Any], path: str) -> None:
    refused(caller.call("GET", path), 404, "no_such_page")


@pytest.mark.parametrize("win_id", ["x", "%00", "%F0%9F%98%80", "..%2F..", "0" * 26, "Z" * 26, "a" * 3000])
def test_an_id_that_cannot_be_one_opens_nothing(caller: Caller, refused: Callable[..., Any], win_id: str) -> None:
    refused(caller.call("GET", f"/api/wins/{win_id}"), 401, "receipt_missing")
    refused(caller.call("GET", f"/api/wins/{win_id}", authorization="Bearer \xff.\xfe"), 401, "receipt_wrong")


def test_a_form_that_can_not_be_read_is_answered_with_a_page(caller: Caller) -> None:
    refused_with_a_page(caller, b"\xff\xfe", 400, "not valid text (UTF-8)")
    refused_with_a_page(caller, b"story=%ff", 400, "not valid text (UTF-8)")
    refused_with_a_page(caller, b"&".join([b"a=b"] * 201), 400, "The form could not be read.")


def test_a_wrong_form_comes_back_as_a_page_with_what_was_typed(caller: Caller) -> None:
    before = table_dump()
    told = {"link": "oak7", "kind": "success", "story": "x" * 10_001, "takeaway": "Keep me", "intent": "send"}
    answer = caller.call(
        "POST", "/api/wins", urlencode(told).encode(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert b"Keep me" in answer.body
    assert table_dump() == before


# sentences


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("es", "es"), ("es-MX,es;q=0.9,en;q=0.1", "es"), ("fr", "en"), ("fr,es;q=0.1", "es"), ("\xff;q=x,,;", "en")],
)
def test_refusals_speak_the_senders_language(
    caller: Caller, refused: Callable[..., Any], accepted: str, language: str
) -> None:
    answer = caller.call("POST", "/api/wins", {**WIN, "story": " "}, accept_language=accepted)
    problem = refused(answer, 422, "fields")
    words = catalogue(language)
    assert problem["title"] == words["problem.fields"]["one"]
    assert problem["errors"][0]["sentence"] == words["field.blank"]


# hostile text


def test_every_naughty_string_is_stored_unchanged_or_refused_as_blank_or_control(
    real_caller: Caller, shared_data: Path
) -> None:
    strings = json.loads((shared_data / "bad_input" / "blns.json").read_text("utf-8"))
    assert len(strings) == 515
    stored = []
    for text in strings:
        sent = real_caller.send(story=text, tried=None if is_blank(text) else text)
        if sent.status == 201:
            stored.append((text, text))
        else:
            assert set(codes(checked_problem(sent)).values()) <= {"blank", "control_character"}
            assert is_blank(text) or any(char in text for char in CONTROLS)
    assert len(stored) > 480
    wins = wiring.table().wins_of(week_of(wiring.desk().today))
    assert not Counter(stored) - Counter((win.story, win.tried) for win in wins)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_stored_unchanged_or_refused(caller: Caller, text: str) -> None:
    sent = caller.send(story=text, author={"mode": "named", "name": text[:80] if not is_blank(text[:80]) else "x"})
    if sent.status == 201:
        assert caller.get(sent).json["story"] == text
    else:
        assert set(codes(checked_problem(sent)).values()) <= {"blank", "control_character"}
        assert is_blank(text) or any(char in text for char in CONTROLS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(told=st.dictionaries(st.sampled_from([*WRONG]) | st.text(max_size=8), JSON, max_size=6))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_gets_a_win_or_a_sentence(caller: Caller, told: dict[str, Any]) -> None:
    answer = caller.send({**WIN, **told})
    if answer.status != 201:
        checked_problem(answer)


# what nobody else hears


def test_logs_hold_no_story_no_name_and_no_receipt(caller: Caller, log: io.StringIO) -> None:
    secret, name = "Zanzibar told us", "Ms. Quetzalcoatl"
    sent = caller.send(story=secret, author={"mode": "named", "name": name})
    caller.get(sent)
    caller.patch(sent, story=f"{secret} again")
    caller.send(story=f"{secret}\x00")
    caller.send(**{secret: name, "goals": [secret[:20]]})
    caller.send(b'{"story": "' + secret.encode())
    caller.call("GET", f"/api/wins/{sent.json['id']}", authorization=f"Bearer {sent.json['receipt']}x")
    caller.call(
        "POST",
        "/api/wins",
        urlencode({"story": secret, "link": name}).encode(),
        content_type="application/x-www-form-urlencoded",
    )
    caller.delete(sent)
    logs = log.getvalue()
    assert "win stored" in logs
    assert not any(word in logs for word in ("Zanzibar", "Quetzalcoatl", sent.json["receipt"].partition(".")[2]))


def test_a_crash_of_ours_is_a_sentence_outside_and_a_stack_without_the_story_inside(
    caller: Caller, log: io.StringIO
) -> None:
    boto3.client("dynamodb").delete_table(TableName=wiring.settings().table_name)
    answer = caller.send(story="Zanzibar told us", author={"mode": "named", "name": "Ms. Quetzalcoatl"})
    assert (answer.status, checked_problem(answer)["code"]) == (500, "our_fault")
    logs = log.getvalue()
    assert "ResourceNotFoundException" in logs
    assert not any(word in logs for word in ("Zanzibar", "Quetzalcoatl"))
