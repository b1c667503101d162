"""The school's one DynamoDB table, as `ports.Table` has it. What its items look like stands in `items.py`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup
from chalicelib.ports import NOTHING_ALONGSIDE, Alongside, Seen, Source, StoredRollup
from chalicelib.stores.dynamo import FRESH, MOST_AT_ONCE, Item, Items, connect, key_of
from chalicelib.stores.items import (
    HELD,
    contact_from,
    contact_item,
    contact_key,
    count_key,
    done_item,
    mark_item,
    mark_key,
    rollup_from,
    rollup_key,
    roster_key,
    school_from,
    school_key,
    seen_from,
    seen_item,
    seen_key,
    seen_key_named,
    seen_name,
    start_of,
    tried_key,
    win_from,
    win_item,
    win_key,
)
from chalicelib.stores.retention import DynamoRetention
from chalicelib.stores.tried import DynamoTries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.domain.contact import Contact
    from chalicelib.domain.school import School
    from chalicelib.domain.win import Win

__all__ = ["DynamoTable", "connect"]

_WINS_PER_TRANSACTION = 44
"""Two items each, which leaves room for the marks of twelve weeks."""
_HASHES_PER_ITEM = 5_000
_SAME_REVISION = "revision = :old"


class DynamoTable(DynamoRetention, DynamoTries):
    """`ports.Table` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    # wins

    def save_win(
        self, win: Win, source: Source | None, open_week: str = "", contact: Contact | None = None
    ) -> Seen | None:
        """See `ports.Wins`. What belongs together is one transaction; a win that is alone is one put."""
        writes = [self._items.put(win_item(win, seen_name(source) if source else None), FRESH)]
        if source is not None:
            writes.append(self._items.put(seen_item(win, source), FRESH))
        if win.week != open_week:
            writes.append(self._items.put(mark_item(win.week)))
        if contact is not None:
            writes.append(self._put_contact(contact))
        reasons = self._items.write(*writes)
        if not reasons:
            return None
        before = self.find_seen(source) if source is not None and reasons[1] != "None" else None
        if before is None:  # the id is taken, or the record expired between the refusal and this read
            raise WriteConflict
        return before

    def save_wins(self, batch: Sequence[tuple[Win, Source]], open_week: str = "") -> list[Seen | None]:
        """See `ports.Wins`. A transaction holds up to 44 wins; one that is refused is tried again win by win."""
        keys = {(source.channel, source.key): seen_key(source) for _, source in batch}
        found = self._items.get_many(list(keys.values()))
        known = {(item["pk"]["S"].removeprefix("SEEN#"), item["sk"]["S"]): seen_from(item) for item in found}
        results = [known.get((source.channel, source.key)) for _, source in batch]
        fresh = [n for n, seen in enumerate(results) if seen is None]
        for start in range(0, len(fresh), _WINS_PER_TRANSACTION):
            some = fresh[start : start + _WINS_PER_TRANSACTION]
            if not self._saved_together([batch[n] for n in some], open_week):
                for n in some:
                    results[n] = self.save_win(*batch[n], open_week)
        return results

    def _saved_together(self, some: list[tuple[Win, Source]], open_week: str) -> bool:
        weeks = sorted({win.week for win, _ in some} - {open_week})
        writes = [self._items.put(mark_item(week)) for week in weeks]
        for win, source in some:
            writes.append(self._items.put(win_item(win, seen_name(source)), FRESH))
            writes.append(self._items.put(seen_item(win, source), FRESH))
        return len(writes) <= MOST_AT_ONCE and not self._items.write(*writes)

    def find_win(self, win_id: str, weeks: Sequence[str]) -> Win | None:
        """See `ports.Wins`."""
        for week in weeks:
            if item := self._items.get(win_key(week, win_id)):
                return win_from(item)
        return None

    def replace_win(self, old: Win, new: Win, alongside: Alongside = NOTHING_ALONGSIDE) -> None:
        """See `ports.Wins`. A win that gets another id moves in one transaction, and its source with it."""
        unchanged: Item = {":old": {"N": str(old.revision)}}
        key = win_key(old.week, old.id)
        seen = (self._items.get(key) or {}).get("seen") if new.state != "deleted" else None
        writes = [self._items.put(mark_item(old.week)), *self._withdrawal(old, new)]
        if new.id == old.id:
            writes.append(self._items.put(win_item(new, seen), _SAME_REVISION, unchanged))
        else:
            writes.append(self._items.delete(key, _SAME_REVISION, unchanged))
            writes.append(self._items.put(win_item(new, seen), FRESH))
            if seen and (message := self._items.get(seen_key_named(seen))):
                writes.append(self._items.put(message | {"win_id": {"S": new.id}}, "attribute_exists(pk)"))
        if new.state == "deleted" or new.id != old.id:
            writes.append(self._items.delete(tried_key(old.week, old.story_id)))
        if alongside.source:
            moved = new if new.id != old.id else None
            writes.append(self._items.put(seen_item(moved, alongside.source), FRESH))
        if alongside.contact:
            writes.append(self._put_contact(alongside.contact))
        if alongside.done:
            writes.append(self._items.put(done_item(alongside.done), FRESH))
        if self._items.write(*writes):
            raise WriteConflict

    def wins_of(self, week: str) -> list[Win]:
        """See `ports.Wins`."""
        return [win_from(item) for item in self._items.query(f"WEEK#{week}", only="body, expires")]

    def held(self, after: str, most: int) -> list[Win]:
        """See `ports.Wins`. The index may be a moment late, so each win is read as it is now."""
        keys = list(self._items.indexed("Held", ("held", HELD), f"WIN#{after}", most))
        wins = [win_from(item) for item in self._items.get_many(keys)]
        return sorted((win for win in wins if win.state == "held"), key=lambda win: win.id)

    def weeks(self) -> list[str]:
        """See `ports.Wins`."""
        return sorted(pk.removeprefix("WEEK#") for pk in self._items.partitions("WEEK#"))

    # contacts

    def find_contact(self, key: str) -> Contact | None:
        """See `ports.Contacts`."""
        item = self._items.get(contact_key(key))
        return contact_from(item) if item else None

    def every_contact(self) -> Iterator[Contact]:
        """See `ports.Contacts`."""
        return map(contact_from, self._items.query("CONTACT"))

    def save_contact(self, contact: Contact, source: Source) -> None:
        """See `ports.Contacts`."""
        if self._items.write(self._put_contact(contact), self._items.put(seen_item(None, source), FRESH)):
            raise WriteConflict

    def find_seen(self, source: Source) -> Seen | None:
        """See `ports.Contacts`."""
        item = self._items.get(seen_key(source))
        return seen_from(item) if item else None

    def count_up(self, what: str, key: str, expires: date) -> int:
        """See `ports.Contacts`."""
        return self._items.count_up(count_key(what, key), start_of(expires))

    def take_back_count(self, what: str, key: str) -> None:
        """See `ports.Contacts`."""
        self._items.write(self._items.delete(count_key(what, key)))

    def _put_contact(self, contact: Contact) -> Item:
        unchanged: Item = {":old": {"N": str(contact.revision)}}
        item = contact_item(contact)
        return self._items.put(item, _SAME_REVISION, unchanged) if contact.revision else self._items.put(item, FRESH)

    # weeks

    def changed_weeks(self) -> dict[str, str]:
        """See `ports.Weeks`."""
        return {item["sk"]["S"]: item["stamp"]["S"] for item in self._items.query("CHANGED")}

    def clear_changed(self, marks: dict[str, str]) -> None:
        """See `ports.Weeks`."""
        for week, stamp in marks.items():
            seen: Item = {":seen": {"S": stamp}}
            self._items.write(self._items.delete(mark_key(week), "stamp = :seen", seen))

    def stored_rollup(self, week: str) -> StoredRollup:
        """See `ports.Weeks`."""
        item = self._items.get(rollup_key(week))
        return StoredRollup(rollup_from(item), int(item["revision"]["N"])) if item else StoredRollup(Rollup(week), 0)

    def save_rollup(self, rollup: Rollup, replaces: int) -> None:
        """See `ports.Weeks`."""
        body = json.dumps(rollup.as_json(), separators=(",", ":"))
        item = rollup_key(rollup.week) | {"revision": {"N": str(replaces + 1)}, "body": {"S": body}}
        unchanged: Item = {":old": {"N": str(replaces)}}
        put = self._items.put(item, _SAME_REVISION, unchanged) if replaces else self._items.put(item, FRESH)
        if self._items.write(put):
            raise WriteConflict

    def rollups(self, first: str, last: str) -> list[Rollup]:
        """See `ports.Weeks`."""
        return [rollup_from(item) for item in self._items.query("ROLLUP", between=(first, last), only="body")]

    def counted_weeks(self) -> list[str]:
        """See `ports.Weeks`."""
        return [item["sk"]["S"] for item in self._items.query("ROLLUP", only="sk")]

    # school versions

    def latest_school(self) -> tuple[int, School] | None:
        """See `ports.Schools`."""
        newest = self._items.last("SCHOOL")
        return (int(newest["sk"]["S"].removeprefix("V#")), school_from(newest)) if newest else None

    def school_at(self, version: int) -> School:
        """See `ports.Schools`."""
        item = self._items.get(school_key(version))
        if item is None:
            raise Problem("not_set_up")
        return school_from(item)

    def roster(self) -> list[str]:
        """See `ports.Roster`."""
        return [one for item in self._items.query("ROSTER") for one in item["body"]["S"].split()]

    def save_roster(self, hashes: Sequence[str]) -> None:
        """See `ports.Roster`. A few thousand hashes are one item; the new ones are there before the old ones go."""
        old = {item["sk"]["S"] for item in self._items.query("ROSTER", only="sk")}
        parts = [hashes[at : at + _HASHES_PER_ITEM] for at in range(0, len(hashes), _HASHES_PER_ITEM)]
        for n, part in enumerate(parts):
            self._items.write(self._items.put(roster_key(n) | {"body": {"S": " ".join(part)}}))
            old.discard(f"{n:03d}")
        for sk in old:
            self._items.write(self._items.delete(key_of("ROSTER", sk)))

    def save_school(self, school: School, version: int) -> None:
        """See `ports.Schools`."""
        body = school.model_dump_json(exclude_defaults=True, by_alias=True)
        if self._items.write(self._items.put(school_key(version) | {"body": {"S": body}}, FRESH)):
            raise WriteConflict
