"""How AWS reaches the functions: the API through CloudFront alone, mail and texts by topics, and failures again."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from fakes.caller import Caller
from fakes.postman import mail

import app as app_module
from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.school import School
from chalicelib.observability import logger
from chalicelib.routes.http import ORIGIN
from chalicelib.routes.queues import NotDealtWith
from chalicelib.work.configure import configure_school
from chalicelib.work.secrets import origin_key
from infra.replay import event_of
from infra.template import read_stack


class Context:
    """What Lambda says of a function."""

    function_name = "f"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:1:function:f"
    aws_request_id = "1"


@pytest.fixture
def guarded(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """A school whose API looks where requests come from, as on AWS."""
    monkeypatch.setenv("ORIGIN_CHECK", "yes")
    wiring.forget()
    return caller


@pytest.fixture
def school_set_up(surroundings: dict[str, str], sample_school: School) -> dict[str, str]:
    """Store the sample school's file."""
    configure_school(wiring.table(), sample_school)
    return surroundings


def by_topic(message: str) -> dict[str, Any]:
    sns = {"Type": "Notification", "MessageId": "m1", "Message": message, "TopicArn": "arn:aws:sns:us-east-1:1:t"}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]}


def text(body: str, number: str, message_id: str) -> str:
    told = {"originationNumber": number, "destinationNumber": "+15555550199", "inboundMessageId": message_id}
    return json.dumps({**told, "messageBody": body})


def notice_of(key: str, raw: bytes) -> str:
    bucket = wiring.settings().inbox_bucket
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=raw)
    where = {"bucket": {"name": bucket}, "object": {"key": key, "size": len(raw)}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where}]})


def stories() -> list[str]:
    return [win.story for win in wiring.table().wins_of(week_of(wiring.desk().today))]


def test_who_goes_past_cloudfront_finds_nothing(guarded: Caller) -> None:
    right = origin_key(wiring.keys())
    for said in ({}, {"x_small_wins_origin": ""}, {"x_small_wins_origin": right[:-1]}, {"x_small_wins_origin": "o"}):
        for method, path in (("GET", "/api/openapi.json"), ("GET", "/api/me"), ("DELETE", "/api/wins/01")):
            answer = guarded.call(method, path, **said)
            assert (answer.status, answer.json["code"]) == (404, "no_such_page")
        assert guarded.call("POST", "/api/wins", {"link": "oak7"}, **said).status == 404
    assert guarded.call("GET", "/api/openapi.json", x_small_wins_origin=right).status == 200


def test_cloudfront_says_what_the_api_wants_to_hear() -> None:
    resources = read_stack()["Resources"]
    origins = resources["Distribution"]["Properties"]["DistributionConfig"]["Origins"]
    (told,) = [one for origin in origins for one in origin.get("OriginCustomHeaders", ())]
    assert told["HeaderName"] == ORIGIN
    assert origin_key({"source": ["a"]}) != origin_key({"source": ["b"]})
    assert origin_key({"source": ["a", "b"]}) == origin_key({"source": ["a"]}), "it holds as long as the school does"


def test_a_text_and_a_mail_that_topics_bring_become_wins_once(school_set_up: dict[str, str]) -> None:
    assert school_set_up
    number = "+15555550177"
    for event in (by_topic(text("JOIN oak7", number, "t1")), by_topic(text("They asked each other.", number, "t2"))):
        for _ in range(2):
            assert app_module.receive_text(event, Context()) == {"batchItemFailures": []}
    notice = by_topic(notice_of("mail/t1", mail("Nobody looked at the clock.")))
    for _ in range(2):
        assert app_module.receive_mail(notice, Context()) == {"batchItemFailures": []}
    assert sorted(stories()) == ["Nobody looked at the clock.", "They asked each other."]


def test_what_a_topic_brought_and_failed_fails_the_run_and_is_tried_again_from_its_record(
    school_set_up: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert school_set_up
    event = by_topic(notice_of("mail/t2", mail("It worked the third time.")))

    def broken(*_: object) -> str:
        raise ConnectionError

    with monkeypatch.context() as failing:
        failing.setattr("chalicelib.work.receive_mail.receive_mail", broken)
        failing.setattr(logger, "exception", lambda *_, **__: None)
        with pytest.raises(NotDealtWith):
            app_module.receive_mail(event, Context())
    context = {"condition": "RetriesExhausted", "approximateInvokeCount": 3}
    record = {"version": "1.0", "requestContext": context, "requestPayload": event, "responsePayload": {}}
    again = json.loads(event_of(json.dumps(record)))
    assert again == event
    assert app_module.receive_mail(again, Context()) == {"batchItemFailures": []}
    assert stories() == ["It worked the third time."]


def test_a_mail_that_lies_in_the_inbox_is_told_of_as_a_topic_would(school_set_up: dict[str, str]) -> None:
    assert school_set_up
    event = json.loads(event_of(notice_of("mail/t3", mail("Found again."))))
    assert app_module.receive_mail(event, Context()) == {"batchItemFailures": []}
    assert stories() == ["Found again."]


@pytest.mark.parametrize(
    "record", [None, {}, {"Sns": None}, {"Sns": {}}, {"Sns": {"Message": 7}}, {"Sns": {"Message": "{"}}]
)
def test_a_record_that_is_none_is_refused_by_name(school_set_up: dict[str, str], record: Any) -> None:
    assert school_set_up
    for handler in (app_module.receive_mail, app_module.receive_text):
        assert handler({"Records": [record]}, Context()) == {"batchItemFailures": []}


def test_the_network_is_the_one_that_cloudfront_saw_whatever_it_claims(caller: Caller) -> None:
    from chalicelib.routes.http import network_of

    class Request:
        """What of a request is looked at."""

        def __init__(self, passed: str) -> None:
            self.context = {"identity": {"sourceIp": "130.176.0.1"}}
            self.headers = {"x-forwarded-for": passed}

    assert caller
    for passed in ("203.0.113.7, 130.176.0.1", "10.0.0.1, 8.8.8.8, 203.0.113.7, 130.176.0.1"):
        assert network_of(Request(passed)) == "203.0.113.7"  # type: ignore[arg-type]
    assert network_of(Request("")) == "130.176.0.1"  # type: ignore[arg-type]
