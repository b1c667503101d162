"""School files: what they may say, and how mistakes are told."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from fakes.memory import MemoryTable
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.school import Goal, School, in_language
from chalicelib.domain.school_file import SchoolFileProblems, read_school
from chalicelib.work.configure import configure_school
from infra.schoolfile import SAMPLE, load_school

RAW = yaml.safe_load(SAMPLE.read_text("utf-8"))
SMALLEST: dict[str, Any] = {
    "school": "tiny",
    "name": "Tiny School",
    "time_zone": "Europe/Prague",
    "school_year": {"starts": "09-01"},
    "vision": "Everyone learns.",
    "goals": [{"id": "talk", "name": "Everyone talks"}],
}


def lines_of(raw: object) -> list[str]:
    with pytest.raises(SchoolFileProblems) as caught:
        read_school(raw)
    return caught.value.lines


def changed(path: str, value: object) -> dict[str, Any]:
    """Copy the sample with one thing different."""
    raw = copy.deepcopy(RAW)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place: Any = raw
    for step in steps:
        place = place[step]
    place[last] = value
    return dict(raw)


def test_the_sample_is_right() -> None:
    school = load_school(SAMPLE)
    assert len(school.goals) == 4
    assert school.link("oak7") is not None


def test_the_smallest_file_is_right_and_has_careful_defaults() -> None:
    school = read_school(SMALLEST)
    assert (school.privacy.minimum_cell, school.privacy.default_author, school.open_door) == (5, "confidential", False)


def test_a_school_reads_back_from_its_json() -> None:
    school = load_school(SAMPLE)
    assert School.model_validate_json(school.model_dump_json(exclude_defaults=True, by_alias=True)) == school


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("goals/2/signs/0/mode", "smells", "goals[2].signs[0].mode: must be looks, sounds or feels"),
        ("time_zone", "Mars/Base", "time_zone: must be a time zone such as America/New_York"),
        ("school_year/starts", "13-40", 'school_year.starts: must be a month and day in quotes, such as "08-24"'),
        ("school_year/starts", "02-29", 'school_year.starts: must be a month and day in quotes, such as "08-24"'),
        ("teams/0/headcount", "nine", "teams[0].headcount: must be a whole number"),
        ("links/0/goal", "nope", "links[0].goal: nope is not among goals"),
        ("links/1/team", "nope", "links[1].team: nope is not among teams"),
        ("links/1/code", "oak7", "links[1].code: oak7 is used twice among links"),
        ("links/1/code", "OAK 7", "links[1].code: must be 3 to 24 small letters, digits or dashes"),
        ("goals/1/id", "explain", "goals[1].id: explain is used twice among goals"),
        ("goals/0/id", "Explain It", "goals[0].id: must be 1 to 40 small letters, digits or dashes"),
        ("goals/0/merged_into", "nope", "goals[0].merged_into: nope is not another of the goals"),
        ("goals/0/merged_into", "explain", "goals[0].merged_into: explain is not another of the goals"),
        ("leaders/0/email", "dana", "leaders[0].email: must be a mail address"),
        ("school_year/breaks/0/from", "soon", "school_year.breaks[0].from: must be a date, such as 2026-11-25"),
        ("open_door", "perhaps", "open_door: must be true or false"),
        ("goals/0/color", "red", "goals[0].color: is not a known key; check its spelling"),
        ("languages", ["fr"], "languages[0]: must be en or es"),
    ],
)
def test_a_mistake_names_its_place_and_the_mend(path: str, value: object, line: str) -> None:
    assert line in lines_of(changed(path, value))


def test_a_break_that_ends_before_it_begins_is_a_mistake() -> None:
    raw = copy.deepcopy(RAW)
    raw["school_year"]["breaks"][0]["to"] = raw["school_year"]["breaks"][0]["from"].replace(year=2024)
    assert lines_of(raw) == ["school_year.breaks[0].to: must not be before 2025-10-13"]


def test_all_mistakes_are_told_at_once() -> None:
    raw = changed("goals/2/signs/0/mode", "smells")
    raw["time_zone"], raw["links"][0]["goal"] = "Mars/Base", "nope"
    del raw["name"]
    places = {line.partition(":")[0] for line in lines_of(raw)}
    assert places == {"goals[2].signs[0].mode", "time_zone", "links[0].goal", "name"}


def test_goals_merged_in_a_circle_are_a_mistake() -> None:
    raw = changed("goals/0/merged_into", "readers")
    raw["goals"][1]["merged_into"] = "explain"
    assert lines_of(raw) == [f"goals[{n}].merged_into: these goals are merged in a circle" for n in (0, 1)]


@pytest.mark.parametrize("raw", [None, [], "text", 5, {}, {"goals": None}, {"goals": [None]}, {"links": {"a": 1}}])
def test_what_is_no_school_file_is_told_so(raw: object) -> None:
    assert all(": " in line for line in lines_of(raw))


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RAW, "id", "signs"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(key=st.sampled_from([*RAW]), value=THINGS)
def test_reading_a_file_never_raises_anything_but_its_mistakes(key: str, value: object) -> None:
    try:
        assert isinstance(read_school({**RAW, key: value}), School)
    except SchoolFileProblems as problems:
        assert problems.lines  # noqa: PT017 - either is right


def test_merges_are_followed_to_the_end() -> None:
    raw = changed("goals/0/merged_into", "readers")
    raw["goals"][1]["merged_into"] = "belong"
    school = read_school(raw)
    assert [school.today_as("goals", one) for one in ("explain", "readers", "belong", "unknown")] == [
        "belong",
        "belong",
        "belong",
        "unknown",
    ]


@pytest.mark.parametrize("code", ["oak7", "OAK7", " Oak7 "])
def test_a_link_code_is_found_however_it_is_typed(code: str) -> None:
    link = read_school(RAW).link(code)
    assert link is not None
    assert link.goal == "explain"


def test_a_text_is_shown_in_the_nearest_language() -> None:
    assert in_language({"en": "a", "es": "b"}, "es") == "b"
    assert in_language({"any": "a"}, "es") == "a"
    assert in_language({"en": "a"}, "es") == "a"


# versions


class Kept:
    """Versions in a list."""

    def __init__(self) -> None:
        self.versions: list[School] = []

    def latest_school(self) -> tuple[int, School] | None:
        return (len(self.versions), self.versions[-1]) if self.versions else None

    def school_at(self, version: int) -> School:
        return self.versions[version - 1]

    def save_school(self, school: School, version: int) -> None:
        assert version == len(self.versions) + 1
        self.versions.append(school)


def test_the_same_file_twice_is_one_version() -> None:
    kept = Kept()
    assert configure_school(kept, load_school(SAMPLE)) == (1, True)
    assert configure_school(kept, load_school(SAMPLE)) == (1, False)


def test_what_is_left_out_stays_as_retired() -> None:
    kept = Kept()
    configure_school(kept, load_school(SAMPLE))
    raw = copy.deepcopy(RAW)
    del raw["goals"][3], raw["goals"][0]["signs"][0], raw["practices"][5], raw["teams"][5], raw["groups"][3]
    raw["links"] = [link for link in raw["links"] if link["code"] != "fir9"]
    assert configure_school(kept, read_school(raw)) == (2, True)
    school = kept.versions[-1]
    for what, one in [
        ("goals", "families"),
        ("signs", "because"),
        ("signs", "home-link"),
        ("practices", "home-calls"),
        ("teams", "arts"),
        ("groups", "new-this-year"),
    ]:
        found = school.find(what, one)
        assert found is not None, one
        assert found.retired, one
    assert configure_school(kept, read_school(raw)) == (2, False)


def test_what_was_retired_can_come_back() -> None:
    kept = Kept()
    configure_school(kept, load_school(SAMPLE))
    raw = copy.deepcopy(RAW)
    del raw["practices"][5]
    configure_school(kept, read_school(raw))
    configure_school(kept, load_school(SAMPLE))
    practice = kept.versions[-1].find("practices", "home-calls")
    assert practice is not None
    assert practice.offered


def test_a_sign_that_moves_to_another_goal_is_there_once() -> None:
    kept = Kept()
    configure_school(kept, load_school(SAMPLE))
    raw = copy.deepcopy(RAW)
    raw["goals"][1]["signs"].append(raw["goals"][0]["signs"].pop(0))
    configure_school(kept, read_school(raw))
    school = kept.versions[-1]
    assert [sign.id for sign in school.signs].count("because") == 1
    assert school.goal_of("because") == "readers"


def test_a_school_may_replace_all_its_goals_and_is_still_read(sample_school: School) -> None:
    table = MemoryTable()
    for letter in "abc":
        goals = tuple(Goal(id=f"{letter}{n}", name={"any": f"Goal {n}"}) for n in range(12))
        configure_school(table, sample_school.model_copy(update={"goals": goals}))
    version, school = table.latest_school() or (0, sample_school)
    assert (version, len(school.goals)) == (3, 36)
    assert School.model_validate_json(school.model_dump_json(by_alias=True)) == school
    assert [goal.id for goal in school.goals if goal.offered] == [f"c{n}" for n in range(12)]


def a_district(**more: Any) -> dict[str, Any]:
    return {**SMALLEST, "school": "all-schools", "district": {"schools": ["maple-row", "oak"]}, **more}


def test_a_district_names_its_schools() -> None:
    district = read_school(a_district()).district
    assert district is not None
    assert district.schools == ("maple-row", "oak")
    told = read_school(a_district()).model_dump(by_alias=True)
    assert read_school(told) == read_school(a_district()), "as the API reads a file back"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"district": {"schools": []}}, "district.schools: needs at least 1"),
        ({"district": {}}, "district.schools: is needed"),
        ({"district": ["oak"]}, "district: must be a mapping (key: value)"),
        (
            {"district": {"schools": ["Oak", "elm"]}},
            "district.schools[0]: must be 1 to 40 small letters, digits or dashes",
        ),
        ({"district": {"schools": ["oak", "elm", "oak"]}}, "district.schools[2]: oak is named twice"),
        ({"district": {"schools": ["oak", "all-schools"]}}, "district.schools[1]: all-schools is the district itself"),
        ({"links": [{"code": "staff"}]}, "links: a district receives no wins; leave it out"),
        ({"teams": [{"id": "a", "name": "A", "headcount": 9}]}, "teams: a district receives no wins; leave it out"),
    ],
)
def test_a_mistake_in_a_districts_file_names_its_place_and_the_mend(more: dict[str, Any], line: str) -> None:
    assert lines_of(a_district(**more)) == [line]


def test_a_school_does_not_become_a_district() -> None:
    table = MemoryTable()
    configure_school(table, read_school({**SMALLEST, "school": "all-schools"}))
    with pytest.raises(SchoolFileProblems, match="a school stays one"):
        configure_school(table, read_school(a_district()))
