"""Which of a school's languages a short text is in, by the small words that every sentence has."""

from __future__ import annotations

import re

from chalicelib.domain.school import Language

_SMALL_WORDS: dict[Language, str] = {
    "en": "the a an and or but of to in on at with for from was were is are it he she they we i my our their his her "
    "this that had has have been who what when without before after not did didn't today all one two each",
    "es": "el la los las un una unos unas y o pero de del al en con para por sin que se su sus lo le les es son fue "
    "era está están hoy mi mis nuestra nuestro ella ellos cuando donde más muy ya no porque dos cada todos",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - both are typed
_READ = 5_000
"""Characters that are looked at; more tells nothing new."""


def guess_language(text: str) -> Language | None:
    """Name the language of a text, or None if its small words do not tell."""
    words = [word.casefold() for word in _WORD.findall(text[:_READ])]
    hits = {language: sum(word in small.split() for word in words) for language, small in _SMALL_WORDS.items()}
    best, other = sorted(hits, key=lambda language: -hits[language])[:2]
    return best if hits[best] > hits[other] else None
