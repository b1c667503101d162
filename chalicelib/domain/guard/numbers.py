"""Numbers that point at somebody: phones, cards, accounts, social security, student and patient numbers, networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_RUN = re.compile(r"(?<![\w.,:/-])(?:\+ ?|00 ?)?[(\[]?\d(?:[ ().\-/\[\]]{0,3}\d){5,24}(?![\d])(?:-?[A-Za-z](?!\w))?")
_DATE = re.compile(
    r"(?:\d{1,2}([-./ ])\d{1,2}\1(?:19|20)?\d{2}|(?:19|20)\d{2}([-./ ])\d{1,2}\2\d{1,2}|(?:19|"
    r"20)\d{2} ?[-/] ?(?:19|20)?\d{2})"
    r"(?:[ T]\d{1,2}.*)?"
)
_ID_WORD = re.compile(
    r"(?:\b(?:ssn|s\.s\.n|social(?: security| insurance)?|soc sec|mrn|npi|ein|itin|nhs|curp|rfc|dni|nie|cedula|"
    r"c[ée]dula|"
    r"medical record|medical|record|chart|patient|licen[cs]e|licencia|passport|pasaporte|permit|member|policy|"
    r"account|acct|cuenta|"
    r"student|alumno|matr[ií]cula|expediente|id|identification|identificaci[oó]n|iban|card|tarjeta|visa|"
    r"mastercard|maestro|amex|imei|"
    r"routing|lunch|badge|locker|seguro|case|claim|provider|enrol?lment|file|pin|ssid|sasid|lasid)\b)",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:call(?:ed|ing)?|phone[sd]?|tele?phone|tel|tel[eé]fono|cell|cellphone|celular|mobile|m[oó]vil|fax|"
    r"text(?:ed|ing)?|dial(?:ed)?|"
    r"ring|reach(?:ed)?|contact(?:ed|o)?|llam[aeoó]\w*|whatsapp|sms|hotline|desk|number is)\b)",
    re.IGNORECASE,
)
_KEYED = re.compile(
    r"\b(?:ssn|mrn|npi|nhs|curp|dni|nie|ssid|sasid|imei|(?:student|member|patient|pupil|learner|medical record|"
    r"record|chart|account|acct|"
    r"case|passport|licen[cs]e|driver'?s licen[cs]e|lunch|badge|state|school|policy|alumn[oa]|expediente|"
    r"matr[ií]cula|pasaporte|licencia) "
    r"?(?:id|number|num|no|nr|#|n[uú]mero|card|pin)?|id(?: (?:number|card|no|code))?|number|n[uú]mero)\b"
    r"[\s:#.(=-]{0,24}(?:(?:is|es|was|no|number|number is|#|n[uú]mero)\b[\s:#.-]{0,3})?"
    r"(?=[A-Za-z0-9-]{0,24}\d)([A-Za-z]{0,6}[-#]?(?:[A-Za-z0-9]{1,14}+[-/]?+){1,5}+)(?![\w])",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\w.-])\d{3}([-. ])\d{2}\1\d{4}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}(?!\w)")
_IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?=[0-9a-f:]*\d|[0-9a-f]*::)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE
)
_MAC = re.compile(r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w.@/-])(?!\d{4}-\d\d-\d\dT)(?=[A-Z0-9-]{0,30}[A-Z])(?=(?:[A-Z-]{0,30}\d){5})"
    r"[A-Z0-9]{2,}(?:-[A-Z0-9]+){0,4}(?![\w@])"
)
_ANY_NUMBER = re.compile(r"\d[ ().\-/\[\]]{0,3}\d[ ().\-/\[\]]{0,3}\d|[0-9a-f]:", re.IGNORECASE)
_CLAUSE = re.compile(r"[.!?\n\d]")
_DECIMALS = re.compile(r"\d{1,3}\.\d+(?: \d{1,3}\.\d+)*")
_FEWEST_ID, _FEWEST_PHONE, _MOST_PHONE, _FEWEST_CARD = 4, 7, 15, 13
_BEFORE = 70


def find_numbers(text: str) -> Iterator[Found]:
    """Give what is certain first; the first of two that overlap is right."""
    if not _ANY_NUMBER.search(text):
        return
    for pattern in (_IBAN, _IPV4, _IPV6, _MAC, _SSN):
        for found in pattern.finditer(text):
            if pattern is not _IPV6 or found[0].count(":") == 7 or "::" in found[0]:  # noqa: PLR2004 - RFC 4291
                yield found.start(), found.end(), "ID"
    yield from _runs(text)
    for found in _KEYED.finditer(text):
        if sum(map(str.isdigit, found[1])) >= _FEWEST_ID and not _DATE.fullmatch(found[1]):
            yield found.start(1), found.end(1), "ID"
    for found in _CODE.finditer(text):
        yield found.start(), found.end(), "ID"


def _runs(text: str) -> Iterator[Found]:
    """Give runs of digits, by what they look like and what is said before them."""
    for found in _RUN.finditer(text):
        kind = _kind_of(found[0], text[max(0, found.start() - _BEFORE) : found.start()])
        if kind:
            yield found.start(), found.end(), kind


def _kind_of(run: str, before: str) -> SpanType | None:
    digits = sum(char.isdigit() for char in run)
    if digits < _FEWEST_PHONE - 1 or _DATE.fullmatch(run.strip("()[] ")):
        return None
    clause = _CLAUSE.split(before.rstrip())[-1]
    an_id, a_phone = _last(_ID_WORD, clause), _last(_PHONE_WORD, clause)
    if digits >= _FEWEST_CARD and not run.startswith("+") and not _is_long_phone(run, told=a_phone >= 0):
        return "ID"
    if an_id > a_phone and (digits > _FEWEST_PHONE or " " not in run):
        return "ID"
    if a_phone >= 0 or run.startswith("+"):
        return "PHONE" if digits <= _MOST_PHONE else "ID"
    if digits < _FEWEST_PHONE:
        return None
    return _unasked(run, digits)


def _last(pattern: re.Pattern[str], clause: str) -> int:
    """Return where the last such word begins; -1 if there is none."""
    return max((found.start() for found in pattern.finditer(clause)), default=-1)


def _is_long_phone(run: str, *, told: bool) -> bool:
    """Whether thirteen digits and more are a phone with a country's code: cards are plain, or stand in fours."""
    sizes = [len(part) for part in re.findall(r"\d+", run)]
    like_a_card = sizes[:3] in ([4, 4, 4], sizes[:2]) or sizes[1:2] == [6]
    return (not like_a_card and sum(sizes) <= _MOST_PHONE) or (told and run[0] in "0(")


def _unasked(run: str, digits: int) -> SpanType | None:
    """Judge a number that no word explains."""
    if digits > _MOST_PHONE - 3:
        return "PHONE" if _is_long_phone(run, told=False) else "ID"
    if run.isdigit():
        return "PHONE" if digits == 10 else "ID" if digits >= 8 else None  # noqa: PLR2004 - a phone of the US
    parts = re.findall(r"\d+", run)
    if _DECIMALS.fullmatch(run) or _counts(parts):
        return None
    if max(map(len, parts)) < 2:  # noqa: PLR2004 - "1 2 3 4 5 6 7" is counting; phones are written so only if told
        return "PHONE" if digits in {7, 10, 11} else None
    if len(parts) == 2:  # noqa: PLR2004 - 555-0100; what else has two parts is scores, years, a house and a flat
        return "PHONE" if ([*map(len, parts)] == [3, 4] and run[3] in "-. ") or run[0] in "0(" else None
    return "PHONE"


def _counts(parts: list[str]) -> bool:
    if len(parts) < 3:  # noqa: PLR2004 - two numbers are no series
        return False
    steps = {int(after) - int(before) for before, after in pairwise(parts)}
    return len(steps) == 1
