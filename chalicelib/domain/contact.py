"""Somebody who texts, as far as it must be known: what they agreed to, and which win a command is about.

Kept apart from wins. The number itself is not kept; `key` is a keyed hash of it, by which it is found again.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.school import Language

Agreed = Literal["first_text", "opted_in", "opted_out"]
DAYS_OF_A_CONVERSATION = 30
"""How long commands still find the last win; later, its receipt does."""


class Consent(BaseModel):
    """One line of the record of what somebody agreed to."""

    model_config = ConfigDict(frozen=True)

    what: Agreed
    when: str
    """A moment (ISO 8601); of a win's own text only the day, so that no line tells when a win arrived."""
    message: str
    """Keyed hash of the provider's message id: it can be checked against the provider's log, not read back."""
    wording: str
    """Name and language of the sentence that was answered, such as `text.opt_in/en`."""


class LastWin(BaseModel):
    """What the conversation is about."""

    model_config = ConfigDict(frozen=True)

    win: str
    day: date
    offers: tuple[str, ...] = ()
    """What the numbers 1, 2, 3 … of the next text mean: `signs/<id>` or `goals/<id>`."""
    words: str = ""
    """Keyed hash of the text, by which a carrier's second copy is known."""


class Contact(BaseModel):
    """One number that texts this school."""

    model_config = ConfigDict(frozen=True)

    key: str
    stopped: bool = False
    joined: bool = False
    language: Language | None = None
    link: str | None = None
    last: LastWin | None = None
    log: tuple[Consent, ...] = ()
    revision: int = 0
    """0: not stored yet."""

    def last_win(self, today: date) -> LastWin | None:
        """Return the win a command is about, if it is not too long ago."""
        recent = self.last is not None and (today - self.last.day).days <= DAYS_OF_A_CONVERSATION
        return self.last if recent else None
