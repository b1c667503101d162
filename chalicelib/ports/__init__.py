"""What the work needs of the world outside, in the field's words. Real parts are in `stores/`."""

from chalicelib.ports.messages import Inbox, Mailer, Texter, Undeliverable, Unsent
from chalicelib.ports.site import PublishedFile, Site
from chalicelib.ports.table import (
    NOTHING_ALONGSIDE,
    Alongside,
    Contacts,
    Schools,
    Seen,
    Source,
    StoredRollup,
    Table,
    Weeks,
    Wins,
)

__all__ = [
    "NOTHING_ALONGSIDE",
    "Alongside",
    "Contacts",
    "Inbox",
    "Mailer",
    "PublishedFile",
    "Schools",
    "Seen",
    "Site",
    "Source",
    "StoredRollup",
    "Table",
    "Texter",
    "Undeliverable",
    "Unsent",
    "Weeks",
    "Wins",
]
