"""Capitals that name nobody here: figures of history and books, schools, streets, days, films, months."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.context import Run
from chalicelib.domain.guard.cues import FIGURE_STARTS, FIGURES, MONTHS
from chalicelib.domain.guard.tokens import Words

_WITH_PEOPLE = cues.TAKES_PEOPLE - {"for", "by", "and", "y", "e", "por", "para", "a", "let"}


def figures(words: Words) -> Iterator[int]:
    """Give the places of words that together name somebody whom everybody knows."""
    names = [token.folded + ("'s" if token.owned else "") for token in words.tokens]
    for at, name in enumerate(names):
        if name.removesuffix("'s") in FIGURE_STARTS:
            for wide in (4, 3, 2):
                told = " ".join(names[at : at + wide])
                if told in FIGURES or told.removesuffix("'s") in FIGURES:
                    yield from range(at, min(at + wide, len(names)))
                    break


def is_figure(words: Words, run: Run) -> bool:
    """Whether a single word is such a name: Napoleon, Messi."""
    return run[1] - run[0] == 1 and words.tokens[run[0]].folded in FIGURES


def is_organisation(words: Words, run: Run) -> bool:
    """Whether the run is or begins the name of a school, a street, a day, a film."""
    (start, end), tokens = run, words.tokens
    if tokens[start].folded in cues.PLACE_STARTS or _after_place_start(words, start):
        return True
    if end - start == 1 and tokens[start].folded in cues.ORGANISATION:
        return True
    whole = tokens[start].facts.given > 1 and not tokens[start].facts.place
    rest = [token.folded for token in tokens[start + 1 : end]]
    if any(word in cues.ORGANISATION and not (whole and word in cues.ALSO_SURNAMES) for word in rest):
        return True
    following = tokens[end] if end < len(tokens) else None
    return (
        following is not None
        and following.gap in {" ", "-"}
        and following.folded in cues.ORGANISATION
        and not tokens[end - 1].owned
    )


def _after_place_start(words: Words, start: int) -> bool:
    before = words.tokens[start - 1] if start else None
    return before is not None and before.folded in cues.PLACE_STARTS and before.look == "title"


def is_time(words: Words, run: Run) -> bool:
    """Whether April is a month: it is, unless she does something or somebody does it with her."""
    start, end = run
    token = words.tokens[start]
    if end - start > 1 or token.folded not in MONTHS:
        return False
    before = words.tokens[start - 1].folded if start else ""
    after = words.tokens[end].folded if end < len(words.tokens) else ""
    acts = after in cues.DEEDS or (after in cues.ACTS and after not in cues.WEAK_ACTS)
    return not (acts or token.owned or before in _WITH_PEOPLE or before in cues.NAMING or before in cues.GREETINGS)
