"""Both doors as providers meet them: signed posts over HTTP, and events of queues, on real engines."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import boto3
import pytest
from fakes.caller import Answer, Caller
from fakes.desk import table_dump
from fakes.postman import ANA, mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app as app_module
from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.doors.twilio import signature_of
from chalicelib.observability import logger
from chalicelib.ports import Unsent
from chalicelib.work.configure import configure_school
from infra.outbox import SENT_TEXTS, sent_mails

STORY = "Two hands went up before I had finished the question & a third <waved>."
NUMBER = "+15555550100"


class Context:
    """What Lambda says of a function."""

    function_name = "f"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:1:function:f"
    aws_request_id = "1"


def wins() -> list[Win]:
    return wiring.table().wins_of(week_of(wiring.desk().today))


def posted(
    body: str, message_id: str, number: str = NUMBER, token: str | None = None, **more: str
) -> tuple[bytes, str]:
    fields = {"MessageSid": message_id, "From": number, "To": "+15555550199", "Body": body, "NumMedia": "0", **more}
    url = wiring.settings().public_url + "/api/sms/twilio"
    key = token if token is not None else wiring.keys()["twilio"][-1]
    return urlencode(fields).encode(), signature_of(key, url, list(fields.items()))


def post(caller: Caller, body: bytes, signature: str) -> Answer:
    headers = {"content_type": "application/x-www-form-urlencoded", "x_twilio_signature": signature}
    return caller.call("POST", "/api/sms/twilio", body, **headers)


def messages(answer: Answer) -> list[str]:
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/xml")
    return [message.text or "" for message in ET.fromstring(answer.body).iter("Message")]


# Twilio


def test_a_signed_text_becomes_a_win_is_tagged_and_taken_back(real_caller: Caller) -> None:
    said = ["JOIN oak7", STORY, "1 3", "L"]
    answers = [messages(post(real_caller, *posted(body, f"SM{n}"))) for n, body in enumerate(said)]
    assert [len(one) for one in answers] == [1, 1, 1, 1]
    (win,) = wins()
    assert (win.story, win.kind, win.goals) == (STORY, "lesson", ("explain",))
    assert win.signs == ("because", "shows-two-ways")
    assert "Taken back" in messages(post(real_caller, *posted("undo", "SM9")))[0]
    assert [one.state for one in wins()] == ["deleted"]
    assert STORY not in table_dump()
    assert NUMBER[2:] not in table_dump()


def test_a_repeated_webhook_is_one_win_and_one_answer(real_caller: Caller) -> None:
    messages(post(real_caller, *posted("JOIN oak7", "SM0")))
    answers = [messages(post(real_caller, *posted(STORY, "SM1"))) for _ in range(4)]
    assert [len(one) for one in answers] == [1, 0, 0, 0]
    assert len(wins()) == 1


@pytest.mark.parametrize("token", ["", "another token"])
def test_a_text_with_a_wrong_signature_is_refused_and_nothing_is_stored(caller: Caller, token: str) -> None:
    before = table_dump()
    body, signature = posted(STORY, "SM1", token=token or "x")
    answer = post(caller, body, signature if token else "")
    assert (answer.status, answer.json["code"]) == (401, "not_signed")
    assert table_dump() == before


def test_a_text_altered_on_its_way_is_refused(caller: Caller) -> None:
    body, signature = posted(STORY, "SM1")
    assert post(caller, body.replace(b"Two", b"Ten"), signature).status == 401
    assert post(caller, body + b"&Extra=1", signature).status == 401


@pytest.mark.parametrize("tokens", [[], [""]])
def test_a_school_without_a_token_takes_no_text(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, tokens: list[str]
) -> None:
    monkeypatch.setattr(wiring, "keys", lambda: {"receipt": ["r"], "source": ["s"], "twilio": tokens})
    assert post(caller, *posted(STORY, "SM1", token="")).status == 401


def test_a_delivery_report_is_taken_and_ignored(caller: Caller) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    url = wiring.settings().public_url + "/api/sms/twilio"
    signature = signature_of(wiring.keys()["twilio"][-1], url, list(fields.items()))
    assert messages(post(caller, urlencode(fields).encode(), signature)) == []


def test_many_texts_of_one_phone_at_once_are_each_one_win(
    real_surroundings: dict[str, str], sample_school: School
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from chalicelib.doors.texts import Text
    from chalicelib.work.receive_text import receive_text

    assert real_surroundings
    configure_school(wiring.table(), sample_school)
    receive_text(wiring.desk(), Text("SM0", NUMBER, "", "JOIN oak7"))
    texts = [Text(f"SM{n}", NUMBER, "", f"Win number {n % 8} of this minute") for n in range(1, 17)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: receive_text(wiring.desk(), text), texts))
    assert sorted(win.story for win in wins()) == [f"Win number {n} of this minute" for n in range(8)]
    assert sum(map(len, answers)) == 8


# queues


def queue_event(*bodies: object) -> dict[str, Any]:
    records = [{"messageId": str(n), "body": body, "eventSource": "aws:sqs"} for n, body in enumerate(bodies)]
    return {"Records": records}


def sns(text: str, message_id: str, number: str = NUMBER) -> str:
    told = {
        "originationNumber": number,
        "destinationNumber": "+12125550101",
        "messageBody": text,
        "inboundMessageId": message_id,
    }
    return json.dumps({"Type": "Notification", "Message": json.dumps(told)})


@pytest.fixture
def inbox(
    surroundings: dict[str, str], sample_school: School, monkeypatch: pytest.MonkeyPatch
) -> Callable[[bytes], str]:
    """Lay a mail into an inbox of its own; returns the notice that S3 would send."""
    s3, bucket = boto3.client("s3"), surroundings["SITE_BUCKET"].replace("site", "inbox")
    s3.create_bucket(Bucket=bucket)
    monkeypatch.setenv("INBOX_BUCKET", bucket)
    wiring.forget()
    configure_school(wiring.table(), sample_school)

    def lay(raw: bytes) -> str:
        key = f"mail/a b+{len(s3.list_objects_v2(Bucket=bucket).get('Contents', ()))}"
        s3.put_object(Bucket=bucket, Key=key, Body=raw)
        name = key.replace("+", "%2B").replace(" ", "+")
        where = {"bucket": {"name": bucket}, "object": {"key": name, "size": len(raw)}}
        return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where}]})

    return lay


@pytest.fixture
def school_set_up(surroundings: dict[str, str], sample_school: School) -> School:
    """Store the sample school's file."""
    assert surroundings
    configure_school(wiring.table(), sample_school)
    return sample_school


