"""What AWS asks of a role for each call of botocore's: actions, resources and condition keys.

By the service authorization reference (docs.aws.amazon.com/service-authorization). An operation that is not here is an
error: whoever makes a function call a new one writes here what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.utils import parseaddr
from typing import Any

from fakes.permissions import Ask

Params = Mapping[str, Any]
_BY_KIND = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
_LEADING = "dynamodb:LeadingKeys"


@dataclass(frozen=True)
class Place:
    """Where calls are made, and what AWS knows there that no call tells."""

    account: str
    region: str
    number_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The tags of each phone number."""

    def arn(self, service: str, resource: str) -> str:
        """Name a resource."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def asks_of(place: Place, service: str, operation: str, params: Params) -> list[Ask]:
    """List what is asked for a call before it is made."""
    reads: dict[str, Callable[[Place, str, Params], Iterator[Ask]]] = {
        "dynamodb": _dynamodb,
        "s3": _s3,
        "sesv2": _mail,
        "ssm": _ssm,
        "pinpoint-sms-voice-v2": _text,
    }
    return list(reads.get(service, _plain)(place, f"{service}.{operation}", params))


def asked_for_missing(params: Params) -> Ask:
    """Return what S3 asks before it says that an object is not there; who may not list is told that it is forbidden."""
    return Ask("s3:ListBucket", f"arn:aws:s3:::{params['Bucket']}")


def _dynamodb(place: Place, name: str, params: Params) -> Iterator[Ask]:
    operation = name.partition(".")[2]

    def one(action: str, table: str, *leading: str) -> Ask:
        keys = ((_LEADING, leading),) if leading else ()
        return Ask(f"dynamodb:{action}", place.arn("dynamodb", f"table/{table}"), keys)

    if operation == "TransactWriteItems":
        writes = [(_BY_KIND[kind], told) for write in params["TransactItems"] for kind, told in write.items()]
        keys = [(told.get("Item") or told["Key"])["pk"]["S"] for _, told in writes]
        for (action, told), key in zip(writes, keys, strict=True):  # AWS does not say which of the two it asks
            yield one(action, told["TableName"], key)
            yield one(action, told["TableName"], *dict.fromkeys(keys))
    elif operation == "BatchGetItem":
        for table, told in params["RequestItems"].items():
            yield one(operation, table, *dict.fromkeys(key["pk"]["S"] for key in told["Keys"]))
    elif operation == "Query":
        (value,) = re.findall(r"^[#\w]+ = (:\w+)", params["KeyConditionExpression"])
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        yield one(operation, params["TableName"] + index, params["ExpressionAttributeValues"][value]["S"])
    elif operation == "Scan":
        yield one(operation, params["TableName"])
    else:
        assert operation in {"GetItem", "PutItem", "UpdateItem", "DeleteItem"}, name
        yield one(operation, params["TableName"], (params.get("Item") or params["Key"])["pk"]["S"])


def _s3(place: Place, name: str, params: Params) -> Iterator[Ask]:
    bucket, operation = f"arn:aws:s3:::{params['Bucket']}", name.partition(".")[2]
    if operation == "ListObjectsV2":
        yield Ask("s3:ListBucket", bucket, (("s3:prefix", (params.get("Prefix", ""),)),))
    elif operation == "DeleteObjects":
        yield from (Ask("s3:DeleteObject", f"{bucket}/{one['Key']}") for one in params["Delete"]["Objects"])
    else:
        action = {"HeadObject": "GetObject"}.get(operation, operation)
        assert action in {"GetObject", "PutObject", "DeleteObject"}, name
        yield Ask(f"s3:{action}", f"{bucket}/{params['Key']}", (("s3:ResourceAccount", (place.account,)),))
        if "IfMatch" in params:  # S3 reads before it compares
            yield Ask("s3:GetObject", f"{bucket}/{params['Key']}")


def _mail(place: Place, name: str, params: Params) -> Iterator[Ask]:
    """For a message that is written out SES asks for SendRawEmail, as its refusals say."""
    assert name == "sesv2.SendEmail", name
    raw = params["Content"]["Raw"]["Data"]
    written = str(message_from_bytes(raw, policy=policy.default)["From"])
    sender = parseaddr(params.get("FromEmailAddress", written))[1]
    identity = place.arn("ses", f"identity/{sender.partition('@')[2]}")
    yield Ask("ses:SendRawEmail", identity, (("ses:FromAddress", (sender,)),))


def _text(place: Place, name: str, params: Params) -> Iterator[Ask]:
    assert name == "pinpoint-sms-voice-v2.SendTextMessage", name
    number = params["OriginationIdentity"]
    tags = place.number_tags.get(number, {})
    keys = tuple((f"aws:ResourceTag/{key}", (value,)) for key, value in tags.items())
    yield Ask("sms-voice:SendTextMessage", place.arn("sms-voice", f"phone-number/phone-of-{number.strip('+')}"), keys)


def _ssm(place: Place, name: str, params: Params) -> Iterator[Ask]:
    """SSM decrypts under AWS's own key `aws/ssm`, which lets everybody in the account do so through SSM."""
    assert name in {"ssm.GetParameter", "ssm.GetParameters"}, name
    for parameter in params.get("Names") or [params["Name"]]:
        yield Ask(name.replace(".", ":"), place.arn("ssm", f"parameter{parameter}"))


def _plain(place: Place, name: str, params: Params) -> Iterator[Ask]:
    """For calls of which one action and one resource are asked."""
    found: dict[str, Callable[[], tuple[str, str]]] = {
        "sns.Publish": lambda: ("sns:Publish", params["TopicArn"]),
        "sqs.GetQueueAttributes": lambda: (
            "sqs:GetQueueAttributes",
            place.arn("sqs", params["QueueUrl"].rpartition("/")[2]),
        ),
        "cloudwatch.GetMetricStatistics": lambda: ("cloudwatch:GetMetricStatistics", "*"),
        "comprehend.DetectPiiEntities": lambda: ("comprehend:DetectPiiEntities", "*"),
    }
    yield Ask(*found[name]())
