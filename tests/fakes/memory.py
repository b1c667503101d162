"""The school's table and site in memory: the same promises as `stores/`, kept by the simplest means."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from threading import Lock, RLock
from typing import Any

from chalicelib.domain.contact import Contact
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports import NOTHING_ALONGSIDE, Alongside, PublishedFile, Seen, Source, StoredRollup
from chalicelib.ports.leaders import Done


class MemoryTable:
    """`ports.Table`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._stamps = itertools.count(1)
        self.wins: dict[tuple[str, str], Win] = {}
        self.seen: dict[tuple[str, str], Seen] = {}
        self.source_of: dict[str, tuple[str, str]] = {}
        self.changed: dict[str, str] = {}
        self.stored: dict[str, tuple[str, int]] = {}
        self.schools: dict[int, School] = {}
        self.contacts: dict[str, Contact] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self.roster_hashes: list[str] = []
        self.done: list[Done] = []
        self.tried: dict[tuple[str, str], int] = {}
        self.taps: set[str] = set()

    # wins

    def save_win(
        self, win: Win, source: Source | None, open_week: str = "", contact: Contact | None = None
    ) -> Seen | None:
        with self._lock:
            if source and (before := self.seen.get((source.channel, source.key))):
                return before
            if (win.week, win.id) in self.wins or self._changed_since(contact):
                raise WriteConflict
            self._keep(contact)
            self.wins[win.week, win.id] = win
            if win.week != open_week:
                self._mark(win.week)
            if source:
                self.seen[source.channel, source.key] = Seen(win.id, source.content)
                self.source_of[win.id] = source.channel, source.key
            return None

    def save_wins(self, batch: Sequence[tuple[Win, Source]], open_week: str = "") -> list[Seen | None]:
        return [self.save_win(win, source, open_week) for win, source in batch]

    def find_win(self, win_id: str, weeks: Sequence[str]) -> Win | None:
        return next((self.wins[week, win_id] for week in weeks if (week, win_id) in self.wins), None)

    def replace_win(self, old: Win, new: Win, alongside: Alongside = NOTHING_ALONGSIDE) -> None:
        with self._lock:
            stored = self.wins.get((old.week, old.id))
            moves = new.id != old.id
            if stored is None or stored.revision != old.revision or (moves and (new.week, new.id) in self.wins):
                raise WriteConflict
            if self._changed_since(alongside.contact) or self._seen_before(alongside.source):
                raise WriteConflict
            self._keep(alongside.contact)
            self.done += [alongside.done] if alongside.done else []
            if source := alongside.source:
                self.seen[source.channel, source.key] = Seen(new.id if moves else "", source.content)
            if moves or new.state == "deleted":
                self.tried.pop((old.week, old.story_id), None)
            del self.wins[old.week, old.id]
            self.wins[new.week, new.id] = new
            self._mark(old.week)
            if moves and (own := self.source_of.pop(old.id, None)):
                self.seen[own] = Seen(new.id, self.seen[own].content)
                self.source_of[new.id] = own

    def wins_of(self, week: str) -> list[Win]:
        with self._lock:
            return [self.wins[key] for key in sorted(self.wins) if key[0] == week]

    def withdrawn(self) -> list[Win]:
        with self._lock:
            return sorted((win for win in self.wins.values() if win.withdrawn), key=lambda win: win.id)

    def set_expiry(self, win: Win, expires: date | None) -> None:
        with self._lock:
            if stored := self.wins.get((win.week, win.id)):
                self.wins[win.week, win.id] = stored.model_copy(update={"expires": expires})

    def forget_wins(self, week: str, wins: Sequence[Win]) -> None:
        with self._lock:
            for win in wins:
                self.wins.pop((week, win.id), None)
                self.tried.pop((week, win.story_id), None)
                self.seen.pop(self.source_of.pop(win.id, ("", "")), None)
                self._mark(week)

    def forget_rollup(self, week: str) -> None:
        with self._lock:
            self.stored.pop(week, None)
            self._mark(week)

    def remove_contact(self, key: str) -> None:
        self.contacts.pop(key, None)

    def held(self, after: str, most: int) -> list[Win]:
        with self._lock:
            waiting = sorted((win for win in self.wins.values() if win.state == "held"), key=lambda win: win.id)
        return [win for win in waiting if win.id > after][:most]

    def weeks(self) -> list[str]:
        with self._lock:
            return sorted({week for week, _ in self.wins})

    # contacts

    def _changed_since(self, contact: Contact | None) -> bool:
        if contact is None:
            return False
        stored = self.contacts.get(contact.key)
        return (stored.revision if stored else 0) != contact.revision

    def _seen_before(self, source: Source | None) -> bool:
        return source is not None and (source.channel, source.key) in self.seen

    def _keep(self, contact: Contact | None) -> None:
        if contact:
            self.contacts[contact.key] = contact.model_copy(update={"revision": contact.revision + 1})

    def find_contact(self, key: str) -> Contact | None:
        return self.contacts.get(key)

    def every_contact(self) -> Iterator[Contact]:
        return iter([*self.contacts.values()])

    def save_contact(self, contact: Contact, source: Source) -> None:
        with self._lock:
            if self._changed_since(contact) or self._seen_before(source):
                raise WriteConflict
            self._keep(contact)
            self.seen[source.channel, source.key] = Seen("", source.content)

    def find_seen(self, source: Source) -> Seen | None:
        return self.seen.get((source.channel, source.key))

    def count_up(self, what: str, key: str, expires: date) -> int:  # noqa: ARG002 - nothing expires here
        with self._lock:
            self.counts[what, key] = self.counts.get((what, key), 0) + 1
            return self.counts[what, key]

    def take_back_count(self, what: str, key: str) -> None:
        self.counts.pop((what, key), None)

    # who tried it too

    def count_tried(self, week: str, story_id: str, device_key: str, until: date) -> int:  # noqa: ARG002 - as above
        with self._lock:
            if device_key not in self.taps:
                self.taps.add(device_key)
                self.tried[week, story_id] = self.tried.get((week, story_id), 0) + 1
                self._mark(week)
            return self.tried.get((week, story_id), 0)

    def tried_of(self, week: str) -> dict[str, int]:
        with self._lock:
            return {story: n for (of, story), n in self.tried.items() if of == week}

    # weeks

    def _mark(self, week: str) -> None:
        self.changed[week] = f"stamp {next(self._stamps)}"

    def changed_weeks(self) -> dict[str, str]:
        with self._lock:
            return dict(sorted(self.changed.items()))

    def clear_changed(self, marks: dict[str, str]) -> None:
        with self._lock:
            for week, stamp in marks.items():
                if self.changed.get(week) == stamp:
                    del self.changed[week]

    def stored_rollup(self, week: str) -> StoredRollup:
        found = self.stored.get(week)
        return (
            StoredRollup(Rollup.from_json(json.loads(found[0])), found[1]) if found else StoredRollup(Rollup(week), 0)
        )

    def save_rollup(self, rollup: Rollup, replaces: int) -> None:
        with self._lock:
            if self.stored.get(rollup.week, ("", 0))[1] != replaces:
                raise WriteConflict
            self.stored[rollup.week] = json.dumps(rollup.as_json()), replaces + 1

    def rollups(self, first: str, last: str) -> list[Rollup]:
        with self._lock:
            found = [body for week, (body, _) in sorted(self.stored.items()) if first <= week <= last]
        return [Rollup.from_json(json.loads(body)) for body in found]

    def counted_weeks(self) -> list[str]:
        return sorted(self.stored)

    # school versions

    def latest_school(self) -> tuple[int, School] | None:
        newest = max(self.schools, default=None)
        return None if newest is None else (newest, self.schools[newest])

    def school_at(self, version: int) -> School:
        if version not in self.schools:
            raise Problem("not_set_up")
        return self.schools[version]

    def roster(self) -> list[str]:
        return [*self.roster_hashes]

    def save_roster(self, hashes: Sequence[str]) -> None:
        self.roster_hashes = [*hashes]

    def save_school(self, school: School, version: int) -> None:
        with self._lock:
            if version in self.schools:
                raise WriteConflict
            self.schools[version] = school


