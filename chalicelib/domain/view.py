"""A link by which others look at the dashboard for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class View:
    """A link that stands; the secret in it is not kept."""

    name: str
    """A keyed hash of the link's secret."""
    leader: str
    """The keyed hash that names the leader who opened it."""
    until: datetime
    stories: bool
    """Whether stories are shown, or counts alone."""

    @property
    def short(self) -> str:
        """What leaders and the record call it by."""
        return self.name[:8]
