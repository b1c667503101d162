"""What a district has counted of its schools, in its table beside the totals of weeks (`items.py`).

| item          | pk               | sk         | other                                              |
|---------------|------------------|------------|----------------------------------------------------|
| district run  | `DISTRICT`       | `#RUN`     | `run`: who counts now                              |
| school counted| `DISTRICT`       | school     | `cubes`, `known`, `published`                      |
| school share  | `SHARE#<school>` | `2026-W38` | `school_year`, `version`, `body`: as of a rollup   |
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from chalicelib.domain.errors import WriteConflict
from chalicelib.ports.district import Counted, Share
from chalicelib.stores.dynamo import FRESH, MOST_AT_ONCE, Item, Items, key_of
from chalicelib.stores.items import mark_item, packed_rollup, rollup_from, rollup_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.domain.rollup import Rollup

_DISTRICT = "DISTRICT"
_RUN = key_of(_DISTRICT, "#RUN")


class DynamoDistrict:
    """`ports.district.District` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    def counted_schools(self) -> dict[str, Counted]:
        """See `ports.district`."""
        items = {item["sk"]["S"]: item for item in self._items.query(_DISTRICT)}
        return {school: _counted(item) for school, item in items.items() if school != _RUN["sk"]["S"]}

    def begin_run(self) -> str:
        """See `ports.district`."""
        run = uuid.uuid4().hex
        self._items.write(self._items.put(_RUN | {"run": {"S": run}}))
        return run

    def shares_of(self, school: str, first: str, last: str) -> dict[str, Share]:
        """See `ports.district`."""
        found = self._items.query(f"SHARE#{school}", between=(first, last))
        return {item["sk"]["S"]: _share(item) for item in found}

    def save_week(self, run: str, total: Rollup, replaces: int, shares: Mapping[str, Share | None]) -> None:
        """See `ports.district`. At most 97 shares fit beside the total, its mark and the run."""
        week, unchanged = total.week, {":old": {"N": str(replaces)}}
        item = rollup_key(week) | {"revision": {"N": str(replaces + 1)}, "body": packed_rollup(total)}
        writes = [
            self._items.put(item, "revision = :old", unchanged) if replaces else self._items.put(item, FRESH),
            self._items.put(mark_item(week)),
            *(self._put_share(school, week, share) for school, share in shares.items()),
        ]
        self._write(run, *writes)

    def save_counted(self, run: str, schools: Mapping[str, Counted | None]) -> None:
        """See `ports.district`."""
        writes = [self._put_counted(school, told) for school, told in schools.items()]
        for start in range(0, len(writes), MOST_AT_ONCE - 1):
            self._write(run, *writes[start : start + MOST_AT_ONCE - 1])

    def _write(self, run: str, *writes: Item) -> None:
        """Write all or nothing, and only while this run holds the counts."""
        held: Item = {":run": {"S": run}}
        if self._items.write(self._items.put(_RUN | {"run": {"S": run}}, "run = :run", held), *writes):
            raise WriteConflict

    def _put_share(self, school: str, week: str, share: Share | None) -> Item:
        key = key_of(f"SHARE#{school}", week)
        if share is None:
            return self._items.delete(key)
        told = {"school_year": {"S": share.school_year}, "version": {"N": str(share.version)}}
        return self._items.put(key | told | {"body": packed_rollup(share.rollup)})

    def _put_counted(self, school: str, told: Counted | None) -> Item:
        key = key_of(_DISTRICT, school)
        if told is None:
            return self._items.delete(key)
        cubes = json.dumps(dict(told.cubes), sort_keys=True)
        kept = {"cubes": {"S": cubes}, "known": {"S": told.known}, "published": {"S": told.published}}
        return self._items.put(key | kept)


def _counted(item: Item) -> Counted:
    return Counted(json.loads(item["cubes"]["S"]), item["known"]["S"], item["published"]["S"])


def _share(item: Item) -> Share:
    return Share(item["school_year"]["S"], int(item["version"]["N"]), rollup_from(item))
