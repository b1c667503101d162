"""Words before a colon that say what a story is: `Lesson: …`, `Logro: …`."""

from __future__ import annotations

import re

from chalicelib.domain.folding import folded
from chalicelib.domain.win import Kind

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("lesson", "lesson learned", "leccion", "leccion aprendida", "aprendizaje"), "lesson"),
    **dict.fromkeys(("success", "win", "small win", "exito", "logro", "pequeno logro"), "success"),
}
_ANSWERED = re.compile(
    r"(?:(?:re|rv|fw|fwd|aw|wg|tr|sv|vs|rif|ref|res|enc|antw|odp|pd|i|r)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_BEFORE_COLON = re.compile(r"\W{0,5}([^:\n]{2,24}?)\s*[:\uff1a]")


def bare_subject(subject: str) -> str:
    """Return a subject without the marks of answers and forwards (`Re:`, `Fwd:`, `RV:` …)."""
    subject = subject.strip()
    marks = _ANSWERED.match(subject)
    return subject[marks.end() :].strip() if marks else subject


def kind_told(text: str) -> Kind | None:
    """Read the kind that a subject or the first line of a text names before a colon."""
    found = _BEFORE_COLON.match(bare_subject(text))
    return kind_named(found[1]) if found else None


def kind_named(word: str) -> Kind | None:
    """Return the kind that a word names, in any of our languages."""
    return _KINDS.get(folded(word))