@pytest.mark.usefixtures("school_set_up")
def test_a_text_from_awss_queue_becomes_a_win_and_is_answered_by_the_number_it_was_sent_to() -> None:
    number = "+15555550142"
    event = queue_event(sns("JOIN oak7", "a", number), sns(STORY, "b", number))
    assert app_module.receive_text(event, Context()) == {"batchItemFailures": []}
    assert app_module.receive_text(event, Context()) == {"batchItemFailures": []}
    assert [win.story for win in wins()] == [STORY]
    sent = SENT_TEXTS.to(number)
    assert len(sent) == 2
    assert sent[1].startswith("Thank you!")


@pytest.mark.usefixtures("school_set_up")
def test_one_message_that_fails_comes_back_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.stores.texter import AwsTexter

    send = AwsTexter.send_text

    def flaky(self: AwsTexter, sender: str, recipient: str, body: str) -> None:
        if recipient.endswith("43"):
            raise Unsent
        send(self, sender, recipient, body)

    monkeypatch.setattr(AwsTexter, "send_text", flaky)
    event = queue_event(sns("JOIN oak7", "c", "+15555550143"), sns("JOIN oak7", "d", "+15555550144"), "no JSON")
    assert app_module.receive_text(event, Context()) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    monkeypatch.undo()
    again = queue_event(sns("JOIN oak7", "c", "+15555550143"))
    assert app_module.receive_text(again, Context()) == {"batchItemFailures": []}
    assert len(SENT_TEXTS.to("+15555550143")) == len(SENT_TEXTS.to("+15555550144")) == 1


