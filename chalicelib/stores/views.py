"""Links to look at the dashboard, in the school's table.

| item | pk     | sk         | other                                     |
|------|--------|------------|-------------------------------------------|
| view | `VIEW` | keyed hash | `leader`, `stories`, `until`, `expires`   |
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.view import View
from chalicelib.stores.dynamo import FRESH, Item, Items, key_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_VIEW = "VIEW"


class DynamoViews:
    """`ports.passes.Views` on DynamoDB."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._items = Items(client, name)

    def save_view(self, view: View) -> None:
        """See `ports.passes`. `until` decides; `expires` only lets DynamoDB clear away what is over."""
        seconds = {"N": str(int(view.until.timestamp()))}
        told = {"leader": {"S": view.leader}, "stories": {"BOOL": view.stories}, "until": seconds, "expires": seconds}
        self._items.write(self._items.put(key_of(_VIEW, view.name) | told, FRESH))

    def find_view(self, name: str, now: datetime) -> View | None:
        """See `ports.passes`."""
        item = self._items.get(key_of(_VIEW, name))
        view = _view(item) if item else None
        return view if view and view.until > now else None

    def standing_views(self, now: datetime) -> list[View]:
        """See `ports.passes`."""
        found = (_view(item) for item in self._items.query(_VIEW))
        return sorted((view for view in found if view.until > now), key=lambda view: (view.until, view.name))

    def end_view(self, name: str) -> None:
        """See `ports.passes`."""
        self._items.write(self._items.delete(key_of(_VIEW, name)))


def _view(item: Item) -> View:
    until = datetime.fromtimestamp(int(item["until"]["N"]), UTC)
    return View(item["sk"]["S"], item["leader"]["S"], until, stories=item["stories"]["BOOL"])
