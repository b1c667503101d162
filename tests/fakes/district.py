"""A district in memory: what it counted of its schools, and their sites; and an own, short sum over their cubes."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes.memory import MemorySite, MemoryTable

from chalicelib.domain.errors import WriteConflict
from chalicelib.domain.rollup import Rollup
from chalicelib.domain.school import School
from chalicelib.ports.district import Counted, NotRead, Share


class MemoryDistrict:
    """`ports.district.District` beside a table in memory."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table
        self._runs = map(str, itertools.count(1))
        self._run = ""
        self.counted: dict[str, Counted] = {}
        self.shares: dict[tuple[str, str], Share] = {}

    def counted_schools(self) -> dict[str, Counted]:
        return {**self.counted}

    def begin_run(self) -> str:
        self._run = next(self._runs)
        return self._run

    def shares_of(self, school: str, first: str, last: str) -> dict[str, Share]:
        return {week: one for (of, week), one in sorted(self.shares.items()) if of == school and first <= week <= last}

    def save_week(self, run: str, total: Rollup, replaces: int, shares: Mapping[str, Share | None]) -> None:
        self._held_by(run)
        self._table.save_rollup(total, replaces)
        self._table._mark(total.week)
        for school, share in shares.items():
            self.shares.pop((school, total.week), None)
            if share:
                self.shares[school, total.week] = share

    def save_counted(self, run: str, schools: Mapping[str, Counted | None]) -> None:
        self._held_by(run)
        for school, told in schools.items():
            self.counted.pop(school, None)
            if told:
                self.counted[school] = told

    def _held_by(self, run: str) -> None:
        if run != self._run:
            raise WriteConflict


@dataclass
class MemorySites:
    """`ports.district.OtherSites` over sites in memory; tells which files were read."""

    sites: dict[str, MemorySite] = field(default_factory=dict)
    reads: list[tuple[str, str]] = field(default_factory=list)
    meanwhile: Callable[[str, str], None] = lambda _school, _path: None

    def read_each(self, files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes | NotRead]:
        return {file: self._read(*file) for file in files}

    def _read(self, school: str, path: str) -> bytes | NotRead:
        self.reads.append((school, path))
        self.meanwhile(school, path)
        found = self.sites[school].read(path) if school in self.sites else None
        return found.body if found else NotRead("NoSuchKey")


def cubes_of(site: MemorySite) -> list[dict[str, Any]]:
    """Read all cubes that a site's manifest names."""
    manifest = json.loads(site.bodies["dashboard/manifest.json"])
    return [json.loads(site.bodies[entry["path"].lstrip("/")]) for entry in manifest["cubes"]]


def told(sites: Iterable[MemorySite], district: School) -> Counter[str]:
    """Count the stories of some sites by week and by each id that a district knows, cell by cell; each lesson too."""
    sums: Counter[str] = Counter()
    for cube in itertools.chain.from_iterable(map(cubes_of, sites)):
        for week, cell in ((entry["week"], cell) for entry in cube["cells"] for cell in entry["cells"]):
            named = dict(zip(cube["columns"], cell, strict=True))
            ids = [f"{what} {one}" for what in ("goals", "signs") for one in named[what] if district.find(what, one)]
            ids += [f"use {use} {level}" for use, level in named["practices"] if district.find("practices", use)]
            also = [named["kind"], f"by {named['channel']}", f"on {named['weekday']}"]
            also += [f"answers {bool(named['resolves'])}", f"can be answered {bool(named['lesson'])}"]
            sums.update({f"{week} {one}": named["n"] for one in ["all", *ids, *also]})
    return sums
