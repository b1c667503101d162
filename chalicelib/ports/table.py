"""What is kept in the school's table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.domain.contact import Contact
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.ports.leaders import Done
from chalicelib.ports.retention import Retention


@dataclass(frozen=True)
class Source:
    """Which message a win came from: keyed hashes of the provider's id and of the content, never the things."""

    channel: str
    key: str
    content: str


@dataclass(frozen=True)
class Seen:
    """A message that came before: the win it became, and the content it had."""

    win_id: str
    content: str


@dataclass(frozen=True)
class Alongside:
    """What is stored in the same step as a win or a change to one, or not at all."""

    source: Source | None = None
    """The message that asked for it: seen a second time, it changes nothing. It names the win only if that moves."""
    contact: Contact | None = None
    """The sender as they are now; its `revision` is the one it replaces."""
    done: Done | None = None
    """The line of the record that says who did it."""


@dataclass(frozen=True)
class StoredRollup:
    """A week's rollup and the revision to name when replacing it (0: none is stored)."""

    rollup: Rollup
    revision: int


NOTHING_ALONGSIDE = Alongside()


class Wins(Protocol):
    """The wins of one school."""

    def save_win(
        self, win: Win, source: Source | None, open_week: str = "", contact: Contact | None = None
    ) -> Seen | None:
        """Store a win, its source, its week's mark and its sender, all or nothing; return what was Seen if it was.

        A win of the open week needs no mark: publishing looks at that week anyway. Raises WriteConflict if the id is
        taken, or the contact is no longer as it was.
        """

    def save_wins(self, batch: Sequence[tuple[Win, Source]], open_week: str = "") -> list[Seen | None]:
        """Do what `save_win` does for many wins in fewer steps; no two of a batch have the same source."""

    def find_win(self, win_id: str, weeks: Sequence[str]) -> Win | None:
        """Fetch a win that is in one of the weeks; a removed one has the state `deleted` and no story."""

    def replace_win(self, old: Win, new: Win, alongside: Alongside = NOTHING_ALONGSIDE) -> None:
        """Put `new` in the place of `old` and mark its week; of a story that goes or gets another id none tried it.

        Raises WriteConflict if `old` or the contact is no longer as it was, or the message was seen before.
        """

    def wins_of(self, week: str) -> list[Win]:
        """List the wins of a week, oldest first, removed ones too."""

    def held(self, after: str, most: int) -> list[Win]:
        """List at most so many held wins, oldest first, whose ids come after this one (empty: from the first)."""

    def weeks(self) -> list[str]:
        """List all weeks that hold wins, oldest first. Reads the whole table: for rebuilding and export only."""


class Weeks(Protocol):
    """Which weeks changed, and what was counted in them."""

    def changed_weeks(self) -> dict[str, str]:
        """Return the weeks that changed since they were last cleared, each with the stamp of its last change."""

    def clear_changed(self, marks: dict[str, str]) -> None:
        """Forget marks, except those stamped anew since they were read."""

    def stored_rollup(self, week: str) -> StoredRollup:
        """Fetch what was last counted in a week."""

    def save_rollup(self, rollup: Rollup, replaces: int) -> None:
        """Store what was counted. Raises WriteConflict if the revision it replaces is no longer the stored one."""

    def rollups(self, first: str, last: str) -> list[Rollup]:
        """List the stored rollups of the weeks from first to last, oldest first."""

    def counted_weeks(self) -> list[str]:
        """List all weeks that have a stored rollup, oldest first."""


class Schools(Protocol):
    """The versions of the school file."""

    def latest_school(self) -> tuple[int, School] | None:
        """Return the newest version and its number, or None before the first."""

    def school_at(self, version: int) -> School:
        """Return one version."""

    def save_school(self, school: School, version: int) -> None:
        """Store a new version. Raises WriteConflict if that number is taken."""


class Roster(Protocol):
    """The names of students, as keyed hashes only."""

    def roster(self) -> list[str]:
        """Return all hashes."""

    def save_roster(self, hashes: Sequence[str]) -> None:
        """Put these hashes in the place of those that were there."""


class Contacts(Protocol):
    """Those who send by text, what was seen of them, and how often."""

    def find_contact(self, key: str) -> Contact | None:
        """Fetch a contact by the keyed hash of its number."""

    def every_contact(self) -> Iterator[Contact]:
        """Read all contacts."""

    def save_contact(self, contact: Contact, source: Source) -> None:
        """Store a contact and the message that changed it.

        Raises WriteConflict if the contact is no longer as it was, or the message was seen before.
        """

    def find_seen(self, source: Source) -> Seen | None:
        """Tell what a message became when it came before."""

    def count_up(self, what: str, key: str, expires: date) -> int:
        """Count one more of something and return how many there are now; forgotten some time after a day."""

    def take_back_count(self, what: str, key: str) -> None:
        """Forget a count, so that what was claimed by it can be tried again."""


class Tries(Protocol):
    """How many said of a story that they tried this too."""

    def count_tried(self, week: str, story_id: str, device_key: str, until: date) -> int:
        """Count one more for a story and mark its week, once for each key; return how many there are now.

        Args:
            week: of the story.
            story_id: what colleagues see of its win's id.
            device_key: keyed hash of the story and of what a device chose for it; known until the day `until`.
            until: first day on which the key may be forgotten.
        """

    def tried_of(self, week: str) -> dict[str, int]:
        """Return how many there are by story of a week; stories that nobody tried are missing."""


class Table(Wins, Weeks, Schools, Roster, Contacts, Tries, Retention, Protocol):
    """Everything that is kept in the school's table."""
