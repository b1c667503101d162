"""What a leader decides about a win, and how a win reads once some of its words are masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.guard import MASKS, Span, mask
from chalicelib.domain.win import PARTS, Factors, Id, Ids, Line, PracticeUses, Strict, Win

Part = Literal["story", "tried", "happened", "takeaway"]
Action = Literal["approve", "mask", "hide", "retag", "ask"]
SpanType = Literal["PERSON", "PHONE", "EMAIL", "URL", "ID", "ADDRESS"]
MAX_QUESTION = 500


class Stretch(Strict):
    """A stretch of one part of a win: code points from `start` up to `end`."""

    part: Part
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    type: SpanType = "PERSON"


class Decision(Strict):
    """The body of `POST /api/review/{id}`.

    `revision` is that of the win as it was read: if it is another by now, nothing is done. `mask` takes `spans` and
    `words` (each wherever it stands), `ask` takes `question`, `retag` whichever tags are to be different.
    """

    revision: Annotated[int, Field(ge=1)]
    action: Action
    spans: Annotated[tuple[Stretch, ...], Field(max_length=200)] = ()
    words: Annotated[tuple[Annotated[Line, Field(min_length=1)], ...], Field(max_length=20)] = ()
    question: Annotated[str, Field(max_length=MAX_QUESTION)] | None = None
    goals: Ids | None = None
    signs: Ids | None = None
    practices: PracticeUses | None = None
    groups: Ids | None = None
    team: Id | None = None
    helped: Factors | None = None
    hindered: Factors | None = None


@dataclass(frozen=True)
class Waiting:
    """A win in front of a leader."""

    win: Win
    days: int
    """Since it arrived."""
    findings: dict[str, tuple[Span, ...]]
    """What the guard finds, by part; parts without findings are missing."""


def masked(win: Win, spans: tuple[Stretch, ...], words: tuple[str, ...]) -> dict[str, str]:
    """Mask stretches of a win, and words wherever they stand, in what was forwarded too.

    Returns:
        The parts that read otherwise, as they read now; a stretch beyond the end of its part masks nothing.
    """
    told = {part: getattr(win, part) for part in (*PARTS, "quoted") if getattr(win, part)}
    now = {part: _masked_text(part, text, spans, words) for part, text in told.items()}
    return {part: text for part, text in now.items() if text != told[part]}


def _masked_text(part: str, text: str, spans: tuple[Stretch, ...], words: tuple[str, ...]) -> str:
    """Mask until nothing is left: where half a word was masked, the other half may be a word that was told."""
    now = mask(text, _spans(part, text, spans, words))
    return now if now == text else _masked_text(part, now, (), words)


_MASK = re.compile("|".join(map(re.escape, MASKS.values())))


def _spans(part: str, text: str, spans: tuple[Stretch, ...], words: tuple[str, ...]) -> list[Span]:
    """Find what to mask in a text; what touches a mask that stands there takes all of it in, or nothing else."""
    wanted = [(one.start, min(one.end, len(text)), one.type) for one in spans if one.part == part]
    wanted += [(hit.start(), hit.end(), "PERSON") for word in words for hit in _wherever(text, word.strip())]
    masks = [hit.span() for hit in _MASK.finditer(text)]
    found = []
    for start, end, kind in wanted:
        touched = [one for one in masks if one[0] < end and start < one[1]]
        first, last = min([start, *(one[0] for one in touched)]), max([end, *(one[1] for one in touched)])
        if start < end and not any(one[0] <= start and end <= one[1] for one in touched):
            found.append(Span(kind, first, last, text[first:last]))
    return _merged(sorted(found, key=lambda one: one.start), text)


def _merged(spans: list[Span], text: str) -> list[Span]:
    """Make one of spans that overlap: whatever a leader chose is gone."""
    merged: list[Span] = []
    for one in spans:
        if merged and one.start < merged[-1].end:
            last = merged.pop()
            end = max(last.end, one.end)
            one = Span(last.type, last.start, end, text[last.start : end])  # noqa: PLW2901
        merged.append(one)
    return merged


def _wherever(text: str, word: str) -> Iterator[re.Match[str]]:
    """Find a word in a text, in any case, not inside other words."""
    return re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) if word else iter(())
