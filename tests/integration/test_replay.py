"""Dead letters are tried again, and nothing is lost, stored or answered twice by it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from fakes.postman import mail

from app import receive_mail, receive_text
from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.school import School
from chalicelib.work.configure import configure_school
from infra.connection import forget_running, remember
from infra.engine import Engine
from infra.outbox import sent_mails
from infra.queues import drain_once
from infra.replay import main


@dataclass
class Stack:
    """A school's queues and inbox."""

    outputs: dict[str, str]

    def send(self, queue: str, body: str) -> None:
        boto3.client("sqs").send_message(QueueUrl=self.outputs[queue], MessageBody=body)

    def waiting(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = boto3.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)  # type: ignore[arg-type]
        return sum(int(number) for number in found["Attributes"].values())

    def drain(self, queue: str, handler: Any) -> None:
        while drain_once(self.outputs[queue], handler):
            pass


@pytest.fixture
def stack(
    surroundings: dict[str, str], sample_school: School, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Iterator[Stack]:
    """A running school of its own, found by commands as `make run` is."""
    sqs, s3 = boto3.client("sqs"), boto3.client("s3")
    names = ("MailQueueUrl", "MailDeadLettersUrl", "TextQueueUrl", "TextDeadLettersUrl")
    outputs = {name: sqs.create_queue(QueueName=f"{name}-{uuid.uuid4().hex}")["QueueUrl"] for name in names}
    outputs["InboxBucketName"] = f"inbox-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=outputs["InboxBucketName"])
    environment = {**surroundings, "INBOX_BUCKET": outputs["InboxBucketName"]}
    monkeypatch.setenv("INBOX_BUCKET", outputs["InboxBucketName"])
    monkeypatch.setattr("infra.connection.RUNNING", tmp_path / "running.json")
    wiring.forget()
    configure_school(wiring.table(), sample_school)
    remember(Engine(environment, outputs))
    yield Stack(outputs)
    forget_running()


def stories() -> list[str]:
    return [win.story for win in wiring.table().wins_of(week_of(wiring.desk().today))]


def test_dead_texts_and_mails_are_tried_again_and_end_in_one_win_each(stack: Stack) -> None:
    s3, bucket = boto3.client("s3"), stack.outputs["InboxBucketName"]
    s3.put_object(Bucket=bucket, Key="mail/1", Body=mail("A mail that failed."))
    where = {"bucket": {"name": bucket}, "object": {"key": "mail/1"}}
    notice = json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": where}]})
    text = {"originationNumber": "+15555550170", "destinationNumber": "+15555550199", "inboundMessageId": "dead"}
    stack.send("MailDeadLettersUrl", notice)
    for n, body in enumerate(("JOIN oak7", "A text that failed.")):
        stack.send("TextDeadLettersUrl", json.dumps({**text, "inboundMessageId": f"dead-{n}", "messageBody": body}))
    before = len(sent_mails())
    assert main([]) == 0
    assert stack.waiting("MailDeadLettersUrl") == stack.waiting("TextDeadLettersUrl") == 0
    for _ in range(2):
        stack.drain("MailQueueUrl", receive_mail)
        stack.drain("TextQueueUrl", receive_text)
        stack.send("MailQueueUrl", notice)
    assert sorted(stories()) == ["A mail that failed.", "A text that failed."]
    assert len(sent_mails()) == before + 1


def test_what_was_refused_is_tried_again_from_the_inbox_once_its_reason_is_mended(
    stack: Stack, sample_school: School
) -> None:
    s3, bucket = boto3.client("s3"), stack.outputs["InboxBucketName"]
    s3.put_object(
        Bucket=bucket, Key="mail/a b+c", Body=mail("From a new domain.", sender="x@new.example", auth="dmarc=pass")
    )
    assert main(["--inbox"]) == 0
    stack.drain("MailQueueUrl", receive_mail)
    assert stories() == []
    rules = sample_school.mail.model_copy(update={"domains": ("maplerow.example", "new.example")})
    configure_school(wiring.table(), sample_school.model_copy(update={"mail": rules}))
    wiring.forget()
    assert main(["--inbox"]) == 0
    stack.drain("MailQueueUrl", receive_mail)
    assert stories() == ["From a new domain."]
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_message_that_keeps_failing_stays_in_its_queue(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ConnectionError

    monkeypatch.setattr("chalicelib.work.receive_mail.receive_mail", broken)
    where = {"bucket": {"name": stack.outputs["InboxBucketName"]}, "object": {"key": "mail/1"}}
    stack.send("MailQueueUrl", json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": where}]}))
    assert drain_once(stack.outputs["MailQueueUrl"], receive_mail) == 1
    assert stack.waiting("MailQueueUrl") == 1


def test_nothing_to_try_again_is_said(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert stack.outputs
    assert main([]) == 0
    assert capsys.readouterr().out == "Nothing to try again.\n"


def test_without_a_school_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("infra.connection.RUNNING", tmp_path / "none.json")
    with pytest.raises(SystemExit, match="No school found"):
        main([])
