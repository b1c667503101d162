"""Mail addresses and links, also those written so that machines should not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_TLD = (
    r"(?:com|org|net|edu|gov|mil|info|biz|io|app|dev|co|tv|xyz|online|site|school|academy|k12\.[a-z]{2}\.us|"
    r"ac\.uk|co\.uk|sch\.uk|gov\.uk|nhs\.uk|org\.uk|com\.[a-z]{2}|edu\.[a-z]{2}|gob\.[a-z]{2}|org\.[a-z]{2}|"
    r"mx|cl|uk|ca|eu|ru|jp|fr|de|nl|ch|se|dk|cz|pl|br|cn|au|nz)"
)
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}+@(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?!\w)",
    re.IGNORECASE,
)
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
_BARE = re.compile(
    rf"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,5}}{_TLD}(?![\w@])(?:(?:/|\?|"
    rf":\d)[^\s<>\"'\[\]]{{0,2000}}+)?",
    re.IGNORECASE,
)
_SHORTENED = re.compile(
    r"(?<![\w@.-])(?:bit\.ly|youtu\.be|goo\.gl|t\.co|tinyurl\.com|wa\.me|t\.me|forms\.gle|"
    r"is\.gd)/[^\s<>\"'\[\]]{1,200}+",
    re.IGNORECASE,
)
_SPELT_LINK = re.compile(
    r"(?<!\w)(?:www ?(?:\.|\bdot\b) ?)?[a-z0-9-]{2,40} (?:dot|punto) (?:com|org|net|edu|gov)\b", re.IGNORECASE
)
_ANY_LINK = re.compile(
    rf"://|\bwww|\.{_TLD}(?!\w)|\w\.\w{{2,4}}/|\b(?:dot|punto) (?:com|org|net|edu|gov)", re.IGNORECASE
)
_CLOSING = ".,;:!?)…»'\""


def find_links(text: str) -> Iterator[Found]:
    """Give mail addresses, then links; the first of two that overlap is right."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            start = found.start()
            while text[start] in "'*/=!.`|{":
                start += 1
            yield start, found.end(), "EMAIL"
    for sign in _SPELT_SIGN.finditer(text):
        after = _SPELT_AFTER.match(text, sign.end())
        if after is None or (sign[0].casefold() == "at" and not _SPELT_DOT.search(after[0])):
            continue
        before = _SPELT_BEFORE.search(text, max(0, sign.start() - _LONGEST_BEFORE), sign.start())
        if before:
            yield before.start(), after.end(), "EMAIL"
    if _ANY_LINK.search(text):
        for pattern in (_URL, _SHORTENED, _BARE, _SPELT_LINK):
            for found in pattern.finditer(text):
                yield found.start(), found.start() + len(found[0].rstrip(_CLOSING)), "URL"
