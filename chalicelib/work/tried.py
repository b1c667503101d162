"""A colleague says "I tried this too": counted for a story once by each device, and told of no device otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem
from chalicelib.work.limits import refuse_taps
from chalicelib.work.secrets import keyed

if TYPE_CHECKING:
    from chalicelib.domain.win import Tried
    from chalicelib.work.desk import Desk

KNOWN_FOR = timedelta(days=400)
"""How long a repeat is recognised."""


def count_tried(desk: Desk, week: str, story_id: str, tried: Tried, network: str) -> int:
    """Count that a device tried what a story tells; the same device again changes nothing.

    The device chooses a number for each story, so that not even who has the keys can tell that two stories were tried
    by one device.

    Args:
        desk: where it is dealt with.
        week: of the story.
        story_id: what colleagues see of its win's id.
        tried: what the device chose.
        network: where it was sent from; only counted.

    Returns:
        How many tried it.

    Raises:
        Problem: `too_many_wins`, `no_such_win`, `busy`.
    """
    refuse_taps(desk, network)
    if not any(win.story_id == story_id and win.state == "visible" for win in desk.table.wins_of(week)):
        raise Problem("no_such_win")
    key = keyed(desk.keys, "tried", story_id, tried.nonce.replace("-", "").lower())
    return desk.table.count_tried(week, story_id, key, desk.today + KNOWN_FOR)
