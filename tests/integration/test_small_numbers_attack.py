"""Somebody keeps all that was ever published, knows the school's files, and subtracts."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from fakes.desk import NOW, win_at
from fakes.drawing import tabulate
from fakes.memory import MemorySite, MemoryTable
from fakes.random_school import SCHOOLS, later, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.school import Group, School, Team
from chalicelib.domain.small_numbers import shown_by
from chalicelib.domain.win import Author, Win
from chalicelib.work.publish import MANIFEST, Pages, publish

PLAIN = Pages(dashboards=lambda *_: {}, shell=lambda _: {}, look="plain")  # noqa: S604 - no command line
"""Where only stories and counts are read."""
OFTEN = settings(max_examples=30)
Label = tuple[str, ...]
"""The names beside a story; a team alone, or groups."""


@dataclass(frozen=True)
class Era:
    """What was told while one version of the school's file was in force, in a week of its own."""

    school: School
    wins: list[Win]


@dataclass(frozen=True)
class Publication:
    """What somebody read of one publication."""

    minimum: int
    stories: dict[str, dict[str, Any]]
    """By id, each with its `week`."""
    cells: Counter[tuple[Any, ...]]
    """How many stories by week, kind, goals, signs, practices, groups, team, weekday, lesson, resolves."""
    totals: dict[str, dict[str, int]]
    """By week: success, lesson, n."""
    channels: Counter[str]
    """How many stories came in each way; "" where the author is anonymous."""


# worlds


def one_of_each(school: School, week: Win) -> list[Win]:
    """Wins that name one team or one group each, and one that names none."""
    teams = [win_at(school, story="Told.", team=team.id) for team in school.teams]
    groups = [win_at(school, story="Told.", groups=[group.id]) for group in school.groups]
    return [in_week_of(week, win) for win in (*teams, *groups, win_at(school, story="Told."))]


def in_week_of(other: Win, win: Win) -> Win:
    return win.model_copy(update={"week": other.week, "day": other.day, "school_version": other.school_version})


@st.composite
def worlds(draw: st.DrawFn, most: int = 3) -> list[Era]:
    """Make a school whose teams, groups and minimum change, with one win of each kind and random ones in each era."""
    schools = [draw(SCHOOLS)]
    while len(schools) < most and draw(st.booleans()):
        schools.append(draw(later(schools[-1])))
    eras = []
    for version, school in enumerate(schools, 1):
        week = win_at(school, weeks_ago=len(schools) - version).model_copy(update={"school_version": version})
        wins = [in_week_of(week, win) for win in draw(wins_of(school, most=8))]
        eras.append(Era(school, [*wins, *one_of_each(school, week)]))
    return eras


def published(eras: Iterable[Era], pages: Pages = PLAIN) -> Iterator[MemorySite]:
    """Publish after each change: of the school's file, then again after its wins arrived, one of them alone."""
    table, site = MemoryTable(), MemorySite()
    for version, era in enumerate(eras, 1):
        table.save_school(era.school, version)
        for wins in ([], era.wins[:-1], era.wins[-1:]):
            for win in wins:
                table.save_win(win, None)
            publish(table, site, pages, tabulate, NOW)
            yield site


def read(site: MemorySite, minimum: int) -> Publication:
    files = {path: json.loads(body) for path, body in site.bodies.items() if path.endswith(".json")}
    manifest = files[MANIFEST]
    weeks = [files[entry["path"].lstrip("/")] for entry in manifest["stories"]]
    cubes = [files[entry["path"].lstrip("/")] for entry in manifest["cubes"]]
    cells: Counter[tuple[Any, ...]] = Counter()
    channels: Counter[str] = Counter()
    for cube in cubes:
        for week in cube["cells"]:
            for *columns, n in week["cells"]:
                told = dict(zip(cube["columns"][:-1], map(frozen, columns), strict=True))
                channels[told.pop("channel")] += n
                cells[week["week"], *told.values()] += n
    return Publication(
        minimum,
        {story["id"]: {**story, "week": week["week"]} for week in weeks for story in week["stories"]},
        cells,
        {week["week"]: week for cube in cubes for week in cube["weeks"]},
        channels,
    )


def frozen(value: Any) -> Any:
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def all_read(eras: list[Era]) -> list[Publication]:
    minima = [era.school.privacy.minimum_cell for era in eras for _ in range(3)]
    return [read(site, minimum) for site, minimum in zip(published(eras), minima, strict=True)]


