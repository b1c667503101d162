"""What a text message asks for. A text is a win unless it is clearly, and as a whole, a command."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.domain.folding import bare_number, folded, without_politeness
from chalicelib.domain.optout import is_optout, is_spanish
from chalicelib.domain.school import Language, Link, Named, School

Intent = Literal[
    "win", "stop", "start", "help", "join", "tag", "lesson", "success", "undo", "edit", "goal", "signs", "team", "anon"
]

_WHOLE: dict[Intent, dict[Language | None, tuple[str, ...]]] = {
    "start": {
        "en": ("start", "unstop", "join", "opt in", "optin"),
        "es": ("iniciar", "comenzar", "empezar", "alta", "unirme"),
    },
    "help": {None: ("info",), "en": ("help", "help me"), "es": ("ayuda",)},
    "lesson": {None: ("l",), "en": ("lesson",), "es": ("leccion", "aprendizaje")},
    "success": {None: ("w",), "en": ("win", "success"), "es": ("logro", "exito")},
    "undo": {
        "en": (
            "undo",
            "undo that",
            "undo it",
            "delete",
            "delete that",
            "delete it",
            "remove",
            "take it back",
            "take back",
        ),
        "es": ("deshacer", "deshaz", "desacer", "borrar", "borralo", "eliminar", "quitar", "retirar", "retiralo"),
    },
    "edit": {"en": ("edit",), "es": ("editar",)},
    "goal": {"en": ("goal", "goals"), "es": ("meta", "metas")},
    "signs": {"en": ("signs", "sign"), "es": ("senales", "senal")},
    "team": {"en": ("team", "teams"), "es": ("equipo", "equipos")},
    "anon": {None: ("anon",), "en": ("anonymous",), "es": ("anonimo", "anonima")},
}
_WITH_MORE: dict[str, tuple[Intent, Language]] = {
    "edit": ("edit", "en"),
    "editar": ("edit", "es"),
    **dict.fromkeys(("goal", "goals"), ("goal", "en")),
    **dict.fromkeys(("meta", "metas"), ("goal", "es")),
    **dict.fromkeys(("sign", "signs"), ("tag", "en")),
    **dict.fromkeys(("senal", "senales"), ("tag", "es")),
    "team": ("team", "en"),
    "equipo": ("team", "es"),
    "join": ("join", "en"),
    **dict.fromkeys(("unirme", "unirse", "unir"), ("join", "es")),
}
_COMMANDS = {
    word: (intent, language) for intent, many in _WHOLE.items() for language, words in many.items() for word in words
}
_MARKS = re.compile(r"[\s.,;:!?+&#/()\"'“”‘’\ufe0f\u20e3]|\b(?:and|y|e|no|num)\b|[^\w\s-]")  # noqa: RUF001 - they are typed
_RANGE = re.compile(r"(\d{1,2})\s*(?:-|to|a)\s*(\d{1,2})|(\d{1,2})")
_HIGHEST = 60
"""No list that is sent has more; a text such as 645 is somebody's story."""
_FEW = 3
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)([\s.,:;—–-]*)(.*\S)\s*", re.DOTALL)  # noqa: RUF001 - people type them


@dataclass(frozen=True)
class Said:
    """What a text asks for, and with which words."""

    intent: Intent
    words: str = ""
    """The new words of an edit, the code after JOIN, the id of a team or goal; of a win the text as it came."""
    numbers: tuple[int, ...] = ()
    language: Language | None = None
    """The language of the command, if its words tell."""
    sure: bool = True
    """False for a sentence that may only begin like a command: “Edit groups worked well”."""


def read_text(body: str, school: School | None = None) -> Said:
    """Tell what a text asks for.

    Args:
        body: the text as it came.
        school: knows what the teams, goals and links are called; without it only codes with a digit are links.
    """
    whole = without_politeness(folded(body))
    if is_optout(whole):
        return Said("stop", language="es" if is_spanish(whole) else "en")
    if whole in _COMMANDS:
        intent, language = _COMMANDS[whole]
        return Said(intent, language=language)
    if numbers := _numbers(body):
        return Said("tag", numbers=numbers)
    link = school.link(whole) if school and any(char.isdigit() for char in whole) else None
    if link:
        return Said("join", link.code)
    return _with_more(body, school) or Said("win", body)


