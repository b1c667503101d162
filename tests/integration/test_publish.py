"""Publishing: what readers find after a run, after a broken run, and after nothing happened."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from fakes.desk import NOW, desk_at, labels_of, submission, win_at
from fakes.drawing import tabulate
from fakes.memory import Fuse, Fused, Killed, MemorySite, MemoryTable
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.appearance import shown_groups, shown_team
from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School, Team
from chalicelib.domain.win import Change, Win
from chalicelib.ports import Site, Table
from chalicelib.stores.bucket import SiteBucket
from chalicelib.stores.table import DynamoTable, connect
from chalicelib.work.amend import change_win, remove_win
from chalicelib.work.configure import configure_school
from chalicelib.work.desk import receipt_for
from chalicelib.work.places import SALT
from chalicelib.work.publish import COUNTS_PAGE, LEADERS_PAGE, MANIFEST, PAGE, Published, publish
from chalicelib.work.submit import submit_win

ROOT = Path(__file__).parent.parent.parent
TOMORROW = NOW + timedelta(days=1)


def run(table: Table, site: Site, now: datetime = NOW) -> Published:
    return publish(table, site, wiring.pages(), tabulate, now)


def manifest_of(site: Site) -> dict[str, Any]:
    found = site.read(MANIFEST)
    assert found is not None
    manifest: dict[str, Any] = json.loads(found.body)
    return manifest


def published(site: Site, path: str) -> dict[str, Any]:
    found = site.read(path.lstrip("/"))
    assert found is not None, f"{path} is named but not there"
    body: dict[str, Any] = json.loads(found.body)
    return body


def chart_of(site: Site, chart: str) -> dict[str, Any]:
    path = next(entry["path"] for entry in manifest_of(site)["charts"] if entry["id"] == chart)
    body: dict[str, Any] = published(site, path)[chart]
    return body


def stories_of(site: Site) -> list[dict[str, Any]]:
    return [story for entry in manifest_of(site)["stories"] for story in published(site, entry["path"])["stories"]]


def counts_in_cubes(site: Site) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in manifest_of(site)["cubes"]:
        for week in published(site, entry["path"])["cells"]:
            counts[week["week"]] = sum(cell[-1] for cell in week["cells"])
    return counts


def named_files(site: Site) -> set[str]:
    manifest = manifest_of(site)
    entries = [*manifest["charts"], *manifest["cubes"], *manifest["stories"]]
    files = {entry[key].lstrip("/") for entry in entries for key in ("path", "leaders") if key in entry}
    return files | set(manifest["shell"]) | set(manifest["pages"]) | {MANIFEST, SALT}


def stories_paths(site: Site) -> dict[str, str]:
    return {entry["week"]: entry["path"] for entry in manifest_of(site)["stories"]}


@pytest.fixture
def table(sample_school: School) -> MemoryTable:
    """A school with wins in four weeks of two school years."""
    table = MemoryTable()
    table.save_school(sample_school, 1)
    for weeks_ago in (0, 1, 5, 30):
        for kind in ("success", "lesson"):
            told = {"kind": kind, "signs": ["because"], "practices": [{"id": "wait-time"}], "team": "primary"}
            table.save_win(win_at(sample_school, weeks_ago=weeks_ago, story=f"{kind}, {weeks_ago} ago", **told), None)
    return table


@pytest.fixture
def site() -> MemorySite:
    """A site nobody has written to."""
    return MemorySite()


def oldest(table: MemoryTable) -> Win:
    return table.wins_of(table.weeks()[0])[0]


# what happens between two runs


def nothing(_table: MemoryTable) -> None:
    pass


def new_win(table: MemoryTable) -> None:
    submit_win(desk_at(table, table.schools[1]), submission("A new one."), "web")


def new_win_of_an_old_week(table: MemoryTable) -> None:
    submit_win(desk_at(table, table.schools[1]), submission("Found in a drawer."), "spreadsheet", NOW - timedelta(90))


def edit_of_an_old_win(table: MemoryTable) -> None:
    old = oldest(table)
    table.replace_win(old, old.model_copy(update={"story": "mended", "revision": old.revision + 1}))


def removal_of_an_old_win(table: MemoryTable) -> None:
    desk = desk_at(table, table.schools[1])
    remove_win(desk, receipt_for(desk, oldest(table)).token)


def removal_of_all_of_an_old_week(table: MemoryTable) -> None:
    desk = desk_at(table, table.schools[1])
    for win in table.wins_of(table.weeks()[0]):
        remove_win(desk, receipt_for(desk, win).token)


def renamed_goal(table: MemoryTable) -> None:
    school = table.schools[1]
    goals = (school.goals[0].model_copy(update={"name": {"any": "Everyone explains"}}), *school.goals[1:])
    configure_school(table, school.model_copy(update={"goals": goals}))


def higher_minimum_cell(table: MemoryTable) -> None:
    school = table.schools[1]
    configure_school(
        table, school.model_copy(update={"privacy": school.privacy.model_copy(update={"minimum_cell": 10})})
    )


CHANGES = [
    new_win,
    new_win_of_an_old_week,
    edit_of_an_old_win,
    removal_of_an_old_win,
    removal_of_all_of_an_old_week,
    renamed_goal,
    higher_minimum_cell,
]


def test_everything_the_manifest_names_is_there_and_nothing_else(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    assert set(site.files) == named_files(site)
    assert len(stories_of(site)) == 8
    assert sum(counts_in_cubes(site).values()) == 8


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_nothing_is_left_of_what_was_replaced(
    table: MemoryTable, site: MemorySite, change: Callable[[MemoryTable], None]
) -> None:
    run(table, site)
    change(table)
    run(table, site)
    assert set(site.files) == named_files(site)


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_after_a_change_publishes_what_a_fresh_site_would_hold(
    table: MemoryTable, site: MemorySite, change: Callable[[MemoryTable], None]
) -> None:
    run(table, site)
    change(table)
    run(table, site)
    afresh = MemorySite()
    run(table, afresh)
    without_manifest = {path: body for path, body in site.bodies.items() if path != MANIFEST}
    assert without_manifest == {path: body for path, body in afresh.bodies.items() if path != MANIFEST}
    assert manifest_of(site)["version"] == manifest_of(afresh)["version"]


@pytest.mark.parametrize(
    ("change", "now"), [*((one, NOW) for one in CHANGES), (nothing, TOMORROW), (new_win, TOMORROW)]
)
def test_killed_between_any_two_writes_and_run_again_it_ends_like_a_clean_run(
    table: MemoryTable, site: MemorySite, change: Callable[[MemoryTable], None], now: datetime
) -> None:
    run(table, site)
    change(table)
    writes = killed_and_run_again(table, site, now)
    assert writes >= (2 if change is nothing else 4)


def test_a_first_publication_killed_between_its_writes_ends_like_a_clean_run(
    table: MemoryTable, site: MemorySite
) -> None:
    assert killed_and_run_again(table, site, NOW, every=3) > 20


def killed_and_run_again(table: MemoryTable, site: MemorySite, now: datetime, every: int = 1) -> int:
    """Compare ways to be killed with a clean run; return how many writes a clean run has."""
    clean_table, clean_site, counter = snapshot(table), snapshot(site), Fuse()
    run(Fused(clean_table, counter), Fused(clean_site, counter), now)
    for before_write in range(0, counter.writes, every):
        again_table, again_site, fuse = snapshot(table), snapshot(site), Fuse(before_write)
        with pytest.raises(Killed):
            run(Fused(again_table, fuse), Fused(again_site, fuse), now)
        run(again_table, again_site, now)
        assert again_site.bodies == clean_site.bodies, f"killed before write {before_write}"
        assert again_table.changed == clean_table.changed == {}, f"killed before write {before_write}"
        assert {w: body for w, (body, _) in again_table.stored.items()} == {
            w: body for w, (body, _) in clean_table.stored.items()
        }
    return counter.writes


def snapshot(part: Any) -> Any:
    """Copy a table or site; locks stay with each copy."""
    fresh = type(part)()
    for name, value in vars(part).items():
        if not name.startswith("_"):
            setattr(fresh, name, copy.copy(value))
    # stamps and tags must go on where they were
    for name in ("_stamps", "_tags"):
        if hasattr(part, name):
            setattr(fresh, name, copy.copy(getattr(part, name)))
    return fresh


def test_a_publication_killed_while_readers_look_is_never_half_seen(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    before = manifest_of(site)
    new_win(table)
    counter = Fuse()
    clean_site = snapshot(site)
    run(Fused(snapshot(table), counter), Fused(clean_site, counter))
    after = manifest_of(clean_site)
    for before_write in range(counter.writes):
        fuse, seen = Fuse(before_write), snapshot(site)
        with pytest.raises(Killed):
            run(Fused(snapshot(table), fuse), Fused(seen, fuse))
        assert manifest_of(seen)["version"] in {before["version"], after["version"]}
        assert named_files(seen) <= set(seen.files)


def test_nothing_changed_means_not_a_single_write(table: MemoryTable, site: MemorySite) -> None:
    first = run(table, site)
    counter = Fuse(before_write=0)
    again = run(Fused(table, counter), Fused(site, counter), NOW + timedelta(minutes=10))
    assert (again.version, again.weeks, again.wrote) == (first.version, [], 0)


def test_a_win_taken_back_before_it_was_published_leaves_nothing(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    before = dict(site.bodies)
    desk = desk_at(table, table.schools[1])
    receipt = submit_win(desk, submission("Never mind."), "web")
    remove_win(desk, receipt.token)
    run(table, site)
    assert {path for path in site.bodies if path != MANIFEST} == {path for path in before if path != MANIFEST}
    assert not any(b"Never mind" in body for body in site.bodies.values())


def test_a_win_taken_back_after_its_publication_was_killed_is_on_no_page(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    before = dict(site.bodies)
    desk = desk_at(table, table.schools[1])
    receipt = submit_win(desk, submission("Never mind."), "web")
    counter = Fuse()
    run(Fused(snapshot(table), counter), Fused(snapshot(site), counter))
    for before_write in range(counter.writes):
        again_table, again_site, fuse = snapshot(table), snapshot(site), Fuse(before_write)
        with pytest.raises(Killed):
            run(Fused(again_table, fuse), Fused(again_site, fuse))
        remove_win(desk_at(again_table, table.schools[1]), receipt.token)
        run(again_table, again_site, NOW + timedelta(minutes=10))
        assert {p: b for p, b in again_site.bodies.items() if p != MANIFEST} == {
            p: b for p, b in before.items() if p != MANIFEST
        }, f"killed before write {before_write}"


@pytest.mark.parametrize("change", [edit_of_an_old_win, removal_of_an_old_win, new_win_of_an_old_week])
def test_changing_an_old_week_changes_exactly_its_stories_file(
    table: MemoryTable, site: MemorySite, change: Callable[[MemoryTable], None]
) -> None:
    run(table, site)
    before, cubes = stories_paths(site), {c["school_year"]: c["path"] for c in manifest_of(site)["cubes"]}
    (marked,) = [change(table), set(table.changed_weeks())][1:]
    done = run(table, site)
    after = stories_paths(site)
    assert {week for week in {*before, *after} if before.get(week) != after.get(week)} == marked == set(done.weeks)
    year_of_today = manifest_of(site)["cubes"][-1]
    if change is not new_win_of_an_old_week:
        assert cubes[year_of_today["school_year"]] == year_of_today["path"]


def test_an_edit_that_counts_nothing_new_is_still_published(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    edit_of_an_old_win(table)
    run(table, site)
    assert "mended" in [story["story"] for story in stories_of(site)]


def test_a_removed_story_is_nowhere_in_what_is_published(table: MemoryTable, site: MemorySite) -> None:
    text = oldest(table).story.encode()
    run(table, site)
    assert any(text in body for body in site.bodies.values())
    removal_of_an_old_win(table)
    run(table, site)
    assert not any(text in body for body in site.bodies.values())


def test_a_removed_story_is_nowhere_the_next_day_even_if_the_run_that_first_published_it_was_killed(
    table: MemoryTable, site: MemorySite
) -> None:
    run(table, site)
    desk = desk_at(table, table.schools[1])
    receipt = submit_win(desk, submission("Regretted at once."), "web")
    counter = Fuse()
    run(Fused(snapshot(table), counter), Fused(snapshot(site), counter))
    remove_win(desk, receipt.token)
    left = []
    for before_write in range(counter.writes):
        again_table, again_site, fuse = snapshot(table), snapshot(site), Fuse(before_write)
        again_table.wins[receipt.win.week, receipt.win.id] = receipt.win
        with pytest.raises(Killed):
            run(Fused(again_table, fuse), Fused(again_site, fuse))
        again_table.wins, again_table.changed = dict(table.wins), dict(table.changed)
        run(again_table, again_site)
        again_site.now = TOMORROW
        run(again_table, again_site, TOMORROW)
        assert set(again_site.files) == named_files(again_site)
        left += [before_write for body in again_site.bodies.values() if b"Regretted at once" in body]
    assert left == []


def test_a_new_day_draws_anew(table: MemoryTable, site: MemorySite) -> None:
    first = run(table, site)
    again = run(table, site, TOMORROW)
    assert again.version != first.version
    assert manifest_of(site)["as_of"] == "2026-11-26"
    assert b"November 26, 2026" in site.bodies[PAGE]


def test_the_day_is_the_schools_not_the_clocks(table: MemoryTable, site: MemorySite) -> None:
    run(table, site, datetime.fromisoformat("2026-11-26T04:59:00+00:00"))
    assert manifest_of(site)["as_of"] == "2026-11-25"


@pytest.mark.parametrize("path", [PAGE, COUNTS_PAGE, LEADERS_PAGE, "dashboard/es/index.html"])
@pytest.mark.parametrize("damage", [b"", b"<h1>Not ours</h1>", None], ids=["emptied", "rewritten", "removed"])
def test_a_damaged_page_is_mended_within_a_day(
    table: MemoryTable, site: MemorySite, damage: bytes | None, path: str
) -> None:
    run(table, site)
    whole = snapshot(site)
    run(snapshot(table), whole, TOMORROW)
    site.remove([path])
    if damage is not None:
        site.write(path, damage, "someone else's digest")
    run(table, site, TOMORROW)
    assert site.bodies[path] == whole.bodies[path]


def test_a_wiped_site_is_rebuilt_from_the_table(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    removal_of_an_old_win(table)
    run(table, site)
    afresh = MemorySite()
    run(table, afresh)
    assert set(afresh.files) == set(site.files)
    assert stories_of(afresh) == stories_of(site)


def test_wins_of_weeks_that_were_open_while_nobody_published_are_found(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    for days in range(0, 60, 4):
        desk = desk_at(table, sample_school, NOW - timedelta(days=days))
        submit_win(desk, submission(f"{days} days ago"), "web")
    run(table, site)
    assert len(stories_of(site)) == 15


def test_wins_sent_after_the_last_publication_are_found_weeks_later(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    for days in (1, 4, 7, 15, 29):
        submit_win(desk_at(table, table.schools[1], NOW + timedelta(days=days)), submission(f"day {days}"), "web")
    run(table, site, NOW + timedelta(days=50))
    assert len(stories_of(site)) == 13


def test_a_school_without_a_file_cannot_be_published(site: MemorySite) -> None:
    with pytest.raises(Problem, match="not_set_up"):
        run(MemoryTable(), site)
    assert site.files == {}


def test_a_school_without_wins_gets_its_pages(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    run(table, site)
    manifest = manifest_of(site)
    assert (manifest["weeks"], manifest["stories"], manifest["cubes"]) == ([], [], [])
    assert b"No stories yet" in site.bodies[PAGE]
    assert {"share/oak7/index.html", "receipt/index.html", "public/school.json"} <= set(site.files)


# names that change


def with_goals_merged(school: School) -> School:
    first, second, *rest = school.goals
    return school.model_copy(update={"goals": (first, second.model_copy(update={"merged_into": first.id}), *rest)})


def test_merged_goals_fold_their_counts_and_a_story_counts_once(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    for goals in (["explain"], ["readers"], ["explain", "readers"], ["belong"]):
        table.save_win(win_at(sample_school, goals=goals), None)
    configure_school(table, with_goals_merged(sample_school))
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    chart = chart_of(site, "goals")
    counted = {row[0]: row[3]["n"] for row in chart["table"]["rows"]}
    assert counted["Every student can explain their thinking"] == 3
    assert "Every student chooses to read" not in counted
    assert chart["n"] == 4


def test_a_retired_practice_keeps_its_history(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    table.save_win(win_at(sample_school, signs=["because"], practices=[{"id": "wait-time"}]), None)
    without = tuple(one for one in sample_school.practices if one.id not in {"wait-time", "home-calls"})
    configure_school(table, sample_school.model_copy(update={"practices": without}))
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    columns = chart_of(site, "practices")["table"]["columns"]
    assert "Wait time" in columns
    assert "Good-news calls home" not in columns


def test_a_renamed_sign_carries_its_stories_under_the_new_name(table: MemoryTable, site: MemorySite) -> None:
    goal, *others = table.schools[1].goals
    sign = goal.signs[0].model_copy(update={"name": {"any": "They give reasons"}})
    renamed = goal.model_copy(update={"signs": (sign, *goal.signs[1:])})
    configure_school(table, table.schools[1].model_copy(update={"goals": (renamed, *others)}))
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    rows = {row[0]: row[1:] for row in chart_of(site, "practices")["table"]["rows"]}
    assert sum(cell["n"] for cell in rows["They give reasons"]) == 8


SCHOOLS_WITH_WINS = SCHOOLS.flatmap(lambda school: st.tuples(st.just(school), wins_of(school, most=20, weeks=70)))


@given(both=SCHOOLS_WITH_WINS)
@settings(max_examples=40)
def test_cubes_count_what_a_short_count_over_the_wins_does(both: Any) -> None:
    school, wins = both
    table, site = MemoryTable(), MemorySite()
    table.save_school(school, 1)
    for win in wins:
        table.save_win(win, None)
    run(table, site)
    expected = Counter(
        (
            win.week,
            win.kind,
            tuple(sorted(win.goals)),
            tuple(sorted(win.signs)),
            tuple(sorted((use.id, use.level or "") for use in win.practices)),
            tuple(sorted(shown_groups(win, labels_of(school)))),
            shown_team(win, labels_of(school)) or "",
            "" if win.author.mode == "anonymous" else win.channel,
            win.day.isoweekday(),
            win.story_id if win.kind == "lesson" else "",
            win.resolves or "",
        )
        for win in wins
        if win.state == "visible"
    )
    found: Counter[Any] = Counter()
    for entry in manifest_of(site)["cubes"]:
        for week in published(site, entry["path"])["cells"]:
            for kind, goals, signs, practices, groups, team, *more, n in week["cells"]:
                tags = tuple(goals), tuple(signs), tuple(map(tuple, practices)), tuple(groups), team, *more
                found[week["week"], kind, *tags] += n
    assert found == expected
    assert len(stories_of(site)) == expected.total() == sum(entry["n"] for entry in manifest_of(site)["cubes"])


# what may be seen


def test_no_small_team_stands_beside_an_unnamed_story(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    for team in sample_school.teams:
        table.save_win(win_at(sample_school, team=team.id), None)
        table.save_win(win_at(sample_school, team=team.id, author={"mode": "anonymous"}), None)
        table.save_win(win_at(sample_school, team=team.id, author={"mode": "named", "name": "Ms. Rowe"}), None)
    run(table, site)
    unnamed = {story["team"] for story in stories_of(site) if "author" not in story and "team" in story}
    assert unnamed == {"primary", "grade-2-3", "grade-4-5", "multilingual"}
    signed = {story["author_team"] for story in stories_of(site) if "author_team" in story}
    assert signed == {"support", "arts"}
    assert all("author" in story for story in stories_of(site) if "author_team" in story)


def test_a_small_team_that_was_merged_into_a_large_one_is_shown_as_the_large_one(
    sample_school: School, site: MemorySite
) -> None:
    table = MemoryTable()
    teams = tuple(t.model_copy(update={"merged_into": "primary"}) if t.id == "arts" else t for t in sample_school.teams)
    table.save_school(sample_school.model_copy(update={"teams": teams}), 1)
    table.save_win(win_at(sample_school, team="arts"), None)
    run(table, site)
    assert [story["team"] for story in stories_of(site)] == ["primary"]


def test_cubes_count_hidden_teams_and_groups_as_none(sample_school: School, site: MemorySite) -> None:
    table = MemoryTable()
    few = sample_school.groups[0].model_copy(update={"id": "few", "headcount": 2})
    school = sample_school.model_copy(update={"groups": (*sample_school.groups, few)})
    table.save_school(school, 1)
    for team, groups in (("arts", ["few"]), ("support", []), (None, ["few"]), ("primary", ["few", "whole-class"])):
        table.save_win(win_at(school, team=team, groups=groups), None)
    run(table, site)
    (cube,) = [published(site, entry["path"]) for entry in manifest_of(site)["cubes"]]
    tags = ["kind", "goals", "signs", "practices", "groups", "team"]
    assert cube["columns"] == [*tags, "channel", "weekday", "lesson", "resolves", "n"]
    told = ["web", 3, "", ""]
    assert [week["cells"] for week in cube["cells"]] == [
        [["success", [], [], [], [], "", *told, 3], ["success", [], [], [], ["whole-class"], "primary", *told, 1]]
    ]


def test_what_was_published_and_counted_before_teams_were_counted_is_counted_anew(
    table: MemoryTable, site: MemorySite
) -> None:
    run(table, site)
    clean = site.bodies
    for week, (body, revision) in table.stored.items():
        old = json.loads(body)
        old["cells"] = [[*cell[:4], cell[-1]] for cell in old["cells"]]
        table.stored[week] = json.dumps(old), revision
    manifest = {**manifest_of(site), "format": 1}
    site.write_once(MANIFEST, json.dumps(manifest).encode())
    run(table, site)
    assert {path: body for path, body in site.bodies.items() if path != MANIFEST} == {
        path: body for path, body in clean.items() if path != MANIFEST
    }


def test_a_team_that_grew_gets_its_name_on_no_story_that_was_published_without(
    table: MemoryTable, site: MemorySite
) -> None:
    school = table.schools[1]
    table.save_win(win_at(school, team="arts", story="Sent by three."), None)
    run(table, site)
    before = {story["id"]: story for story in stories_of(site)}
    teams = tuple(t.model_copy(update={"headcount": 6}) if t.id == "arts" else t for t in school.teams)
    configure_school(table, school.model_copy(update={"teams": teams}))
    sent = win_at(table.schools[2], team="arts", story="Sent by six.").model_copy(update={"school_version": 2})
    table.save_win(sent, None)
    run(table, site)
    after = {story["id"]: story for story in stories_of(site)}
    assert after.pop(sent.id[10:])["team"] == "arts"
    assert after == before


def test_a_publisher_that_overwrites_counts_with_an_older_school_file_leaves_no_hidden_team(
    table: MemoryTable, site: MemorySite
) -> None:
    run(table, site)
    slow = dict(table.stored)
    higher_minimum_cell(table)
    run(table, site)
    table.stored = slow
    new_win_of_an_old_week(table)
    run(table, site)
    assert not any(b'"primary"' in body for path, body in site.bodies.items() if "/cube/" in path)


def test_raising_the_minimum_cell_takes_teams_off_old_stories(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    assert {story.get("team") for story in stories_of(site)} == {"primary"}
    higher_minimum_cell(table)
    run(table, site)
    assert {story.get("team") for story in stories_of(site)} == {None}
    assert not any(b'"team":"primary"' in body for body in site.bodies.values())


def test_a_team_that_shrank_leaves_old_stories(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    school = table.schools[1]
    teams = tuple(Team(id=t.id, name=t.name, headcount=2) if t.id == "primary" else t for t in school.teams)
    configure_school(table, school.model_copy(update={"teams": teams}))
    run(table, site)
    assert {story.get("team") for story in stories_of(site)} == {None}


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_a_hidden_name_is_nowhere_in_what_is_published(sample_school: School, site: MemorySite, mode: str) -> None:
    table = MemoryTable()
    table.save_school(sample_school, 1)
    win = win_at(sample_school, author={"mode": mode, "name": "Ms. Secretive"})
    table.save_win(win, None)
    run(table, site)
    everything = b"".join(site.bodies.values())
    assert b"Secretive" not in everything
    assert win.id.encode() not in everything


# on the real engines


@pytest.fixture
def real_parts(real_surroundings: dict[str, str]) -> tuple[DynamoTable, SiteBucket]:
    """A table on DynamoDB Local and a bucket on moto, as the function finds them."""
    return (
        DynamoTable(connect(), real_surroundings["TABLE_NAME"]),
        SiteBucket(boto3.client("s3"), real_surroundings["SITE_BUCKET"]),
    )


def bucket_bodies() -> dict[str, bytes]:
    client: Any = boto3.client("s3")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=os.environ["SITE_BUCKET"])
    keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
    return {key: client.get_object(Bucket=os.environ["SITE_BUCKET"], Key=key)["Body"].read() for key in keys}


def test_on_the_real_engines_a_killed_run_ends_like_a_clean_one(
    real_parts: tuple[DynamoTable, SiteBucket], sample_school: School
) -> None:
    table, site = real_parts
    table.save_school(sample_school, 1)
    desk = desk_at(table, sample_school)
    submit_win(desk, submission("First."), "web")
    run(table, site)
    last, before_write = bucket_bodies(), 0
    while True:
        fuse = Fuse(before_write)
        submit_win(desk, submission(f"Win {before_write}."), "web")
        try:
            run(Fused(table, fuse), Fused(site, fuse))
            break
        except Killed:
            run(table, site)
        now = bucket_bodies()
        assert set(now) == named_files(site)
        assert now[MANIFEST] != last[MANIFEST]
        assert len(stories_of(site)) == before_write // 5 + 2 == sum(counts_in_cubes(site).values())
        last, before_write = now, before_write + 5
    assert before_write >= 8


def test_on_the_real_engines_everything_is_drawn_once_and_then_nothing_written(
    real_parts: tuple[DynamoTable, SiteBucket], sample_school: School
) -> None:
    table, site = real_parts
    table.save_school(sample_school, 1)
    submit_win(desk_at(table, sample_school), submission("First."), "web")
    publish(table, site, wiring.pages(), wiring.draw_charts, NOW)
    assert bucket_bodies()[PAGE].count(b'class="drawing"') == 11
    assert bucket_bodies()[LEADERS_PAGE].count(b'class="drawing"') == 1
    counter = Fuse(before_write=0)
    publish(Fused(table, counter), Fused(site, counter), wiring.pages(), wiring.draw_charts, NOW)
    boto3.client("s3").put_object(Bucket=os.environ["SITE_BUCKET"], Key=PAGE, Body=b"overwritten by hand")
    publish(table, site, wiring.pages(), wiring.draw_charts, TOMORROW)
    assert b"overwritten" not in bucket_bodies()[PAGE]


@pytest.mark.usefixtures("surroundings")
def test_a_run_with_nothing_to_do_never_loads_altair(sample_school: School) -> None:
    from datetime import UTC

    wiring.table().save_school(sample_school, 1)
    publish(wiring.table(), wiring.site(), wiring.pages(), tabulate, datetime.now(UTC))
    program = (
        "import sys; from datetime import UTC, datetime\n"
        "from chalicelib import wiring; from chalicelib.work.publish import publish\n"
        "now = datetime.now(UTC)\n"
        "done = publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, now)\n"
        "print(done.wrote, *sorted({'altair', 'vl_convert', 'pandas'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["0"]


def test_a_change_by_receipt_reaches_the_page(table: MemoryTable, site: MemorySite) -> None:
    run(table, site)
    desk = desk_at(table, table.schools[1])
    receipt = submit_win(desk, submission("As sent."), "web")
    run(table, site)
    change_win(desk, receipt.token, Change(story="As mended."))
    run(table, site)
    assert b"As mended." in site.bodies[PAGE]
    assert b"As sent." not in site.bodies[PAGE]
