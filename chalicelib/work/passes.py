"""What opens the dashboard: a pass that can't be taken back and so lasts minutes, renewed by whoever still may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.view import View
    from chalicelib.ports.passes import Passes
    from chalicelib.work.desk import Desk

PASS_LASTS = timedelta(minutes=15)
DASHBOARD = "/dashboard/"
COUNTS = "/dashboard/counts/"
"""Where the same page stands without a story."""


def pass_for_leader(desk: Desk, passes: Passes) -> dict[str, str]:
    """Sign a pass for all of the dashboard and what leaders alone see beside it, as cookies by name."""
    return passes.sign(f"{desk.url}{DASHBOARD.removesuffix('/')}*", desk.now + PASS_LASTS)


def pass_for_view(desk: Desk, passes: Passes, view: View) -> dict[str, str]:
    """Sign a pass for what a link shows, no longer than the link stands."""
    return passes.sign(f"{desk.url}{opened_by(view)}*", min(desk.now + PASS_LASTS, view.until))


def opened_by(view: View) -> str:
    """Name the page that a link opens."""
    return DASHBOARD if view.stories else COUNTS
