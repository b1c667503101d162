"""A new version of the school file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.school import School
from chalicelib.domain.school_file import SchoolFileProblems
from chalicelib.ports import Schools
from chalicelib.ports.leaders import Done, Record

_WITH_HISTORY = ("goals", "practices", "teams", "groups")


@dataclass(frozen=True)
class By:
    """Who stores a version, and where that is written down."""

    record: Record
    who: str
    """The mail address of an admin."""
    now: datetime


def configure_school(
    schools: Schools, school: School, *, by: By | None = None, replaces: int | None = None
) -> tuple[int, bool]:
    """Store a school file as the newest version, unless it says what the newest one says already.

    What an earlier version named and this one leaves out stays in it as retired: its stories keep their names.

    Args:
        schools: where the versions are kept.
        school: the file.
        by: who stores it, where that is to be recorded.
        replaces: the version that whoever wrote this one had before them; None does not look.

    Returns:
        The newest version's number, and whether it is new.

    Raises:
        Problem: `changed_meanwhile`, if the newest version is not the one to be replaced.
        SchoolFileProblems: if it would make a district of a school, or a school of a district.
        WriteConflict: if somebody else stored a version at the same time, and none was named.
    """
    version, earlier = schools.latest_school() or (0, None)
    if replaces not in {None, version}:
        raise Problem("changed_meanwhile")
    if earlier is not None and (earlier.district is None) != (school.district is None):
        raise SchoolFileProblems(["district: a school stays one, and so does a district; make a stack of its own"])
    if earlier is not None and (school := _keeping_history(school, earlier)) == earlier:
        return version, False
    try:
        schools.save_school(school, version + 1)
    except WriteConflict:
        if replaces is None:
            raise
        raise Problem("changed_meanwhile") from None
    if by is not None:
        _record(by, version + 1, school, earlier)
    return version + 1, True


def says_the_same(school: School, earlier: School) -> bool:
    """Whether a file adds nothing to the newest version."""
    return _keeping_history(school, earlier) == earlier


def _record(by: By, version: int, school: School, earlier: School | None) -> None:
    """Write down a new version, and by itself whether a legal hold begins or ends with it."""
    by.record.add_done(Done(by.now, by.who, "changed_school", str(version)))
    held = earlier is not None and earlier.privacy.legal_hold
    if school.privacy.legal_hold != held:
        by.record.add_done(Done(by.now, by.who, "held_off" if held else "held_on", str(version)))


def _keeping_history(school: School, earlier: School) -> School:
    known_signs = {sign.id for sign in school.signs}
    goals = []
    for goal in school.goals:
        before = next((g for g in earlier.goals if g.id == goal.id), None)
        lost = _retired(s for s in before.signs if s.id not in known_signs) if before else ()
        goals.append(goal.model_copy(update={"signs": goal.signs + lost}))
    update: dict[str, Any] = {"goals": tuple(goals)}
    for what in _WITH_HISTORY:
        now = update.get(what, getattr(school, what))
        known = {one.id for one in now}
        lost = _retired(one for one in getattr(earlier, what) if one.id not in known)
        if what == "goals":
            lost = tuple(
                goal.model_copy(update={"signs": _retired(s for s in goal.signs if s.id not in known_signs)})
                for goal in lost
            )
        update[what] = now + lost
    return school.model_copy(update=update)


def _retired(many: Any) -> tuple[Any, ...]:
    return tuple(one if one.merged_into else one.model_copy(update={"retired": True}) for one in many)
