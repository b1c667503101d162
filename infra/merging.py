"""Bringing items back into a school's table, item by item: nothing that is there and newer is overwritten, ever.

Used by `infra.handover` (from an archive) and `infra.restore` (from a table as it was).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from tqdm import tqdm

from chalicelib.stores.items import mark_item
from infra.clients import client

Item = dict[str, Any]
_DELETED = "deleted"
_TRIES = 5


@dataclass
class Merged:
    """What came of it."""

    brought: int = 0
    """Items that were missing, or older than those brought."""
    stayed: int = 0
    """Items that were the same, or newer here."""
    weeks: set[str] = field(default_factory=set)
    """Weeks to be counted anew."""


def items_of(table: str) -> Iterator[Item]:
    """Yield all items of a table as they are."""
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    for page in pages:
        yield from page["Items"]


def merge(table: str, items: Iterable[Item], back: Container[str] = ()) -> Merged:
    """Bring items into a table; run again after a break it goes on.

    Args:
        table: its name.
        items: of the same kind of table.
        back: ids of wins that become again what they are among the items, though they were changed since.
    """
    done = Merged()
    for item in tqdm(items, unit="item", disable=None):
        if kind_of(item) == "CHANGED":
            done.weeks.add(item["sk"]["S"])
        elif _brought(table, item, back):
            done.brought += 1
            if kind_of(item) in {"WEEK", "TRIED"}:
                done.weeks.add(item["pk"]["S"].partition("#")[2])
        else:
            done.stayed += 1
    for week in sorted(done.weeks):
        client("dynamodb").put_item(TableName=table, Item=mark_item(week))
    return done


def win_of(item: Item) -> str:
    """Return the id of the win that an item is, or nothing."""
    return str(item["sk"]["S"]).removeprefix("WIN#") if kind_of(item) == "WEEK" else ""


def kind_of(item: Item) -> str:
    """Return what an item is, by its partition."""
    return str(item["pk"]["S"]).partition("#")[0]


def _brought(table: str, item: Item, back: Container[str]) -> bool:
    """Bring one item, unless what is here is to stay; somebody who changes it meanwhile is not overwritten."""
    dynamodb, key = client("dynamodb"), {"pk": item["pk"], "sk": item["sk"]}
    for _ in range(_TRIES):
        here = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        chosen = item if here is None else _instead_of(here, item, back)
        if chosen is None:
            return False
        try:
            dynamodb.put_item(TableName=table, Item=chosen, **_if_still(here))
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        else:
            return True
    return False


def _if_still(here: Item | None) -> dict[str, Any]:
    """Make the condition that nobody wrote meanwhile."""
    if here is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    was = {":was": here["revision"]}
    return {"ConditionExpression": "revision = :was", "ExpressionAttributeValues": was}


def _instead_of(here: Item, item: Item, back: Container[str]) -> Item | None:
    """Choose what is to be here; None: it stays. Only what has revisions is ever replaced."""
    if _same(here, item) or kind_of(item) not in {"WEEK", "CONTACT"}:
        return None  # a week that changed is counted anew; versions of the school file never change
    if body_of(here).get("state") == _DELETED:
        return None
    now, then = (int(one["revision"]["N"]) for one in (here, item))
    if then > now:
        return item
    return _revised(item, now + 1) if win_of(item) in back else None


def _same(one: Item, other: Item) -> bool:
    """Whether two items tell the same, whatever their revisions."""
    told = [{**item, "body": body_of(item), "revision": 0} for item in (one, other)]
    for item in told:
        item["body"].pop("revision", None)
    return told[0] == told[1]


def body_of(item: Item) -> dict[str, Any]:
    """Read an item's body."""
    text = item.get("body", {}).get("S", "")
    return json.loads(text) if text.startswith("{") else {"": text}


def _revised(item: Item, revision: int) -> Item:
    body = json.dumps(body_of(item) | {"revision": revision}, ensure_ascii=False, separators=(",", ":"))
    return item | {"revision": {"N": str(revision)}, "body": {"S": body}}
