"""Mails and texts that come in and go out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Undeliverable(Exception):  # noqa: N818 - a fact about an address
    """This message can never be delivered; trying again would not help. The argument is the provider's code."""


class Unsent(Exception):  # noqa: N818 - a fact about a message
    """This message surely was not sent, and may be tried again. The argument is the provider's code."""


class Mailer(Protocol):
    """Mail that the school sends. What it raises besides leaves open whether the mail was sent."""

    def send_mail(self, recipient: str, message: bytes) -> None:
        """Send a whole MIME message. Raises Undeliverable, Unsent."""


class Texter(Protocol):
    """Text messages that the school sends. What it raises besides leaves open whether the text was sent."""

    def send_text(self, sender: str, recipient: str, body: str) -> None:
        """Send a text between two numbers (E.164). Raises Undeliverable, Unsent."""


class Inbox(Protocol):
    """Mail that arrived and waits to be read."""

    def names(self) -> Iterator[str]:
        """Name all mails that lie there."""

    def fetch_mail(self, name: str, most: int) -> tuple[bytes, int] | None:
        """Fetch the first `most` bytes of a mail and its whole size, or None if it is gone."""

    def remove_mail(self, name: str) -> None:
        """Remove a mail; one that is gone is no error."""
