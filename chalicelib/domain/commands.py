"""What a text message asks for. A text is a win unless it is clearly a command, and nothing but a command."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.school import Language, Named, School

Intent = Literal[
    "win", "stop", "start", "help", "join", "tag", "lesson", "success", "undo", "edit", "goal", "signs", "team", "anon"
]

_WHOLE: dict[Intent, dict[Language | None, tuple[str, ...]]] = {
    "stop": {
        # 47 CFR 64.1200(a)(10), and what providers stop by themselves
        None: ("stop", "stopall", "cancel", "unsubscribe", "optout", "revoke", "arret"),
        "en": ("stop all", "quit", "end", "opt out", "please stop", "stop texting me", "remove me"),
        "es": ("alto", "parar", "detener", "baja", "darme de baja", "cancelar", "salir", "terminar", "fin", "revocar"),
    },
    "start": {
        "en": ("start", "unstop", "join", "opt in", "optin"),
        "es": ("iniciar", "comenzar", "empezar", "alta", "unirme"),
    },
    "help": {None: ("info",), "en": ("help",), "es": ("ayuda",)},
    "lesson": {None: ("l",), "en": ("lesson",), "es": ("leccion", "aprendizaje")},
    "success": {None: ("w",), "en": ("win", "success"), "es": ("logro", "exito")},
    "undo": {"en": ("undo",), "es": ("deshacer", "borrar")},
    "edit": {"en": ("edit",), "es": ("editar",)},
    "goal": {"en": ("goal", "goals"), "es": ("meta", "metas")},
    "signs": {"en": ("signs", "sign"), "es": ("senales", "senal")},
    "team": {"en": ("team", "teams"), "es": ("equipo", "equipos")},
    "anon": {None: ("anon",), "en": ("anonymous",), "es": ("anonimo", "anonima")},
}
_WITH_MORE: dict[str, tuple[Intent, Language]] = {
    "edit": ("edit", "en"),
    "editar": ("edit", "es"),
    "goal": ("goal", "en"),
    "meta": ("goal", "es"),
    "team": ("team", "en"),
    "equipo": ("team", "es"),
    "join": ("join", "en"),
    "unirme": ("join", "es"),
    "unir": ("join", "es"),
}
_COMMANDS = {
    word: (intent, language) for intent, many in _WHOLE.items() for language, words in many.items() for word in words
}
_NUMBERS = re.compile(r"[1-9]\d?(?:(?:\s*[,;+&/.]\s*|\s+(?:(?:and|y|e)\s+)?)[1-9]\d?)*")
_HIGHEST = 30
"""No list that was sent has more; a text such as 645 is somebody's story."""
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)\s*[:\-–]?\s+(.*\S)\s*", re.DOTALL)  # noqa: RUF001 - people type it


@dataclass(frozen=True)
class Said:
    """What a text asks for, and with which words."""

    intent: Intent
    words: str = ""
    """The new words of an edit, the code after JOIN, the id of a team; of a win the text as it came."""
    numbers: tuple[int, ...] = ()
    language: Language | None = None
    """The language of the command, if its words tell."""


def folded(text: str) -> str:
    """Return a text as commands are compared: no case, accents, marks around it or spare spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    kept = "".join(char if char.isalnum() else " " for char in plain if not _is_unseen(char))
    return " ".join(kept.split())


def _is_unseen(char: str) -> bool:
    return unicodedata.combining(char) > 0 or unicodedata.category(char) == "Cf"


def read_text(body: str, school: School | None = None) -> Said:
    """Tell what a text asks for.

    Args:
        body: the text as it came.
        school: knows what the teams, goals and links are called; without it only codes with a digit are links.
    """
    whole = folded(body)
    if whole in _COMMANDS:
        intent, language = _COMMANDS[whole]
        return Said(intent, language=language)
    stripped = body.strip().strip(".!?,;:\"'()“”‘’¡¿ ").casefold()  # noqa: RUF001 - people type them
    if _NUMBERS.fullmatch(stripped):
        numbers = tuple(int(number) for number in re.findall(r"\d+", stripped))
        if max(numbers) <= _HIGHEST:
            return Said("tag", numbers=tuple(dict.fromkeys(numbers)))
    return _with_more(body, school) or Said("win", body)


def _with_more(body: str, school: School | None) -> Said | None:
    """Read a command that says more than its first word."""
    found = _FIRST_WORD.fullmatch(body.strip())
    command = _WITH_MORE.get(folded(found[1])) if found else None
    if found is None or command is None:
        return None
    (intent, language), more = command, found[2]
    if intent == "edit":
        return Said("edit", more, language=language)
    if intent == "join":
        return Said("join", folded(more).replace(" ", "-"), language=language) if _is_code(more, school) else None
    if intent == "goal" and folded(more).isdecimal() and len(folded(more)) <= 2:  # noqa: PLR2004 - two digits
        return Said("goal", numbers=(int(folded(more)),), language=language)
    one = _called(more, getattr(school, f"{intent}s")) if school else None
    return Said(intent, one.id, language=language) if one else None


def _is_code(word: str, school: School | None) -> bool:
    code = word.strip(" .!\"'“”").lower()
    if school and school.link(code):
        return True
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{2,23}", code) is not None and any(char.isdigit() for char in code)


def _called(given: str, many: tuple[Named, ...]) -> Named | None:
    """Find the one thing that a few words can mean: each is (the start of) a word of its id or name."""
    wanted = folded(given).split()
    found = [one for one in many if one.offered and wanted and _all_in(wanted, one)]
    exact = [one for one in found if folded(given) in {folded(name) for name in (one.id, *one.name.values())}]
    best = exact or found
    return best[0] if len(best) == 1 else None


def _all_in(wanted: list[str], one: Named) -> bool:
    known = " ".join(folded(name) for name in (one.id, *one.name.values())).split()
    return all(any(_means(word, name) for name in known) for word in wanted)


_SHORTEST_START = 4


def _means(word: str, name: str) -> bool:
    """Whether a word is a name's word, its start, or its singular ("grade" for "Grades")."""
    return word == name or (len(word) >= _SHORTEST_START and name.startswith(word))
