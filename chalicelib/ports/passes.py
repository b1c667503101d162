"""What opens the dashboard: passes that last minutes, and links to look at it that leaders give away."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from chalicelib.domain.view import View


class Passes(Protocol):
    """The key whose signature the front door of the dashboard believes."""

    def sign(self, resource: str, until: datetime) -> dict[str, str]:
        """Sign a pass for all addresses that a resource (`https://school/dashboard/*`) names, as cookies by name."""


class Views(Protocol):
    """The links that stand."""

    def save_view(self, view: View) -> None:
        """Keep a link."""

    def find_view(self, name: str, now: datetime) -> View | None:
        """Return a link that goes on; None if it was taken back, is over, or never was."""

    def standing_views(self, now: datetime) -> list[View]:
        """List all links that go on, the first to end first."""

    def end_view(self, name: str) -> None:
        """Take a link back; one that is gone is no error."""
