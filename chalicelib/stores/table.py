"""The school's one DynamoDB table; the only file that knows its keys.

| item          | pk                     | sk          | other                         |
|---------------|------------------------|-------------|-------------------------------|
| win           | `WEEK#2026-W38`        | `WIN#<ulid>`| `revision`, `body`, `seen`    |
| source seen   | `SEEN#<channel>`       | keyed hash  | `win_id`, `content`, `expires`|
| changed week  | `CHANGED`              | `2026-W38`  | `stamp`, new with each change |
| rollup        | `ROLLUP`               | `2026-W38`  | `revision`, `body`            |
| school version| `SCHOOL`               | `V#000001`  | `body`                        |

`body` is JSON in one string: it decodes ten times faster than nested attributes, and pydantic reads it.
"""

from __future__ import annotations

import calendar
import json
import random
import time
import uuid
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import Seen, Source, StoredRollup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

SEEN_FOR_SECONDS = 400 * 86_400
"""How long a repeat is recognised. Files loaded by hand are recognised for ever."""
_TRIES = 12
_MOST_PER_TRANSACTION = 100
_WINS_PER_TRANSACTION = 44
"""Two items each, which leaves room for the marks of twelve weeks."""
_FRESH = "attribute_not_exists(pk)"
_SAME_REVISION = "revision = :old"


def connect() -> DynamoDBClient:
    """Make the one client; short timeouts, so that a caller is answered before a phone gives up.

    DynamoDB checks every request itself; botocore's own check beforehand costs a tenth of a win.
    """
    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries, parameter_validation=False)
    return boto3.client("dynamodb", config=config)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _win_key(week: str, win_id: str) -> dict[str, Any]:
    return _key(f"WEEK#{week}", f"WIN#{win_id}")


def _win_item(win: Win, source: Source | None = None) -> dict[str, Any]:
    body = win.model_dump_json(exclude_defaults=True)
    item = {**_win_key(win.week, win.id), "revision": {"N": str(win.revision)}, "body": {"S": body}}
    return item | ({"seen": {"M": _seen_key(source)}} if source else {})


def _seen_key(source: Source) -> dict[str, Any]:
    return _key(f"SEEN#{source.channel}", source.key)


def _win_from(item: Mapping[str, Any]) -> Win:
    return Win.model_validate_json(item["body"]["S"])


def _school_key(version: int) -> dict[str, Any]:
    return _key("SCHOOL", f"V#{version:06d}")


