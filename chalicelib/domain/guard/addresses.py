"""Street addresses: a number and a street, English or Spanish, with what follows of flat, town and code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_WORD = r"(?:St\. )?[^\W\d_][\w'-]{0,24}"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|place|pl|way|terrace|"
    r"ter|trail|trl|"
    r"parkway|pkwy|highway|hwy|square|sq|crescent|close|loop|row|alley|plaza|path|pike|ridge|grove|gardens?|"
    r"parks?|estates?|mews|"
    r"ferry|cross|curve|trafficway|junction|extensions?|streets|roads|[^\W\d_]{3,20}(?:stra(?:ss|ß)e|str|gasse|"
    r"weg|gata|gatan|vej|vejen|veien|gade|"
    r"katu|tie|straat|laan|utca|terrasse))"
)
_UNIT = (
    r"(?:[,\s]{1,3}(?i:apt|apartment|suite|ste|unit|flat|room|rm|piso|depto|departamento|int|#)"
    r"\.?\s{0,2}#?\d{1,5}[A-Za-z]?)"
)
_TAIL = (
    rf"{_UNIT}{{0,2}}"
    r"(?:[\s,]{1,4}[A-Z\u00c0-\u024f][\w'.-]{1,24}(?:[ -][A-Z\u00c0-\u024f][\w'.-]{1,24}){0,3})?"
    r"(?:[\s,]{1,5}[A-Z]{2,3})?(?:[\s,]{1,5}[A-Z][a-z]{2,24}(?: [A-Z][a-z]{2,24})?)?(?:[\s,]{1,3}\d{4,5}(?:-\d{4})?\b)?"
)
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,/-])\d{{1,6}}[A-Za-z]?,? (?:\d{{1,5}} )?(?:[NSEW]\.? |(?:north|south|east|west) )?(?:(?:{_WORD}|"
    rf"\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}?(?:\d{{1,4}} )?{_STREET}\b\.?(?: \d{{1,4}}\b)?",
    re.IGNORECASE,
)
_WORD_FIRST = re.compile(
    r"(?<!\w)(?:calle|avenida|av|avda|carrera|cra|calzada|camino|paseo|pasaje|callej[oó]n|bulevar|blvd|viale|"
    r"vicolo|strada|rua|rúa|rue|ul|c/)(?:\. ?| )"
    rf"(?:(?:de|del|la|las|los|el|di|da|do|du|des)\s){{0,3}}(?:{_WORD} ){{1,4}}?(?:#|n[uú]m(?:ero)?\.?|no\.?|"
    rf"n\.?º?)? ?,? ?\d{{1,5}}[A-Za-z]?\b",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"(?<!\w)(?:\d{3,5} )?(?:[A-Z\u00c0-\u024f][\w'.-]{1,24} ){0,2}[^\W\d_]{2,20}(?:stra(?:ss|ß)e|gasse|gata|"
    r"gatan|vej|vejen|veien|gade|katu|straat|laan|utca| u\.| út) \d{1,4}\b",
    re.IGNORECASE,
)
_POST_BOX = re.compile(
    r"(?<!\w)(?:(?:p\.? ?o\.? ?box|post ?box|apartado(?: postal)?|apdo\.?) ?\d{1,6}|(?:unit|"
    r"psc) \d{1,5}\,? box \d{1,5})(?:[\s,]{1,3}(?:dpo|apo|fpo) [a-z]{2} \d{5})?\b",
    re.IGNORECASE,
)
_TWO_NUMBERS = re.compile(
    r"(?<![\w.,/-])\d{3,5} (?:\d{1,5} )?(?:[A-Z\u00c0-\u024f][\w'.-]{1,24} ){1,4}(?!(?:19|20)\d\d\b)\d{1,4}\b"
)
_TOLD = re.compile(
    r"\b(?:address(?: is|:)|direcci[oó]n(?: es|:)|lives? (?:at|on|in)|vive en|resid\w{2,5} (?:at|on|en)|"
    r"domicilio(?: es|:)?)\s{0,4}"
    rf"(\d{{1,6}}[A-Za-z]? {_WORD}(?: {_WORD}){{0,3}}|{_WORD}(?: {_WORD}){{0,4}} \d{{1,6}}\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_AFTER = re.compile(_TAIL)
_WORDS_OF_TIME = re.compile(
    r"\b(?:minutes?|hours?|days?|weeks?|months?|years?|students?|kids|children|times?|points?|percent|books?|"
    r"pages?|grade|graders?|people|more|of|and|the|in|my|to|"
    r"alumnos|niños|minutos|horas|d[ií]as)\b",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Found]:
    """Give street addresses."""
    if not _DIGIT.search(text):
        return
    for pattern in (_NUMBER_FIRST, _WORD_FIRST, _POST_BOX, _COMPOUND, _TWO_NUMBERS):
        for found in pattern.finditer(text):
            if pattern is not _POST_BOX and _WORDS_OF_TIME.search(found[0]):
                continue
            tail = _AFTER.match(text, found.end())
            end = tail.end() if tail else found.end()
            yield found.start(), found.start() + len(text[found.start() : end].rstrip(" ,\n")), "ADDRESS"
    for found in _TOLD.finditer(text):
        if not _WORDS_OF_TIME.search(found[1]):
            yield found.start(1), found.end(1), "ADDRESS"
