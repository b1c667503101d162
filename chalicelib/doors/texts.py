"""A text message as the product sees it, whoever delivered it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Done = Literal["stop", "start", "help"]
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What nobody types, by phone or mail, and no store keeps."""


class NotAText(Exception):  # noqa: N818 - a fact about a message
    """This is no text message; the argument is a reason code for the log."""


@dataclass(frozen=True)
class Text:
    """One message, whole, however many segments it came in."""

    message_id: str
    sender: str
    """E.164, such as `+15555550103`; what is no phone number as it came."""
    recipient: str
    body: str
    pictures: int = 0
    provider_did: Done | None = None
    """What the provider took the text for, and has answered by itself."""


def clean(body: str) -> str:
    """Return a body as it was typed, without control characters that some phones and gateways add."""
    return UNSEEN.sub("", body.replace("\r\n", "\n").replace("\r", "\n"))


def normalised(number: str, region: str = "US") -> str:
    """Write a phone number in one way (E.164), so that one phone is one contact.

    Args:
        number: as the provider gives it.
        region: where a number without `+` is.
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number.strip()
    if not phonenumbers.is_possible_number(parsed):
        return number.strip()
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
