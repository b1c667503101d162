"""The items of the school's one DynamoDB table: their keys, and how each is written and read.

| item          | pk                     | sk          | other                         |
|---------------|------------------------|-------------|-------------------------------|
| win           | `WEEK#2026-W38`        | `WIN#<ulid>`| `revision`, `body`, `seen`, `held`, `expires` |
| withdrawn win | `WITHDRAWN`            | `<ulid>`    | `week`                        |
| source seen   | `SEEN#<channel>`       | keyed hash  | `win_id`, `content`, `expires`|
| changed week  | `CHANGED`              | `2026-W38`  | `stamp`, new with each change |
| rollup        | `ROLLUP`               | `2026-W38`  | `revision`, `body`            |
| school version| `SCHOOL`               | `V#000001`  | `body`                        |
| contact       | `CONTACT`              | keyed hash  | `revision`, `body`            |
| roster        | `ROSTER`               | `000`       | `body`: hashes, spaces between|
| count         | `COUNT#<what>`         | keyed hash  | `n`, `expires`                |
| tried         | `TRIED#2026-W38`       | story's id  | `n`                           |
| tap           | `TAP`                  | keyed hash  | `expires`                     |

What a later release wrote besides is passed over, on every level: who goes back a release reads all there is.

`body` is JSON in one string: it decodes ten times faster than nested attributes, and pydantic reads it; that of a
district's rollup is compressed. `seen` names the source's own item. `held` is there only while a win is: the index
`Held` lists such wins by their ids.
"""

from __future__ import annotations

import calendar
import json
import uuid
import zlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ulid import ULID

from chalicelib.domain.contact import Contact
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import Seen, Source
from chalicelib.stores.dynamo import Item, key_of

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.ports.leaders import Done

SEEN_FOR_SECONDS = 400 * 86_400
"""How long a repeat is recognised. Files loaded by hand are recognised for ever."""


HELD = "HELD"
"""What the attribute `held` is, where there is one."""


def win_key(week: str, win_id: str) -> Item:
    """Make the key of a win."""
    return key_of(f"WEEK#{week}", f"WIN#{win_id}")


def win_item(win: Win, seen: Item | None = None) -> Item:
    """Write a win; `seen` names the item of the message it came from."""
    body = win.model_dump_json(exclude_defaults=True)
    item = {**win_key(win.week, win.id), "revision": {"N": str(win.revision)}, "body": {"S": body}}
    item |= {"held": {"S": HELD}} if win.state == "held" else {}
    item |= {"expires": {"N": str(start_of(win.expires))}} if win.expires else {}
    return {**item, "seen": seen} if seen else item


def seen_name(source: Source) -> Item:
    """Name the item of a message in the item of its win."""
    return {"S": f"{source.channel}/{source.key}"}


def win_from(item: Item) -> Win:
    """Read a win."""
    win = Win.model_validate_json(item["body"]["S"], extra="ignore")
    if "expires" not in item:
        return win
    expires = datetime.fromtimestamp(int(item["expires"]["N"]), UTC).date()
    return win.model_copy(update={"expires": expires})


def seen_key(source: Source) -> Item:
    """Make the key of a message that was seen."""
    return key_of(f"SEEN#{source.channel}", source.key)


def seen_key_named(seen: Item) -> Item:
    """Make the key of a message from its name in the item of its win."""
    channel, _, key = seen["S"].partition("/")
    return key_of(f"SEEN#{channel}", key)


def seen_item(win: Win | None, source: Source) -> Item:
    """Write that a message was seen, and which win it became, if any."""
    item = seen_key(source) | {"win_id": {"S": win.id if win else ""}, "content": {"S": source.content}}
    if source.channel == "spreadsheet":
        return item
    day = win.day if win else datetime.now(UTC).date()
    return item | {"expires": {"N": str(start_of(day) + SEEN_FOR_SECONDS)}}


def start_of(day: date) -> int:
    """Return the second a day starts: no record tells the hour of an anonymous win."""
    return calendar.timegm(day.timetuple())


def seen_from(item: Item) -> Seen:
    """Read what a message became."""
    return Seen(item["win_id"]["S"], item["content"]["S"])


def mark_item(week: str) -> Item:
    """Write that a week changed, with a stamp of its own."""
    return mark_key(week) | {"stamp": {"S": uuid.uuid4().hex}}


def rollup_from(item: Item) -> Rollup:
    """Read a rollup; one that was read before is not read anew, so nobody changes it."""
    return _rollup(item["body"].get("S") or item["body"]["B"])


@lru_cache(maxsize=128)
def _rollup(body: str | bytes) -> Rollup:
    return Rollup.from_json(json.loads(zlib.decompress(body) if isinstance(body, bytes) else body))


def packed_rollup(rollup: Rollup) -> Item:
    """Write the `body` of a rollup, compressed: a week of two hundred schools fits into an item."""
    return {"B": zlib.compress(json.dumps(rollup.as_json(), separators=(",", ":")).encode())}


def school_key(version: int) -> Item:
    """Make the key of a version of the school file."""
    return key_of("SCHOOL", f"V#{version:06d}")


def school_from(item: Item) -> School:
    """Read a version of the school file."""
    return School.model_validate_json(item["body"]["S"], extra="ignore")


def mark_key(week: str) -> Item:
    """Make the key of a changed week's mark."""
    return key_of("CHANGED", week)


def rollup_key(week: str) -> Item:
    """Make the key of a week's rollup."""
    return key_of("ROLLUP", week)


def roster_key(part: int) -> Item:
    """Make the key of a part of the roster."""
    return key_of("ROSTER", f"{part:03d}")


def done_item(done: Done) -> Item:
    """Write a line of the record."""
    key = key_of(f"DONE#{done.when.astimezone(UTC):%Y-%m}", str(ULID.from_datetime(done.when)))
    return key | {"who": {"S": done.who}, "what": {"S": done.what}, "about": {"S": done.about}}


def contact_key(key: str) -> Item:
    """Make the key of a contact."""
    return key_of("CONTACT", key)


def contact_item(contact: Contact) -> Item:
    """Write a contact as it is after one more revision."""
    stored = contact.model_copy(update={"revision": contact.revision + 1})
    body = stored.model_dump_json(exclude_defaults=True)
    return contact_key(contact.key) | {"revision": {"N": str(stored.revision)}, "body": {"S": body}}


def contact_from(item: Item) -> Contact:
    """Read a contact."""
    return Contact.model_validate_json(item["body"]["S"], extra="ignore")


def count_key(what: str, key: str) -> Item:
    """Make the key of a count."""
    return key_of(f"COUNT#{what}", key)


def tried_key(week: str, story_id: str) -> Item:
    """Make the key of how many tried what a story tells."""
    return key_of(f"TRIED#{week}", story_id)
