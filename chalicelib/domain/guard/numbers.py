"""Phones, cards and accounts: runs of digits, by how they are grouped and by what is said before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from chalicelib.domain.guard.ids import find_forms, find_labelled, is_amount
from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_RUN = re.compile(
    r"(?<![\w-])(?<!\d[.,:/])(?:\+ ?|00 ?)?[(\[]?\d(?:[ ().\-/\[\]_•·]{0,3}\d){5,24}(?!\d)"
    r"(?:[ ,]{0,2}(?:x|ext\.?|extension|extensi[oó]n|#) ?\d{1,6}(?!\w)|-?[A-Za-z](?!\w))?",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[ ,]*(?:x|ext|#).*", re.IGNORECASE)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:(?:19|20)?\d{2})"
_ONE_DATE = (
    "(?:"
    + "|".join(rf"{_DAY}{by}{_DAY}{by}{_YEAR}|(?:19|20)\d\d{by}{_DAY}{by}{_DAY}" for by in ("-", r"\. ?", "/", " "))
    + rf"|{_DAY}/{_DAY}|(?:19|20)\d\d[01]\d[0-3]\d|(?:19|20)\d\d ?[-/] ?{_YEAR})"
)
_DATE = re.compile(rf"{_ONE_DATE}(?: ?- ?{_ONE_DATE})?(?:[ T]\d{{1,2}})?")
_ID_WORD = re.compile(
    r"(?:\b(?:ssn|s\.s\.n|social(?: security| insurance)?|soc sec|mrn|npi|ein|itin|nhs|curp|rfc|cpf|dni|nie|dl|"
    r"c[eé]dula|medical record|medical|record|chart|patient|licen[cs]e|licencia|passport|pasaporte|permit|member|"
    r"policy|account|acct|cuenta|student|alumno|matr[ií]cula|expediente|id|identification|identificaci[oó]n|iban|"
    r"card|tarjeta|visa|mastercard|maestro|amex|imei|routing|lunch|badge|locker|seguro|case|claim|provider|"
    r"enrol?lment|file|pin|ssid|sasid|lasid|upn)\b)",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:call(?:ed|ing)?|phone[sd]?|tele?phone|tel|tel[eé]fono|cell|cellphone|celular|mobile|m[oó]vil|fax|"
    r"text(?:ed|ing)?|dial(?:ed)?|ring|reach(?:ed)?|contact(?:ed|o)?|llam[aeoó]\w*|whatsapp|sms|hotline|desk)\b)",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\b(?:mom|mum|mother|dad|father|parents?|guardian|grandma|grandpa|aunt|uncle|home|work|emergency|family|"
    r"mam[aá]|madre|pap[aá]|padre|abuel[ao]|t[ií][ao]|tutora?|casa|trabajo|number is|n[uú]mero es)\W{0,3}$",
    re.IGNORECASE,
)
_MEASURED = (
    r"lexiles?|scores?|scored|bands?|range|levels?|rit|pages?|words?|wcpm|steps|points|p[aá]ginas?|palabras|between|"
    r"entre|puntos|fluency|scale[ds]?|psat|sat|students|kids"
)
_MEASURE = re.compile(rf"\b(?:{_MEASURED})\b", re.IGNORECASE)
_RECKONED = re.compile(rf" ?[+=*<>%]| ?(?:x|y|plus|minus|m[aá]s|menos|out of|{_MEASURED})\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.!?\n\d]")
_DECIMAL = re.compile(r"\d+(?:\.\d{1,3})?")
_PARTS = re.compile(r"\d+")
_FEWEST_ID, _FEWEST_PHONE, _MOST_PHONE, _FEWEST_CARD = 6, 7, 15, 13
_TEN, _NINE, _EIGHT = 10, 9, 8
_BEFORE, _BEHIND = 70, 16
_APART = 1.3
"""How far apart the scores of one class hardly are."""
_CALLED_FROM = "06789"
"""How groups of two and three begin that are a phone of Spain, France … and not scores."""


def find_numbers(text: str) -> Iterator[Found]:
    """Give what is certain first; the first of two that overlap is right."""
    yield from find_forms(text)
    yield from _runs(text)
    yield from find_labelled(text)


def _runs(text: str) -> Iterator[Found]:
    """Give runs of digits, by what they look like and what is said before them."""
    for found in _RUN.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        kind = _kind_of(_EXTENSION.sub("", found[0]), before, text[found.end() : found.end() + _BEHIND])
        if kind:
            yield found.start(), found.end(), kind


def _kind_of(run: str, before: str, after: str) -> SpanType | None:
    parts = _PARTS.findall(run)
    digits = sum(map(len, parts))
    if digits < _FEWEST_ID or _DATE.fullmatch(run.strip("()[] ")) or _counts(run, parts):
        return None
    clause = _CLAUSE.split(before.rstrip(" .:\n"))[-1]
    an_id, a_phone = _last(_ID_WORD, clause), _last(_PHONE_WORD, clause)
    if a_phone < 0 and an_id < 0:
        a_phone = _last(_WHOSE, clause)
    if digits >= _FEWEST_CARD and not run.startswith("+") and not _is_long_phone(run, parts, told=a_phone >= 0):
        return "ID" if max(map(len, parts)) > 3 or an_id >= 0 else None  # noqa: PLR2004 - else scores in a row
    if an_id > a_phone and (digits > _FEWEST_PHONE or " " not in run):
        return "ID"
    if a_phone >= 0 or run.startswith("+"):
        return "PHONE" if digits <= _MOST_PHONE else "ID"
    measured = digits <= _EIGHT + 4 and len(parts) > 1 and (_MEASURE.search(clause) or _RECKONED.match(after))
    if digits < _FEWEST_PHONE or (measured and (len(parts) == 2 or max(map(len, parts)) < 4)):  # noqa: PLR2004
        return None
    return _unasked(run, parts, digits)


def _last(pattern: re.Pattern[str], clause: str) -> int:
    """Return where the last such word begins; -1 if there is none."""
    return max((found.start() for found in pattern.finditer(clause)), default=-1)


def _counts(run: str, parts: list[str]) -> bool:
    """Whether numbers are told one after another: a series, years, fractions, decimals, round numbers."""
    if len(parts) == 1:
        return run.isdigit() and is_amount(run)
    values = [int(part) for part in parts]
    if len(parts) > 2 and len({after - first for first, after in pairwise(values)}) == 1:  # noqa: PLR2004 - a series
        return True
    years = all(1400 <= value < 2100 for value in values)  # noqa: PLR2004
    round_ones = min(map(len, parts)) > 2 and all(value and value % 50 == 0 for value in values)  # noqa: PLR2004
    pieces = run.split()
    decimals = len(pieces) > 1 and "." in run and all(map(_DECIMAL.fullmatch, pieces))
    return years or round_ones or decimals or run.count("/") * 2 == len(parts) > 2  # noqa: PLR2004 - 9/10 8/10


def _is_long_phone(run: str, parts: list[str], *, told: bool) -> bool:
    """Whether thirteen digits and more are a phone with a country's code: cards are plain, or stand in fours."""
    sizes = [len(part) for part in parts]
    like_a_card = len(sizes) == 1 or sizes[:3] == [4, 4, 4] or sizes[1:2] == [6] or max(sizes) < 3  # noqa: PLR2004
    return (not like_a_card and sum(sizes) <= _MOST_PHONE) or (told and run[0] in "0(")


