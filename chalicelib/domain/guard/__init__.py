"""The guard: what in a story points at a student, found and masked."""

from chalicelib.domain.guard.find import find_spans
from chalicelib.domain.guard.lexicon import NamesMissing
from chalicelib.domain.guard.spans import MASKS, NOBODY, Known, Span, SpanType, mask, roster, roster_hash

__all__ = [
    "MASKS",
    "NOBODY",
    "Known",
    "NamesMissing",
    "Span",
    "SpanType",
    "find_spans",
    "mask",
    "roster",
    "roster_hash",
]
