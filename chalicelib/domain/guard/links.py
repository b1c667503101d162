"""Mail addresses and links, also those written so that machines should not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.domains import find_domains
from chalicelib.domain.guard.lexicon import look_up
from chalicelib.domain.guard.reading import fold
from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}+@(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?!\w)",
    re.IGNORECASE,
)
_WITHOUT_END = re.compile(r"(?<![\w.+%-])[\w+-]{1,40}\.[\w.+-]{1,40}@[\w-]{2,40}(?![\w.@-])")
"""As a school's own mail shows it: ana.ruiz@students."""
_SPELT_SIGN = re.compile(r"[\[({<] ?(?:at|arroba) ?[\])}>]|\b(?:at|arroba)\b| ?@ ?", re.IGNORECASE)
_SPELT_BEFORE = re.compile(
    r"(?<![\w.])(?:\w(?:[ .]{1,2}\w\b){2,30}|[\w.+-]{1,40}(?: (?:dot|punto) [\w+-]{1,40})?) ?$", re.IGNORECASE
)
_SPELT_AFTER = re.compile(
    r" ?(?:\w(?: \w\b){2,20}|[\w-]{1,40})(?:(?: ?[\[({<] ?| )(?:dot|punto)(?: ?[\])}>] ?| )| ?\. ?)"
    r"(?:[\w-]{2,20}(?:(?: ?[\[({<] ?| )(?:dot|punto)(?: ?[\])}>] ?| )| ?\. ?)){0,3}?(?:com|org|net|edu|gov|io|"
    r"us|mx|es|uk|c o m|o r g|n e t|e d u)\b",
    re.IGNORECASE,
)
_SPELT_DOT = re.compile(r"\b(?:dot|punto)\b", re.IGNORECASE)
_LONGEST_BEFORE = 90
_URL = re.compile(r"(?<![\w@])(?:h(?:tt|xx)ps?://|ftp://|www\.)[^\s<>\"'\[\]{}|^`\\]{2,2000}+", re.IGNORECASE)
_SPELT_LINK = re.compile(
    r"(?<!\w)(?:www ?(?:\.|\bdot\b) ?)?[a-z0-9-]{2,40} (?:dot|punto) (?:com|org|net|edu|gov)\b", re.IGNORECASE
)
_CLOSING = ".,;:!?)…»'\""


def find_links(text: str) -> Iterator[Found]:
    """Give mail addresses, then links; the first of two that overlap is right."""
    if "@" in text:
        for pattern in (_EMAIL, _WITHOUT_END):
            for found in pattern.finditer(text):
                start = found.start()
                while text[start] in "'*/=!.`|{":
                    start += 1
                yield start, found.end(), "EMAIL"
    for start, end in _spelt(text):
        yield start, end, "EMAIL"
    for pattern in (_URL, _SPELT_LINK):
        for found in pattern.finditer(text):
            yield found.start(), found.start() + len(found[0].rstrip(_CLOSING)), "URL"
    for start, end in find_domains(text):
        yield start, end, "URL"


def _spelt(text: str) -> Iterator[tuple[int, int]]:
    """Give mail addresses with words for their signs."""
    for sign in _SPELT_SIGN.finditer(text):
        after = _SPELT_AFTER.match(text, sign.end())
        before = after and _SPELT_BEFORE.search(text, max(0, sign.start() - _LONGEST_BEFORE), sign.start())
        if not after or not before:
            continue
        plain = sign[0].casefold() == "at" and not _SPELT_DOT.search(after[0])
        if not plain or (" ." not in after[0] and ". " not in after[0] and _is_no_word(before[0])):
            yield before.start(), after.end()


def _is_no_word(before: str) -> bool:
    """Whether `ana at school.org` is an address, as `we looked at school.org` is not."""
    facts = look_up(fold(before.strip()))
    return facts.english < 2 and facts.spanish < 2  # noqa: PLR2004
