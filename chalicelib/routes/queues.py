"""The edge of queues: each message of a batch stands alone, and only those that failed are delivered again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib import wiring
from chalicelib.observability import logger

QUIET = frozenset({"stored", "answered", "silent"})
"""What is not logged: a line has its own time, and a message that was kept may be an anonymous win."""


class NotDealtWith(Exception):  # noqa: N818 - a fact about a message
    """A message that a topic brought failed: Lambda tries it again, and then puts it to the dead letters."""


def deal_with_each(event: dict[str, Any], deal_with: Callable[[Any], str]) -> dict[str, object]:
    """Deal with the messages of a batch one by one.

    Args:
        event: as SNS or SQS gives it to Lambda; on AWS topics call the functions, elsewhere queues do.
        deal_with: takes the body of one message and returns a code for the log; what it raises fails this message only.

    Returns:
        `{"batchItemFailures": [{"itemIdentifier": …}]}`, which SQS delivers again.

    Raises:
        NotDealtWith: if a message of a topic failed.
    """
    records = event.get("Records")
    failed = []
    if not isinstance(records, list):
        logger.info("refused", extra={"code": "not_a_batch"})
        return {"batchItemFailures": []}
    for record in records:
        message, body = _opened(record)
        try:
            code = deal_with(body)
            if code not in QUIET:
                logger.info("message dealt with", extra={"code": code})
        except Exception:  # noqa: BLE001 - the others of the batch must not suffer
            logger.exception("message failed", extra={"message_id": message})
            failed.append({"itemIdentifier": message})
    if failed and any(isinstance(record, dict) and "Sns" in record for record in records):
        raise NotDealtWith
    return {"batchItemFailures": failed}


def _opened(record: Any) -> tuple[str, Any]:
    """Return the id and the body of a message, whoever brought it."""
    if not isinstance(record, dict):
        return "", None
    sns = record.get("Sns")
    if isinstance(sns, dict):
        return str(sns.get("MessageId", "")), sns.get("Message")
    return str(record.get("messageId", "")), record.get("body")


def deal_with_text(body: Any) -> str:
    """Deal with one text of the queue."""
    from chalicelib.doors.aws_sms import read_aws_sms
    from chalicelib.doors.texts import NotAText
    from chalicelib.work.receive_text import answer_text

    try:
        text = read_aws_sms(body)
    except NotAText as reason:
        return str(reason)
    return answer_text(wiring.desk(), wiring.texter(), text)


def deal_with_mail(body: Any) -> str:
    """Deal with the mails that one message of the queue tells of; S3 tells of one at a time."""
    from chalicelib.doors.inbox import NotANotice, read_notice
    from chalicelib.work.receive_mail import receive_mail

    try:
        names = read_notice(body, wiring.settings().inbox_bucket)
    except NotANotice as reason:
        return str(reason)
    return ", ".join(receive_mail(wiring.desk(), wiring.post_office(), name) for name in names)
