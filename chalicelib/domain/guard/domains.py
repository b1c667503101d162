"""Names of sites without `https://`: which of `word.word` are no forgotten blank after a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.cues import FUNCTION_WORDS, SECOND_SITE_ENDS, SITE_ENDS, SPANISH_MARKS, WORDLIKE_SITE_ENDS
from chalicelib.domain.guard.lexicon import look_up

_BARE = re.compile(
    r"(?<![\w@.-])(?P<name>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5})(?P<end>[a-z]{2,9})(?![\w@-])"
    r"(?P<path>(?:/|\?|:\d)[^\s<>\"'\[\]]{0,2000}+)?",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:\b(?:see|visit|used?|using|on|from|at|go|to|try|tried|called|sites?|website|app|page|link|via|with|usamos|"
    r"us[eé]|usan|visita|p[aá]gina|sitio|enlace|en)[ :]{1,2}|[(<])$",
    re.IGNORECASE,
)
_ANY = re.compile(r"[a-z0-9]\.[a-z]{2}", re.IGNORECASE)
_COMMON = 3
_CLOSING = ".,;:!?)…»'\""


def find_domains(text: str) -> Iterator[tuple[int, int]]:
    """Give names of sites, with the path that follows."""
    for found in _BARE.finditer(text) if _ANY.search(text) else ():
        if _is_site(text, found):
            yield found.start(), found.start() + len(found[0].rstrip(_CLOSING))


def _is_site(text: str, found: re.Match[str]) -> bool:
    labels, end = found["name"].casefold().strip(".").split("."), found["end"].casefold()
    if not any(map(str.isalpha, labels[-1])) and found["path"] is None:
        return False
    if end in SITE_ENDS or (len(labels) > 1 and labels[-1] in SECOND_SITE_ENDS and len(end) == 2):  # noqa: PLR2004
        return True
    if end not in WORDLIKE_SITE_ENDS or found["end"] != end:
        return False
    if found["path"] or (len(labels) > 1 and len(labels[-1]) > 1):
        return True
    return len(labels[-1]) > 1 and _is_no_word(
        labels[-1], told=_CUE.search(text, max(0, found.start() - 12), found.start()) is not None
    )


def _is_no_word(label: str, *, told: bool) -> bool:
    """Whether what stands before the dot ends no sentence: no word and no name, or a rare one that is told of."""
    facts = [look_up(piece) for piece in label.split("-") if not piece.isdigit()]
    if told:
        return any(max(one.english, one.spanish) < _COMMON for one in facts) and not (
            label in FUNCTION_WORDS or label in SPANISH_MARKS
        )
    return any(not (one.english or one.spanish or one.given) for one in facts)