# the attack


def team_of(story: dict[str, Any]) -> Label:
    return (story["team"],) if "team" in story else ()


def groups_of(story: dict[str, Any]) -> Label:
    return tuple(sorted(story.get("groups", ())))


def people(school: School, many: tuple[Team | Group, ...], ids: set[str], together: Callable[..., int]) -> int:
    """The fewest people whom some teams or groups may be; who left counts only if nobody else is meant."""
    what = "teams" if many is school.teams else "groups"
    meant = {school.today_as(what, one) for one in ids}  # type: ignore[arg-type]
    found = [one for one in many if one.id in meant]
    still_here = [one for one in found if not one.retired] or found
    return together([0, *(one.headcount or 0 for one in still_here)])


def points_at_too_few(school: School, what: str, ids: set[str], least: int) -> bool:
    """Whether stories that may be of these teams or groups, and of no other, are those of fewer than the minimum.

    Where they may be of any at all, nothing is told by them.
    """
    many = getattr(school, what)
    anybody = {one.id for one in many} <= ids
    return bool(ids) and not anybody and people(school, many, ids, sum if what == "teams" else max) < least


def unsigned(era: Era) -> list[Win]:
    return [win for win in era.wins if win.state == "visible" and win.author.mode != "named"]


def candidates(era: Era, what: str, history: Callable[[str], Any]) -> dict[Any, set[str]]:
    """For each history that a story's label had in what was published: the teams (groups) that it may be of."""
    found: dict[Any, set[str]] = defaultdict(set)
    for win in unsigned(era):
        told = [win.team] if what == "teams" else list(win.groups)
        if len(told) < 2:
            found[history(win.id[10:])].update(one for one in told if one)
    return found


def histories(publications: Iterable[Publication], label: Callable[..., Label]) -> Callable[[str], tuple[Any, ...]]:
    """Follow the label of a story through some publications; None where it was not there yet."""
    kept = list(publications)
    return lambda win: tuple(label(one.stories[win]) if win in one.stories else None for one in kept)


@given(eras=worlds())
@OFTEN
def test_no_publication_and_no_difference_of_two_points_at_fewer_people_than_the_minimum(eras: list[Era]) -> None:
    publications = all_read(eras)
    looks = [[one] for one in publications] + [list(two) for two in pairwise(publications)]
    for look in looks:
        least = min(one.minimum for one in look)
        for era in eras:
            for what, label in (("teams", team_of), ("groups", groups_of)):
                for history, ids in candidates(era, what, histories(look, label)).items():
                    assert not points_at_too_few(era.school, what, ids, least), (what, history, ids)


def slices(publication: Publication) -> Iterator[tuple[Any, Callable[[tuple[Any, ...]], bool]]]:
    """Every filter that a reader could set: a week, and in it a kind, a goal, a sign, a practice, or two of these."""
    single: dict[Any, Callable[[tuple[Any, ...]], bool]] = {(): lambda _: True}
    for cell in publication.cells:
        single["kind", cell[1]] = lambda other, kind=cell[1]: other[1] == kind  # type: ignore[misc]
        for column in (2, 3, 4):
            for one in cell[column]:
                single[column, one] = lambda other, one=one, column=column: one in other[column]  # type: ignore[misc]
    for week in publication.totals:
        for first, a in single.items():
            for second, b in single.items():
                yield (week, first, second), lambda cell, a=a, b=b, week=week: cell[0] == week and a(cell) and b(cell)  # type: ignore[misc]


