"""Seeing what goes wrong around the functions, and telling somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Surroundings(Protocol):
    """What AWS knows of the school's functions and queues."""

    def dead_letters(self) -> dict[str, int]:
        """Count what failed for good and waits, by kind: `mails`, `texts`."""

    def throttles(self, since: datetime, until: datetime) -> int:
        """Count how often a function was asked for and AWS let it not run."""


class Bell(Protocol):
    """Rings at the address that wants to know."""

    def ring(self, subject: str, text: str) -> None:
        """Tell something; the subject is ASCII."""
