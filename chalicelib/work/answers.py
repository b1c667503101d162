"""An answer is given once: it is claimed before it is sent, so that no repeat, retry or crash sends a second one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.ports import Source
    from chalicelib.work.desk import Desk

_REMEMBERED = timedelta(days=30)
"""Longer than any provider or queue tries again."""


def claim_answer(desk: Desk, source: Source, part: int = 0) -> bool:
    """Claim the answer to a message; False if it was given before, or somebody is giving it now.

    Args:
        desk: where it is dealt with.
        source: the message.
        part: which of several answers, counted from 0.
    """
    return desk.table.count_up(f"ANSWER#{source.channel}", _name(source, part), desk.today + _REMEMBERED) == 1


def release_answer(desk: Desk, source: Source, part: int = 0) -> None:
    """Give a claim back, because the answer surely was not sent."""
    desk.table.take_back_count(f"ANSWER#{source.channel}", _name(source, part))


def _name(source: Source, part: int) -> str:
    return f"{source.key}/{part}" if part else source.key
