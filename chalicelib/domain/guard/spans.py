"""What the guard finds, and how a story reads when it is masked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.guard.reading import fold

SpanType = Literal["PERSON", "PHONE", "EMAIL", "URL", "ID", "ADDRESS"]
MASKS: dict[SpanType, str] = {
    "PERSON": "[student]",
    "PHONE": "[phone]",
    "EMAIL": "[mail]",
    "URL": "[link]",
    "ID": "[id]",
    "ADDRESS": "[address]",
}


@dataclass(frozen=True)
class Span:
    """A stretch of a story that points at somebody: code points from `start` up to `end`."""

    type: SpanType
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Known:
    """Whom the school knows.

    `staff`: names as in the school file (`Ms. O'Brien`, `Ana Ruiz`); they are adults and no findings.
    `on_roster`: tells whether a folded name (`ana ruiz`, `ana`) is a student's; a yes is certain. See `roster`.
    """

    staff: frozenset[str] = frozenset()
    on_roster: Callable[[str], bool] | None = None


NOBODY = Known()


def roster_hash(name: str, key: bytes) -> str:
    """Return the keyed hash (BLAKE2b, 128 bits, hex) under which a student's name may be handed over."""
    folded = " ".join(fold(name).replace("-", " ").split())
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=16).hexdigest()


def roster(hashes: Iterable[str], key: bytes) -> Callable[[str], bool]:
    """Make of keyed hashes what `Known.on_roster` wants; the names themselves are not needed."""
    all_hashes = frozenset(hashes)
    return lambda name: roster_hash(name, key) in all_hashes


def mask(text: str, spans: Iterable[Span]) -> str:
    """Return a story with what was found replaced: `[student]`, `[phone]`, `[mail]`, `[link]`, `[id]`, `[address]`."""
    parts, done = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        if span.start < done:
            continue
        parts += [text[done : span.start], MASKS[span.type]]
        done = span.end
    return "".join([*parts, text[done:]])
