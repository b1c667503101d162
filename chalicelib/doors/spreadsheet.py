"""A row of a file becomes a Submission and its time of arrival.

A sample row of a form's sheet, by heading:

`{"Timestamp": datetime(2026, 9, 23, 15, 4), "What did you see?": "Two hands up", "Kind": "Success",
  "Goals": "Every student belongs, readers", "Practices": "wait-time:b", "Email Address": "…"}`
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Kind, Submission
from chalicelib.doors.headings import plain
from chalicelib.doors.moments import arrival, day_of, read_moment
from chalicelib.doors.tags import Tags, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


KINDS: dict[str, Kind] = {
    **dict.fromkeys(("success", "successes", "win", "positive", "éxito", "exito", "logro"), "success"),
    **dict.fromkeys(("lesson", "lessons", "lesson learned", "lección", "leccion", "lección aprendida"), "lesson"),
}
"""What a kind is called in files; compared by `headings.plain`."""

_CONSENT = {**dict.fromkeys(("yes", "true", "sí", "si"), True), **dict.fromkeys(("no", "false"), False)}
_LONGEST_KIND = 40


@dataclass(frozen=True)
class Row:
    """One row: its number as a person counts them, its cells by heading, or why it can't be read at all."""

    number: int
    cells: Mapping[str, Any]
    broken: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A cell that has no value; the code says why."""

    code: str


@dataclass(frozen=True)
class Plan:
    """How a file is read: target → heading, what its kinds mean, how its dates are written."""

    columns: Mapping[str, str]
    kinds: Mapping[str, Kind]
    default_kind: Kind | None = None
    dates: tuple[str, ...] = ()
    link: str | None = None


Read = tuple[Submission, datetime]


def read_rows(rows: Iterable[Row], plan: Plan, school: School, now: datetime) -> Iterator[tuple[int, Read | Problem]]:
    """Read rows; yield for each its number and what was read, or what is wrong with it.

    The nonce names a row by what its columns hold and by how many equal rows came before it: so all of many equal
    rows are stored, and those of a file that grew keep their names.
    """
    reader, equal = _Reader(plan, school, now), Counter[str]()
    for row in rows:
        cells = {to: row.cells[heading] for to, heading in plan.columns.items() if _told(to, row.cells.get(heading))}
        content = json.dumps(cells, sort_keys=True, default=str)
        equal[content] += 1
        name = f"{content}\n{equal[content]}"
        try:
            yield row.number, reader.read(row, cells, hashlib.sha256(name.encode()).hexdigest())
        except Problem as problem:
            yield row.number, problem


def _told(target: str, cell: object) -> bool:
    """An empty cell tells nothing; an empty story is a blank one."""
    return cell is not None and (cell != "" or target == "story")


class _Reader:
    """Reads the rows of one file against one school."""

    def __init__(self, plan: Plan, school: School, now: datetime) -> None:
        self._plan = plan
        self._school = school
        self._now = now
        self._kinds = {plain(word): kind for word, kind in (KINDS | dict(plan.kinds)).items()}
        self._tags = Tags(school)

    def read(self, row: Row, cells: Mapping[str, Any], nonce: str) -> Read:
        """Read one row.

        Raises:
            Problem: `fields`, with everything that is wrong.
        """
        if row.broken:
            raise refused("row", row.broken)
        told: dict[str, Any] = {"nonce": nonce}
        if self._plan.link:
            told["link"] = self._plan.link
        problems: list[FieldProblem] = []
        arrived = self._now
        for target in dict.fromkeys(("kind", *self._plan.columns)):
            try:
                if target == "arrived":
                    arrived = self._arrived(cells.get(target))
                elif target != "id":
                    told |= self._told(target, cells)
            except Problem as problem:
                problems += problem.fields
        return _submission(told, problems), arrived

    def _told(self, target: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        cell = cells.get(target)
        if isinstance(cell, Unreadable):
            raise refused(target, cell.code)
        if target == "kind":
            return {"kind": self._kind(cell)}
        if cell is None:
            return {}
        if target == "occurred_on":
            day = day_of(read_moment(target, cell, self._plan.dates), self._school.zone)
            return {target: day.isoformat()}
        if target == "quotable":
            return {target: _consent(cell)}
        if isinstance(cell, date):
            cell = cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
        if target in {"author", "author_mode"}:
            return {"author": self._author(cells.get("author"), cells.get("author_mode"))}
        return {target: self._tags.read(target, cell)}

    def _kind(self, cell: object) -> object:
        if cell is None:
            if self._plan.default_kind is None:
                raise refused("kind", "kind_needed")
            return self._plan.default_kind
        if not isinstance(cell, str):
            raise refused("kind", "must_be_text")
        if len(cell) > _LONGEST_KIND:  # a column of stories, perhaps, which no report may repeat
            raise Problem("fields", (FieldProblem("kind", "too_long", {"most": _LONGEST_KIND}),))
        if (kind := self._kinds.get(plain(cell))) is None:
            raise refused("kind", "unknown_kind", cell)
        return kind

    def _arrived(self, cell: object) -> datetime:
        if cell is None:
            raise refused("arrived", "needed")
        if isinstance(cell, Unreadable):
            raise refused("arrived", cell.code)
        return arrival(read_moment("arrived", cell, self._plan.dates), self._school.zone, self._now)

    def _author(self, cell: object, mode: object) -> object:
        """A name alone is shown only if that is what the school does by default."""
        if cell is not None and not isinstance(cell, str):
            return cell
        mode = plain(mode) if isinstance(mode, str) else self._school.privacy.default_author
        return {"mode": mode, "name": cell}


def _consent(cell: object) -> object:
    """Read yes or no; nothing else is somebody's consent."""
    if not isinstance(cell, str):
        return cell
    if (said := _CONSENT.get(plain(cell))) is None:
        raise refused("quotable", "yes_or_no")
    return said


def _submission(told: Mapping[str, Any], problems: list[FieldProblem]) -> Submission:
    if "kind" not in told:  # its own problem is known; the rest is looked at all the same
        told = {**told, "kind": "lesson"}
    try:
        body = json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        problems.append(FieldProblem("row", "not_text"))
    else:
        try:
            submission = parse(Submission, body)
        except Problem as problem:
            problems += problem.fields or (FieldProblem("row", "not_valid"),)
    if problems:
        raise Problem("fields", tuple(problems))
    return submission
