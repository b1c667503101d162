"""Try messages again that failed: `python -m infra.replay [--inbox] [--stack NAME]`.

Dead letters of mail and texts go back to their queues; with --inbox, so does every mail that still lies in the inbox
(those that were refused, until the bucket forgets them). Nothing is stored or answered twice by it.
The school is that of a running `make run`, or, with --stack, that of a CloudFormation stack.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from urllib.parse import quote_plus

import boto3

from infra.connection import find_outputs, run_command

_PAIRS = (
    ("dead letters of mail", "MailDeadLettersUrl", "MailQueueUrl"),
    ("dead letters of texts", "TextDeadLettersUrl", "TextQueueUrl"),
)


def move_dead_letters(dead: str, queue: str) -> Iterator[int]:
    """Move all messages of a dead-letter queue back; each is sent before it is removed, so that none is lost.

    Yields how many were just moved.
    """
    sqs = boto3.client("sqs")
    while found := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", []):
        for message in found:
            sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        yield len(found)


def tell_of_inbox(bucket: str, queue: str) -> Iterator[int]:
    """Tell the queue of every mail that lies in the inbox, as S3 did when it arrived; yields 1 for each."""
    sqs = boto3.client("sqs")
    for page in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", ()):
            s3 = {"bucket": {"name": bucket}, "object": {"key": quote_plus(found["Key"]), "size": found["Size"]}}
            notice = {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Replay", "s3": s3}]}
            sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(notice))
            yield 1


def main(arguments: list[str] | None = None) -> int:
    """Do it and say how much was done."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.replay", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inbox", action="store_true", help="also mails that still lie in the inbox")
    parser.add_argument("--stack", help="the school's CloudFormation stack")
    given = parser.parse_args(arguments)
    outputs = find_outputs(given.stack)
    tried = {what: sum(move_dead_letters(outputs[dead], outputs[queue])) for what, dead, queue in _PAIRS}
    if given.inbox:
        tried["mail that lay in the inbox"] = sum(tell_of_inbox(outputs["InboxBucketName"], outputs["MailQueueUrl"]))
    for what, count in tried.items():
        if count:
            print(f"tried again: {count:,} of {what}")
    if not any(tried.values()):
        print("Nothing to try again.")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