def _numbers(text: str) -> tuple[int, ...]:
    """Read a text that is nothing but numbers: `1 3`, `1, 3 and 4`, `#2`, `1-3`."""
    bare = " ".join(_MARKS.sub(" ", without_politeness_of(text)).split())
    found: list[int] = []
    end = 0
    for match in _RANGE.finditer(bare):
        if bare[end : match.start()].strip():
            return ()
        first, last, alone = match.groups()
        found += range(int(first), int(last) + 1) if first else [int(alone)]
        end = match.end()
        if end < len(bare) and bare[end] != " ":
            return ()
    whole = found and not bare[end:].strip() and max(found) <= _HIGHEST
    return tuple(dict.fromkeys(found)) if whole else ()


def without_politeness_of(text: str) -> str:
    """Return a text in small letters without “please” at its end."""
    return re.sub(r"\W+(?:please|pls|plz|thanks|por favor|gracias)\W*$", "", text.casefold())


def _with_more(body: str, school: School | None) -> Said | None:
    """Read a command that says more than its first word."""
    found = _FIRST_WORD.fullmatch(body.strip())
    command = _WITH_MORE.get(folded(found[1])) if found else None
    if found is None or command is None:
        return None
    (intent, language), (word, marks, more) = command, found.groups()
    if intent == "edit":
        sure = word.isupper() or bool(marks.strip())
        return Said("edit", more, language=language, sure=sure) if marks else None
    if intent == "join":
        code = _code(more, school)
        return Said("join", code, language=language) if code else None
    if intent in {"goal", "tag"} and (numbers := _numbers(more)):
        return Said(intent, numbers=numbers, language=language)
    return (
        _named(Said(intent, more, language=language), word, school) if school and intent in {"goal", "team"} else None
    )


def _named(said: Said, word: str, school: School) -> Said | None:
    """Find the team or goal that is meant; one that nobody knows, after a word in capitals, asks for the list."""
    more = said.words
    one = _called(more, getattr(school, f"{said.intent}s"))
    if one is not None:
        return replace(said, words=one.id)
    asks = word.isupper() and not more.isupper() and len(more.split()) <= _FEW
    return replace(said, words="") if asks else None


def _code(given: str, school: School | None) -> str:
    """Return the code of a link that was meant, or what may be one that does not exist; empty if it is neither."""
    words = without_politeness(folded(given)).split()
    link = _link(words, school) if school else None
    if link:
        return link.code
    plausible = len(words) == 1 and re.fullmatch(r"[a-z0-9]{3,24}", words[0]) and any(map(str.isdigit, words[0]))
    return words[0] if plausible else ""


def _link(words: list[str], school: School) -> Link | None:
    return next((link for link in school.links if folded(link.code).replace(" ", "") == "".join(words)), None)


_SMALL = frozenset(["the", "of", "and", "de", "del", "la", "el", "los", "las", "y", "a"])


def _called(given: str, many: tuple[Named, ...]) -> Named | None:
    """Find the one thing that a few words can mean: each is (the start of) a word of its id or name."""
    plain = without_politeness(folded(given))
    wanted = [bare_number(word) for word in plain.split() if word not in _SMALL]
    found = [one for one in many if one.offered and wanted and _all_in(wanted, one)]
    exact = [one for one in found if plain in {folded(name) for name in (one.id, *one.name.values())}]
    best = exact or found
    return best[0] if len(best) == 1 else None


def _all_in(wanted: list[str], one: Named) -> bool:
    known = " ".join(folded(name) for name in (one.id, *one.name.values())).split()
    return all(any(_means(word, name) for name in known) for word in wanted)


_SHORTEST_START = 3


def _means(word: str, name: str) -> bool:
    """Whether a word is a name's word, its start, or its singular ("grade" for "Grades")."""
    return word == name or (len(word) >= _SHORTEST_START and name.startswith(word))
