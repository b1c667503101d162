"""What SNS and Lambda do on AWS: messages of mail and texts are handed to the functions, and those done are removed.

A message that failed comes back after a while, and after three times goes to the dead letters, as on AWS.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from app import receive_mail, receive_text

_LOOK_EVERY_SECONDS = 0.3
"""Without waiting at the engine, which does one thing at a time."""
_TRY_AGAIN_SECONDS = 3
"""Sooner than on AWS, where it is six times the function's time limit."""


class _Context:
    """What Lambda says of a function."""

    function_name = "local"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:local"
    aws_request_id = "local"


def _as_lambda_sees(message: Any, queue_url: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_url,
        "awsRegion": "us-east-1",
    }


def drain_once(queue_url: str, handler: Any, sqs: Any = None) -> int:
    """Take up to five messages, deal with them, and remove those that did not fail; returns how many there were."""
    sqs = sqs or boto3.client("sqs")
    found = sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=5,
        VisibilityTimeout=_TRY_AGAIN_SECONDS,
    ).get("Messages", [])
    if not found:
        return 0
    answer = handler({"Records": [_as_lambda_sees(one, queue_url) for one in found]}, _Context())
    failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
    for one in found:
        if one["MessageId"] not in failed:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])
    return len(found)


def _poll(queue_url: str, handler: Any, sqs: Any, stop: threading.Event) -> None:
    while not stop.wait(_LOOK_EVERY_SECONDS):
        with suppress(ClientError, BotoCoreError):  # the engine is stopping
            drain_once(queue_url, handler, sqs)


@contextmanager
def queues_served(outputs: dict[str, str]) -> Iterator[None]:
    """Serve both queues while the block runs.

    Args:
        outputs: of the stack; `MailQueueUrl` and `TextQueueUrl` are used.
    """
    stop, sqs = threading.Event(), boto3.client("sqs")
    served = ((outputs["MailQueueUrl"], receive_mail), (outputs["TextQueueUrl"], receive_text))
    threads = [threading.Thread(target=_poll, args=(url, handler, sqs, stop), daemon=True) for url, handler in served]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
