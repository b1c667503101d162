"""What stories are counted by: halves of a year, months, answers to lessons, voices, and the findings said aloud."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fakes.desk import NOW, win_at
from fakes.pictures import picture_of
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.charts import voices as voices_chart
from chalicelib.domain.calendar import week_of
from chalicelib.domain.chart import Picture, Voices, voices_of
from chalicelib.domain.dimensions import DIMENSIONS, JOINT, answers_of, month_of, term_of
from chalicelib.domain.findings import say_aloud
from chalicelib.domain.rollup import count_week
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.win import Win

# halves of a school year, months


@pytest.mark.parametrize(
    ("day", "starts", "term"),
    [
        ("2026-08-24", "08-24", "2026-08"),
        ("2026-12-30", "08-24", "2026-08"),
        ("2027-01-04", "08-24", "2027-01"),
        ("2027-08-18", "08-24", "2027-01"),
        ("2026-12-28", "08-24", "2026-08"),  # W53: its Thursday is the last day of the year
        ("2020-12-28", "01-30", "2020-07"),
        ("2027-02-01", "01-30", "2027-01"),
        ("2027-01-04", "01-30", "2026-07"),
        ("2027-07-05", "01-30", "2027-07"),
    ],
)
def test_a_week_belongs_to_the_half_of_its_school_year_by_its_thursday(day: str, starts: str, term: str) -> None:
    assert term_of(week_of(date.fromisoformat(day)), starts) == term


@given(day=st.dates(date(2000, 1, 10), date(2060, 1, 1)), starts=st.dates(date(2026, 1, 1), date(2026, 12, 28)))
def test_halves_follow_each_other_and_none_is_longer_than_a_year(day: date, starts: date) -> None:
    first, second = (term_of(week_of(one), f"{starts:%m-%d}") for one in (day - timedelta(weeks=1), day))
    assert first <= second
    assert (date.fromisoformat(f"{second}-01") - day).days <= 6
    assert (day - date.fromisoformat(f"{second}-01")).days <= 372


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    assert [month_of(week) for week in ("2026-W40", "2026-W53", "2027-W01", "2024-W09")] == [
        *("2026-10", "2026-12", "2027-01", "2024-02"),
    ]


# answers


def answered_by(school: School, *kinds: str) -> tuple[Win, dict[str, str]]:
    lesson = win_at(school, kind="lesson", weeks_ago=5)
    many = [win_at(school, kind=kind).model_copy(update={"resolves": lesson.story_id}) for kind in kinds]
    return lesson, answers_of([count_week("2026-W43", [lesson]), count_week("2026-W48", many)])


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        ("", None),
        ("lesson", "again"),
        ("success", "resolved"),
        ("success lesson", "resolved"),
        ("lesson success", "resolved"),
    ],
)
def test_a_lesson_is_open_until_a_lesson_tries_it_again_or_a_success_resolves_it(
    sample_school: School, kinds: str, answer: str | None
) -> None:
    lesson, answers = answered_by(sample_school, *kinds.split())
    assert answers.get(lesson.story_id) == answer
    picture = picture_of(sample_school, [lesson])
    (cell,) = picture.rollups["2026-W43"].cells
    assert DIMENSIONS["answer"](cell, "2026-W43", picture.context) == ("open",)


def test_a_lesson_does_not_answer_itself_and_what_is_hidden_answers_nothing(sample_school: School) -> None:
    own = win_at(sample_school, kind="lesson")
    own = own.model_copy(update={"resolves": own.story_id})
    hidden = win_at(sample_school).model_copy(update={"resolves": own.story_id, "state": "hidden"})
    assert answers_of([count_week("2026-W48", [own, hidden])]) == {}


# pairs that belong together


def test_practices_and_levels_modes_and_goals_factors_and_sides_go_together(sample_school: School) -> None:
    win = win_at(
        sample_school,
        practices=[{"id": "wait-time", "level": "a"}, {"id": "talk-moves", "level": "d"}, {"id": "conferring"}],
        signs=["because", "book-talk"],
        helped=["time"],
        hindered=["help"],
    )
    picture = picture_of(sample_school, [win])
    modes = {sign.id: (goal.id, sign.mode) for goal in sample_school.goals for sign in goal.signs}
    expected = {
        ("practice", "level"): {("wait-time", "a"), ("talk-moves", "d")},
        ("goal", "mode"): {modes["because"], modes["book-talk"]},
        ("factor", "side"): {("time", "helped"), ("help", "hindered")},
    }
    assert JOINT.keys() == expected.keys()
    for (row, column), pairs in expected.items():
        counts = picture.counts(row, column)
        assert dict(counts.cells) == dict.fromkeys(pairs, 1)
        assert counts.n == 1


def test_a_sign_of_a_goal_that_was_merged_is_counted_under_the_goal_of_today(sample_school: School) -> None:
    first, second, *rest = sample_school.goals
    merged = (first, second.model_copy(update={"merged_into": first.id}), *rest)
    school = sample_school.model_copy(update={"goals": merged})
    cells = picture_of(school, [win_at(school, signs=["book-talk"])]).counts("goal", "mode").cells
    assert [goal for goal, _ in cells] == [first.id]


# voices


def test_different_names_are_counted_once_whatever_their_case_and_spaces() -> None:
    stories: list[dict[str, Any]] = [
        {"team": "primary", "author": "Ms. Rowe"},
        {"team": "primary", "author": "ms.  ROWE "},
        {"team": "primary", "author": "Mx. Ito"},
        {"team": "primary"},
        {"author": "Dr. Bo"},
    ]
    assert voices_of(stories) == {"primary": Voices(2, 1, 4), "": Voices(1, 0, 1)}
    assert voices_of([]) == {}


def test_small_teams_stand_together_and_no_name_is_in_the_chart(sample_school: School) -> None:
    author = {"mode": "named", "name": "Ms. Quetzal"}
    small = [team for team in sample_school.teams if team.id not in shown_by(sample_school).teams]
    wins = [win_at(sample_school, team=team.id, author=author) for team in sample_school.teams]
    chart = voices_chart.make(picture_of(sample_school, wins))
    assert len(small) > 1
    assert "Quetzal" not in repr(chart)
    names = {row[0] for row in chart.table["rows"]}
    assert not names & {team.name["en"] for team in small}
    (others,) = [row for row in chart.grid.rows if row.id == ""]
    people = [chart.grid.n("", part) for part in ("sure", "maybe", "unheard")]
    assert sum(people) >= sample_school.privacy.minimum_cell
    assert chart.grid.n("", "sure") == 1
    assert sum(people) == sum(team.headcount for team in small)
    assert str(sum(people)) in others.note


def test_never_more_people_are_heard_than_a_team_has_and_stories_of_five_weeks_ago_are_past(
    sample_school: School,
) -> None:
    def heard(wins: list[Win]) -> list[int]:
        grid = voices_chart.make(picture_of(sample_school, wins)).grid
        return [grid.n("primary", part) for part in ("sure", "maybe", "unheard")]

    size = next(team.headcount for team in sample_school.teams if team.id == "primary")
    named = [win_at(sample_school, team="primary", author={"mode": "named", "name": f"T{n}"}) for n in range(size + 3)]
    assert heard(named) == [size, 0, 0]
    assert heard([win_at(sample_school, team="primary") for _ in range(size + 3)]) == [0, size, 0]
    assert heard([named[0], win_at(sample_school, team="primary")]) == [1, 1, size - 2]
    assert heard([win_at(sample_school, team="primary", weeks_ago=4)]) == [0, 0, size]
    assert heard([win_at(sample_school, team="primary", weeks_ago=3)]) == [0, 1, size - 1]


# findings


def said(picture: Picture) -> list[tuple[str, str]]:
    return [(one.sentence, one.stories) for one in say_aloud(picture)]


def test_before_the_first_story_there_is_one_finding_which_says_how_to_begin(sample_school: School) -> None:
    ((sentence, stories),) = said(picture_of(sample_school, []))
    assert sentence.startswith("No stories yet")
    assert stories == ""


def test_of_all_goals_the_one_that_changed_most_is_said_and_this_week_is_not_over_yet(sample_school: School) -> None:
    ago = {"explain": [1, 2, 3, 6], "readers": [1, 6, 6, 7, 7, 8], "belong": [0] * 7, "families": [9]}
    wins = [win_at(sample_school, goals=[goal], weeks_ago=n) for goal, many in ago.items() for n in many]
    sentence, stories = said(picture_of(sample_school, wins))[0]
    assert sentence.startswith("“Every student chooses to read”: one story")
    assert sentence.endswith(" in four school weeks, 4 fewer than in the four before.")
    assert stories == "goal=readers&from=2026-10-26&to=2026-11-22"  # those four weeks, and nothing else


def test_the_longest_silence_and_the_open_lessons_are_said(sample_school: School) -> None:
    signs = [sign.id for sign in sample_school.signs if sign.offered]
    wins = [win_at(sample_school, signs=[sign], weeks_ago=1 if sign != "invites" else 5) for sign in signs]
    wins += [win_at(sample_school, kind="lesson", goals=["families"], weeks_ago=n) for n in (0, 11)]
    _, silence, lessons = said(picture_of(sample_school, wins))
    assert silence[1] == "sign=invites"
    assert "Students invite each other in" in silence[0]
    assert lessons == ("2 lessons wait for an answer, 0 of them for more than twelve weeks.", "answer=open")


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (3, 1, "3 stories in four school weeks, 2 more than in the four before"),
        (2, 4, "2 stories in four school weeks, 2 fewer than in the four before"),
        (2, 2, "as many stories"),
    ],
)
def test_a_change_is_told_with_both_numbers(sample_school: School, now: int, before: int, sentence: str) -> None:
    wins = [win_at(sample_school, goals=["explain"], weeks_ago=1) for _ in range(now)]
    wins += [win_at(sample_school, goals=["explain"], weeks_ago=6) for _ in range(before)]
    wins += [win_at(sample_school, weeks_ago=9)]
    (told, stories), *_ = said(picture_of(sample_school, wins))
    assert sentence in told
    assert stories.startswith("goal=explain&from=")


def test_a_school_that_has_just_begun_has_not_grown(sample_school: School) -> None:
    def first(weeks_ago: int) -> str:
        wins = [win_at(sample_school, goals=["explain"], weeks_ago=n) for n in range(1, weeks_ago + 1)]
        return said(picture_of(sample_school, wins))[0][0]

    assert first(7) == "7 stories so far: too early to speak of a change."
    assert first(8).startswith("Every goal has as many stories")


def test_a_silence_says_no_more_than_is_known(sample_school: School) -> None:
    offered = [sign for sign in sample_school.signs if sign.offered]

    def silence(weeks_ago: int) -> str:
        wins = [win_at(sample_school, signs=[sign.id], weeks_ago=n) for sign in offered[1:] for n in (0, 1)]
        wins.append(win_at(sample_school, signs=[offered[0].id], weeks_ago=weeks_ago))
        return said(picture_of(sample_school, wins, weeks=52))[1][0]

    assert silence(60) == "“Students say “because” without being asked” has not been told of in the last 52 weeks."
    assert silence(3).endswith("has not been told of for 2 school weeks.")
    assert silence(0) == silence(1) == "Every sign was told of in the last whole school week or since."


def test_a_sign_never_told_of_comes_before_all_others_and_ties_go_by_the_school_file(sample_school: School) -> None:
    offered = [sign for sign in sample_school.signs if sign.offered]
    wins = [win_at(sample_school, signs=[sign.id]) for sign in offered[:-2]]
    _, (sentence, stories), _ = said(picture_of(sample_school, wins))
    assert offered[-2].name["en"] in sentence
    assert "not been told of yet" in sentence
    assert stories == ""
    every = [win_at(sample_school, signs=[sign.id], weeks_ago=2) for sign in offered]
    _, (sentence, stories), _ = said(picture_of(sample_school, every))
    assert stories == f"sign={offered[0].id}"


def test_lessons_that_were_resolved_or_tried_again_do_not_wait(sample_school: School) -> None:
    lessons = [win_at(sample_school, kind="lesson", weeks_ago=8) for _ in range(3)]
    answers = [
        win_at(sample_school, kind=kind).model_copy(update={"resolves": one.story_id})
        for kind, one in zip(("success", "lesson"), lessons, strict=False)
    ]
    *_, (sentence, _) = said(picture_of(sample_school, [*lessons, *answers]))
    assert sentence.startswith("2 lessons wait")  # the third, and the one that tried the second again


def test_findings_speak_of_no_person_no_team_and_no_group(sample_school: School) -> None:
    author = {"mode": "named", "name": "Ms. Quetzal"}
    wins = [win_at(sample_school, team="primary", groups=["whole-class"], author=author, weeks_ago=n) for n in range(9)]
    spoken = " ".join(sentence + stories for sentence, stories in said(picture_of(sample_school, wins)))
    names = [one.name["en"] for one in (*sample_school.teams, *sample_school.groups)]
    assert not any(name in spoken for name in ("Quetzal", "primary", "whole-class", *names))


def test_now_is_a_wednesday_of_a_week_that_is_not_over() -> None:
    assert (week_of(NOW.date()), NOW.isoweekday()) == ("2026-W48", 3)
