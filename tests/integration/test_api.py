"""The API as a phone or a script meets it: real HTTP, real routes, a real table."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from fakes.caller import WIN, Answer, Caller
from fakes.desk import table_dump
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from ulid import ULID

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.work.configure import configure_school
from chalicelib.work.ids import new_id
from chalicelib.work.secrets import issue_receipt
from infra.front import serving

ZONE = ZoneInfo("America/New_York")
WHOLE: dict[str, Any] = {
    "link": "oak7",
    "kind": "lesson",
    "story": "It fell flat.\nStill, one hand went up ✋🏽.",
    "tried": "Wait time",
    "happened": "Silence",
    "takeaway": "Start with pairs",
    "goals": ["readers"],
    "signs": ["because", "book-talk"],
    "practices": [{"id": "wait-time", "level": "b"}, {"id": "talk-moves"}],
    "groups": ["whole-class"],
    "team": "grade-2-3",
    "author": {"mode": "named", "name": "Ms. Ørsted"},
    "occurred_on": "2026-09-01",
    "nonce": "3b6c9b3e",
}


def today() -> str:
    return datetime.now(ZONE).date().isoformat()


# sending


def test_a_sent_win_is_answered_with_id_receipt_week_state_and_preview(caller: Caller) -> None:
    answer = caller.send()
    assert answer.status == 201
    assert set(answer.json) == {"id", "receipt", "week", "state", "preview"}
    year, week, _ = datetime.now(ZONE).isocalendar()
    assert answer.json["week"] == f"{year}-W{week:02d}"
    assert answer.json["state"] == "visible"
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"


def test_every_part_of_a_win_is_stored_and_read_back(caller: Caller) -> None:
    sent = caller.send(WHOLE)
    assert sent.status == 201
    found = caller.get(sent).json
    for part in ("kind", "story", "tried", "happened", "takeaway", "groups", "team", "author", "occurred_on"):
        assert found[part] == WHOLE[part]
    assert found["signs"] == ["because", "book-talk"]
    assert found["practices"] == [{"id": "wait-time", "level": "b"}, {"id": "talk-moves", "level": None}]
    assert found["day"] == today()


def test_the_preview_says_how_it_appears_and_to_whom(caller: Caller) -> None:
    preview = caller.send(WHOLE).json["preview"]
    assert preview["story"] == WHOLE["story"]
    assert preview["byline"] == "Ms. Ørsted, Grades 2–3"  # noqa: RUF001 - the school's own dash
    assert "Wait time (b)" in preview["tags"]
    assert "Staff of Maple Row School" in preview["seen_by"]


def test_a_small_team_is_not_in_the_preview_of_an_unnamed_win(caller: Caller) -> None:
    preview = caller.send(team="arts").json["preview"]
    assert preview["byline"] == "A colleague"


def test_a_sign_brings_its_goal_and_a_link_its_own_and_both_say_so(caller: Caller) -> None:
    by_sign = caller.get(caller.send(WHOLE)).json
    assert by_sign["goals"] == ["readers", "explain"]
    assert by_sign["tagged_by"] == {"goals/explain": "sign"}
    by_link = caller.get(caller.send(link="OAK7")).json
    assert (by_link["goals"], by_link["tagged_by"]) == (["explain"], {"goals/explain": "link"})
    by_team = caller.get(caller.send(link="elm2")).json
    assert (by_team["team"], by_team["tagged_by"]) == ("grade-2-3", {"team/grade-2-3": "link"})


def test_a_tag_that_is_sent_twice_is_one_tag(caller: Caller) -> None:
    practice = {"id": "wait-time", "level": "a"}
    sent = caller.send(goals=["explain"] * 2, signs=["because"] * 3, practices=[practice, practice])
    found = caller.get(sent).json
    assert (found["goals"], found["signs"], found["practices"]) == (["explain"], ["because"], [practice])


def test_blank_optional_parts_are_left_out(caller: Caller) -> None:
    found = caller.get(caller.send(tried="  ", happened="\u200b", takeaway=None)).json
    assert (found["tried"], found["happened"], found["takeaway"]) == (None, None, None)


def test_without_an_author_the_schools_default_holds(caller: Caller) -> None:
    assert caller.get(caller.send()).json["author"] == {"mode": "confidential", "name": None}


def test_an_open_door_needs_no_link(caller: Caller, sample_school: School) -> None:
    body = {key: value for key, value in WIN.items() if key != "link"}
    assert caller.send(body).status == 422
    configure_school(wiring.table(), sample_school.model_copy(update={"open_door": True}))
    wiring.forget()
    assert caller.send(body).status == 201


def test_a_school_that_is_not_set_up_says_so(surroundings: dict[str, str]) -> None:
    with serving(surroundings["SITE_BUCKET"]) as port:
        answer = Caller(port).send()
    assert (answer.status, answer.json["code"]) == (503, "not_set_up")


# the same one twice


def test_the_same_nonce_twice_is_one_win_and_the_same_answer(real_caller: Caller) -> None:
    first, second = real_caller.send(WHOLE), real_caller.send(WHOLE)
    assert first.status == second.status == 201
    assert first.json == second.json
    assert table_dump().count('"WIN#') == 1


def test_the_same_nonce_with_other_content_is_refused_and_nothing_stored(real_caller: Caller) -> None:
    first = real_caller.send(WHOLE)
    before = table_dump()
    answer = real_caller.send(WHOLE | {"story": "Something else."})
    assert (answer.status, answer.json["code"]) == (409, "nonce_reused")
    assert table_dump() == before
    assert real_caller.get(first).json["story"] == WHOLE["story"]


def test_without_a_nonce_the_same_words_are_two_wins(caller: Caller) -> None:
    assert caller.send().json["id"] != caller.send().json["id"]


def test_a_nonce_of_a_win_that_was_changed_answers_the_changed_win(caller: Caller) -> None:
    first = caller.send(WHOLE)
    caller.patch(first, story="Mended.")
    again = caller.send(WHOLE)
    assert (again.status, again.json["id"]) == (201, first.json["id"])
    assert again.json["preview"]["story"] == "Mended."


def test_a_nonce_of_a_win_that_was_taken_back_does_not_bring_it_back(caller: Caller) -> None:
    caller.delete(caller.send(WHOLE))
    answer = caller.send(WHOLE)
    assert (answer.status, answer.json["code"]) == (410, "removed")


def test_a_nonce_of_a_win_that_was_made_anonymous_answers_the_anonymous_one(real_caller: Caller) -> None:
    sent = real_caller.send(WHOLE)
    anonymous = real_caller.patch(sent, author={"mode": "anonymous"})
    assert real_caller.send(WHOLE).json["id"] == anonymous.json["id"]


# changing


def test_a_change_changes_only_what_it_names(real_caller: Caller) -> None:
    sent = real_caller.send(WHOLE)
    before = real_caller.get(sent).json
    answer = real_caller.patch(sent, story="Mended.", team=None)
    assert answer.status == 200
    differing = {key for key in before if before[key] != answer.json[key]}
    assert differing == {"story", "team", "revision", "preview"}
    assert real_caller.get(sent).json == answer.json


def test_a_change_of_nothing_is_no_new_revision(caller: Caller) -> None:
    sent = caller.send(WHOLE)
    assert caller.patch(sent).json["revision"] == 1
    assert caller.patch(sent, story=WHOLE["story"]).json["revision"] == 1


@pytest.mark.parametrize("field", ["kind", "story", "goals", "signs", "practices", "groups", "author"])
def test_what_a_win_cannot_be_without_is_not_taken_away(caller: Caller, field: str) -> None:
    sent = caller.send(WHOLE)
    before = table_dump()
    answer = caller.patch(sent, **{field: None})
    assert (answer.status, [one["field"] for one in answer.json["errors"]]) == (422, [field])
    assert answer.json["errors"][0]["code"] == "cannot_be_empty"
    assert table_dump() == before


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"goals": ["nope"]}, "goals[0]", "unknown_goal"),
        ({"signs": ["because", "nope"]}, "signs[1]", "unknown_sign"),
        ({"practices": [{"id": "nope"}]}, "practices[0].id", "unknown_practice"),
        ({"practices": [{"id": "conferring", "level": "e"}]}, "practices[0].level", "unknown_level"),
        ({"groups": ["nope"]}, "groups[0]", "unknown_group"),
        ({"team": "nope"}, "team", "unknown_team"),
        ({"story": " \u2066\u2069"}, "story", "blank"),
        ({"story": "x" * 20_000}, "story", "too_long"),
        ({"occurred_on": "2999-01-01"}, "occurred_on", "in_future"),
        ({"link": "oak7"}, "link", "unknown_field"),
        ({"author": {"mode": "named"}}, "author", "name_needed"),
    ],
)
def test_a_wrong_change_is_refused_with_a_sentence(
    caller: Caller, change: dict[str, Any], field: str, code: str
) -> None:
    sent = caller.send(WHOLE)
    before = table_dump()
    answer = caller.patch(sent, **change)
    assert answer.status == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]
    assert table_dump() == before


def test_a_level_the_school_dropped_since_does_not_stand_against_another_change(
    caller: Caller, sample_school: School
) -> None:
    sent = caller.send(practices=[{"id": "wait-time", "level": "d"}])
    practices = tuple(
        one.model_copy(update={"variations": {k: v for k, v in one.variations.items() if k != "d"}})
        for one in sample_school.practices
    )
    configure_school(wiring.table(), sample_school.model_copy(update={"practices": practices}))
    wiring.forget()
    assert caller.patch(sent, story="Mended.").status == 200
    assert caller.send(practices=[{"id": "wait-time", "level": "d"}]).status == 422


def test_a_retired_goal_is_still_taken_from_an_old_poster(caller: Caller, sample_school: School) -> None:
    goals = tuple(
        one.model_copy(update={"retired": True}) if one.id == "explain" else one for one in sample_school.goals
    )
    configure_school(wiring.table(), sample_school.model_copy(update={"goals": goals}))
    wiring.forget()
    sent = caller.send(link="oak7")
    assert sent.status == 201
    assert caller.get(sent).json["school_version"] == 2


def test_what_was_forwarded_is_seen_by_its_sender_alone_and_can_be_removed(caller: Caller) -> None:
    sent = caller.send(quoted="She reads to her brother <every> night.")
    assert caller.get(sent).json["quoted"] == "She reads to her brother <every> night."
    assert "brother" not in json.dumps(sent.json["preview"])
    form = {"content_type": "application/x-www-form-urlencoded"}
    opened = caller.call("POST", "/api/receipt", f"receipt={sent.json['receipt']}".encode(), **form).body.decode()
    assert "She reads to her brother &lt;every&gt; night." in opened
    body = f"receipt={sent.json['receipt']}&intent=unquote&language=en".encode()
    assert "brother" not in caller.call("POST", "/api/receipt", body, **form).body.decode()
    assert caller.get(sent).json["quoted"] is None


# taking back


def test_a_win_taken_back_is_gone_for_good(real_caller: Caller) -> None:
    sent = real_caller.send(WHOLE)
    answer = real_caller.delete(sent)
    assert (answer.status, answer.body) == (204, b"")
    for call in (real_caller.get, real_caller.delete, lambda one: real_caller.patch(one, story="Back?")):
        again = call(sent)
        assert (again.status, again.json["code"]) == (410, "removed")
    dump = "\n".join(line for line in table_dump().splitlines() if '"SCHOOL"' not in line)
    assert not any(text in dump for text in ("fell flat", "Silence", "pairs", "rsted", "book-talk", "grade-2-3"))


# anonymous


def times_in(dump: str) -> set[datetime]:
    """Every moment that ids tell anywhere in a dump."""
    ids = set(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", dump))
    return {ULID.from_str(one).datetime.astimezone(ZONE) for one in ids}


def test_an_anonymous_win_keeps_no_name_and_no_time_finer_than_the_day(real_caller: Caller) -> None:
    author = {"mode": "anonymous", "name": "Ms. Ørsted"}
    sent = real_caller.send(WHOLE | {"author": author})
    assert real_caller.get(sent).json["author"] == {"mode": "anonymous", "name": None}
    dump = table_dump()
    assert "rsted" not in dump
    (moment,) = times_in(dump)
    assert (moment.hour, moment.minute, moment.second, moment.microsecond) == (12, 0, 0, 0)
    assert moment.date().isoformat() == today()
    numbers = {int(found) for found in re.findall(r'"N": "(\d+)"', dump)}
    assert all(number < 10_000 or number % 86_400 == 0 for number in numbers)
    assert f"{datetime.now(UTC):%H:%M}" not in dump


def test_a_win_made_anonymous_gets_a_new_id_and_leaves_nothing_of_its_author(real_caller: Caller) -> None:
    sent = real_caller.send(WHOLE)
    made = real_caller.patch(sent, author={"mode": "anonymous"})
    assert made.status == 200
    assert made.json["id"] != sent.json["id"]
    dump = table_dump()
    assert "rsted" not in dump
    assert sent.json["id"] not in dump
    assert {(moment.hour, moment.minute, moment.second) for moment in times_in(dump)} == {(12, 0, 0)}
    old = real_caller.get(sent)
    assert (old.status, old.json["code"]) == (410, "no_such_win")
    assert real_caller.get(made).json["story"] == WHOLE["story"]


def test_an_anonymous_win_can_still_be_changed_and_taken_back(caller: Caller) -> None:
    sent = caller.send(author={"mode": "anonymous"})
    changed = caller.patch(sent, story="Mended.")
    assert changed.json["id"] == sent.json["id"]
    assert caller.delete(changed).status == 204


# receipts


def test_only_its_own_receipt_opens_a_win(caller: Caller) -> None:
    mine, other = caller.send(), caller.send()
    path = f"/api/wins/{mine.json['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        body = {} if method == "PATCH" else None
        answer = caller.call(method, path, body, authorization=f"Bearer {other.json['receipt']}")
        assert (answer.status, answer.json["code"]) == (401, "receipt_other_win")
    assert caller.get(mine).status == 200


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "{receipt}"])
def test_no_receipt_opens_nothing(caller: Caller, authorization: str) -> None:
    sent = caller.send()
    headers = {"authorization": authorization.format(**sent.json)} if authorization else {}
    answer = caller.call("GET", f"/api/wins/{sent.json['id']}", **headers)
    assert (answer.status, answer.json["code"]) == (401, "receipt_missing")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_truncated_or_altered_receipt_opens_nothing(caller: Caller) -> None:
    sent = caller.send()
    token, path = sent.json["receipt"], f"/api/wins/{sent.json['id']}"
    broken = [token[:-1], token[1:], token[:26], token + "A", token + "=", "." + token, token.lower(), "x", "null"]
    broken += [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(0, len(token), 7)]
    for wrong in broken:
        answer = caller.call("DELETE", path, authorization=f"Bearer {wrong}")
        assert (answer.status, answer.json["code"]) == (401, "receipt_wrong"), wrong
    assert caller.get(sent).status == 200


def test_an_old_receipt_opens_nothing(caller: Caller) -> None:
    old = new_id(datetime.now(UTC) - timedelta(days=401), ZONE, to_the_day=False)
    answer = caller.call("GET", f"/api/wins/{old}", authorization=f"Bearer {issue_receipt(wiring.keys(), old)}")
    assert (answer.status, answer.json["code"]) == (401, "receipt_old")


def test_a_receipt_for_a_win_that_never_was_finds_none(caller: Caller) -> None:
    none = new_id(datetime.now(UTC), ZONE, to_the_day=False)
    answer = caller.call("GET", f"/api/wins/{none}", authorization=f"Bearer {issue_receipt(wiring.keys(), none)}")
    assert (answer.status, answer.json["code"]) == (410, "no_such_win")


def test_who_has_no_receipt_is_told_nothing_about_the_body(caller: Caller) -> None:
    answer = caller.call("PATCH", "/api/wins/x", b"{not json")
    assert (answer.status, answer.json["code"]) == (401, "receipt_missing")


def test_a_key_that_was_replaced_still_opens_its_receipts(caller: Caller) -> None:
    sent = caller.send()
    client = boto3.client("ssm")
    name = os.environ["KEYS_PARAMETER"]
    kept = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    keys = json.loads(kept)
    client.put_parameter(
        Name=name, Value=json.dumps(keys | {"receipt": [*keys["receipt"], "new"]}), Overwrite=True, Type="SecureString"
    )
    try:
        wiring.forget()
        assert caller.get(sent).status == 200
        assert caller.send().json["receipt"].partition(".")[0]
    finally:
        client.put_parameter(Name=name, Value=kept, Overwrite=True, Type="SecureString")


# the description


def test_the_description_is_valid_openapi(caller: Caller) -> None:
    validate(caller.call("GET", "/api/openapi.json").json)


def test_actual_answers_are_as_described(caller: Caller) -> None:
    api = caller.call("GET", "/api/openapi.json").json

    def check(method: str, path: str, answer: Answer) -> None:
        described = api["paths"][path][method]["responses"][str(answer.status)]
        if "content" not in described:
            return
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in described["content"]
        schema = {**described["content"][kind]["schema"], "components": api["components"]}
        Draft202012Validator(schema).validate(answer.json)

    sent = caller.send(WHOLE)
    check("post", "/api/wins", sent)
    check("post", "/api/wins", caller.send(WHOLE))
    check("post", "/api/wins", caller.send(WHOLE | {"story": "Other."}))
    check("post", "/api/wins", caller.send({"kind": 5, "x": 1}))
    check("post", "/api/wins", caller.send(b"{"))
    check("post", "/api/wins", caller.send(b" " * 2_000_000))
    check("post", "/api/wins", caller.call("POST", "/api/wins", b"x", content_type="text/plain"))
    check("get", "/api/wins/{id}", caller.get(sent))
    check("get", "/api/wins/{id}", caller.call("GET", "/api/wins/x"))
    check("patch", "/api/wins/{id}", caller.patch(sent, story="Mended."))
    check("patch", "/api/wins/{id}", caller.patch(sent, story=None))
    check("delete", "/api/wins/{id}", caller.delete(sent))
    check("delete", "/api/wins/{id}", caller.delete(sent))
    check("get", "/api/wins/{id}", caller.get(sent))
    check("get", "/api/health", caller.call("GET", "/api/health"))


def test_what_is_sent_here_is_valid_by_the_description(caller: Caller) -> None:
    api = caller.call("GET", "/api/openapi.json").json
    schema = {"$ref": "#/components/schemas/Submission", "components": api["components"]}
    for body in (WIN, WHOLE):
        Draft202012Validator(schema).validate(body)


def test_health_says_ready(caller: Caller) -> None:
    answer = caller.call("GET", "/api/health")
    assert (answer.status, answer.json) == (200, {"ok": True, "school": "maple-row", "school_version": 1})


def test_a_link_fills_in_what_was_not_mentioned_and_nothing_that_was_taken_away(caller: Caller) -> None:
    told = {"link": "elm2", "kind": "success", "story": "They read on."}
    for extra, team in (({}, "grade-2-3"), ({"team": None}, None), ({"team": "arts"}, "arts")):
        sent = caller.send({**told, **extra}).json
        found = caller.call("GET", f"/api/wins/{sent['id']}", authorization=f"Bearer {sent['receipt']}").json
        assert found["team"] == team
    form = "link=elm2&kind=success&story=Form&team=&goals=&author_mode=confidential&intent=send"
    page = caller.call("POST", "/api/wins", form.encode(), content_type="application/x-www-form-urlencoded")
    assert page.status == 201
    assert "Grades 2" not in page.body.decode().partition("<details")[0]


def test_a_corrected_form_keeps_every_tag_it_did_not_touch(caller: Caller) -> None:
    practices = [{"id": "talk-moves", "level": "b"}, {"id": "wait-time"}]
    goals = ["belong", "readers"]
    sent = caller.send({**WIN, "goals": goals, "signs": [], "practices": practices}).json
    opened = caller.call(
        "POST",
        "/api/receipt",
        f"receipt={sent['receipt']}".encode(),
        content_type="application/x-www-form-urlencoded",
    ).body.decode()
    for name, value in (("goals", "readers"), ("practices", "wait-time")):
        assert f'<input type="checkbox" name="{name}" value="{value}" checked>' in opened
    assert opened.count(" selected>") == 2
