"""Those who sign in, and what they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Done:
    """One line of the record of who did what; never a story."""

    when: datetime
    who: str
    """The mail address that the school file names."""
    what: str
    """A code, such as `signed_in` or `exported`."""
    about: str = ""
    """An id or a number, never words of a win."""


class SignIns(Protocol):
    """Mailed links that were not used yet, and sessions. All names are hashes; the things themselves are not kept."""

    def save_link(self, name: str, leader: str, until: datetime) -> None:
        """Keep that a link was mailed to a leader (keyed hash)."""

    def take_link(self, name: str, now: datetime) -> str | None:
        """Take a link away and return whose it was, once; None if it is gone or too old."""

    def save_session(self, leader: str, name: str, until: datetime) -> None:
        """Keep a session of a leader."""

    def has_session(self, leader: str, name: str, now: datetime) -> bool:
        """Whether this session of a leader goes on."""

    def end_session(self, leader: str, name: str) -> None:
        """End one session; one that is gone is no error."""

    def end_sessions(self, leader: str) -> None:
        """End all sessions of a leader."""


class Record(Protocol):
    """Who did what; lines are added and never changed."""

    def add_done(self, done: Done) -> None:
        """Add a line."""

    def done_in(self, month: str) -> Iterator[Done]:
        """Read the lines of a month (`2026-11`), oldest first."""

    def months(self) -> list[str]:
        """List the months that have lines, oldest first. Reads the whole table: for export only."""
