"""The page on which leaders review wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.domain.appearance import preview
from chalicelib.domain.guard import MASKS
from chalicelib.domain.win import FACTORS, PARTS
from chalicelib.domain.words import say
from chalicelib.pages.render import render

if TYPE_CHECKING:
    from chalicelib.domain.guard import Span
    from chalicelib.domain.review import Waiting
    from chalicelib.domain.small_numbers import Labels

LONG = 7
"""Days after which a win has waited long."""


def write_review(  # noqa: PLR0913 - each is a part of the page
    labels: Labels,
    language: str,
    waiting: Sequence[Waiting],
    *,
    said: str = "",
    problem: str = "",
    after: str = "",
    single: bool = False,
) -> str:
    """Write the queue.

    Args:
        labels: how each win would appear; its school names goals, signs, teams.
        language: of the page.
        waiting: the wins, oldest first.
        said: what was just done.
        problem: what stood against it.
        after: the id after which the next page begins, if there is one.
        single: whether one win was asked for, not the queue.
    """
    shown = [_shown(one, labels, language) for one in waiting]
    told = {"said": said, "problem": problem, "after": after, "single": single, "factors": FACTORS}
    return render("review.html", labels.school, language, [], waiting=shown, masks=MASKS, long=LONG, **told)


def _shown(one: Waiting, labels: Labels, language: str) -> dict[str, Any]:
    win, parts = one.win, []
    for part in PARTS:
        if text := getattr(win, part):
            label = say(language, f"story.{part}") if part != "story" else ""
            parts.append({"id": part, "label": label, "pieces": _pieces(text, one.findings.get(part, ()))})
    found = [(part, span) for part, spans in one.findings.items() for span in spans]
    return {
        "win": win,
        "days": one.days,
        "age": say(language, "review.age", n=one.days) if one.days else say(language, "review.today"),
        "parts": parts,
        "found": [
            {"value": f"{part}:{span.start}:{span.end}:{span.type}", "text": span.value, "mask": MASKS[span.type]}
            for part, span in found
        ],
        "reasons": [say(language, f"held_for.{reason}") for reason in win.held_for],
        "shown": preview(win, labels, language),
        **{side: [say(language, f"{side}.{one}") for one in getattr(win, side)] for side in ("helped", "hindered")},
        "chosen": {use.id: f"{use.id}:{use.level}" if use.level else use.id for use in win.practices},
    }


def _pieces(text: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """Cut a text into what was found (True) and what stands between."""
    pieces, done = [], 0
    for span in spans:
        pieces += [(text[done : span.start], False), (text[span.start : span.end], True)]
        done = span.end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]