@given(eras=worlds())
@OFTEN
def test_no_file_names_a_team_or_group_below_the_minimum_but_in_the_byline_of_its_author(eras: list[Era]) -> None:
    for number, publication in enumerate(all_read(eras)):
        school = eras[number // 3].school
        sizes = {one.id: one.headcount or 0 for one in (*school.teams, *school.groups)}
        named = {one for cell in publication.cells for one in (*cell[5], cell[6]) if one}
        named |= {one for story in publication.stories.values() for one in (*team_of(story), *groups_of(story))}
        assert all(sizes[one] >= publication.minimum for one in named)
        assert all("author" in story for story in publication.stories.values() if "author_team" in story)


@given(eras=worlds(most=2))
@OFTEN
def test_totals_minus_what_is_labelled_leave_only_stories_that_enough_people_could_have_told(eras: list[Era]) -> None:
    *_, publication = all_read(eras)
    school_of = {era.wins[-1].week: era for era in eras}
    could_be = {
        (week, what): candidates(era, what, histories([publication], label))
        for week, era in school_of.items()
        for what, label in (("teams", team_of), ("groups", groups_of))
    }
    for (week, *_), wanted in slices(publication):
        cells = Counter({cell: n for cell, n in publication.cells.items() if wanted(cell)})
        for what, label in (("teams", 6), ("groups", 5)):
            rest = cells.total() - sum(n for cell, n in cells.items() if cell[label])
            ids = could_be[week, what][((),)]
            assert not rest or not points_at_too_few(school_of[week].school, what, ids, publication.minimum)


@given(eras=worlds())
@OFTEN
def test_counts_tell_nothing_that_the_stories_do_not_tell(eras: list[Era]) -> None:
    for publication in all_read(eras):
        told = Counter(
            (
                story["week"],
                story["kind"],
                tuple(sorted(story.get("goals", ()))),
                tuple(sorted(story.get("signs", ()))),
                tuple(sorted((use["id"], use.get("level", "")) for use in story.get("practices", ()))),
                groups_of(story),
                story.get("team", ""),
                date.fromisoformat(story["day"]).isoweekday(),
                story["id"] if story["kind"] == "lesson" else "",
                story.get("resolves", ""),
            )
            for story in publication.stories.values()
        )
        assert publication.cells == told
        for week, total in publication.totals.items():
            kinds = Counter(story["kind"] for story in publication.stories.values() if story["week"] == week)
            assert (total["success"], total["lesson"], total["n"]) == (
                kinds["success"],
                kinds["lesson"],
                kinds.total(),
            )


@given(eras=worlds())
@OFTEN
def test_a_label_follows_from_team_and_groups_alone(eras: list[Era]) -> None:
    """So that no filter by anything else can part stories that are labelled alike."""
    publications = all_read(eras)
    for era in eras:
        for label in (team_of, groups_of):
            history = histories(publications[-1:], label)
            by_tags: dict[Any, set[Any]] = defaultdict(set)
            for win in unsigned(era):
                tags = win.team if label is team_of else frozenset(win.groups)
                by_tags[tags].add(history(win.id[10:]))
            assert all(len(labels) == 1 for labels in by_tags.values())


# worlds that differ only in what is hidden


@given(data=st.data(), eras=worlds())
@settings(OFTEN, max_examples=20)
def test_exchanging_what_is_hidden_changes_not_one_published_byte(data: st.DataObject, eras: list[Era]) -> None:
    other = [Era(era.school, [data.draw(told_by_another(era.school, win)) for win in era.wins]) for era in eras]
    pages = wiring.pages()
    for one, two in zip(published(eras, pages), published(other, pages), strict=True):
        assert one.bodies == two.bodies


def told_by_another(school: School, win: Win) -> st.SearchStrategy[Win]:
    """The same win of another hidden team or of none, and with other hidden groups; whoever signs keeps the team."""
    shown = shown_by(school)
    teams = [one.id for one in school.teams if school.today_as("teams", one.id) not in shown.teams]
    groups = [one.id for one in school.groups if school.today_as("groups", one.id) not in shown.groups]
    team = st.sampled_from([None, *teams]) if win.team in {None, *teams} else st.just(win.team)
    if win.author.mode == "named":
        team = st.just(win.team)
    seen = [one for one in win.groups if one not in groups]
    hidden = st.lists(st.sampled_from(groups), unique=True) if groups else st.just([])
    return st.builds(
        lambda team, hidden: win.model_copy(update={"team": team, "groups": (*hidden, *seen)}), team, hidden
    )


@given(eras=worlds())
@OFTEN
def test_who_signs_a_story_changes_nothing_but_its_own_byline(eras: list[Era]) -> None:
    nobody = [Era(era.school, [unsigned_copy(win) for win in era.wins]) for era in eras]
    for one, two in zip(all_read(eras), all_read(nobody), strict=True):
        assert one.cells == two.cells
        assert one.totals == two.totals
        assert one.channels == two.channels
        assert {win: without_byline(story) for win, story in one.stories.items()} == two.stories


def unsigned_copy(win: Win) -> Win:
    """The same win by an author who does not sign; who is anonymous stays so, as then the way it came is not told."""
    return win.model_copy(update={"author": Author(mode="confidential")}) if win.author.mode == "named" else win


def without_byline(story: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in story.items() if key not in {"author", "author_team"}}
