"""The school's one DynamoDB table; the only file that knows its keys.

| item          | pk                     | sk          | other                         |
|---------------|------------------------|-------------|-------------------------------|
| win           | `WEEK#2026-W38`        | `WIN#<ulid>`| `revision`, `body`, `seen`    |
| source seen   | `SEEN#<channel>`       | keyed hash  | `win_id`, `content`, `expires`|
| changed week  | `CHANGED`              | `2026-W38`  | `stamp`, new with each change |
| rollup        | `ROLLUP`               | `2026-W38`  | `revision`, `body`            |
| school version| `SCHOOL`               | `V#000001`  | `body`                        |
| contact       | `CONTACT`              | keyed hash  | `revision`, `body`            |
| count         | `COUNT#<what>`         | keyed hash  | `n`, `expires`                |

`body` is JSON in one string: it decodes ten times faster than nested attributes, and pydantic reads it. `seen` names
the source's own item.
"""

from __future__ import annotations

import calendar
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.contact import Contact
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import NOTHING_ALONGSIDE, Alongside, Seen, Source, StoredRollup
from chalicelib.stores.dynamo import FRESH, MOST_AT_ONCE, Item, Items, connect, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = ["DynamoTable", "connect"]

SEEN_FOR_SECONDS = 400 * 86_400
"""How long a repeat is recognised. Files loaded by hand are recognised for ever."""
_WINS_PER_TRANSACTION = 44
"""Two items each, which leaves room for the marks of twelve weeks."""
_SAME_REVISION = "revision = :old"


def _win_key(week: str, win_id: str) -> Item:
    return key_of(f"WEEK#{week}", f"WIN#{win_id}")


def _win_item(win: Win, seen: Item | None = None) -> Item:
    body = win.model_dump_json(exclude_defaults=True)
    item = {**_win_key(win.week, win.id), "revision": {"N": str(win.revision)}, "body": {"S": body}}
    return {**item, "seen": seen} if seen else item


def _seen_name(source: Source) -> Item:
    return {"S": f"{source.channel}/{source.key}"}


def _win_from(item: Item) -> Win:
    return Win.model_validate_json(item["body"]["S"])


def _seen_key(source: Source) -> Item:
    return key_of(f"SEEN#{source.channel}", source.key)


def _seen_key_named(seen: Item) -> Item:
    channel, _, key = seen["S"].partition("/")
    return key_of(f"SEEN#{channel}", key)


def _seen_item(win: Win | None, source: Source) -> Item:
    item = _seen_key(source) | {"win_id": {"S": win.id if win else ""}, "content": {"S": source.content}}
    if source.channel == "spreadsheet":
        return item
    day = win.day if win else datetime.now(UTC).date()
    return item | {"expires": {"N": str(_start_of(day) + SEEN_FOR_SECONDS)}}


def _start_of(day: date) -> int:
    """Return the second a day starts: no record tells the hour of an anonymous win."""
    return calendar.timegm(day.timetuple())


def _seen_from(item: Item) -> Seen:
    return Seen(item["win_id"]["S"], item["content"]["S"])


def _mark(week: str) -> Item:
    return key_of("CHANGED", week) | {"stamp": {"S": uuid.uuid4().hex}}


def _rollup_from(item: Item) -> Rollup:
    return Rollup.from_json(json.loads(item["body"]["S"]))


def _school_key(version: int) -> Item:
    return key_of("SCHOOL", f"V#{version:06d}")


def _school_from(item: Item) -> School:
    return School.model_validate_json(item["body"]["S"])


