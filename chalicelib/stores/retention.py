"""Removing for good, as `ports.retention` has it; a part of the school's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.dynamo import MOST_AT_ONCE, Item, Items, key_of
from chalicelib.stores.items import (
    contact_key,
    mark_item,
    rollup_key,
    seen_key_named,
    start_of,
    tried_key,
    win_from,
    win_key,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.win import Win

_WITHDRAWN = "WITHDRAWN"
_WINS_AT_ONCE = (MOST_AT_ONCE - 1) // 3
"""Each with its message and with how many tried it, and one mark for all."""


class DynamoRetention:
    """`ports.retention` on DynamoDB."""

    _items: Items

    def withdrawn(self) -> list[Win]:
        """See `ports.retention`."""
        keys = [win_key(item["week"]["S"], item["sk"]["S"]) for item in self._items.query(_WITHDRAWN)]
        return sorted(map(win_from, self._items.get_many(keys)), key=lambda win: win.id)

    def set_expiry(self, win: Win, expires: date | None) -> None:
        """See `ports.retention`."""
        self._items.set_expiry(win_key(win.week, win.id), start_of(expires) if expires else None)

    def forget_wins(self, week: str, wins: Sequence[Win]) -> None:
        """See `ports.retention`."""
        wanted = {win_key(week, win.id)["sk"]["S"]: win.story_id for win in wins}
        found = [item for item in self._items.query(f"WEEK#{week}", only="pk, sk, seen") if item["sk"]["S"] in wanted]
        for start in range(0, len(found), _WINS_AT_ONCE):
            writes = [self._items.put(mark_item(week))]
            for item in found[start : start + _WINS_AT_ONCE]:
                writes.append(self._items.delete({"pk": item["pk"], "sk": item["sk"]}))
                writes.append(self._items.delete(tried_key(week, wanted[item["sk"]["S"]])))
                if "seen" in item:
                    writes.append(self._items.delete(seen_key_named(item["seen"])))
            self._items.write(*writes)

    def forget_rollup(self, week: str) -> None:
        """See `ports.retention`."""
        self._items.write(self._items.put(mark_item(week)), self._items.delete(rollup_key(week)))

    def remove_contact(self, key: str) -> None:
        """See `ports.retention`."""
        self._items.write(self._items.delete(contact_key(key)))

    def _withdrawal(self, old: Win, new: Win) -> list[Item]:
        """Describe what else is written when a win is withdrawn, or is no longer."""
        if new.withdrawn == old.withdrawn:
            return []
        key = key_of(_WITHDRAWN, old.id)
        return [self._items.put(key | {"week": {"S": new.week}}) if new.withdrawn else self._items.delete(key)]
