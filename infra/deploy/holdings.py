"""What a school holds on AWS beside its stack, which CloudFormation does not delete: table, buckets, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.doors.inbox import SES_NOTICE
from infra.clients import client
from infra.deploy.failures import code_of
from infra.erase import erase_files

if TYPE_CHECKING:
    from infra.deploy.progress import Progress

_GONE = {"NoSuchBucket", "404", "ResourceNotFoundException", "ParameterNotFound"}


def there_is_table(name: str) -> bool:
    """Whether a table is there."""
    return _there_is(lambda: client("dynamodb").describe_table(TableName=name))


def there_is_bucket(name: str) -> bool:
    """Whether a bucket is there."""
    return _there_is(lambda: client("s3").head_bucket(Bucket=name))


def _there_is(look: Any) -> bool:
    try:
        look()
    except ClientError as error:
        if code_of(error) in _GONE:
            return False
        raise
    return True


def delete_table(name: str) -> bool:
    """Delete a table, protected or not, and wait until it is gone; whether it was there."""
    dynamodb = client("dynamodb")
    if not there_is_table(name):
        return False
    known = dynamodb.describe_table(TableName=name)["Table"]
    if known["TableStatus"] != "DELETING":
        if known.get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        dynamodb.get_waiter("table_exists").wait(TableName=name)
        dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name)
    return True


def delete_bucket(name: str) -> int | None:
    """Delete a bucket with all versions of its files; how many there were, None if there was no bucket."""
    if not there_is_bucket(name):
        return None
    files = erase_files(name)
    client("s3").delete_bucket(Bucket=name)
    return files


def failed_messages(outputs: Mapping[str, str]) -> dict[str, int]:
    """Count the messages that failed and wait, by the kind in a stack's outputs: `Mail`, `Text`."""
    name = "ApproximateNumberOfMessages"
    return {
        kind: int(
            client("sqs").get_queue_attributes(QueueUrl=outputs[f"{kind}DeadLettersUrl"], AttributeNames=[name])[
                "Attributes"
            ][name]
        )
        for kind in ("Mail", "Text")
    }


def delete_parameters(names: list[str]) -> int:
    """Delete parameters; how many there were."""
    return len(client("ssm").delete_parameters(Names=names)["DeletedParameters"]) if names else 0


def remove_leftovers(stack_id: str, progress: Progress) -> None:
    """Remove what a stack left that was never finished: its table and buckets, if nothing is in them."""
    pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_id)
    for one in [one for page in pages for one in page["StackResourceSummaries"]]:
        name, kind = one.get("PhysicalResourceId", ""), one["ResourceType"]
        if kind == "AWS::DynamoDB::Table" and there_is_table(name):
            _unless_filled(name, progress, filled=_has_items(name), delete=delete_table)
        if kind == "AWS::S3::Bucket" and there_is_bucket(name):
            _unless_filled(name, progress, filled=_has_files(name), delete=delete_bucket)


def _unless_filled(name: str, progress: Progress, *, filled: bool, delete: Any) -> None:
    if filled:
        progress.later(f"{name} is not empty: it stays; look at it and delete it by hand")
    else:
        delete(name)
        progress.say(f"{name}: was empty, removed")


def _has_items(table: str) -> bool:
    return bool(client("dynamodb").scan(TableName=table, Limit=1, ConsistentRead=True)["Count"])


def _has_files(bucket: str) -> bool:
    """Whether anything lies in a bucket but the notice by which SES tries whether it may write there."""
    found = client("s3").list_object_versions(Bucket=bucket, MaxKeys=5)
    return any(
        not one["Key"].endswith(SES_NOTICE) for kind in ("Versions", "DeleteMarkers") for one in found.get(kind, ())
    )
