"""Numbers that stand for a person by their form or their label: social security, student, patient, card, network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_SSN = re.compile(r"(?<![\w.-])\d{3}([-. ])\d{2}\1\d{4}(?![\w-])")
_NATIONAL_INSURANCE = re.compile(r"(?<!\w)[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z](?!\w)")
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
_NUMBER = r"(?:number|num|no|nr|#|n[uú]mero|n[º°])"
_STRONG = (
    r"ssn|mrn|npi|dl|nhs|curp|rfc|cpf|dni|nie|upn|ssid|sasid|lasid|imei|ein|passport|pasaporte|"
    r"(?:driver'?s? )?licen[cs]e(?: plate)?|licencia|plate|placa|national insurance|tax id|"
    r"(?:student|pupil|learner|member|patient|school|state|stu|lunch|badge|case|library card) "
    rf"?(?:id(?:entification)?(?: {_NUMBER})?|{_NUMBER}|pin)|id(?: (?:{_NUMBER}|card|code|de \w{{4,12}}))?|"
    r"n[uú]mero de (?:identificaci[oó]n|estudiante|alumn[oa]|cuenta|matr[ií]cula|expediente|licencia|pasaporte|"
    r"seguro(?: social)?)|alumn[oa] n[uú]mero|matr[ií]cula|expediente|"
    rf"(?:medical record|account|acct|routing|cuenta|medical|policy|p[oó]liza)(?: {_NUMBER})?"
)
_WEAK = r"student|member|patient|pupil|learner|record|chart|case|lunch|badge|locker|state|school|alumn[oa]"
_VALUE = r"(?=[A-Za-z0-9-]{0,24}\d)([A-Za-z]{0,6}[-#]?(?:[A-Za-z0-9]{1,14}+[-/]?+){1,5}+)(?!\w)"
_SAID = r"[\s:#.(=-]{0,24}(?:(?:is|es|was|no|number|number is|#|n[uú]mero)\b[\s:#.-]{0,3})?"
_KEYED = re.compile(
    rf"\b(?:(?P<strong>{_STRONG})|(?:{_WEAK}|{_NUMBER})(?: {_NUMBER})?)(?:(?<=#)|(?!\w)){_SAID}{_VALUE}", re.IGNORECASE
)
_PARTED = re.compile(
    rf"\b(?:{_STRONG})(?:(?<=#)|(?!\w)){_SAID}"
    r"((?=[A-Z0-9 -]{0,14}\d)[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{2,5}){1,3})(?!\w)"
)
_LOGIN = re.compile(
    r"\b(?:user ?name|login|password|passcode|usuario|contraseña|clave)(?: (?:is|was|es|era)|:|=) ?"
    r"((?=[^\s,;]{0,24}\d)[^\s,;]{4,24}[^\s,;.!?)])",
    re.IGNORECASE,
)
_FORMS = (_IBAN, _IPV4, _IPV6, _MAC, _SSN, _NATIONAL_INSURANCE)
_A_YEAR = re.compile(
    r"(?:19[5-9]|20[0-3])\d(?:[-/](?:19|20)?\d\d)?|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|(?:19|20)\d\d-\d\d?-\d\d?"
)
_FEWEST, _FEWEST_WEAK, _FEWEST_MIXED, _SHORTEST_MIXED, _LONG = 4, 5, 3, 6, 10


def find_forms(text: str) -> Iterator[Found]:
    """Give what is an id by its form alone."""
    for pattern in _FORMS:
        for found in pattern.finditer(text):
            if pattern is not _IPV6 or found[0].count(":") == 7 or "::" in found[0]:  # noqa: PLR2004 - RFC 4291
                yield found.start(), found.end(), "ID"


def find_labelled(text: str) -> Iterator[Found]:
    """Give what a label tells to be an id, then codes of letters and digits."""
    for found in _KEYED.finditer(text):
        if _is_value(found[found.lastindex or 0], strong=found["strong"] is not None):
            yield (*found.span(found.lastindex or 0), "ID")
    for pattern in (_PARTED, _LOGIN):
        for found in pattern.finditer(text):
            if pattern is _LOGIN or _is_value(found[1].replace(" ", "-"), strong=True):
                yield found.start(1), found.end(1), "ID"
    for found in _CODE.finditer(text):
        yield found.start(), found.end(), "ID"


def is_amount(digits: str) -> bool:
    """Whether plain digits rather count something: 1000000; or count up: 12345678."""
    return len(digits) < _LONG and (digits.endswith("000") or digits in "01234567890")


def _is_value(value: str, *, strong: bool) -> bool:
    """Whether what stands behind a label may be an id, and no year, date or amount."""
    digits = sum(map(str.isdigit, value))
    if _A_YEAR.fullmatch(value) or (value.isdigit() and is_amount(value)):
        return False
    if strong and not value.isdigit() and len(value) >= _SHORTEST_MIXED:
        return digits >= _FEWEST_MIXED
    return digits >= (_FEWEST if strong else _FEWEST_WEAK)
