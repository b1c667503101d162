"""What stands below a mail's words: "--" and after, "Sent from my …", "Kind regards" and a name, disclaimers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalicelib.doors.quoting.disclaimers import without_disclaimers
from chalicelib.doors.quoting.words import RULE, is_rule, plain, words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOOTERS = words_for("footers")
_APOLOGIES = words_for("footer_apologies")
_FOOTER_ENDS = words_for("footer_ends")
_CLOSINGS = frozenset(words_for("closings"))
_SOFT_CLOSINGS = frozenset(words_for("soft_closings"))
_POSTSCRIPTS = frozenset(words_for("postscripts"))

_MOST_BLANKS = 3
_LONGEST_FOOTER = 90
_MOST_FOOTER_WORDS = 12
_LONGEST_SIGNATURE = 15
_MOST_BELOW_CLOSING = 8
_LOOKED_AT = 30
_WIDEST_BELOW_CLOSING = 80
_MOST_NAMES = 4
_SLASHED_NAME = re.compile(r"/ ?[^\W\d_]{2,20}")
_LINK = re.compile(r"[<\[(]|https?:|www\.")
_GOES_ON = re.compile(r", +[^\W\d_A-Z]|[.!?] ")
_FEWEST_SAID = 4
_WORD = re.compile(r"\w{2,}")
_FIRST_WORD = re.compile(r"[.:]*[\s:\u2013\u2014-]")
_PUNCTUATION = f" ,.!;:{RULE}。、\uff0c\uff01"


def without_signature(lines: Sequence[str], *, on_top: bool = True) -> list[str]:
    """Leave out signature, footers and disclaimers; what a sender could have meant as words stays.

    Args:
        lines: a run of lines without quotes.
        on_top: whether the mail begins with them.
    """
    kept = without_disclaimers(lines, on_top=on_top)
    first = next((at for at, line in enumerate(kept) if line.strip()), 0)
    if kept and _is_footer(kept, first):  # the sender wrote below it
        kept = kept[first + 1 :]
    added = postscript(kept)
    own, after = kept[:added], kept[added:]
    if after and (end := _end(own)) < added:
        return [*without_rules(own[:end]), "", *after[: _end(after)]]
    return kept[: _end(kept)]


def _end(lines: Sequence[str]) -> int:
    """Find the line from which a signature or a program's footer ends the text."""
    ends = (at for at in range(len(lines)) if _is_delimiter(lines, at) or _is_footer(lines, at))
    end = next(ends, len(lines))
    return _closing(lines[:end])


def postscript(lines: Sequence[str]) -> int:
    """Find the line where a sender added something below their name: “P.S. …”."""
    told = ((at, _FIRST_WORD.split(plain(line), maxsplit=1)[0]) for at, line in enumerate(lines) if line.strip())
    return next((at for at, word in told if word.casefold() in _POSTSCRIPTS), len(lines))


def says_something(lines: Sequence[str]) -> bool:
    """Whether a paragraph begins with a sentence; one below a name and a post is a motto."""
    return any(_is_sentence(line) and not (at and lines[at - 1].strip()) for at, line in enumerate(lines))


def _is_sentence(line: str) -> bool:
    """Whether a line says something: four words and a full stop, not in quotation marks as a motto is."""
    words = plain(line)
    ends = words.endswith((".", "!", "?", "…", "。"))
    return ends and len(_WORD.findall(words)) >= _FEWEST_SAID and words[0].isalnum()


def without_rules(lines: Sequence[str]) -> list[str]:
    """Leave out blank and drawn lines at the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or is_rule(lines[end - 1])):
        end -= 1
    return list(lines[:end])


def _told(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _is_delimiter(lines: Sequence[str], at: int) -> bool:
    """Whether “--”, or underscores above a mailing list's address, begin a signature."""
    line = lines[at].strip()
    if line != "--" and (line[:2] != "__" or line.strip("_")):
        return False
    below = _told(lines[at + 1 : at + 2 * _LOOKED_AT])
    if len(below) > _LONGEST_SIGNATURE:
        return False
    divides = bool(below) and not _told([*lines[at - 1 : at], *lines[at + 1 : at + 2]]) and _is_sentence(below[0])
    return (line == "--" and not divides) or not below or any("@" in one or "://" in one for one in below)


def _is_footer(lines: Sequence[str], at: int) -> bool:
    """Whether a line of its own is a program's: “Sent from my iPhone”; “Sent from my desk, …” is the sender's."""
    below = lines[at + 1 : at + 1 + _MOST_BLANKS]
    if not lines[at] or (below and below[0].strip()) or (at and lines[at - 1].strip() and _told(below)):
        return False
    told = _LINK.split(plain(lines[at]).strip("*_ "))[0].strip()
    goes_on = _GOES_ON.search(told) and not any(word in told.casefold() for word in _APOLOGIES)
    if not told or goes_on or len(told) > _LONGEST_FOOTER or len(told.split()) > _MOST_FOOTER_WORDS:
        return False
    words, names_a_device = told.casefold(), any(letter.isascii() and letter.isalpha() for letter in told)
    begins = words.startswith(_FOOTERS) and not told[0].islower()
    return begins or (names_a_device and words.rstrip(".。").endswith(_FOOTER_ENDS))


def _closing(lines: Sequence[str]) -> int:
    """Find the line from which “Kind regards” and at most a few short lines end the text."""
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    nearest = range(max(first + 1, len(lines) - _LOOKED_AT), len(lines))
    return next((at for at in nearest if _is_closing(plain(lines[at]), lines[at + 1 :])), len(lines))


def _is_closing(line: str, rest: Sequence[str]) -> bool:
    below = _told(rest)
    if (
        says_something(rest)
        or len(below) > _MOST_BELOW_CLOSING
        or any(len(one) > _WIDEST_BELOW_CLOSING for one in [line, *below])
    ):
        return False
    words = line.casefold().strip(_PUNCTUATION)
    if words in _SOFT_CLOSINGS:  # which also begin sentences, so they need a name
        return bool(below) and _is_name(below[0])
    head, _, name = line.partition(",")
    if words in _CLOSINGS or (head.casefold() in _CLOSINGS and _is_name(name)):
        return True
    return not below and bool(_SLASHED_NAME.fullmatch(line))


def closes(line: str) -> bool:
    """Whether a line is nothing but “Kind regards” or the like."""
    words = plain(line).casefold().strip(_PUNCTUATION)
    return words in _CLOSINGS or words in _SOFT_CLOSINGS


def _is_name(line: str) -> bool:
    words = line.strip(_PUNCTUATION).split()
    return 0 < len(words) <= _MOST_NAMES and all(word[0].isupper() or word[0] in "(&" for word in words)
