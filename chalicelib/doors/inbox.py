"""A queue's record says that SES put a mail into the inbox bucket; this reads where it lies.

A sample body (S3's own notification; SES writes the object):

`{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "maple-inbox"},
"object": {"key": "mail/jili9m351il3gkburn7o2f0u6788stij94c8ld01", "size": 3120}}}]}`
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

SES_NOTICE = "AMAZON_SES_SETUP_NOTIFICATION"
"""What SES writes into an inbox once, to try whether it may; it is no mail."""


class NotANotice(Exception):  # noqa: N818 - a fact about a message
    """This tells of no mail that arrived; the argument is a reason code for the log."""


def read_notice(body: object, bucket: str) -> list[str]:
    """List the mails that a notification tells of, by their names in the inbox.

    Args:
        body: of the queue's record, JSON.
        bucket: the school's own inbox; what lies elsewhere is not read.

    Raises:
        NotANotice: `not_json`, `not_a_notice`, `test_notice`, `other_bucket`, `nothing_arrived`.
    """
    try:
        found = json.loads(body) if isinstance(body, str) else body
    except (ValueError, RecursionError):
        raise NotANotice("not_json") from None
    if isinstance(found, dict) and found.get("Event") == "s3:TestEvent":
        raise NotANotice("test_notice")
    records = found.get("Records") if isinstance(found, dict) else None
    if not isinstance(records, list) or not records:
        raise NotANotice("not_a_notice")
    names = [_mail_of(record, bucket) for record in records]
    mails = [name for name in names if not name.endswith(SES_NOTICE)]
    if not mails:
        raise NotANotice("test_notice")
    return mails


def _mail_of(record: Any, bucket: str) -> str:
    try:
        what, where, key = record["eventName"], record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
    except (KeyError, TypeError):
        raise NotANotice("not_a_notice") from None
    if where != bucket:
        raise NotANotice("other_bucket")
    if not str(what).startswith("ObjectCreated"):
        raise NotANotice("nothing_arrived")
    return unquote_plus(str(key))
