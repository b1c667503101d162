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
from chalicelib.domain.school import School, Tagged
from chalicelib.domain.win import Kind, Submission
from chalicelib.doors.headings import plain
from chalicelib.doors.moments import arrival, day_of, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


KINDS: dict[str, Kind] = {
    **dict.fromkeys(("success", "successes", "win", "positive", "éxito", "exito", "logro"), "success"),
    **dict.fromkeys(("lesson", "lessons", "lesson learned", "lección", "leccion", "lección aprendida"), "lesson"),
}
"""What a kind is called in files; compared by `headings.plain`."""

_NAMED: tuple[Tagged, ...] = ("goals", "signs", "practices", "groups", "teams")
_MOST_COMMAS = 12
_LONGEST_GIVEN = 80
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


def _problem(field: str, code: str, given: object = None) -> Problem:
    params: dict[str, str | int] = {} if given is None else {"given": str(given)[:_LONGEST_GIVEN]}
    return Problem("fields", (FieldProblem(field, code, params),))


class _Reader:
    """Reads the rows of one file against one school."""

    def __init__(self, plan: Plan, school: School, now: datetime) -> None:
        self._plan = plan
        self._school = school
        self._now = now
        self._kinds = {plain(word): kind for word, kind in (KINDS | dict(plan.kinds)).items()}
        self._ids: dict[str, dict[str, str]] = {what: _ids_by_name(school, what) for what in _NAMED}

    def read(self, row: Row, cells: Mapping[str, Any], nonce: str) -> Read:
        """Read one row.

        Raises:
            Problem: `fields`, with everything that is wrong.
        """
        if row.broken:
            raise _problem("row", row.broken)
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
            raise _problem(target, cell.code)
        if target == "kind":
            return {"kind": self._kind(cell)}
        if cell is None:
            return {}
        if target == "occurred_on":
            day = day_of(read_moment(target, cell, self._plan.dates), self._school.zone)
            return {target: day.isoformat()}
        if isinstance(cell, date):
            cell = cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
        if target in {"author", "author_mode"}:
            return {"author": self._author(cells.get("author"), cells.get("author_mode"))}
        return {target: self._tags(target, cell)}

    def _kind(self, cell: object) -> object:
        if cell is None:
            if self._plan.default_kind is None:
                raise _problem("kind", "kind_needed")
            return self._plan.default_kind
        if not isinstance(cell, str):
            raise _problem("kind", "must_be_text")
        if len(cell) > _LONGEST_KIND:  # a column of stories, perhaps, which no report may repeat
            raise Problem("fields", (FieldProblem("kind", "too_long", {"most": _LONGEST_KIND}),))
        if (kind := self._kinds.get(plain(cell))) is None:
            raise _problem("kind", "unknown_kind", cell)
        return kind

    def _arrived(self, cell: object) -> datetime:
        if cell is None:
            raise _problem("arrived", "needed")
        if isinstance(cell, Unreadable):
            raise _problem("arrived", cell.code)
        return arrival(read_moment("arrived", cell, self._plan.dates), self._school.zone, self._now)

    def _author(self, cell: object, mode: object) -> object:
        """A name alone is shown only if that is what the school does by default."""
        if cell is not None and not isinstance(cell, str):
            return cell
        mode = plain(mode) if isinstance(mode, str) else self._school.privacy.default_author
        return {"mode": mode, "name": cell}

    def _tags(self, target: str, cell: Any) -> Any:
        if target == "team" and isinstance(cell, str):
            return self._id("teams", "team", cell)
        if target not in {"goals", "signs", "groups", "practices"}:
            return cell
        many = self._split(target, cell) if isinstance(cell, str) else cell
        if not isinstance(many, list):
            return many
        read = self._practice if target == "practices" else lambda one: self._id(target, target, one)
        return [read(one) for one in many if one not in (None, "")]

    def _split(self, what: str, text: str) -> list[str]:
        """Split at `;` and `,`, but not inside a name that has commas of its own."""
        found: list[str] = []
        for piece in text.split(";"):
            parts = piece.split(",")
            while parts:
                runs = range(min(len(parts), _MOST_COMMAS), 1, -1)
                known = self._ids[what]
                size = next((n for n in runs if plain(",".join(parts[:n])) in known), 1)
                found.append(",".join(parts[:size]).strip())
                parts = parts[size:]
        return [one for one in found if one]

    def _id(self, what: str, field: str, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        known = self._ids[what].get(plain(given))
        if known is None:
            raise _problem(field, f"unknown_{what[:-1]}", given.strip())
        return known

    def _practice(self, given: Any) -> Any:
        if isinstance(given, dict):
            return given | {"id": self._id("practices", "practices", given["id"])} if "id" in given else given
        if not isinstance(given, str) or plain(given) in self._ids["practices"]:
            return {"id": self._id("practices", "practices", given)}
        name, _, level = given.rpartition(":")
        if not name:
            raise _problem("practices", "unknown_practice", given.strip())
        return {"id": self._id("practices", "practices", name), "level": level.strip().lower()}


def _ids_by_name(school: School, what: Tagged) -> dict[str, str]:
    """Ids by id and by name in any language; a retired one's name may be in use again. A name of two is nobody's."""
    found: dict[str, str] = {}
    many = getattr(school, what)
    for offered in (False, True):
        some = [one for one in many if one.offered is offered]
        owners = [(name, one.id) for one in some for name in {plain(word) for word in one.name.values()}]
        uses = Counter(name for name, _ in owners)
        found |= {name: owner for name, owner in owners if uses[name] == 1}
    return found | {plain(one.id): one.id for one in many}


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
