"""Try messages again that failed: `python -m infra.replay [--inbox] [--school FILE]`.

Dead letters of mail and texts go back to the functions that failed; with --inbox, so does every mail that still lies in
the inbox (those that were refused, until the bucket forgets them). Nothing is stored or answered twice by it.
The school is that of a running `make run`, or one on AWS, by its file or by `SCHOOL`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import quote_plus

import boto3

from infra.connection import add_school_option, find_outputs, run_command

_KINDS = (
    ("dead letters of mail", "MailDeadLettersUrl", "MailQueueUrl", "ReceiveMailFunction"),
    ("dead letters of texts", "TextDeadLettersUrl", "TextQueueUrl", "ReceiveTextFunction"),
)
_WAIT_SECONDS = 1
"""All of SQS's servers are asked only by who waits for the answer."""
Send = Callable[[str], object]
"""Gives the body of a message to the function that deals with it."""


def way_back(outputs: Mapping[str, str], queue: str, function: str) -> Send:
    """Return how messages come back: on AWS to the function itself, elsewhere to the queue that stands before it."""
    if function in outputs:
        client, name = boto3.client("lambda"), outputs[function]
        return lambda body: client.invoke(FunctionName=name, InvocationType="Event", Payload=event_of(body).encode())
    sqs, url = boto3.client("sqs"), outputs[queue]
    return lambda body: sqs.send_message(QueueUrl=url, MessageBody=body)


def event_of(body: str) -> str:
    """Return the event that is to be tried again: that of a run that failed, or a new one around a message.

    Lambda puts a record of the run to the dead letters, with the event that it had in `requestPayload`.
    """
    told = json.loads(body)
    event = told.get("requestPayload") or {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": body}}]}
    return json.dumps(event)


def move_dead_letters(dead: str, send: Send) -> Iterator[int]:
    """Send all messages of a dead-letter queue; each is sent before it is removed, so that none is lost.

    Yields how many were just sent.
    """
    sqs = boto3.client("sqs")
    ask = partial(sqs.receive_message, QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=_WAIT_SECONDS)
    while found := ask().get("Messages", []):
        for message in found:
            send(message["Body"])
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        yield len(found)


def tell_of_inbox(bucket: str, send: Send) -> Iterator[int]:
    """Tell of every mail that lies in the inbox, as S3 did when it arrived; yields 1 for each."""
    for page in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", ()):
            s3 = {"bucket": {"name": bucket}, "object": {"key": quote_plus(found["Key"]), "size": found["Size"]}}
            notice = {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Replay", "s3": s3}]}
            send(json.dumps(notice))
            yield 1


def main(arguments: list[str] | None = None) -> int:
    """Do it and say how much was done."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.replay", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inbox", action="store_true", help="also mails that still lie in the inbox")
    add_school_option(parser)
    given = parser.parse_args(arguments)
    outputs = find_outputs(given.school)
    tried = {
        what: sum(move_dead_letters(outputs[dead], way_back(outputs, queue, function)))
        for what, dead, queue, function in _KINDS
    }
    if given.inbox:
        back = way_back(outputs, "MailQueueUrl", "ReceiveMailFunction")
        tried["mail that lay in the inbox"] = sum(tell_of_inbox(outputs["InboxBucketName"], back))
    for what, count in tried.items():
        if count:
            print(f"tried again: {count:,} of {what}")
    if not any(tried.values()):
        print("Nothing to try again.")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
