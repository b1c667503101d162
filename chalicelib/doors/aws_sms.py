"""AWS End User Messaging: a queue's record, an SNS notification inside, a two-way SMS inside that, becomes a Text.

The innermost part (AWS, "Example of a two-way SMS message payload for Amazon SNS topics"):

`{"originationNumber": "+14255550182", "destinationNumber": "+12125550101", "messageKeyword": "JOIN",
"messageBody": "EXAMPLE", "inboundMessageId": "cae173d2-66b9-564c-8309-21f858e9fb84",
"previousPublishedMessageId": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}`
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.doors.texts import NotAText, Text, clean, normalised


def _object(text: object, otherwise: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        raise NotAText(otherwise) from None
    if not isinstance(found, dict):
        raise NotAText(otherwise)
    return found


def read_aws_sms(body: object) -> Text:
    """Turn the body of a queue's record into a Text.

    Args:
        body: the SNS notification as JSON, or (raw delivery) what it carries.

    Raises:
        NotAText: `not_json`, `not_a_text`.
    """
    outer = _object(body, "not_json")
    told = _object(outer["Message"], "not_a_text") if "Message" in outer else outer
    names = ("inboundMessageId", "originationNumber", "destinationNumber", "messageBody")
    given = [clean(told[name]) for name in names if isinstance(told.get(name), str)]
    if len(given) != len(names) or not all(given[:3]):
        raise NotAText("not_a_text")
    message_id, sender, recipient, body = given
    return Text(message_id, normalised(sender), recipient, body)
