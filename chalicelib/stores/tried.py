"""How many tried what a story tells, as `ports.Tries` has it; a part of the school's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.dynamo import FRESH, Item, Items, key_of
from chalicelib.stores.items import mark_item, start_of, tried_key

if TYPE_CHECKING:
    from datetime import date


class DynamoTries:
    """`ports.Tries` on DynamoDB."""

    _items: Items

    def count_tried(self, week: str, story_id: str, device_key: str, until: date) -> int:
        """See `ports.Tries`. Of two equal taps at once the second is refused, with what it would count."""
        key, tap = tried_key(week, story_id), key_of("TAP", device_key)
        if self._items.get(tap) is None:
            kept: Item = tap | {"expires": {"N": str(start_of(until))}}
            self._items.write(self._items.put(kept, FRESH), self._items.add_one(key), self._items.put(mark_item(week)))
        counted = self._items.get(key)
        return int(counted["n"]["N"]) if counted else 0

    def tried_of(self, week: str) -> dict[str, int]:
        """See `ports.Tries`."""
        return {item["sk"]["S"]: int(item["n"]["N"]) for item in self._items.query(f"TRIED#{week}")}
