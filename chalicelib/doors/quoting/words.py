"""A mail's text as lines: which are quoted, which are drawn, and how they are compared."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
"""What mail programs write around other people's mail, by language. A language is added by adding its words.

Sources: the mails the rules were made with, and what Gmail, Outlook, Apple Mail, Yahoo, Thunderbird, Samsung, HubSpot,
IONOS, GMX, Zoho and Mail.ru write.
"""

ADDRESS = re.compile(r"[^\s<>\[\]()@,;:\"]{1,64}@[^\s<>\[\]()@,;:\"]{1,255}")
COLONS = (":", "\uff1a", "\u1366")
RULE = "-_=*~#\u2013\u2014"

_MOST_CHARACTERS = 100_000
_LONGEST_LINE = 1000
_HIDDEN = {**dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")), 0xA0: " "}


def words_for(what: str) -> tuple[str, ...]:
    """List the words of `words.json` for something, as they are compared."""
    return tuple(word.casefold() for word in WORDS[what])


def lines_of(text: str) -> list[str]:
    """Split a mail's text into lines; what is beyond 100,000 characters is no story and is left out."""
    return text[:_MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")


def is_quoted(line: str) -> bool:
    """Whether a line is quoted; “>90 % of us” is not."""
    start = line.lstrip()[:2]
    return start[:1] == ">" and not (start[1:].isdigit() or start[1:] == "=")


def unquoted(line: str) -> str:
    """Take one level of quoting off a line."""
    return line.lstrip()[1:].removeprefix(" ") if is_quoted(line) else line


def is_rule(line: str) -> bool:
    """Whether a line is drawn: dashes, underscores, stars."""
    return len(line.strip()) > 1 and not line.strip(RULE + " \t\xa0")


def plain(line: str) -> str:
    """Return a line as it is compared: composed, without quoting, hidden characters and spare spaces."""
    shown = unquoted(line)[:_LONGEST_LINE].replace("&nbsp;", " ").translate(_HIDDEN)
    return unicodedata.normalize("NFC", shown).strip()
