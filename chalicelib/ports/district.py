"""What a district needs of its schools, and what it keeps of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.rollup import Rollup


class NotRead(Exception):  # noqa: N818 - a fact about somebody else's files
    """A school's file could not be read. The argument is a code."""


class OtherSites(Protocol):
    """The published files of other schools; read, and never written."""

    def read_each(self, files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes | NotRead]:
        """Fetch files, each named by school and path; one that can't be read has the reason in its place."""


@dataclass(frozen=True)
class Counted:
    """Which published counts of a school are in the district's."""

    cubes: Mapping[str, str]
    """Address of the cube by school year."""
    known: str
    """Digest of the ids under which they were counted."""
    published: str
    """ISO day on which the school published them."""


@dataclass(frozen=True)
class Share:
    """What a school has in the district's counts of a week."""

    school_year: str
    """The school's own, whose cube it is from."""
    version: int
    """Of the district's file when the week was first counted."""
    rollup: Rollup


class District(Protocol):
    """What a district has counted of its schools.

    A run holds the counts until another begins: what is written by a run that lost them raises WriteConflict.
    """

    def counted_schools(self) -> dict[str, Counted]:
        """Return what is counted, by school."""

    def begin_run(self) -> str:
        """Take the counts over from any other run; return the run's name."""

    def shares_of(self, school: str, first: str, last: str) -> dict[str, Share]:
        """Return the shares of a school from a first week to a last, by week."""

    def save_week(self, run: str, total: Rollup, replaces: int, shares: Mapping[str, Share | None]) -> None:
        """Store a week's total, the shares of some schools (None: no more) in it, and its mark, all or nothing.

        Raises WriteConflict if another run took over, or the revision it replaces is no longer the stored one.
        """

    def save_counted(self, run: str, schools: Mapping[str, Counted | None]) -> None:
        """Store what is counted of some schools (None: nothing any more). Raises WriteConflict as above."""