def _unasked(run: str, parts: list[str], digits: int) -> SpanType | None:
    """Judge a number that no word explains."""
    sizes = [len(part) for part in parts]
    if len(parts) == 1:
        return _plain(run, digits)
    if sizes == [4, 4, 4]:
        return "ID"
    if digits > _MOST_PHONE - 3:
        return "PHONE" if _is_long_phone(run, parts, told=False) else "ID"
    if max(sizes) == 1:  # spelt digit by digit; marks of a rubric are small
        return "PHONE" if digits in {7, 10, 11} and any(part > "5" for part in parts) else None
    return "PHONE" if (_two(run, parts, sizes) if len(parts) == 2 else _more(run, parts, sizes)) else None  # noqa: PLR2004


def _plain(run: str, digits: int) -> SpanType | None:
    """Judge digits without anything between."""
    if not run.isdigit() or digits == _TEN or (run[0] == "0" and digits >= _NINE) or (run[0] == "1" and digits > _TEN):
        return "PHONE"
    return "ID" if digits >= _EIGHT else None


def _two(run: str, parts: list[str], sizes: list[int]) -> bool:
    """Judge two groups: 555-0100, 3412-3456, 0176 12345678; what else has two is scores, a house and a flat."""
    if run[0] in "0(":
        return True
    if sizes in ([3, 4], [4, 4]):
        return parts[0][0] > "1" and (run[sizes[0]] in "- " or sizes == [4, 4])
    return "." not in run and ((sum(sizes) >= _NINE and sizes != [5, 5]) or sizes[1] > 5 or parts[0][0] > "5")  # noqa: PLR2004


def _more(run: str, parts: list[str], sizes: list[int]) -> bool:
    """Judge three groups and more: small ones with blanks between may be scores."""
    if max(sizes) > 3:  # noqa: PLR2004 - scores are smaller
        return True
    if not set(run) <= set("0123456789 "):
        return run.count("/") < 2 and (max(sizes) > 2 or (sizes in ([2] * 4, [2] * 5)))  # noqa: PLR2004 - 60-56-85-91
    if any(part[0] == "0" and len(part) > 1 for part in parts):
        return True
    if max(sizes) < 3 or min(sizes) < 2 or len(parts) > 5 or sizes == [3] * 4:  # noqa: PLR2004
        return False
    values = [int(part) for part in parts]
    rising = values == sorted(values)
    if rising and len(parts) > 3:  # noqa: PLR2004
        return False
    apart = _APART if len(parts) == 3 and not rising else 2 * _APART  # noqa: PLR2004
    return (run[0] in _CALLED_FROM and not rising) or max(values) > apart * min(values)
