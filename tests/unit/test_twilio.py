"""Twilio's door: signed posts in, TwiML out."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from chalicelib.doors.aws_sms import read_aws_sms
from chalicelib.doors.texts import NotAText, normalised
from chalicelib.doors.twilio import is_signed, read_fields, read_twilio, signature_of, write_twiml

TOKEN = "12345"
URLS = st.sampled_from(
    ["https://wins.school.example/api/sms/twilio", "https://wins.school.example:8443/x", "http://127.0.0.1:8000/y?a=b"]
)
FIELDS = st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=8)
_UNREADABLE = st.characters(exclude_categories=["Cs"])


@given(url=URLS, fields=st.dictionaries(st.text(_UNREADABLE, min_size=1, max_size=9), st.text(_UNREADABLE), max_size=8))
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_signature_is_the_one_twilios_own_library_makes(url: str, fields: dict[str, str], algorithm: str) -> None:
    theirs = RequestValidator(TOKEN).compute_signature(url, fields, f"HMAC_{algorithm.upper()}")
    assert signature_of(TOKEN, url, list(fields.items()), algorithm) == theirs


@given(
    signed=URLS,
    checked=URLS,
    fields=st.dictionaries(st.text(_UNREADABLE, min_size=1, max_size=9), st.text(_UNREADABLE), max_size=4),
)
def test_what_twilios_own_library_takes_and_refuses_so_do_we(signed: str, checked: str, fields: dict[str, str]) -> None:
    pairs = list(fields.items())
    for signature in (signature_of(TOKEN, signed, pairs), signature_of("other", signed, pairs), "", "é"):
        theirs = RequestValidator(TOKEN).validate(checked, fields, signature)
        assert is_signed(signature, [TOKEN], checked, pairs) is theirs


def test_published_examples_are_judged_right(shared_data: Path) -> None:
    for case in json.loads((shared_data / "sms" / "twilio_signature_examples.json").read_text("utf-8")):
        fields = [(name, value) for name, value in case["params"]]
        signed = is_signed(case["x_twilio_signature"], [case["auth_token"]], case["url"], fields)
        assert signed is case["valid"], case["name"]


def test_either_of_two_tokens_is_right_while_one_replaces_the_other() -> None:
    fields = [("Body", "hi")]
    assert is_signed(signature_of("old", "https://a.example/x", fields), ["old", "new"], "https://a.example/x", fields)
    assert not is_signed(signature_of("old", "https://a.example/x", fields), [], "https://a.example/x", fields)


def test_an_unknown_algorithm_is_refused() -> None:
    signature = signature_of(TOKEN, "https://a.example/x", [])
    assert not is_signed(signature, [TOKEN], "https://a.example/x", [], "key=1,algorithm=HMAC_SHA3")


def test_real_bodies_are_read(shared_data: Path) -> None:
    for case in json.loads((shared_data / "sms" / "twilio_webhook_bodies.json").read_text("utf-8")):
        text = read_twilio(read_fields(case["body"].encode()))
        assert text.body == case["expected_text"]
        assert text.sender.startswith("+1")
        assert text.message_id.startswith("SM")


def test_a_body_keeps_its_characters_but_for_what_no_phone_types() -> None:
    body = urlencode({"MessageSid": "SM1", "From": "+15555550100", "Body": "Uno\r\ndos\x00 ✋🏽\x07 “tres”"})
    assert read_twilio(read_fields(body.encode())).body == "Uno\ndos ✋🏽 “tres”"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no_message_id"),
        (b"MessageSid=SM1&MessageStatus=delivered", "no_sender"),
        (b"Body=%ff%fe", "not_a_form"),
        (b"\xff", "not_a_form"),
        (b"&".join(b"a=1" for _ in range(500)), "not_a_form"),
    ],
)
def test_what_is_no_text_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(NotAText, match=reason):
        read_twilio(read_fields(body))


@given(st.text())
def test_twiml_is_xml_and_carries_any_answer(answer: str) -> None:
    (message,) = ET.fromstring(write_twiml([answer])).iter("Message")
    kept = "".join(char for char in answer if char.isprintable() or char in "\n\t ")
    assert all(char in (message.text or "") for char in kept if char not in "\ufffe\uffff")


def test_twiml_of_no_answer_is_silence() -> None:
    assert list(ET.fromstring(write_twiml([]))) == []


@pytest.mark.parametrize("written", ["+1 (555) 555-0100", "5555550100", "1-555-555-0100", "+15555550100"])
def test_a_number_is_one_contact_however_it_is_written(written: str) -> None:
    assert normalised(written) == "+15555550100"


@pytest.mark.parametrize("written", ["MAPLE", "72345", "", "+", "not a number"])
def test_what_is_no_phone_number_stays_as_it_is(written: str) -> None:
    assert normalised(written) == written


def test_the_text_of_awss_documentation_is_read(shared_data: Path) -> None:
    (payload,) = json.loads((shared_data / "sms" / "aws_two_way_sms_payload.json").read_text("utf-8"))
    for body in (json.dumps(payload), json.dumps({"Type": "Notification", "Message": json.dumps(payload)}), payload):
        text = read_aws_sms(body)
        assert (text.message_id, text.body) == ("cae173d2-66b9-564c-8309-21f858e9fb84", "EXAMPLE")
        assert (text.sender, text.recipient) == ("+14255550182", "+12125550101")


@given(
    st.recursive(st.none() | st.booleans() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part))
)
def test_anything_else_in_the_queue_is_named_and_never_fails(body: object) -> None:
    for given_body in (body, json.dumps(body), json.dumps({"Message": json.dumps(body)})):
        with pytest.raises(NotAText):
            read_aws_sms(given_body)


@pytest.mark.parametrize(
    "told",
    [
        {"inboundMessageId": "1", "originationNumber": "", "destinationNumber": "+1", "messageBody": "x"},
        {"inboundMessageId": "1", "originationNumber": "+1", "messageBody": "x"},
        {"inboundMessageId": "\ud800", "originationNumber": "+1", "destinationNumber": "+1", "messageBody": "x"},
    ],
)
def test_a_text_that_could_not_be_answered_is_none(told: dict[str, str]) -> None:
    with pytest.raises(NotAText, match="not_a_text"):
        read_aws_sms(json.dumps(told))


def test_a_body_nested_without_end_is_named() -> None:
    with pytest.raises(NotAText, match="not_json"):
        read_aws_sms("[" * 200_000)


def test_what_twilio_itself_took_for_a_stop_is_one() -> None:
    for given_type, did in (("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("", None), ("OTHER", None)):
        body = urlencode({"MessageSid": "SM1", "From": "+15555550100", "Body": "NO MAS", "OptOutType": given_type})
        assert read_twilio(read_fields(body.encode())).provider_did == did


def test_fields_are_read_as_twilio_writes_them() -> None:
    assert dict(parse_qsl("Body=Two+hands+%26+one")) == dict(read_fields(b"Body=Two+hands+%26+one"))
