"""Tags as people write them in a file (ids or names, in any language) become ids of the school file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.domain.school import School, Tagged
from chalicelib.domain.win import FACTORS
from chalicelib.domain.words import LANGUAGES, say
from chalicelib.doors.headings import plain

_NAMED: tuple[Tagged, ...] = ("goals", "signs", "practices", "groups", "teams")
_SIDES = ("helped", "hindered")
_MOST_COMMAS = 12
LONGEST_GIVEN = 60


def refused(field: str, code: str, given: object = None) -> Problem:
    """Make the problem of one cell; a text too long for a tag is not repeated."""
    if (
        given is not None and len(str(given)) > LONGEST_GIVEN
    ):  # a column of stories, perhaps, which no report may repeat
        return Problem("fields", (FieldProblem(field, "too_long", {"most": LONGEST_GIVEN}),))
    return Problem("fields", (FieldProblem(field, code, {} if given is None else {"given": str(given)}),))


class Tags:
    """The tags of one school, by all that they are called."""

    def __init__(self, school: School) -> None:
        self._ids: dict[str, dict[str, str]] = {what: _ids_by_name(school, what) for what in _NAMED}
        self._ids |= {side: _factors_by_name(side) for side in _SIDES}

    def read(self, target: str, cell: Any) -> Any:
        """Turn the tags of a cell into ids; what is no text is left for the model to refuse.

        Raises:
            Problem: `fields`, naming a tag that the school does not have.
        """
        if target == "team" and isinstance(cell, str):
            return self._id("teams", "team", cell)
        if target not in {"goals", "signs", "groups", "practices", *_SIDES}:
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
            raise refused(field, "unknown_factor" if what in _SIDES else f"unknown_{what[:-1]}", given.strip())
        return known

    def _practice(self, given: Any) -> Any:
        if isinstance(given, dict):
            return given | {"id": self._id("practices", "practices", given["id"])} if "id" in given else given
        if not isinstance(given, str) or plain(given) in self._ids["practices"]:
            return {"id": self._id("practices", "practices", given)}
        name, _, level = given.rpartition(":")
        if not name:
            raise refused("practices", "unknown_practice", given.strip())
        return {"id": self._id("practices", "practices", name), "level": level.strip().lower()}


def _factors_by_name(side: str) -> dict[str, str]:
    """Factors by id and by what the form calls them in any language."""
    named: dict[str, str] = {plain(say(language, f"{side}.{one}")): one for one in FACTORS for language in LANGUAGES}
    return named | {plain(one): one for one in FACTORS}


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