def test_a_mail_goes_from_the_bucket_to_the_table_and_its_receipt_to_the_sender(inbox: Callable[[bytes], str]) -> None:
    before = len(sent_mails())
    notice = inbox(mail(STORY, subject="Lesson: x"))
    for _ in range(3):
        assert app_module.receive_mail(queue_event(notice), Context()) == {"batchItemFailures": []}
    assert [(win.story, win.kind, win.channel) for win in wins()] == [(STORY, "lesson", "mail")]
    (receipt,) = sent_mails()[before:]
    assert receipt.recipients == (ANA,)
    assert STORY in receipt.text
    bucket = wiring.settings().inbox_bucket
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=bucket)


def test_a_mail_that_fails_comes_back_and_stays_in_the_inbox(
    inbox: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.stores.mailer import SesMailer

    def broken(*_: object) -> None:
        raise Unsent

    monkeypatch.setattr(SesMailer, "send_mail", broken)
    notice = inbox(mail(STORY))
    assert app_module.receive_mail(queue_event(notice), Context()) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert len(wins()) == 1
    monkeypatch.undo()
    assert app_module.receive_mail(queue_event(notice), Context()) == {"batchItemFailures": []}
    assert len(wins()) == 1


# whatever comes


def test_every_aws_event_sample_is_a_named_refusal_to_both_queues(
    shared_data: Path, inbox: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert inbox
    samples = sorted((shared_data / "aws_events").rglob("*.json"))
    assert len(samples) >= 49
    for sample in samples:
        event = json.loads(sample.read_text("utf-8"))
        for handler in (app_module.receive_mail, app_module.receive_text):
            assert handler(event, Context()) == {"batchItemFailures": []}, sample.name
    assert wins() == []
    assert "failed" not in capsys.readouterr().out


def test_every_api_gateway_sample_is_answered(shared_data: Path, caller: Caller) -> None:
    assert caller
    answered = 0
    for sample in sorted((shared_data / "aws_events").rglob("*.json")):
        event = json.loads(sample.read_text("utf-8"))
        if "resourcePath" in event.get("requestContext", {}):
            answer = app_module.app(event, Context())
            assert 400 <= answer["statusCode"] < 500, sample.name
            answered += 1
    assert answered >= 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["Records", "body", "s3", "x"]), part),
    max_leaves=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=st.dictionaries(st.sampled_from(["Records", "x"]), _JSON))
@pytest.mark.usefixtures("school_set_up")
def test_no_event_at_all_crashes_a_handler(event: dict[str, Any]) -> None:
    for handler in (app_module.receive_mail, app_module.receive_text):
        assert handler(event, Context()) == {"batchItemFailures": []}


def test_logs_hold_no_story_number_or_address(caller: Caller, inbox: Callable[[bytes], str]) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    logging.getLogger("small-wins").addHandler(handler)
    logger.setLevel("DEBUG")
    try:
        post(caller, *posted("JOIN oak7", "SM0"))
        post(caller, *posted(STORY, "SM1"))
        app_module.receive_mail(queue_event(inbox(mail(STORY))), Context())
        app_module.receive_text(queue_event(sns(STORY, "z", "+15555550155"), "junk " + STORY), Context())
    finally:
        logger.setLevel("WARNING")
        logging.getLogger("small-wins").removeHandler(handler)
    logged = written.getvalue()
    assert "not_json" in logged
    for secret in (STORY[:20], NUMBER[2:], "5555550155", "ana.ruiz", "SM1"):
        assert secret not in logged