class DynamoTable:
    """`ports.Table` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    # wins

    def save_win(
        self, win: Win, source: Source | None, open_week: str = "", contact: Contact | None = None
    ) -> Seen | None:
        """See `ports.Wins`. What belongs together is one transaction; a win that is alone is one put."""
        writes = [self._items.put(_win_item(win, _seen_name(source) if source else None), FRESH)]
        if source is not None:
            writes.append(self._items.put(_seen_item(win, source), FRESH))
        if win.week != open_week:
            writes.append(self._items.put(_mark(win.week)))
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
        keys = {(source.channel, source.key): _seen_key(source) for _, source in batch}
        found = self._items.get_many(list(keys.values()))
        known = {(item["pk"]["S"].removeprefix("SEEN#"), item["sk"]["S"]): _seen_from(item) for item in found}
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
        writes = [self._items.put(_mark(week)) for week in weeks]
        for win, source in some:
            writes.append(self._items.put(_win_item(win, _seen_name(source)), FRESH))
            writes.append(self._items.put(_seen_item(win, source), FRESH))
        return len(writes) <= MOST_AT_ONCE and not self._items.write(*writes)

    def find_win(self, win_id: str, weeks: Sequence[str]) -> Win | None:
        """See `ports.Wins`."""
        for week in weeks:
            if item := self._items.get(_win_key(week, win_id)):
                return _win_from(item)
        return None

    def replace_win(self, old: Win, new: Win, alongside: Alongside = NOTHING_ALONGSIDE) -> None:
        """See `ports.Wins`. A win that gets another id moves in one transaction, and its source with it."""
        unchanged: Item = {":old": {"N": str(old.revision)}}
        key = _win_key(old.week, old.id)
        seen = (self._items.get(key) or {}).get("seen")
        writes = [self._items.put(_mark(old.week))]
        if new.id == old.id:
            writes.append(self._items.put(_win_item(new, seen), _SAME_REVISION, unchanged))
        else:
            writes.append(self._items.delete(key, _SAME_REVISION, unchanged))
            writes.append(self._items.put(_win_item(new, seen), FRESH))
            if seen and (message := self._items.get(_seen_key_named(seen))):
                writes.append(self._items.put(message | {"win_id": {"S": new.id}}, "attribute_exists(pk)"))
        if alongside.source:
            moved = new if new.id != old.id else None
            writes.append(self._items.put(_seen_item(moved, alongside.source), FRESH))
        if alongside.contact:
            writes.append(self._put_contact(alongside.contact))
        if self._items.write(*writes):
            raise WriteConflict

    def wins_of(self, week: str) -> list[Win]:
        """See `ports.Wins`."""
        return [_win_from(item) for item in self._items.query(f"WEEK#{week}", only="body")]

    def weeks(self) -> list[str]:
        """See `ports.Wins`."""
        return sorted(pk.removeprefix("WEEK#") for pk in self._items.partitions("WEEK#"))

    # contacts

    def find_contact(self, key: str) -> Contact | None:
        """See `ports.Contacts`."""
        item = self._items.get(key_of("CONTACT", key))
        return Contact.model_validate_json(item["body"]["S"]) if item else None

    def save_contact(self, contact: Contact, source: Source) -> None:
        """See `ports.Contacts`."""
        if self._items.write(self._put_contact(contact), self._items.put(_seen_item(None, source), FRESH)):
            raise WriteConflict

    def find_seen(self, source: Source) -> Seen | None:
        """See `ports.Contacts`."""
        item = self._items.get(_seen_key(source))
        return _seen_from(item) if item else None

    def count_up(self, what: str, key: str, expires: date) -> int:
        """See `ports.Contacts`."""
        return self._items.count_up(key_of(f"COUNT#{what}", key), _start_of(expires))

    def take_back_count(self, what: str, key: str) -> None:
        """See `ports.Contacts`."""
        self._items.write(self._items.delete(key_of(f"COUNT#{what}", key)))

    def _put_contact(self, contact: Contact) -> Item:
        stored = contact.model_copy(update={"revision": contact.revision + 1})
        item = key_of("CONTACT", contact.key) | {"revision": {"N": str(stored.revision)}}
        item |= {"body": {"S": stored.model_dump_json(exclude_defaults=True)}}
        unchanged: Item = {":old": {"N": str(contact.revision)}}
        return self._items.put(item, _SAME_REVISION, unchanged) if contact.revision else self._items.put(item, FRESH)

    # weeks

    def changed_weeks(self) -> dict[str, str]:
        """See `ports.Weeks`."""
        return {item["sk"]["S"]: item["stamp"]["S"] for item in self._items.query("CHANGED")}

    def clear_changed(self, marks: dict[str, str]) -> None:
        """See `ports.Weeks`."""
        for week, stamp in marks.items():
            seen: Item = {":seen": {"S": stamp}}
            self._items.write(self._items.delete(key_of("CHANGED", week), "stamp = :seen", seen))

    def stored_rollup(self, week: str) -> StoredRollup:
        """See `ports.Weeks`."""
        item = self._items.get(key_of("ROLLUP", week))
        return StoredRollup(_rollup_from(item), int(item["revision"]["N"])) if item else StoredRollup(Rollup(week), 0)

    def save_rollup(self, rollup: Rollup, replaces: int) -> None:
        """See `ports.Weeks`."""
        body = json.dumps(rollup.as_json(), separators=(",", ":"))
        item = key_of("ROLLUP", rollup.week) | {"revision": {"N": str(replaces + 1)}, "body": {"S": body}}
        unchanged: Item = {":old": {"N": str(replaces)}}
        put = self._items.put(item, _SAME_REVISION, unchanged) if replaces else self._items.put(item, FRESH)
        if self._items.write(put):
            raise WriteConflict

    def rollups(self, first: str, last: str) -> list[Rollup]:
        """See `ports.Weeks`."""
        return [_rollup_from(item) for item in self._items.query("ROLLUP", between=(first, last), only="body")]

    def counted_weeks(self) -> list[str]:
        """See `ports.Weeks`."""
        return [item["sk"]["S"] for item in self._items.query("ROLLUP", only="sk")]

    # school versions

    def latest_school(self) -> tuple[int, School] | None:
        """See `ports.Schools`."""
        newest = self._items.last("SCHOOL")
        return (int(newest["sk"]["S"].removeprefix("V#")), _school_from(newest)) if newest else None

    def school_at(self, version: int) -> School:
        """See `ports.Schools`."""
        item = self._items.get(_school_key(version))
        if item is None:
            raise Problem("not_set_up")
        return _school_from(item)

    def save_school(self, school: School, version: int) -> None:
        """See `ports.Schools`."""
        body = school.model_dump_json(exclude_defaults=True, by_alias=True)
        if self._items.write(self._items.put(_school_key(version) | {"body": {"S": body}}, FRESH)):
            raise WriteConflict
