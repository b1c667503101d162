"""What the number of a school whose texts AWS carries still needs is said before somebody waits for an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.deploy import missing
from infra.deploy.stacks import Stack

NUMBER, ARN = "+15555550142", "arn:aws:sms-voice:us-east-1:123456789012:phone-number/phone-1"
TOPIC = "arn:aws:sns:us-east-1:123456789012:small-wins-oak-TextTopic"
JOB: Any = SimpleNamespace(id="oak")
KNOWN = {"PhoneNumberArn": ARN, "PhoneNumberId": "phone-1", "PhoneNumber": NUMBER, "Status": "ACTIVE"}
KNOWN |= {"IsoCountryCode": "US", "MessageType": "TRANSACTIONAL", "NumberType": "LONG_CODE", "MonthlyLeasingPrice": "1"}
REST: dict[str, Any] = {"NumberCapabilities": ["SMS"], "TwoWayEnabled": True, "SelfManagedOptOutsEnabled": True}
REST |= {"OptOutListName": "Default", "DeletionProtectionEnabled": False, "CreatedTimestamp": 0}


def said(monkeypatch: pytest.MonkeyPatch, number: str, tags: dict[str, str], channel: str) -> list[str]:
    client = boto3.client("pinpoint-sms-voice-v2", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(missing, "client", lambda _: client)
    stack: Any = SimpleNamespace(spec=Stack, outputs={"TextTopicArn": TOPIC})
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    with Stubber(client) as stubbed:
        stubbed.add_response(
            "describe_phone_numbers", {"PhoneNumbers": [{**KNOWN, **REST, "TwoWayChannelArn": channel}]}
        )
        stubbed.add_response("list_tags_for_resource", {"ResourceArn": ARN, "Tags": listed}, {"ResourceArn": ARN})
        return list(missing._number(number, JOB, stack))


def test_a_number_with_the_schools_tag_and_topic_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, NUMBER, {"small-wins": "oak"}, TOPIC) == []


@pytest.mark.parametrize("tags", [{}, {"small-wins": "maple"}, {"other": "oak"}])
def test_a_number_without_the_schools_tag_is_named(monkeypatch: pytest.MonkeyPatch, tags: dict[str, str]) -> None:
    (told,) = said(monkeypatch, NUMBER, tags, TOPIC)
    assert "small-wins = oak" in told


def test_a_number_that_leads_elsewhere_or_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = said(monkeypatch, NUMBER, {"small-wins": "oak"}, "arn:aws:sns:us-east-1:123456789012:other")
    assert TOPIC in told
    (told,) = said(monkeypatch, "+15555550143", {}, TOPIC)
    assert told.startswith("The account has no number")
