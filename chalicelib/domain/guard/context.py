"""What stands before and after a name: the first rule that fits adds its weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.tokens import Token, Words

Run = tuple[int, int]
"""From the first token up to, not including, the last."""


class _Side(NamedTuple):
    """One side of a run: the gap and the folded word next to it, its own first word, the word behind that next one."""

    gap: str
    word: str
    lower: bool
    own: Token
    several: bool
    beyond: str
    called: bool
    spanish: bool = True


_Rule = tuple[Callable[[_Side], bool], float]
_SAYING = frozenset(["said", "says", "replied", "answered", "dijo", "dice", "respondio", "contesto"])
PAST = ("ed", "aron", "ieron", "yeron")
"""How verbs end that tell what somebody did."""
_OF_ROLES = ("er", "or", "ee", "ist", "ant", "ian")
_WHO = frozenset(["who", "whose", "quien", "a", "my", "un", "una", "mi"])


def _is_sure(side: _Side) -> bool:
    """Whether `in` and `to` before it may be said of a person: a whole name, or a given name that is no town."""
    return side.several or (side.own.facts.given > 1 and not side.own.facts.place)


def is_surname(token: Token) -> bool:
    """Whether a word is in use as a surname and hardly as anything else."""
    return token.facts.surname > 1 and not max(token.facts.english, token.facts.spanish)


_BEFORE: tuple[_Rule, ...] = (
    (lambda side: ":" in side.gap and side.word in cues.FIELDS, 2.5),
    (lambda side: ":" in side.gap and side.word.endswith(_OF_ROLES), 1.9),
    (lambda side: side.gap == ", " and side.called, 1.0),
    (lambda side: side.gap not in {" ", ", ", ' "'}, 0.0),
    (lambda side: side.word in cues.PETS, -2.5),
    (lambda side: side.word == "to" and side.beyond in cues.MOTION, -1.6),
    (lambda side: (side.word == "to" or side.word in cues.PLACING) and _is_sure(side), 0.0),
    (lambda side: side.word == "to", -0.6),
    (lambda side: side.word in cues.PLACING, -1.6),
    (lambda side: side.word == "de" and side.beyond in cues.RELATIVES, 1.0),
    (lambda side: side.word == "of" and side.beyond == "proud", 1.0),
    (lambda side: side.word in cues.WONDERING and side.beyond in {"", *cues.WONDERING}, 0.7),
    (lambda side: side.word == "the" and is_surname(side.own), 0.4),
    (lambda side: side.word in cues.GREETINGS, 2.2),
    (lambda side: side.word in cues.NAMING, 2.0),
    (lambda side: side.word in cues.CONSUMED, -1.3),
    (lambda side: side.word == "a" and not side.spanish, -1.3),
    (lambda side: side.word in _SAYING, 1.4),
    (lambda side: side.word in cues.TAKES_PEOPLE, 0.8),
    (lambda side: side.word in cues.DETERMINERS, -1.3),
)
_AFTER: tuple[_Rule, ...] = (
    (lambda side: side.gap == ", " and side.word == "my" and side.beyond in cues.PETS, -2.5),
    (lambda side: side.gap == ", " and side.word in _WHO, 0.8),
    (lambda side: side.gap == ", " and side.own.first and side.word in cues.ADDRESSING, 0.9),
    (lambda side: side.gap.startswith(":") and side.own.first, 0.9),
    (lambda side: side.gap != " " or not side.lower, 0.0),
    (lambda side: side.word == "of" and side.beyond in cues.DETERMINERS, -1.6),
    (lambda side: side.word in cues.DEEDS, 2.0),
    (lambda side: side.word in cues.WEAK_ACTS, 0.9),
    (lambda side: side.word in cues.ACTS, 1.3),
    (lambda side: side.word.endswith(PAST) and len(side.word) > 4, 1.1),  # noqa: PLR2004 - need, seed
)
_ALONE_ON_A_LINE, _OWNER, _NUMBERED = 0.8, 0.4, -0.9


def _first_that_fits(rules: tuple[_Rule, ...], side: _Side) -> float:
    return next((weight for fits, weight in rules if fits(side)), 0.0)


def weigh_before(words: Words, run: Run) -> float:
    """Weigh what stands before a run."""
    (start, end), tokens = run, words.tokens
    following = tokens[end].gap if end < len(tokens) else words.after
    if not start or "\n" in tokens[start].gap:
        alone = end - start > 1 and (end == len(tokens) or "\n" in following)
        return _ALONE_ON_A_LINE if alone else 0.0
    before = tokens[start - 1]
    beyond = tokens[start - 2].folded if start > 1 else ""
    called = following[:1] in {"!", "?"}
    side = _Side(
        tokens[start].gap,
        before.folded,
        before.look == "lower",
        tokens[start],
        end - start > 1,
        beyond,
        called,
        words.spanish,
    )
    return _first_that_fits(_BEFORE, side)


def weigh_after(words: Words, run: Run) -> float:
    """Weigh what stands after a run."""
    (start, end), tokens = run, words.tokens
    initial = tokens[end - 1].end - tokens[end - 1].start == 1
    own = _OWNER * tokens[end - 1].owned + _NUMBERED * words.numbered(end - 1)
    if end >= len(tokens):
        return own
    after = tokens[end]
    beyond = tokens[end + 1].folded if end + 1 < len(tokens) else ""
    gap = " " if initial and after.gap == ". " else after.gap
    side = _Side(gap, after.folded, after.look == "lower", tokens[start], end - start > 1, beyond, called=False)
    return own + _first_that_fits(_AFTER, side)