class DynamoTable:
    """`ports.Table` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    # wins

    def save_win(self, win: Win, source: Source | None, open_week: str = "") -> Seen | None:
        """See `ports.Wins`. What belongs together is one transaction; a win that is alone is one put."""
        writes = [self._put(_win_item(win, source), _FRESH)]
        if win.week != open_week:
            writes.append(self._put(self._mark(win.week)))
        if source is not None:
            writes.append(self._put(self._seen_item(win, source), _FRESH))
        reasons = self._write_together(writes) if len(writes) > 1 else self._write_alone(writes[0]["Put"])
        if not reasons:
            return None
        if source is not None and reasons[-1] == "ConditionalCheckFailed":
            return self._seen(source)
        raise WriteConflict

    def save_wins(self, batch: Sequence[tuple[Win, Source]], open_week: str = "") -> list[Seen | None]:
        """See `ports.Wins`. A transaction holds up to 44 wins; one that is refused is tried again win by win."""
        known = self._seen_of([source for _, source in batch])
        results = [known.get((source.channel, source.key)) for _, source in batch]
        fresh = [n for n, seen in enumerate(results) if seen is None]
        for start in range(0, len(fresh), _WINS_PER_TRANSACTION):
            some = fresh[start : start + _WINS_PER_TRANSACTION]
            writes = [self._put(self._mark(week)) for week in sorted({batch[n][0].week for n in some} - {open_week})]
            for win, source in (batch[n] for n in some):
                writes += [self._put(_win_item(win, source), _FRESH), self._put(self._seen_item(win, source), _FRESH)]
            if len(writes) > _MOST_PER_TRANSACTION or self._write_together(writes):
                for n in some:
                    results[n] = self.save_win(*batch[n], open_week)
        return results

    def find_win(self, win_id: str, weeks: Sequence[str]) -> Win | None:
        """See `ports.Wins`."""
        for week in weeks:
            if item := self._get(_win_key(week, win_id)):
                return _win_from(item)
        return None

    def replace_win(self, old: Win, new: Win) -> None:
        """See `ports.Wins`. A win that gets another id moves in one transaction, and its source with it."""
        unchanged: dict[str, Any] = {":old": {"N": str(old.revision)}}
        key = _win_key(old.week, old.id)
        seen = (self._get(key) or {}).get("seen")
        item = _win_item(new) | ({"seen": seen} if seen else {})
        writes = [self._put(self._mark(old.week))]
        if new.id == old.id:
            writes.append(self._put(item, _SAME_REVISION, unchanged))
        else:
            remove = {"TableName": self._name, "Key": key, "ConditionExpression": _SAME_REVISION}
            writes.append({"Delete": {**remove, "ExpressionAttributeValues": unchanged}})
            writes.append(self._put(item, _FRESH))
            if seen and (message := self._get(seen["M"])):
                writes.append(self._put(message | {"win_id": {"S": new.id}}, "attribute_exists(pk)"))
        if self._write_together(writes):
            raise WriteConflict

    def wins_of(self, week: str) -> list[Win]:
        """See `ports.Wins`."""
        return [_win_from(item) for item in self._query(f"WEEK#{week}")]

    def weeks(self) -> list[str]:
        """See `ports.Wins`."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            ProjectionExpression="pk",
            FilterExpression="begins_with(pk, :week)",
            ExpressionAttributeValues={":week": {"S": "WEEK#"}},
            ConsistentRead=True,
        )
        return sorted({item["pk"]["S"][5:] for page in pages for item in page["Items"]})

    # weeks

    def changed_weeks(self) -> dict[str, str]:
        """See `ports.Weeks`."""
        return {item["sk"]["S"]: item["stamp"]["S"] for item in self._query("CHANGED")}

    def clear_changed(self, marks: dict[str, str]) -> None:
        """See `ports.Weeks`."""
        for week, stamp in marks.items():
            self._unless_raced(
                "delete_item",
                Key=_key("CHANGED", week),
                ConditionExpression="stamp = :seen",
                ExpressionAttributeValues={":seen": {"S": stamp}},
            )

    def stored_rollup(self, week: str) -> StoredRollup:
        """See `ports.Weeks`."""
        item = self._get(_key("ROLLUP", week))
        return StoredRollup(_rollup_from(item), int(item["revision"]["N"])) if item else StoredRollup(Rollup(week), 0)

    def save_rollup(self, rollup: Rollup, replaces: int) -> None:
        """See `ports.Weeks`."""
        body = json.dumps(rollup.as_json(), separators=(",", ":"))
        item = _key("ROLLUP", rollup.week) | {"revision": {"N": str(replaces + 1)}, "body": {"S": body}}
        condition = {"ConditionExpression": _FRESH}
        if replaces:
            unchanged = {":old": {"N": str(replaces)}}
            condition = {"ConditionExpression": _SAME_REVISION, "ExpressionAttributeValues": unchanged}  # type: ignore[dict-item]
        if not self._unless_raced("put_item", Item=item, **condition):
            raise WriteConflict

    def rollups(self, first: str, last: str) -> list[Rollup]:
        """See `ports.Weeks`."""
        return [_rollup_from(item) for item in self._query("ROLLUP", between=(first, last))]

    # school versions

    def latest_school(self) -> tuple[int, School] | None:
        """See `ports.Schools`."""
        newest = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "SCHOOL"}},
            ScanIndexForward=False,
            Limit=1,
            ConsistentRead=True,
        )["Items"]
        return (int(newest[0]["sk"]["S"][2:]), _school_from(newest[0])) if newest else None

    def school_at(self, version: int) -> School:
        """See `ports.Schools`."""
        item = self._get(_school_key(version))
        if item is None:
            raise Problem("not_set_up")
        return _school_from(item)

    def save_school(self, school: School, version: int) -> None:
        """See `ports.Schools`."""
        body = school.model_dump_json(exclude_defaults=True, by_alias=True)
        if not self._unless_raced(
            "put_item", Item=_school_key(version) | {"body": {"S": body}}, ConditionExpression=_FRESH
        ):
            raise WriteConflict

    # how all of it is written and read

    def _put(
        self, item: dict[str, Any], condition: str | None = None, values: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self._name, "Item": item}
        if condition:
            put["ConditionExpression"] = condition
        if values:
            put["ExpressionAttributeValues"] = values
        return {"Put": put}

    def _mark(self, week: str) -> dict[str, Any]:
        return _key("CHANGED", week) | {"stamp": {"S": uuid.uuid4().hex}}

    def _seen_item(self, win: Win, source: Source) -> dict[str, Any]:
        item = _seen_key(source)
        item |= {"win_id": {"S": win.id}, "content": {"S": source.content}}
        if source.channel != "spreadsheet":
            arrived = calendar.timegm(win.day.timetuple())  # the day only: an anonymous win's record tells no hour
            item["expires"] = {"N": str(arrived + SEEN_FOR_SECONDS)}
        return item

    def _seen(self, source: Source) -> Seen:
        item = self._get(_seen_key(source))
        if item is None:  # it expired between the refusal and this read
            raise WriteConflict
        return Seen(item["win_id"]["S"], item["content"]["S"])

    def _seen_of(self, sources: Sequence[Source]) -> dict[tuple[str, str], Seen]:
        """Look up many sources at once."""
        found: dict[tuple[str, str], Seen] = {}
        keys = list({(one.channel, one.key): _seen_key(one) for one in sources}.values())
        for start in range(0, len(keys), _MOST_PER_TRANSACTION):
            wanted: Any = {self._name: {"Keys": keys[start : start + _MOST_PER_TRANSACTION], "ConsistentRead": True}}
            while wanted:
                answer = self._client.batch_get_item(RequestItems=wanted)
                for item in answer["Responses"].get(self._name, ()):
                    seen = Seen(item["win_id"]["S"], item["content"]["S"])
                    found[item["pk"]["S"].removeprefix("SEEN#"), item["sk"]["S"]] = seen
                wanted = answer.get("UnprocessedKeys")
        return found

    def _write_together(self, writes: list[dict[str, Any]]) -> list[str]:
        """Write all or nothing; return the reasons if a condition stood against it. Overlapping writers take turns."""
        for attempt in range(_TRIES):
            try:
                self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
            except self._client.exceptions.TransactionCanceledException as refused:
                reasons = [reason.get("Code", "None") for reason in refused.response["CancellationReasons"]]
                if "ConditionalCheckFailed" in reasons:
                    return reasons
                if not set(reasons) <= {"None", "TransactionConflict", "ThrottlingError"}:
                    raise
                time.sleep(random.uniform(0, min(0.01 * 2**attempt, 0.4)))  # noqa: S311 - spreads retries
            else:
                return []
        raise WriteConflict

    def _write_alone(self, put: dict[str, Any]) -> list[str]:
        del put["TableName"]
        return [] if self._unless_raced("put_item", **put) else ["ConditionalCheckFailed"]

    def _unless_raced(self, operation: Literal["put_item", "delete_item"], **request: Any) -> bool:
        try:
            getattr(self._client, operation)(TableName=self._name, **request)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")

    def _query(self, pk: str, between: tuple[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """Read a partition, or a range of its sort keys."""
        request: Any = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
        if between:
            request["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
            request["ExpressionAttributeValues"] |= {":first": {"S": between[0]}, ":last": {"S": between[1]}}
        query = self._client.get_paginator("query")
        pages = query.paginate(TableName=self._name, ConsistentRead=True, **request)
        for page in pages:
            yield from page["Items"]


def _rollup_from(item: Mapping[str, Any]) -> Rollup:
    return Rollup.from_json(json.loads(item["body"]["S"]))


def _school_from(item: Mapping[str, Any]) -> School:
    return School.model_validate_json(item["body"]["S"])
