"""Sign-ins and the record, in the school's table.

| item    | pk                 | sk          | other                      |
|---------|--------------------|-------------|----------------------------|
| link    | `SIGNIN`           | keyed hash  | `leader`, `until`, `expires`|
| session | `SESSION#<leader>` | keyed hash  | `until`, `expires`         |
| done    | `DONE#2026-11`     | `<ulid>`    | `who`, `what`, `about`     |

`until` decides, to the second; `expires` only lets DynamoDB clear away what is over.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ulid import ULID

from chalicelib.ports.leaders import Done
from chalicelib.stores.dynamo import FRESH, Item, Items, key_of
from chalicelib.stores.items import done_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


def _lasting(key: Item, until: datetime, **more: str) -> Item:
    seconds = {"N": str(int(until.timestamp()))}
    return key | {"until": seconds, "expires": seconds} | {name: {"S": value} for name, value in more.items()}


def _lasts(item: Item, now: datetime) -> bool:
    return int(item["until"]["N"]) > now.timestamp()


class DynamoSignIns:
    """`ports.leaders.SignIns` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    def save_link(self, name: str, leader: str, until: datetime) -> None:
        """See `ports.leaders`."""
        self._items.write(self._items.put(_lasting(key_of("SIGNIN", name), until, leader=leader), FRESH))

    def take_link(self, name: str, now: datetime) -> str | None:
        """See `ports.leaders`. Of two who take it at once one is refused."""
        item = self._items.get(key_of("SIGNIN", name))
        if item is None or self._items.write(self._items.delete(key_of("SIGNIN", name), "attribute_exists(pk)")):
            return None
        return str(item["leader"]["S"]) if _lasts(item, now) else None

    def save_session(self, leader: str, name: str, until: datetime) -> None:
        """See `ports.leaders`."""
        self._items.write(self._items.put(_lasting(key_of(f"SESSION#{leader}", name), until), FRESH))

    def has_session(self, leader: str, name: str, now: datetime) -> bool:
        """See `ports.leaders`."""
        item = self._items.get(key_of(f"SESSION#{leader}", name))
        return item is not None and _lasts(item, now)

    def end_session(self, leader: str, name: str) -> None:
        """See `ports.leaders`."""
        self._items.write(self._items.delete(key_of(f"SESSION#{leader}", name)))

    def end_sessions(self, leader: str) -> None:
        """See `ports.leaders`."""
        for item in list(self._items.query(f"SESSION#{leader}", only="sk")):
            self.end_session(leader, item["sk"]["S"])


class DynamoRecord:
    """`ports.leaders.Record` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    def add_done(self, done: Done) -> None:
        """See `ports.leaders`."""
        self._items.write(self._items.put(done_item(done), FRESH))

    def done_in(self, month: str) -> Iterator[Done]:
        """See `ports.leaders`."""
        for item in self._items.query(f"DONE#{month}"):
            when = ULID.from_str(item["sk"]["S"]).datetime.astimezone(UTC)
            yield Done(when, item["who"]["S"], item["what"]["S"], item["about"]["S"])

    def months(self) -> list[str]:
        """See `ports.leaders`."""
        return sorted(pk.removeprefix("DONE#") for pk in self._items.partitions("DONE#"))
