"""Random schools whose goals, teams and groups were merged and retired, and random wins told in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

from fakes.desk import NOW, win_at
from hypothesis import strategies as st

from chalicelib.domain.school import Group, School, Team
from chalicelib.domain.school_file import read_school
from chalicelib.domain.win import Channel, Factor, Win

KINDS = st.sampled_from(["success", "lesson"])
MODES = st.sampled_from(["looks", "sounds", "feels"])
LEVELS = st.sampled_from([{}, *({"level": level} for level in "abcde")])
NAMES = ("Ms. Rowe", "ms.  rowe", "Mx. Ito")
FACTORS = st.lists(st.sampled_from(get_args(Factor)), max_size=2, unique=True)


def _named(kind: str, n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"{kind}-{n}", "name": f"{kind} number {n}", **more}


SIZES = {"team": st.integers(1, 9), "group": st.none() | st.integers(1, 30)}


def _many(draw: st.DrawFn, kind: str, count: int) -> list[dict[str, Any]]:
    """Make things with ids; what is merged goes into one that comes later, so that there are no circles."""
    many = [_named(kind, n, retired=draw(st.booleans())) for n in range(count)]
    for n, one in enumerate(many):
        if n + 1 < count and draw(st.booleans()):
            one["merged_into"] = f"{kind}-{draw(st.integers(n + 1, count - 1))}"
        if kind in SIZES:
            one["headcount"] = draw(SIZES[kind])
    return many


@st.composite
def _schools(draw: st.DrawFn) -> School:
    """Make a school."""

    def some(kind: str, most: int) -> list[dict[str, Any]]:
        return _many(draw, kind, draw(st.integers(1, most)))

    goals, signs = some("goal", 4), some("sign", 5)
    for goal in goals:
        goal["signs"] = []
    for sign in signs:
        draw(st.sampled_from(goals))["signs"].append({**sign, "mode": draw(MODES)})
    breaks = [{"name": "Break", "from": "2026-10-12", "to": "2026-10-16"}] if draw(st.booleans()) else []
    raw = {
        "school": "random",
        "name": "Random School",
        "time_zone": draw(st.sampled_from(["America/New_York", "Pacific/Auckland"])),
        "languages": [draw(st.sampled_from(["en", "es"]))],
        "school_year": {"starts": draw(st.sampled_from(["08-24", "01-30"])), "breaks": breaks},
        "vision": "Everyone learns.",
        "goals": goals,
        "practices": [{**p, "variations": {level: {"name": level} for level in "abcde"}} for p in some("practice", 4)],
        "teams": some("team", 6),
        "groups": some("group", 4),
        "links": [{"code": "staff"}],
        "privacy": {"minimum_cell": draw(st.integers(2, 8))},
    }
    return read_school(raw)


SCHOOLS = _schools()


@st.composite
def later(draw: st.DrawFn, school: School) -> School:
    """Make the next version of a school's file: teams and groups grow, shrink, merge, part, retire and are added."""
    teams = _many(draw, "team", len(school.teams) + draw(st.integers(0, 1)))
    groups = _many(draw, "group", len(school.groups) + draw(st.integers(0, 1)))
    minimum = draw(st.just(school.privacy.minimum_cell) | st.integers(2, 8))
    return school.model_copy(
        update={
            "teams": tuple(Team.model_validate(one) for one in teams),
            "groups": tuple(Group.model_validate(one) for one in groups),
            "privacy": school.privacy.model_copy(update={"minimum_cell": minimum}),
        }
    )


def wins_of(school: School, most: int = 12, weeks: int = 1) -> st.SearchStrategy[list[Win]]:
    """Make wins of a school, some of them hidden or removed."""

    def ids(many: Any) -> Any:
        return st.lists(st.sampled_from([one.id for one in many]), max_size=3, unique=True)

    practice = st.builds(
        lambda one, level: {"id": one, **level},
        st.sampled_from([one.id for one in school.practices]),
        LEVELS,
    )
    told = st.fixed_dictionaries(
        {
            "kind": KINDS,
            "goals": ids(school.goals),
            "signs": ids(school.signs) if school.signs else st.just([]),
            "practices": st.lists(practice, max_size=3),
            "groups": ids(school.groups),
            "team": st.sampled_from([None, *(team.id for team in school.teams)]),
            "helped": FACTORS,
            "hindered": FACTORS,
            "author": st.sampled_from([{"mode": "anonymous"}, *({"mode": "named", "name": n} for n in NAMES), None]),
        }
    )
    state = st.sampled_from(["visible", "visible", "visible", "hidden", "held"])
    one_win = st.builds(
        lambda told, days_ago, channel, state: win_at(school, NOW - timedelta(days=days_ago), **told).model_copy(
            update={"state": state, "channel": channel}
        ),
        told,
        st.integers(0, 7 * weeks - 5) if weeks > 1 else st.just(0),
        st.sampled_from(get_args(Channel)),
        state,
    )
    return st.lists(one_win, max_size=most).flatmap(_answered)


def _answered(wins: list[Win]) -> st.SearchStrategy[list[Win]]:
    """Let some wins answer one of the lessons among them."""
    lessons = [None, *(win.story_id for win in wins if win.kind == "lesson")]
    answers = st.lists(st.sampled_from(lessons), min_size=len(wins), max_size=len(wins))
    return answers.map(
        lambda many: [
            win.model_copy(update={"resolves": one if one != win.story_id else None})
            for win, one in zip(wins, many, strict=True)
        ]
    )
