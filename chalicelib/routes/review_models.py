"""What the routes of reviewing answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from chalicelib.domain.win import Factor, Kind, PracticeUse, State, Win
from chalicelib.routes.models import AuthorBody

if TYPE_CHECKING:
    from chalicelib.domain.review import Waiting


class Finding(BaseModel):
    """What the guard found in a part of a win, in code points."""

    part: str
    type: str
    start: int
    end: int
    value: str


class ReviewedBody(BaseModel):
    """A win as a leader sees it; only an author who gave a name to be shown is named."""

    id: str
    revision: int
    state: State
    week: str
    day: date
    channel: str
    kind: Kind
    story: str
    tried: str | None
    happened: str | None
    takeaway: str | None
    quoted: str | None
    goals: list[str]
    signs: list[str]
    practices: list[PracticeUse]
    groups: list[str]
    team: str | None
    helped: list[Factor]
    hindered: list[Factor]
    resolves: str | None
    quotable: bool
    author: AuthorBody
    held_for: list[str]
    question: str | None


class WaitingBody(ReviewedBody):
    """A win that waits for a leader."""

    days: int
    findings: list[Finding]


class QueueBody(BaseModel):
    """Wins in front of a leader, oldest first; `?after=<id>` goes on after the last."""

    wins: list[WaitingBody]


def as_reviewed(win: Win) -> dict[str, Any]:
    """Answer a win to a leader."""
    told = win.model_dump(mode="json", include=set(ReviewedBody.model_fields))
    named = win.author.name if win.author.mode == "named" else None
    return told | {"author": {"mode": win.author.mode, "name": named}}


def as_waiting(one: Waiting) -> dict[str, Any]:
    """Answer a win that waits, with what the guard finds in it."""
    findings = [
        {"part": part, "type": span.type, "start": span.start, "end": span.end, "value": span.value}
        for part, spans in one.findings.items()
        for span in spans
    ]
    return as_reviewed(one.win) | {"days": one.days, "findings": findings}
