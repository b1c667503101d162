"""Which column of a file becomes what: known by its heading, or as told."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_KNOWN: dict[str, tuple[str, ...]] = {
    "story": ("historia", "relato"),
    "kind": ("tipo",),
    "tried": ("what i tried", "what did you try", "what was tried", "lo que intenté", "qué intentó"),
    "happened": ("what happened", "lo que pasó", "qué pasó"),
    "takeaway": ("takeaways", "what i learned", "what did you learn", "lo que aprendí", "qué aprendió"),
    "quoted": (),
    "goals": ("goal", "meta", "metas", "objetivo", "objetivos"),
    "signs": ("sign", "success sign", "success signs", "señal", "señales"),
    "practices": ("practice", "práctica", "prácticas"),
    "groups": ("group", "grupo", "grupos"),
    "team": ("equipo",),
    "helped": ("what helped", "qué ayudó", "lo que ayudó"),
    "hindered": ("what got in the way", "hindrances", "qué estorbó", "lo que estorbó", "obstáculos"),
    "resolves": ("answers", "answers the lesson", "responde a", "resuelve"),
    "quotable": ("may be quoted", "can be quoted", "se puede citar", "citable"),
    "author": ("autor", "autora"),
    "author_mode": (),
    "occurred_on": ("occurred", "ocurrió", "ocurrió el"),
    "link": ("enlace",),
    "arrived": ("timestamp", "marca temporal", "date", "fecha", "day", "received", "received on", "recibido"),
    "id": ("row id",),
}
TARGETS = tuple(_KNOWN)
"""What a column can become: the fields of the API, `author_mode`, `arrived` (time of arrival), `id` (names the row)."""


class HeadingsProblem(Exception):  # noqa: N818 - a fact about a file
    """The columns can't be told apart, in one sentence that says how to help."""


def plain(text: str) -> str:
    """Return a text as it is compared: without case, spare spaces, and question or other marks at its ends."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(folded.split()).strip(" ¿?¡!:.*")


_TARGET_OF = {plain(word): target for target, words in _KNOWN.items() for word in (target, *words)}


def assign(headings: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """Assign columns to what they become.

    Args:
        headings: of all columns, in the file's order.
        told: target → heading, as the person who loads the file says; an empty heading means none.

    Returns:
        Target → heading, in the order of the columns.

    Raises:
        HeadingsProblem: for an unknown target or heading, or two columns that could be the same thing.
    """
    chosen = {_target(word): _told_heading(heading, headings) for word, heading in told.items()}
    taken = set(chosen.values())
    for heading in headings:
        target = _TARGET_OF.get(plain(heading))
        if target is None or heading in taken or target in told or (target in chosen and not chosen[target]):
            continue
        if target in chosen:
            if chosen[target] in {heading, *taken}:
                continue
            raise HeadingsProblem(
                f"“{chosen[target]}” and “{heading}” could both be the {target}: choose with --map {target}=…"
            )
        chosen[target] = heading
    kept = {target: heading for target, heading in chosen.items() if heading}
    _refuse_repeated(kept, headings)
    return dict(sorted(kept.items(), key=lambda pair: headings.index(pair[1])))


def _target(word: str) -> str:
    target = _TARGET_OF.get(plain(word))
    if target is None:
        raise HeadingsProblem(f"--map {word}=…: nothing is called “{word}”. It can be: {', '.join(TARGETS)}.")
    return target


def _told_heading(wanted: str, headings: Sequence[str]) -> str:
    if not wanted or wanted in headings:
        return wanted
    alike = [heading for heading in dict.fromkeys(headings) if plain(heading) == plain(wanted)]
    if len(alike) != 1:
        raise HeadingsProblem(f"There is no column “{wanted}”. There are: {shown(headings)}.")
    return alike[0]


def _refuse_repeated(kept: Mapping[str, str], headings: Sequence[str]) -> None:
    for target, heading in kept.items():
        if headings.count(heading) > 1:
            raise HeadingsProblem(f"Two columns are headed “{heading}”, which is to be the {target}: rename one.")


def _short(headings: Sequence[str]) -> Iterator[str]:
    for heading in headings:
        line = " ".join(heading.split())
        yield line if len(line) <= 60 else line[:59] + "…"  # noqa: PLR2004 - fits on a line


def shown(headings: Sequence[str]) -> str:
    """List headings on one line."""
    most = 30
    more = f" and {len(headings) - most} more" if len(headings) > most else ""
    return ", ".join(f"“{one}”" for one in _short(headings[:most])) + more if headings else "none"
