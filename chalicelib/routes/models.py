"""What the API answers, for its description; answers themselves are made without it (`public.py`)."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from chalicelib.domain.school import AuthorMode
from chalicelib.domain.win import Factor, Kind, PracticeUse, State


class Preview(BaseModel):
    """How a win appears, and to whom; texts in the language of the answer."""

    kind_id: Kind
    kind: str
    story: str
    tried: str | None
    happened: str | None
    takeaway: str | None
    byline: str
    day: str
    tags: list[str]
    quotable: bool
    seen_by: str
    author_note: str


class AuthorBody(BaseModel):
    """Who a win is from, as its sender chose."""

    mode: AuthorMode
    name: str | None


class Accepted(BaseModel):
    """The answer to a win that was sent."""

    id: str
    receipt: str
    week: str
    state: State
    preview: Preview


class ExportBody(BaseModel):
    """One export that held a win: who took it along, on which day, and as what."""

    who: str
    day: date
    what: str


class WinBody(Accepted):
    """A win as its sender sees it; with a new id and receipt once it was made anonymous."""

    day: date
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
    occurred_on: date | None
    tagged_by: dict[str, str]
    school_version: int
    revision: int
    exports: list[ExportBody] = []
    """Told to who reads it by its receipt."""
    held_for: list[str]
    question: str | None


class FieldBody(BaseModel):
    """One field that needs mending."""

    field: str
    code: str
    sentence: str


class ProblemBody(BaseModel):
    """A problem (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldBody] = []
