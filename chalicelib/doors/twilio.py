"""Twilio: a signed form post becomes a Text; answers become TwiML.

A sample body (one line; Twilio's page "Twilio's request to your incoming message webhook URL" names all fields):

`ToCountry=US&MessageSid=SMab830e79a227bff40b80cc4bf43d7ebc&NumMedia=0&From=%2B15555550103&To=%2B15555550102&
NumSegments=1&Body=Two+hands+went+up.&AccountSid=AC00000000000000000000000000000000&ApiVersion=2010-04-01`
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import parse_qsl, urlsplit

from chalicelib.doors.texts import Done, NotAText, Text, clean, normalised

_PORTS = {"https": 443, "http": 80}
_MOST_FIELDS = 200
_OPT_OUT_TYPES: dict[str, Done] = {"STOP": "stop", "START": "start", "HELP": "help"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_fields(body: bytes) -> list[tuple[str, str]]:
    """Read the form.

    Raises:
        NotAText: `not_a_form`.
    """
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise NotAText("not_a_form") from None


def signature_of(token: str, url: str, fields: Iterable[tuple[str, str]], algorithm: str = "sha1") -> str:
    """Sign as Twilio does: an HMAC over the address and all fields in order, each value once.

    Source: Twilio, "Webhooks security", Validating signatures from Twilio.
    """
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), algorithm).digest()).decode()


def is_signed(
    signature: str, tokens: Sequence[str], url: str, fields: Sequence[tuple[str, str]], settings: str = ""
) -> bool:
    """Whether one of the school's tokens made this signature for this address.

    Twilio signs an address sometimes with and sometimes without its port, so both are right.

    Args:
        signature: of the header `X-Twilio-Signature`.
        tokens: auth tokens, or shared keys.
        url: where Twilio posts.
        fields: all that it posted.
        settings: of the header `X-Twilio-Webhooks-Signature-Settings`, which comes with a shared key's signature.
    """
    named = re.search(r"algorithm=HMAC_(SHA\w+)", settings, re.IGNORECASE)
    algorithm = named[1].lower() if named else "sha1"
    if algorithm not in {"sha1", "sha256"}:
        return False
    good = [
        signature_of(token, one, fields, algorithm) for token in tokens if token for one in _with_and_without_port(url)
    ]
    given = signature.encode()
    return True in [hmac.compare_digest(given, one.encode()) for one in good]


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}")
    full = f"{bare}:{parts.port or _PORTS.get(parts.scheme, 443)}"
    return parts._replace(netloc=bare).geturl(), parts._replace(netloc=full).geturl()


def read_twilio(fields: Sequence[tuple[str, str]]) -> Text:
    """Turn the fields into a Text.

    Raises:
        NotAText: `no_message_id` or `no_sender`; a delivery report, or no message of Twilio's at all.
    """
    given = dict(fields)
    message_id = given.get("MessageSid") or given.get("SmsMessageSid") or given.get("SmsSid") or ""
    if not message_id:
        raise NotAText("no_message_id")
    if not given.get("From") or "Body" not in given:
        raise NotAText("no_sender")
    media = given.get("NumMedia", "0")
    return Text(
        message_id,
        normalised(given["From"], given.get("FromCountry") or "US"),
        given.get("To", ""),
        clean(given["Body"]),
        pictures=int(media) if media.isdecimal() else 0,
        provider_did=_OPT_OUT_TYPES.get(given.get("OptOutType", "").upper()),
    )


def write_twiml(answers: Iterable[str]) -> str:
    """Write the answers as TwiML; without any, Twilio stays silent."""
    messages = "".join(f"<Message>{escape(_NOT_XML.sub('', answer))}</Message>" for answer in answers)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>'
