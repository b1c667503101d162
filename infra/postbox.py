"""Mail in on this machine: an SMTP port that puts each mail into the inbox bucket, as SES does on AWS."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING

import boto3
from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

_MOST_BYTES = 40_000_000
"""What SES takes."""


def as_ses_stores(content: bytes, sender: str, recipient: str) -> bytes:
    """Put the headers on top that SES adds. Nothing is checked here: on this machine every sender is who they say."""
    head = message_from_bytes(content[:100_000], policy=policy.compat32)
    domain = parseaddr(str(head.get("From", "")))[1].rpartition("@")[2] or "unknown.example"
    lines = (
        f"Return-Path: <{sender}>",
        f"Received: from localhost by local with SMTP id {uuid.uuid4().hex} for {recipient}; {formatdate()}",
        "X-SES-Spam-Verdict: PASS",
        "X-SES-Virus-Verdict: PASS",
        f"Authentication-Results: amazonses.com; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain};",
    )
    return "\r\n".join((*lines, "")).encode() + content


class _IntoInbox:
    """aiosmtpd's handler."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name there
        """Put one mail into the bucket; the rest of the way is that of AWS."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        stored = as_ses_stores(content, envelope.mail_from or "", ", ".join(envelope.rcpt_tos))
        boto3.client("s3").put_object(Bucket=self._bucket, Key=f"mail/{uuid.uuid4().hex}", Body=stored)
        return "250 OK"


@contextmanager
def taking_mail(bucket: str, port: int) -> Iterator[None]:
    """Take mail on a port while the block runs.

    Raises:
        OSError: if the port is taken.
    """
    controller = Controller(
        _IntoInbox(bucket), hostname="127.0.0.1", port=port, data_size_limit=_MOST_BYTES, enable_SMTPUTF8=True
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()
