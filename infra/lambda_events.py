"""What AWS hands to the functions, as far as they look at it: for rehearsals, benchmarks and tests."""

from __future__ import annotations

import json
import uuid
from typing import Any

JSON = "application/json"
CLOCK: dict[str, Any] = {}
"""A schedule without an input of its own sends nothing."""


def posted(body: str, origin: str, kind: str = JSON, path: str = "/api/wins", **headers: str) -> dict[str, Any]:
    """Return a POST through CloudFront as API Gateway's REST APIs hand it on.

    Args:
        body: of the request.
        origin: the key by which CloudFront makes itself known.
        kind: the body's type.
        path: such as `/api/wins`.
        headers: more of them.
    """
    told = {"content-type": kind, "x-small-wins-origin": origin} | headers
    about = {"resourcePath": path, "path": path, "httpMethod": "POST", "stage": "api", "requestId": "1"}
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": told,
        "multiValueHeaders": {name: [value] for name, value in told.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": about | {"identity": {"sourceIp": "203.0.113.7"}},
        "body": body,
        "isBase64Encoded": False,
    }


def by_topic(*messages: Any) -> dict[str, Any]:
    """Return messages as an SNS topic hands them to a function."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "Sns": {"Type": "Notification", "MessageId": str(uuid.uuid4()), "Message": json.dumps(message)},
            }
            for message in messages
        ]
    }


def mail_in(bucket: str, name: str) -> dict[str, Any]:
    """Return what S3 tells the topic once SES has put a mail into the inbox."""
    where = {"bucket": {"name": bucket}, "object": {"key": name, "size": 1}}
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where}]}


def text_of(phone: str, words: str, number: str) -> dict[str, str]:
    """Return a text as AWS End User Messaging gives it to the topic: from a phone, to the school's number."""
    told = {"originationNumber": phone, "destinationNumber": number, "messageBody": words}
    return {**told, "inboundMessageId": str(uuid.uuid4())}


def mail_of(sender: str, to: str, words: str) -> bytes:
    """Return a mail as SES writes it: with what it found out about the sender."""
    domain = sender.partition("@")[2]
    lines = (
        f"Authentication-Results: amazonses.com; spf=pass smtp.mailfrom={domain}; dkim=pass; dmarc=pass",
        "X-SES-Spam-Verdict: PASS",
        "X-SES-Virus-Verdict: PASS",
        f"Message-Id: <{uuid.uuid4().hex}@{domain}>",
        f"From: {sender}",
        f"To: {to}",
        "Subject: A small win",
        "Content-Type: text/plain; charset=utf-8",
        "",
        words,
    )
    return "\r\n".join(lines).encode()
