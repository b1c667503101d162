"""The guard before a win is kept: what may point at a student is held for a leader, what was forwarded is masked.

What was forwarded is never on the dashboard, so it holds nothing up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.guard import find_spans, mask
from chalicelib.domain.languages import guess_language
from chalicelib.domain.win import PARTS

if TYPE_CHECKING:
    from chalicelib.domain.guard import Span
    from chalicelib.domain.win import Reason, Win
    from chalicelib.work.desk import Desk

REASONS: dict[str, Reason] = {
    "PERSON": "person",
    "PHONE": "phone",
    "EMAIL": "mail",
    "URL": "link",
    "ID": "id",
    "ADDRESS": "address",
}
_FROM_A_LEADER: frozenset[Reason] = frozenset({"asked", "answered", "robot"})
"""Reasons that no change by the sender takes away."""

Findings = dict[str, tuple["Span", ...]]


def findings_of(desk: Desk, win: Win) -> Findings:
    """Find what points at somebody, by part of the win; parts without findings are missing.

    Raises:
        NamesMissing: if the guard's names were not built.
    """
    told = {part: getattr(win, part) for part in PARTS}
    found = {part: _find(desk, text) for part, text in told.items() if text}
    return {part: spans for part, spans in found.items() if spans}


def _find(desk: Desk, text: str) -> tuple[Span, ...]:
    """Find what the guard does, and whatever else was asked finds beside that; adults are no findings."""
    found = find_spans(text, desk.known)
    if desk.detect is None:
        return found
    adults = {word.casefold() for name in desk.known.staff for word in name.split()}
    more = [
        span
        for span in desk.detect(text, guess_language(text) or desk.language)
        if not any(span.start < one.end and one.start < span.end for one in found)
        and not (span.type == "PERSON" and {word.casefold() for word in span.value.split()} <= adults)
    ]
    return tuple(sorted((*found, *more), key=lambda span: span.start))


def held_on_arrival(desk: Desk, win: Win, *, robot: bool) -> Win:
    """Return a new win as it may be kept: visible, or held with the reasons why.

    Args:
        desk: names the school's staff and its roster.
        win: as it was told.
        robot: whether it was sent as only a robot would.
    """
    reasons = _reasons(desk, win, {})
    return _settled(desk, win, (*reasons, "robot") if robot else reasons)


def held_after_change(desk: Desk, old: Win, new: Win) -> Win:
    """Return a win as it may be kept after its sender changed it.

    What a leader let pass stays passed: only what was not found in the old words holds it. Without findings a held win
    is visible again, unless a leader and its author were talking about it; what a leader hid stays hidden.
    """
    if all(getattr(old, part) == getattr(new, part) for part in (*PARTS, "quoted")):
        return new
    talking = tuple(reason for reason in old.held_for if reason in _FROM_A_LEADER)
    if "asked" in talking:
        talking = tuple(reason for reason in talking if reason != "asked")
        talking = (*(reason for reason in talking if reason != "answered"), "answered")
    passed = _values(desk, old) if old.state != "held" else {}
    settled = _settled(desk, new.model_copy(update={"question": None}), (*_reasons(desk, new, passed), *talking))
    return settled.model_copy(update={"state": "hidden"}) if old.state == "hidden" else settled


def _settled(desk: Desk, win: Win, reasons: tuple[Reason, ...]) -> Win:
    quoted, reasons = _masked_quote(desk, win.quoted), tuple(dict.fromkeys(reasons))
    update: dict[str, Any] = {"held_for": reasons, "state": "held" if reasons else "visible"}
    return win.model_copy(update=update | ({"quoted": quoted} if quoted != win.quoted else {}))


def _masked_quote(desk: Desk, quoted: str | None) -> str | None:
    """Mask what was forwarded; what can't be checked is not kept."""
    if not quoted:
        return quoted
    try:
        return mask(quoted, _find(desk, quoted))
    except Exception:  # noqa: BLE001 - a broken guard must not lose the win
        return None


def _reasons(desk: Desk, win: Win, passed: dict[str, set[str]]) -> tuple[Reason, ...]:
    try:
        found = findings_of(desk, win)
    except Exception:  # noqa: BLE001 - a broken guard must not lose the win: a leader looks instead
        return ("unchecked",)
    return tuple(
        REASONS[span.type] for spans in found.values() for span in spans if span.value not in passed.get(span.type, ())
    )


def _values(desk: Desk, win: Win) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    try:
        for spans in findings_of(desk, win).values():
            for span in spans:
                values.setdefault(span.type, set()).add(span.value)
    except Exception:  # noqa: BLE001 - then nothing is known to have passed
        return {}
    return values