class MemorySite:
    """`ports.Site`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._tags = itertools.count(1)
        self.now = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
        self.files: dict[str, PublishedFile] = {}
        self.written: dict[str, datetime] = {}
        self.digests: dict[str, str] = {}

    @property
    def bodies(self) -> dict[str, bytes]:
        """All that readers could fetch."""
        return {path: found.body for path, found in self.files.items()}

    def read(self, path: str) -> PublishedFile | None:
        return self.files.get(path)

    def digest_of(self, path: str) -> str | None:
        return self.digests.get(path) if path in self.files else None

    def write(self, path: str, body: bytes, digest: str) -> None:
        with self._lock:
            self._put(path, body)
            self.digests[path] = digest

    def write_once(self, path: str, body: bytes) -> None:
        """Keep a file; what would be drawn by chance is always the same, so that two runs can be compared."""
        with self._lock:
            self._put(path, b'"salt"' if path == "dashboard-leaders/salt.json" else body)

    def replace(self, path: str, body: bytes, tag: str | None) -> None:
        with self._lock:
            stored = self.files.get(path)
            if (stored.tag if stored else None) != tag:
                raise WriteConflict
            self._put(path, body)

    def remove(self, paths: Iterable[str]) -> None:
        with self._lock:
            for path in paths:
                self.files.pop(path, None)
                self.digests.pop(path, None)

    def written_before(self, folder: str, moment: datetime) -> list[str]:
        return [path for path in self.files if path.startswith(folder) and self.written[path] < moment]

    def _put(self, path: str, body: bytes) -> None:
        self.files[path] = PublishedFile(body, f"tag {next(self._tags)}")
        self.written[path] = self.now


class Killed(BaseException):
    """The machine stopped: nothing after this happened, and no `except Exception` saw it."""


class Fuse:
    """Stops the machine just before the write with this number (0 is the first)."""

    def __init__(self, before_write: int | None = None) -> None:
        self.before_write = before_write
        self.writes = 0
        self._lock = Lock()

    def tick(self) -> None:
        with self._lock:
            if self.before_write is not None and self.writes >= self.before_write:
                raise Killed
            self.writes += 1


_WRITES = {
    *("save_win", "save_wins", "replace_win", "save_rollup", "save_school", "save_contact"),
    *("count_up", "count_tried", "take_back_count", "send_text", "send_mail", "remove_mail"),
    *("write", "write_once", "replace"),
    *("set_expiry", "forget_rollup", "remove_contact", "add_done"),
    *("begin_run", "save_week", "save_counted"),
}


class Fused:
    """A table or site on a machine that may stop between any two writes; also counts them."""

    def __init__(self, part: Any, fuse: Fuse) -> None:
        self._part = part
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        if name not in _WRITES:
            return real

        def write(*arguments: Any, **named: Any) -> Any:
            self._fuse.tick()
            return real(*arguments, **named)

        return write

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._fuse.tick()
            self._part.remove([path])

    def forget_wins(self, week: str, wins: Sequence[Win]) -> None:
        for win in wins:
            self._fuse.tick()
            self._part.forget_wins(week, [win])

    def clear_changed(self, marks: dict[str, str]) -> None:
        for week, stamp in marks.items():
            self._fuse.tick()
            self._part.clear_changed({week: stamp})
