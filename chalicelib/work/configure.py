"""A new version of the school file."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.school import School
from chalicelib.ports import Schools

_WITH_HISTORY = ("goals", "practices", "teams", "groups")


def configure_school(schools: Schools, school: School) -> tuple[int, bool]:
    """Store a school file as the newest version, unless it says what the newest one says already.

    What an earlier version named and this one leaves out stays in it as retired: its stories keep their names.

    Returns:
        The newest version's number, and whether it is new.

    Raises:
        WriteConflict: if somebody else stored a version at the same time.
    """
    latest = schools.latest_school()
    if latest is None:
        schools.save_school(school, 1)
        return 1, True
    version, earlier = latest
    school = _keeping_history(school, earlier)
    if school == earlier:
        return version, False
    schools.save_school(school, version + 1)
    return version + 1, True


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
