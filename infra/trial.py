"""Two pages for trying the product on this machine: a phone that texts, and an outbox of what the product sent."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

import boto3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chalicelib import wiring
from chalicelib.domain.segments import count_segments, is_gsm
from chalicelib.domain.words import say
from chalicelib.doors.texts import normalised
from chalicelib.doors.twilio import signature_of
from chalicelib.pages.security import page_headers, style
from infra.engine import MAIL_ADDRESS
from infra.outbox import SENT_TEXTS, sent_mails

_HERE = Path(__file__).parent
_SCHOOLS_NUMBER = "+15555550199"
_FIRST_NUMBER = "+15555550100"
_PATH = "/api/sms/twilio"
_WAIT_SECONDS = 6.0

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Bubble:
    """One message on the phone's screen."""

    body: str
    ours: bool
    by: str = ""

    @property
    def segments(self) -> int:
        """What it costs."""
        return count_segments(self.body)

    @property
    def encoding(self) -> str:
        """The alphabet it is sent in."""
        return "GSM-7" if is_gsm(self.body) else "UCS-2"


@dataclass(frozen=True)
class Outgoing:
    """A text as the phone sent it; delivered twice it is the same message."""

    message_id: str
    number: str
    body: str
    by: str


@dataclass
class Trial:
    """Both pages, and what the phones have on their screens."""

    public_url: str
    topic: str
    smtp_port: int
    screens: dict[str, list[Bubble]] = field(default_factory=dict)
    last: dict[str, Outgoing] = field(default_factory=dict)

    def answer(self, method: str, address: str, body: bytes) -> Answer:
        """Answer a request for `/local/…`."""
        parts = urlsplit(address)
        if parts.path == "/local/phone" and method == "POST":
            return self._texted(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
        if parts.path == "/local/phone" and method == "GET":
            return self._phone(dict(parse_qsl(parts.query)))
        if parts.path == "/local/outbox" and method == "GET":
            example = f"swaks --server 127.0.0.1:{self.smtp_port} --from you@maplerow.example --to {MAIL_ADDRESS}"
            return self._page("outbox.html", mails=sent_mails()[::-1], example=example)
        return 404, {"Content-Type": "text/plain"}, b"There is nothing at this address."

    def _phone(self, asked: dict[str, str]) -> Answer:
        number = asked.get("number", _FIRST_NUMBER)
        code = next((link.code for link in wiring.desk().school.links), "")
        shown = self.screens.get(number, [])
        return self._page("phone.html", number=number, by=asked.get("by", ""), bubbles=shown, code=code)

    def _texted(self, form: dict[str, str]) -> Answer:
        number = normalised(form.get("number", ""))
        text = Outgoing(f"SM{uuid.uuid4().hex}", number, form.get("body", ""), form.get("by", "Twilio"))
        if form.get("intent") == "again":
            text = self.last.get(number, text)
        self.last[number] = text
        screen = self.screens.setdefault(number, [])
        screen.append(Bubble(text.body, ours=False, by=text.by))
        answers = self._by_aws(text) if text.by == "AWS" else self._by_twilio(text)
        screen += [Bubble(answer, ours=True) for answer in answers]
        return 303, {"Location": f"/local/phone?{urlencode({'number': number, 'by': text.by})}"}, b""

    def _by_twilio(self, text: Outgoing) -> list[str]:
        """Post what Twilio posts, signed as Twilio signs."""
        fields = [
            ("MessageSid", text.message_id),
            ("AccountSid", "AC" + "0" * 32),
            ("From", text.number),
            ("To", _SCHOOLS_NUMBER),
            ("Body", text.body.replace("\r\n", "\n")),
            ("NumMedia", "0"),
            ("NumSegments", str(count_segments(text.body))),
        ]
        url = self.public_url + _PATH
        headers = {"X-Twilio-Signature": signature_of(wiring.keys()["twilio"][-1], url, fields)}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        request = Request(url, urlencode(fields).encode(), headers)  # noqa: S310 - our own server
        try:
            with urlopen(request) as found:  # noqa: S310 - our own server
                return [message.text or "" for message in ET.fromstring(found.read()).iter("Message")]  # noqa: S314 - our own answer
        except HTTPError as refused:
            return [f"({refused.code}: the webhook was refused)"]

    def _by_aws(self, text: Outgoing) -> list[str]:
        """Publish what AWS End User Messaging publishes, and wait for the answers."""
        before = len(SENT_TEXTS.to(text.number))
        told = {
            "originationNumber": text.number,
            "destinationNumber": _SCHOOLS_NUMBER,
            "messageKeyword": "KEYWORD_LOCAL",
            "messageBody": text.body.replace("\r\n", "\n"),
            "inboundMessageId": text.message_id,
        }
        boto3.client("sns").publish(TopicArn=self.topic, Message=json.dumps(told))
        with SENT_TEXTS.arrived:
            SENT_TEXTS.arrived.wait_for(lambda: len(SENT_TEXTS.to(text.number)) > before, _WAIT_SECONDS)
            SENT_TEXTS.arrived.wait(0.3)  # a second answer follows at once
        return SENT_TEXTS.to(text.number)[before:]

    def _page(self, template: str, **values: Any) -> Answer:
        loader = FileSystemLoader([_HERE / "trial_pages", _HERE.parent / "chalicelib" / "pages"])
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        environment.filters["linked"] = _linked
        html = environment.get_template(template).render(
            school=wiring.desk().school,
            language="en",
            languages=[],
            say=partial(say, "en"),
            style=style(),
            privacy="/privacy/",
            **values,
        )
        return 200, {"Content-Type": "text/html; charset=utf-8", **page_headers()}, html.encode()


def _linked(text: str) -> Markup:
    """Make links of the addresses in a text; everything else is escaped."""
    link = r'<a href="\g<0>">\g<0></a>'
    return Markup(re.sub(r"https?://[^\s&<>\"]+", link, escape(text)))  # noqa: S704 - escaped just before
