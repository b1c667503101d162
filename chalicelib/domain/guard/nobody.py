"""Capitals that name nobody here: figures of history and books, schools, streets, days, films, months."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.context import Run
from chalicelib.domain.guard.cues import FIGURE_STARTS, FIGURES, MONTHS
from chalicelib.domain.guard.tokens import Words

_WITH_PEOPLE = cues.TAKES_PEOPLE - {"for", "by", "and", "y", "e", "por", "para", "a", "let"}


_AND = frozenset({"and", "y", "e", "&"})
_LONGEST_ROW = 8
_OF_TIME = frozenset(["ended", "started", "arrived", "passed", "proved", "turned", "seemed", "based"])


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
    return run[1] - run[0] == 1 and (words.tokens[run[0]].folded in FIGURES or _beside_a_figure(words, run[0]))


def _beside_a_figure(words: Words, at: int) -> bool:
    """Whether a figure stands before it in a row: Zeus, Hera and Athena."""
    tokens, far = words.tokens, at - _LONGEST_ROW
    while at > max(far, 0) and tokens[at].gap in {", ", " "}:
        joined = tokens[at].gap == ", "
        at -= 1
        if tokens[at].folded in _AND and at > 0 and tokens[at].gap in {" ", ", "}:
            joined, at = True, at - 1
        if not joined or tokens[at].look == "lower":
            return False
        if tokens[at].folded in FIGURES:
            return True
    return False


def is_organisation(words: Words, run: Run) -> bool:
    """Whether the run is or begins the name of a school, a street, a day, a film."""
    (start, end), tokens = run, words.tokens
    if tokens[start].folded in cues.PLACE_STARTS or _after_place_start(words, start):
        return True
    if end - start == 1 and tokens[start].folded in cues.ORGANISATION:
        return True
    facts = tokens[start].facts
    alone = end - start == 1 or tokens[start + 1].gap == " "
    if alone and _begins_one(tokens[start].folded) and max(facts.english, facts.spanish) > 1:
        return True
    whole = tokens[start].facts.given > 1 and not tokens[start].facts.place
    rest = [token.folded for token in tokens[start + 1 : end] if token.gap != "-"]
    if any(word in cues.ORGANISATION and not (whole and word in cues.ALSO_SURNAMES) for word in rest):
        return True
    following = tokens[end] if end < len(tokens) else None
    return (
        following is not None
        and following.gap in {" ", "-"}
        and following.folded in cues.ORGANISATION
        and not tokens[end - 1].owned
    )


def _begins_one(word: str) -> bool:
    """Whether it may begin such a name: Museo de Historia, Day of the Dead."""
    return word in cues.ORGANISATION and word not in cues.ALSO_SURNAMES


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
    beyond = words.tokens[start - 2].folded if start > 1 else ""
    acts = after in cues.DEEDS or (after in cues.ACTS and after not in cues.WEAK_ACTS)
    acts = acts or (not token.first and after.endswith("ed") and after not in _OF_TIME) or beyond in {"proud", "hope"}
    return not (acts or token.owned or before in _WITH_PEOPLE or before in cues.NAMING or before in cues.GREETINGS)
