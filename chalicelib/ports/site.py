"""What readers see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class PublishedFile:
    """A file as the site has it."""

    body: bytes
    tag: str
    """Changes with every write; names this very state when replacing it."""


class Site(Protocol):
    """The files readers see."""

    def read(self, path: str) -> PublishedFile | None:
        """Fetch a file, or None."""

    def digest_of(self, path: str) -> str | None:
        """Return the digest a file was written with, without fetching it."""

    def write(self, path: str, body: bytes, digest: str) -> None:
        """Write a file that may be replaced at any time."""

    def write_once(self, path: str, body: bytes) -> None:
        """Write a file whose path holds its digest, to be cached for ever."""

    def replace(self, path: str, body: bytes, tag: str | None) -> None:
        """Write a file if it still has this tag (None: does not exist). Raises WriteConflict if not."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files, the last one last; those already gone are no error."""

    def written_before(self, folder: str, moment: datetime) -> list[str]:
        """List the files under a folder that were last written before a moment."""
