"""Removing for good: what is too old, what was withdrawn, who sent it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.win import Win


class Retention(Protocol):
    """What only retention and erasure ask of the table."""

    def withdrawn(self) -> list[Win]:
        """List the wins that were taken back while a legal hold stood."""

    def set_expiry(self, win: Win, expires: date | None) -> None:
        """Change when a win expires, and nothing else of it; one that is gone stays so."""

    def forget_wins(self, week: str, wins: Sequence[Win]) -> None:
        """Remove wins of a week, that their messages were seen and who tried it, and mark the week."""

    def forget_rollup(self, week: str) -> None:
        """Remove what was counted in a week, and mark the week."""

    def remove_contact(self, key: str) -> None:
        """Remove a contact; one that is gone is no error."""
