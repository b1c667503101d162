"""What the product sent on this machine: mails from moto's SES, texts from a stand-in for AWS End User Messaging."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class SentText:
    """A text that the product asked AWS to send."""

    recipient: str
    body: str
    when: datetime


@dataclass
class SentTexts:
    """All of them, oldest first."""

    texts: list[SentText] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def add(self, recipient: str, body: str) -> None:
        """Keep one."""
        with self.arrived:
            self.texts.append(SentText(recipient, body, datetime.now(UTC)))
            self.arrived.notify_all()

    def to(self, recipient: str) -> list[str]:
        """List what was sent to a number."""
        return [text.body for text in self.texts if text.recipient == recipient]


SENT_TEXTS = SentTexts()


class _SmsVoice(BaseHTTPRequestHandler):
    """The one call of AWS's SMS and voice API (v2) that the product makes: SendTextMessage, JSON in and out."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def do_POST(self) -> None:
        """Keep the text and answer as AWS does."""
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        SENT_TEXTS.add(told["DestinationPhoneNumber"], told["MessageBody"])
        answer = json.dumps({"MessageId": str(uuid.uuid4())}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@contextmanager
def sms_voice() -> Iterator[str]:
    """Stand in for AWS's SMS and voice API, which moto does not have; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _SmsVoice)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class SentMail:
    """A mail that the product asked SES to send."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """Return what its reader sees."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""


def sent_mails() -> list[SentMail]:
    """List the mails that were sent in this process's region, oldest first; moto runs in this very process."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.ses.models import ses_backends

    found = []
    region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    for sent in ses_backends[DEFAULT_ACCOUNT_ID][region].sent_messages:
        raw = sent.raw_data if isinstance(sent.raw_data, bytes) else sent.raw_data.encode("utf-8", "surrogateescape")
        message = message_from_bytes(raw, policy=policy.default)
        found.append(SentMail(tuple(dict.fromkeys(sent.destinations)), message))
    return found
