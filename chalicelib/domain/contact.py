"""Somebody who texts, as far as it must be known: what they agreed to, and which win a command is about.

Kept apart from wins. The number itself is not kept; `key` is a keyed hash of it, by which it is found again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.school import Language

Agreed = Literal["first_text", "opted_in", "opted_out"]
DAYS_OF_A_CONVERSATION = 3
"""How long commands still find the last win: over a weekend, but not weeks later."""
SECOND_COPY = timedelta(minutes=10)
"""A carrier that delivers a text twice does so within minutes; who means it twice waits longer."""
_MOST_HEARD = 40


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
    """Keyed hash of the text it came as."""


class Heard(BaseModel):
    """A text that became a win not long ago, by which a carrier's second copy is known."""

    model_config = ConfigDict(frozen=True)

    words: str
    """Keyed hash."""
    at: datetime


class Contact(BaseModel):
    """One number that texts this school."""

    model_config = ConfigDict(frozen=True)

    key: str
    stopped: bool = False
    joined: bool = False
    language: Language | None = None
    link: str | None = None
    last: LastWin | None = None
    heard: tuple[Heard, ...] = ()
    log: tuple[Consent, ...] = ()
    revision: int = 0
    """0: not stored yet."""

    def has_heard(self, words: str, now: datetime) -> bool:
        """Whether the same words came so short a time ago that this can only be a second copy."""
        return any(one.words == words and now - one.at < SECOND_COPY for one in self.heard)

    def hearing(self, words: str, now: datetime) -> tuple[Heard, ...]:
        """Return what is remembered once a text was heard."""
        recent = [one for one in self.heard if now - one.at < SECOND_COPY]
        return (*recent, Heard(words=words, at=now))[-_MOST_HEARD:]

    def forgetting(self) -> Contact:
        """Return the contact without its last win, and without the words by which a copy of it is known."""
        words = self.last.words if self.last else ""
        return self.model_copy(update={"last": None, "heard": tuple(one for one in self.heard if one.words != words)})

    def conversation(self, today: date) -> LastWin | None:
        """Return what a command is about, if it is not too long ago."""
        recent = self.last is not None and (today - self.last.day).days <= DAYS_OF_A_CONVERSATION
        return self.last if recent else None
