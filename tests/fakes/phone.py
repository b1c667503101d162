"""A phone that texts a school whose table is in memory (or anywhere), and what it is answered."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fakes.desk import NOW, desk_at

from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.doors.texts import Text
from chalicelib.work.limits import Limits
from chalicelib.work.receive_text import receive_text

URL = "https://wins.maplerow.example"


@dataclass
class Phone:
    """One number."""

    table: Any
    school: School
    number: str = "+15555550100"
    now: datetime = NOW
    sent: list[Text] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def text(self, body: str, message_id: str = "", **more: Any) -> list[str]:
        """Send a text and return the answers."""
        name = message_id or f"SM-{self.number}-{len(self.sent)}"
        self.sent.append(Text(name, self.number, "+15555550199", body, **more))
        self.wait(seconds=1)  # wins of one millisecond have no order
        return self.deliver(self.sent[-1])

    def deliver(self, text: Text) -> list[str]:
        """Deliver a text, perhaps once more."""
        desk = dataclasses.replace(desk_at(self.table, self.school, self.now), url=URL, limits=self.limits)
        return receive_text(desk, text)

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def wins(self) -> list[Win]:
        """All wins that are stored, removed ones too, oldest first."""
        return [win for week in self.table.weeks() for win in self.table.wins_of(week)]

    def last(self) -> Win:
        """The newest win."""
        return self.wins()[-1]
