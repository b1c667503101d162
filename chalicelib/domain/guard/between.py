"""What both sides of a name tell together: `a Christian holiday`, `Bill and Rich tried`, titles, places in a row."""

from __future__ import annotations

from chalicelib.domain.guard import cues
from chalicelib.domain.guard.context import PAST, Run, is_surname
from chalicelib.domain.guard.tokens import Token, Words

_AND = frozenset({"and", "y", "e", "&", "or", "o", "n"})
_BEING = frozenset(["is", "was", "are", "were", "es", "era", "son", "fue", "eran", "isn't", "wasn't"])
_ARTICLES = frozenset(
    ["a", "an", "the", "this", "each", "every", "un", "una", "el", "la", "los", "las", "este", "esta"]
)
_OF_AN_AUTHOR = frozenset({"the", "this", "el", "la"})
_SAID_OF_PLACES = cues.WEAK_ACTS | {"went", "goes", "worked", "works", "became"}
_DESCRIBING, _BOTH_ACT, _BOTH_PLACES, _ON_THE_MAP, _WORK = -1.0, 0.8, -2.6, -0.9, -2.2


def weigh_between(words: Words, run: Run) -> float:
    """Weigh what both sides tell: `a Christian holiday`, `Bill and Rich tried`, `Austin and Brooklyn`."""
    (start, end), tokens = run, words.tokens
    before = tokens[start - 1] if start and tokens[start].gap == " " else None
    after = tokens[end] if end < len(tokens) and tokens[end].gap == " " else None
    weight = 0.0
    article = before is not None and before.folded in _ARTICLES and not (words.spanish and before.folded == "a")
    if before and after and article and after.look == "lower" and end - start == 1:
        acts = after.folded in cues.ACTS or after.folded in cues.DEEDS or after.folded in _AND
        author = before.folded in _OF_AN_AUTHOR and (is_surname(tokens[start]) or not any(tokens[start].facts[:4]))
        weight += 0.0 if acts or author or tokens[end - 1].owned else _DESCRIBING
    if after and after.folded in _AND:
        weight += _in_company(tokens, end)
    if tokens[start].facts.place and end - start == 1 and _beside_a_place(tokens, start, end):
        weight += _BOTH_PLACES
    if before and words.cased and _is_of_a_title(before):
        weight += _DESCRIBING
    if after and _is_a_work(tokens, end):
        weight += _WORK
    if after and _is_a_title(tokens, end):
        weight += 2 * _WORK
    if after and words.of_places and tokens[start].facts.place and after.folded in _SAID_OF_PLACES:
        weight += _ON_THE_MAP
    return weight


def _in_company(tokens: list[Token], at: int) -> float:
    """Weigh what somebody does together with the next one named."""
    other = at + 1
    while other < len(tokens) and other < at + 4 and tokens[other].look != "lower" and tokens[other].gap == " ":
        other += 1
    acts = at + 1 < other < len(tokens) and tokens[other].gap == " " and _acts(tokens[other])
    return _BOTH_ACT if acts else 0.0


def _is_of_a_title(token: Token) -> bool:
    """Whether a plain word with a capital stands before it, as in The One and Only Ivan."""
    plain = max(token.facts.english, token.facts.spanish) > 1 and token.facts.given < 2  # noqa: PLR2004
    told = token.folded in cues.TITLES or token.folded in cues.NAMING or token.folded in cues.GREETINGS
    return plain and token.look == "title" and not token.first and not told


def _is_a_title(tokens: list[Token], at: int) -> bool:
    """Whether it goes on as titles do: Charlie and the Chocolate Factory."""
    if at + 2 >= len(tokens) or tokens[at].folded not in _AND:
        return False
    return tokens[at + 1].folded in {"the", "his", "her", "el", "la"} and tokens[at + 2].look == "title"


def _is_a_work(tokens: list[Token], at: int) -> bool:
    """Whether what is told of is said to be a book, a game, a town: `Matilda is our read aloud`."""
    if tokens[at].folded in _AND:
        at += 2
    told = tokens[at + 1 : at + 7]
    for number, token in enumerate(told):
        if token.gap.strip():
            told = told[:number]
            break
    being = at < len(tokens) and tokens[at].folded in _BEING
    return being and bool(told) and told[0].folded in cues.DETERMINERS and any(one.folded in cues.WORKS for one in told)


def _acts(token: Token) -> bool:
    told = token.folded in cues.DEEDS or (token.folded in cues.ACTS and token.folded not in cues.WEAK_ACTS)
    return told or (token.folded.endswith(PAST) and len(token.folded) > 4)  # noqa: PLR2004 - need, seed


def _beside_a_place(tokens: list[Token], start: int, end: int) -> bool:
    """Whether another place is told of with it, and neither does anything."""
    low, high = max(0, start - 4), min(len(tokens), end + 4)
    near = [
        at for at in range(low, high) if not start <= at < end and tokens[at].facts.place and tokens[at].look == "title"
    ]
    joined = any(
        all(tokens[at].folded in _AND or tokens[at].look == "title" for at in range(min(other, end), max(other, start)))
        for other in near
    )
    last = max([end - 1, *near]) + 1
    acts = last < len(tokens) and _acts(tokens[last]) and tokens[last].folded not in _SAID_OF_PLACES
    return joined and not acts and not tokens[end - 1].owned
