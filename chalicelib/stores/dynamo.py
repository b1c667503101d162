"""Reading and writing items of one DynamoDB table; knows that keys are `pk` and `sk`, and not what items mean."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.domain.errors import WriteConflict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

MOST_AT_ONCE = 100
"""Items that one transaction or one batch of reads may have."""
FRESH = "attribute_not_exists(pk)"
_TRIES = 12
_REFUSED = "ConditionalCheckFailed"

Item = dict[str, Any]


def connect() -> DynamoDBClient:
    """Make the one client; short timeouts, so that a caller is answered before a phone gives up.

    DynamoDB checks every request itself; botocore's own check beforehand costs a tenth of a win.
    """
    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries, parameter_validation=False)
    return boto3.client("dynamodb", config=config)


def key_of(pk: str, sk: str) -> Item:
    """Make a key."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


class Items:
    """The items of one table."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, item: Item, condition: str | None = None, values: Item | None = None) -> Item:
        """Describe a put for `write`."""
        return {"Put": self._conditioned({"Item": item}, condition, values)}

    def delete(self, key: Item, condition: str | None = None, values: Item | None = None) -> Item:
        """Describe a removal for `write`."""
        return {"Delete": self._conditioned({"Key": key}, condition, values)}

    def add_one(self, key: Item) -> Item:
        """Describe for `write`, beside other writes, that an item's `n` grows by one; the first makes the item."""
        one: Item = {":one": {"N": "1"}}
        return {"Update": self._conditioned({"Key": key, "UpdateExpression": "ADD n :one"}, None, one)}

    def write(self, *writes: Item) -> list[str]:
        """Write all or nothing.

        Returns:
            Nothing if it was written; if a condition stood against it, a reason for each write (`None` for the others).

        Raises:
            WriteConflict: if writers overlapped every time; those that overlap take turns a few times.
        """
        if len(writes) == 1:
            return self._write_alone(writes[0])
        for attempt in range(_TRIES):
            try:
                self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
            except self._client.exceptions.TransactionCanceledException as refused:
                reasons = [reason.get("Code", "None") for reason in refused.response["CancellationReasons"]]
                if _REFUSED in reasons:
                    return reasons
                if not set(reasons) <= {"None", "TransactionConflict", "ThrottlingError"}:
                    raise
                time.sleep(random.uniform(0, min(0.01 * 2**attempt, 0.4)))  # noqa: S311 - spreads retries
            else:
                return []
        raise WriteConflict

    def count_up(self, key: Item, expires: int) -> int:
        """Add one to an item's `n` and return it; the item expires at a second since 1970."""
        counted = self._client.update_item(
            TableName=self._name,
            Key=key,
            UpdateExpression="ADD n :one SET expires = :expires",
            ExpressionAttributeValues={":one": {"N": "1"}, ":expires": {"N": str(expires)}},
            ReturnValues="UPDATED_NEW",
        )
        return int(counted["Attributes"]["n"]["N"])

    def set_expiry(self, key: Item, expires: int | None) -> None:
        """Say at which second since 1970 an item expires, or that it does not; an item that is gone stays so."""
        change: Item = {"UpdateExpression": "REMOVE expires"}
        if expires is not None:
            values = {":expires": {"N": str(expires)}}
            change = {"UpdateExpression": "SET expires = :expires", "ExpressionAttributeValues": values}
        try:
            self._client.update_item(
                TableName=self._name, Key=key, ConditionExpression="attribute_exists(pk)", **change
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def get(self, key: Item) -> Item | None:
        """Read one item as it is at this moment."""
        return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")

    def get_many(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Read those of many items that exist, in any order."""
        for start in range(0, len(keys), MOST_AT_ONCE):
            wanted: Any = {self._name: {"Keys": keys[start : start + MOST_AT_ONCE], "ConsistentRead": True}}
            while wanted:
                answer = self._client.batch_get_item(RequestItems=wanted)
                yield from answer["Responses"].get(self._name, ())
                wanted = answer.get("UnprocessedKeys")

    def query(self, pk: str, between: tuple[str, str] | None = None, only: str = "") -> Iterator[Item]:
        """Read a partition, or a range of its sort keys, in their order; `only` one attribute of each if so wished."""
        request: Any = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
        if between:
            request["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
            request["ExpressionAttributeValues"] |= {":first": {"S": between[0]}, ":last": {"S": between[1]}}
        if only:
            request["ProjectionExpression"] = only
        pages = self._client.get_paginator("query").paginate(TableName=self._name, ConsistentRead=True, **request)
        for page in pages:
            yield from page["Items"]

    def indexed(self, index: str, equals: tuple[str, str], after: str, most: int) -> Iterator[Item]:
        """Read the keys of at most so many items of an index whose `sk` comes after one, in their order."""
        name, value = equals
        found = self._client.query(
            TableName=self._name,
            IndexName=index,
            KeyConditionExpression="#name = :value AND sk > :after",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"S": value}, ":after": {"S": after}},
            Limit=most,
        )
        yield from ({"pk": item["pk"], "sk": item["sk"]} for item in found["Items"])

    def last(self, pk: str) -> Item | None:
        """Read the last item of a partition."""
        found = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ScanIndexForward=False,
            Limit=1,
            ConsistentRead=True,
        )["Items"]
        return found[0] if found else None

    def partitions(self, prefix: str) -> set[str]:
        """Name all partitions that start with a prefix; reads the whole table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            ProjectionExpression="pk",
            FilterExpression="begins_with(pk, :prefix)",
            ExpressionAttributeValues={":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
        return {item["pk"]["S"] for page in pages for item in page["Items"]}

    def _conditioned(self, request: Item, condition: str | None, values: Item | None) -> Item:
        request["TableName"] = self._name
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        return request

    def _write_alone(self, write: Item) -> list[str]:
        call = self._client.put_item if "Put" in write else self._client.delete_item
        (request,) = write.values()
        try:
            call(**request)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return [_REFUSED]
            raise
        return []
