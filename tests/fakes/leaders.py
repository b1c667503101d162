"""Sign-ins and the record in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.domain.view import View
from chalicelib.ports.leaders import Done


class MemorySignIns:
    """`ports.leaders.SignIns`."""

    def __init__(self) -> None:
        self.links: dict[str, tuple[str, datetime]] = {}
        self.sessions: dict[tuple[str, str], datetime] = {}

    def save_link(self, name: str, leader: str, until: datetime) -> None:
        self.links[name] = leader, until

    def take_link(self, name: str, now: datetime) -> str | None:
        leader, until = self.links.pop(name, ("", now))
        return leader if until > now else None

    def save_session(self, leader: str, name: str, until: datetime) -> None:
        self.sessions[leader, name] = until

    def has_session(self, leader: str, name: str, now: datetime) -> bool:
        return self.sessions.get((leader, name), now) > now

    def end_session(self, leader: str, name: str) -> None:
        self.sessions.pop((leader, name), None)

    def end_sessions(self, leader: str) -> None:
        for owner, name in list(self.sessions):
            if owner == leader:
                self.end_session(owner, name)


class MemoryViews:
    """`ports.passes.Views`."""

    def __init__(self) -> None:
        self.views: dict[str, View] = {}

    def save_view(self, view: View) -> None:
        self.views[view.name] = view

    def find_view(self, name: str, now: datetime) -> View | None:
        view = self.views.get(name)
        return view if view and view.until > now else None

    def standing_views(self, now: datetime) -> list[View]:
        return sorted(
            (view for view in self.views.values() if view.until > now), key=lambda view: (view.until, view.name)
        )

    def end_view(self, name: str) -> None:
        self.views.pop(name, None)


class OpenPasses:
    """`ports.passes.Passes` that can be read: the cookie is the resource and its end."""

    def sign(self, resource: str, until: datetime) -> dict[str, str]:
        return {"resource": resource, "until": until.isoformat()}


class MemoryRecord:
    """`ports.leaders.Record`."""

    def __init__(self) -> None:
        self.lines: list[Done] = []

    def add_done(self, done: Done) -> None:
        self.lines.append(done)

    def done_in(self, month: str) -> Iterator[Done]:
        return (done for done in self.lines if f"{done.when.astimezone(UTC):%Y-%m}" == month)

    def months(self) -> list[str]:
        return sorted({f"{done.when.astimezone(UTC):%Y-%m}" for done in self.lines})
