"""A district's counts follow those that its schools publish.

What a school's cube says of a week is the school's share in that week's total. A cube whose address is new is read, and
each week of which it says anything new is folded in as total - old share + new share: total, shares and the week's mark
in one step, and last that the school's cubes are counted. Whoever is interrupted leaves shares that the next run finds
to be right already. Publishing then counts the marked weeks, as it does for a school (`count.py`).

A school that published nothing new costs one read. One that can't be read keeps what was counted of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from chalicelib.domain.chart import Over
from chalicelib.domain.cube import Known, counted
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.rollup import Cell
from chalicelib.domain.school import School
from chalicelib.ports import Table
from chalicelib.ports.district import Counted, District, NotRead, OtherSites, Share
from chalicelib.work.places import MANIFEST
from chalicelib.work.school_files import manifest_of, weeks_of

_TRIES = 8
_AT_ONCE = 20
"""Schools whose changes are folded in together: a week's total is written once for all of them."""
_RECENT = timedelta(days=14)
_EARLIEST, _LATEST = "0000", "9999"

Change = tuple[Share | None, Share | None]
"""What a school had in a week and what it has now."""


@dataclass(frozen=True)
class Followed:
    """What a run found."""

    over: Over
    unread: list[str]
    """Ids of schools that could not be read, whose last counts stand."""


@dataclass(frozen=True)
class Following:
    """A district, its schools and the time."""

    table: Table
    district: District
    sites: OtherSites
    now: datetime

    def follow_schools(self, version: int, school: School) -> Followed:
        """Fold in what schools have published since the last run, and mark the weeks that changed.

        Args:
            version: the number of the district's file.
            school: that file; without the part `district` no school is counted, and what was is taken out.

        Raises:
            Problem: `busy`, if other runs were quicker every time.
        """
        for _ in range(_TRIES):
            try:
                return _Run(self, version, school).follow()
            except WriteConflict:
                continue
        raise Problem("busy")


@dataclass(frozen=True)
class _Run:
    parts: Following
    version: int
    school: School

    @cached_property
    def known(self) -> Known:
        """What is counted under."""
        return Known.of(self.school)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The ids of its schools."""
        return self.school.district.schools if self.school.district else ()

    def follow(self) -> Followed:
        schools = self.members
        before, today = self.parts.district.counted_schools(), self.parts.now.astimezone(self.school.zone).date()
        published, unread = self._published(schools)
        changed = [one for one, now in published.items() if not _same(before.get(one), now)]
        changed += sorted(before.keys() - {*schools})
        if changed:
            run = self.parts.district.begin_run()
            before = self.parts.district.counted_schools()
            for start in range(0, len(changed), _AT_ONCE):
                unread |= self._fold(run, before, changed[start : start + _AT_ONCE])
        days = [(published.get(one) or before.get(one)) for one in schools]
        recent = sum(date.fromisoformat(one.published) > today - _RECENT for one in days if one)
        return Followed(Over(len(schools), recent), sorted(unread))

    def _published(self, schools: Iterable[str]) -> tuple[dict[str, Counted], set[str]]:
        """Read what schools publish now; name those that can't be read."""
        bodies = self.parts.sites.read_each((one, MANIFEST) for one in schools)
        read, unread = dict[str, Counted](), set[str]()
        for (school, _), body in bodies.items():
            try:
                read[school] = manifest_of(body, self.school.zone, self.known.digest)
            except NotRead:
                unread.add(school)
        return read, unread

    def _fold(self, run: str, before: Mapping[str, Counted], schools: list[str]) -> set[str]:
        """Fold in what some schools publish now, and take out what is left of those that are no more of the district.

        Returns:
            Those that can't be read.
        """
        now, unread = self._published(one for one in schools if one in self.members)
        cubes = self.parts.sites.read_each(
            (school, told.cubes[year].removeprefix("/"))
            for school, told in now.items()
            for year in _years(before.get(school), told) & told.cubes.keys()
        )
        weeks: dict[str, dict[str, Change]] = defaultdict(dict)
        done: dict[str, Counted | None] = {}
        for school in (one for one in schools if one not in unread):
            try:
                changes = self._changes(school, before.get(school), now.get(school), cubes)
            except NotRead:
                unread.add(school)
                continue
            done[school] = now.get(school)
            for week, change in changes.items():
                weeks[week][school] = change
        for week in sorted(weeks):
            self._fold_week(run, week, weeks[week])
        self.parts.district.save_counted(run, done)
        return unread

    def _changes(
        self,
        school: str,
        before: Counted | None,
        now: Counted | None,
        cubes: Mapping[tuple[str, str], bytes | NotRead],
    ) -> dict[str, Change]:
        """Compare a school's shares with what its cubes say, in the years whose cubes are new or gone."""
        years = _years(before, now)
        cells: dict[str, tuple[str, Counter[Cell]]] = {}
        for year, path in now.cubes.items() if now else ():
            if year in years:
                read = weeks_of(cubes[school, path.removeprefix("/")], school, self.known)
                cells |= {week: (year, told) for week, told in read.items() if told}
        kept = before.cubes.keys() - years if before else set()
        first = f"{min(years)[:4]}-W01" if before and now and years else _EARLIEST
        stood = self.parts.district.shares_of(school, first, _LATEST)
        old = {week: share for week, share in stood.items() if share.school_year not in kept or week in cells}
        new = {}
        for week, (year, told) in cells.items():
            version = old[week].version if week in old else self.version
            new[week] = Share(year, version, counted(week, told, version))
        pairs = {week: (old.get(week), new.get(week)) for week in old.keys() | new.keys()}
        return {week: change for week, change in pairs.items() if change[0] != change[1]}

    def _fold_week(self, run: str, week: str, changes: Mapping[str, Change]) -> None:
        stored = self.parts.table.stored_rollup(week)
        cells = stored.rollup.cells.copy()
        for old, new in changes.values():
            cells.subtract(old.rollup.cells if old else {})
            cells.update(new.rollup.cells if new else {})
        total = counted(week, +cells, self.version)
        shares = {school: new for school, (_, new) in changes.items()}
        self.parts.district.save_week(run, total, stored.revision, shares)


def _same(before: Counted | None, now: Counted) -> bool:
    return before is not None and (before.cubes, before.known) == (now.cubes, now.known)


def _years(before: Counted | None, now: Counted | None) -> set[str]:
    """Name the school years whose cubes are new or gone; all, if they were counted under other ids."""
    old, new = before.cubes if before else {}, now.cubes if now else {}
    anew = before is None or now is None or before.known != now.known
    return {year for year in old.keys() | new.keys() if anew or old.get(year) != new.get(year)}
