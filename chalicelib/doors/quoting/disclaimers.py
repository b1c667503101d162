"""What mail servers and lawyers add: warnings on top of a mail's words, disclaimers below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.doors.quoting.words import RULE, is_rule, plain, words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

_DISCLAIMERS = words_for("disclaimers")
_DISCLAIMED = words_for("disclaimed")
_BOILERPLATE = words_for("boilerplate")
_BANNERS = frozenset(words_for("banners"))
_WARNED = words_for("warned")

_LOOKED_AT = 30
_LONGEST_DISCLAIMER = 4000
_LONGEST_HEADING = 4
_LONGEST_BANNER = 600
_MARKS = RULE + " \t[](){}<>|!.:\u26a0\ufe0f"


def without_disclaimers(lines: Sequence[str], *, on_top: bool) -> list[str]:
    """Leave out a lawyer's paragraph and all below it; warnings at the very top are a mail server's and go alone."""
    start, seen = 0, not on_top
    for at, line in enumerate(lines):
        if at < start or not line.strip() or (is_rule(line) and not seen):
            continue
        begins = at == start or not lines[at - 1].strip() or is_rule(lines[at - 1])
        if seen and begins and _is_disclaimer(lines, at):
            return _without_rules_between(lines, start, at)
        if not seen and (_is_banner(lines, at) or _is_disclaimer(lines, at)):
            start = _end_of_warning(lines, at)
        else:
            seen = True
    return list(lines[start:])


def _without_rules_between(lines: Sequence[str], start: int, end: int) -> list[str]:
    while end > start and (not lines[end - 1].strip() or is_rule(lines[end - 1])):
        end -= 1
    return list(lines[start:end])


def _end_of_paragraph(lines: Sequence[str], at: int) -> int:
    return next((end for end in range(at, len(lines)) if not lines[end].strip()), len(lines))


def _end_of_warning(lines: Sequence[str], at: int) -> int:
    """Find where a warning ends: with its paragraph, unless the sender's words stand right below it."""
    if _is_label(lines[at]):
        return at + 1
    end = at + _end_of_paragraph(lines[at : at + _LOOKED_AT], 0)
    warns = [n for n in range(at, end) if _holds(lines[n : n + 1], _WARNED + _DISCLAIMED)]
    last = max(warns, default=at)
    while last + 1 < end and lines[last + 1].lstrip("*_ \t")[:1].islower():
        last += 1
    return last + 1


def _holds(lines: Sequence[str], words: tuple[str, ...]) -> bool:
    said = _said(lines)
    return any(word in said for word in words)


def _said(lines: Sequence[str]) -> str:
    return " ".join(map(plain, lines))[:_LONGEST_DISCLAIMER].casefold()


def _is_label(line: str) -> bool:
    return plain(line).casefold().strip(_MARKS) in _BANNERS


def _is_banner(lines: Sequence[str], at: int) -> bool:
    """Whether a paragraph warns of a stranger's mail: “[EXTERNAL]”, “Do not click links or open …”."""
    if _is_label(lines[at]):
        return True
    near = lines[at : at + _LOOKED_AT]
    said = _said(near[: _end_of_paragraph(near, 0)])
    return len(said) <= _LONGEST_BANNER and any(word in said for word in _WARNED)


def _is_disclaimer(lines: Sequence[str], at: int) -> bool:
    """Whether a paragraph is one: by its words, or by how it begins and what it says.

    A heading is judged with what it stands above.
    """
    near = lines[at : at + _LOOKED_AT]
    end = _end_of_paragraph(near, 0)
    if _holds(near[:end], _BOILERPLATE):
        return True
    if not plain(lines[at]).casefold().lstrip("*_-[(#•! ").startswith(_DISCLAIMERS):
        return False
    if len(" ".join(near[:end]).split()) <= _LONGEST_HEADING:
        end = _end_of_paragraph(near, min(end + 1, len(near)))
    return _holds(near[:end], _DISCLAIMED)
