"""An answer is given once: it is claimed before it is sent, so that no repeat, retry or crash sends a second one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.ports import Source
    from chalicelib.work.desk import Desk

_REMEMBERED = timedelta(days=30)
"""Longer than any provider or queue tries again."""


def claim_answer(desk: Desk, source: Source) -> bool:
    """Claim the answer to a message; False if it was answered before, or somebody is answering it now."""
    return desk.table.count_up(f"ANSWER#{source.channel}", source.key, desk.today + _REMEMBERED) == 1


def release_answer(desk: Desk, source: Source) -> None:
    """Give a claim back, because the answer could not be sent."""
    desk.table.take_back_count(f"ANSWER#{source.channel}", source.key)
