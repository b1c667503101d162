"""What is older than the school keeps it goes; a legal hold keeps everything; interruptions change nothing."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fakes.desk import NOW, desk_at, win_at
from fakes.drawing import tabulate
from fakes.memory import Fuse, Fused, Killed, MemorySite, MemoryTable

from chalicelib.domain.retention import expires_on, keeps_from, years_later
from chalicelib.domain.school import Privacy, School
from chalicelib.domain.win import Win
from chalicelib.ports import Source
from chalicelib.work.amend import remove_win, removed
from chalicelib.work.desk import Desk, receipt_for
from chalicelib.work.publish import Pages, publish
from chalicelib.work.retain import Retained, retain

WEEKS_OF_A_YEAR = 52
PLAIN = Pages(
    lambda _picture, _charts, stories: {"dashboard/index.html": json.dumps(stories)}, lambda _school: {}, "plain"
)


def ruled(school: School, **rules: Any) -> School:
    return school.model_copy(update={"privacy": school.privacy.model_copy(update=rules)})


@pytest.fixture
def school(sample_school: School) -> School:
    """The sample school, which keeps wins for two years."""
    return ruled(sample_school, keep_years=2)


@pytest.fixture
def table(school: School) -> MemoryTable:
    """Wins of three years, one every four weeks, all counted."""
    table = MemoryTable()
    table.save_school(school, 1)
    for weeks_ago in range(0, 3 * WEEKS_OF_A_YEAR, 4):
        win = win_at(school, weeks_ago=weeks_ago, story=f"{weeks_ago} weeks ago")
        table.save_win(win, Source("spreadsheet", str(weeks_ago), "content"))
    run(table, MemorySite())
    return table


def run(table: Any, site: Any, now: datetime = NOW) -> None:
    publish(table, site, PLAIN, tabulate, now)


def on(table: Any, now: datetime = NOW) -> Desk:
    version, school = table.latest_school()
    return desk_at(table, school, now, version)


def days(table: MemoryTable) -> list[date]:
    return sorted(win.day for win in table.wins.values())


def test_wins_older_than_they_are_kept_go_with_all_that_was_counted_of_them(table: MemoryTable) -> None:
    first = date(2024, 11, 25)
    old = [win for win in table.wins.values() if win.day < first]
    assert retain(on(table)) == Retained(wins=len(old))
    assert old
    assert days(table)[0] >= first
    assert table.counted_weeks()[0] >= "2024-W48"
    assert len(table.seen) == len(table.wins)
    assert retain(on(table)) == Retained()


def test_publishing_then_takes_their_files_away(table: MemoryTable) -> None:
    site = MemorySite()
    run(table, site)
    assert any(b"152 weeks ago" in body for body in site.bodies.values())
    retain(on(table))
    run(table, site, NOW + timedelta(minutes=10))
    assert not any(b"152 weeks ago" in body for body in site.bodies.values())
    afresh = MemorySite()
    run(table, afresh)
    assert {path for path in site.files if "stories" in path} == {path for path in afresh.files if "stories" in path}
    assert table.changed == {}


def test_what_stays_of_removed_wins_goes_with_their_week(table: MemoryTable) -> None:
    old = min(table.wins.values(), key=lambda win: win.id)
    table.replace_win(old, removed(old))
    before = sum(win.day < date(2024, 11, 25) for win in table.wins.values())
    assert retain(on(table)) == Retained(wins=before - 1)
    assert old.id not in {win.id for win in table.wins.values()}


def test_a_win_goes_on_the_day_after_its_time_and_not_before(school: School) -> None:
    table = MemoryTable()
    table.save_school(school, 1)
    wins = [win_at(school, datetime(2024, 11, day, 15, tzinfo=UTC)) for day in (18, 20, 22)]
    for win in wins:
        table.save_win(win, None)
    left = []
    for day in (18, 19, 20, 21, 22, 23):
        retain(on(table, datetime(2026, 11, day, 15, tzinfo=UTC)))
        left.append(len(table.wins))
    assert left == [3, 2, 2, 1, 1, 0]


@pytest.mark.parametrize("state", ["held", "hidden"])
def test_a_week_in_which_nothing_was_ever_visible_goes_too(school: School, state: str) -> None:
    table = MemoryTable()
    table.save_school(school, 1)
    win = win_at(school, weeks_ago=200).model_copy(update={"state": state})
    table.save_win(win, None)
    run(table, MemorySite())
    assert retain(on(table)) == Retained(wins=1)
    assert table.wins == {}


def test_when_less_is_kept_from_now_on_all_older_weeks_go_at_once(table: MemoryTable, school: School) -> None:
    table.save_school(ruled(school, keep_years=1), 2)
    retain(on(table))
    assert days(table)[0] >= date(2025, 11, 25)


def test_a_run_reads_no_week_that_is_kept_but_those_the_store_would_soon_forget(
    table: MemoryTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    retain(on(table))
    read: list[str] = []
    real = table.wins_of
    monkeypatch.setattr(table, "wins_of", lambda week: read.append(week) or real(week))
    retain(on(table))
    assert len(read) < 40
    assert max(read) < "2025-W01"


# the net below


def test_what_nobody_removes_is_forgotten_by_the_store_sixty_days_later() -> None:
    assert expires_on(Privacy(keep_years=2), date(2026, 11, 25)) == date(2029, 1, 24)
    assert expires_on(Privacy(keep_years=2, legal_hold=True), date(2026, 11, 25)) is None
    assert keeps_from(Privacy(keep_years=2), date(2028, 2, 29)) == date(2026, 2, 28)
    assert years_later(date(2028, 2, 29), 4) == date(2032, 2, 29)


def forgotten_by_the_store(table: MemoryTable, today: date) -> list[Win]:
    """List what DynamoDB would have cleared away by a day, as it does some days late."""
    return [win for win in table.wins.values() if win.expires and win.expires <= today]


def every_day(table: MemoryTable, first: date, last: date, step: int = 1) -> list[Win]:
    """Let the days go by; list what the store forgot in spite of all."""
    lost, day = [], first
    while day <= last:
        gone = forgotten_by_the_store(table, day)
        lost += gone
        for win in gone:
            del table.wins[win.week, win.id]
        retain(on(table, datetime(day.year, day.month, day.day, 15, tzinfo=UTC)))
        day += timedelta(days=step)
    return lost


def test_the_store_never_forgets_what_is_still_kept_because_more_is_kept_now(school: School) -> None:
    table = MemoryTable()
    table.save_school(ruled(school, keep_years=1), 1)
    wins = [win_at(ruled(school, keep_years=1), weeks_ago=n) for n in (0, 10, 20)]
    for win in wins:
        table.save_win(win, None)
    table.save_school(ruled(school, keep_years=3), 2)
    assert every_day(table, NOW.date(), date(2028, 6, 1), step=7) == []
    assert {win.id for win in table.wins.values()} == {win.id for win in wins}
    assert {win.expires for win in table.wins.values()} == {years_later(win.day, 3) + timedelta(60) for win in wins}


def test_nothing_is_removed_and_nothing_expires_while_a_legal_hold_stands(table: MemoryTable, school: School) -> None:
    before = len(table.wins)
    table.save_school(ruled(school, legal_hold=True), 2)
    assert retain(on(table)) == Retained(on_hold=True)
    assert len(table.wins) == before
    late = [win for win in table.wins.values() if win.expires and win.expires <= NOW.date() - timedelta(days=14)]
    for win in late:  # the store took these before the hold began
        del table.wins[win.week, win.id]
    assert every_day(table, NOW.date(), date(2029, 6, 1), step=30) == []


def test_after_a_hold_what_is_too_old_goes_and_what_was_withdrawn_is_removed(
    table: MemoryTable, school: School
) -> None:
    table.save_school(ruled(school, legal_hold=True), 2)
    young, old = max(table.wins.values(), key=lambda w: w.id), min(table.wins.values(), key=lambda w: w.id)
    for win in (young, old):
        desk = desk_at(table, school, datetime.combine(win.day, NOW.time(), UTC), 2)
        remove_win(desk, receipt_for(desk, win).token)
    assert retain(on(table)) == Retained(on_hold=True)
    assert {win.story for win in table.withdrawn()} == {young.story, old.story}
    table.save_school(school, 3)
    done = retain(on(table))
    assert (done.withdrawn, done.on_hold) == (2, False)
    assert table.withdrawn() == []
    assert table.wins[young.week, young.id].state == "deleted"
    assert old.id not in {win.id for win in table.wins.values()}
    assert days(table)[0] >= date(2024, 11, 25)


# interruptions


def snapshot(table: MemoryTable) -> MemoryTable:
    fresh = MemoryTable()
    for name, value in vars(table).items():
        if not name.startswith("_"):
            setattr(fresh, name, copy.copy(value))
    fresh._stamps = copy.copy(table._stamps)
    return fresh


def test_killed_before_any_single_write_and_run_again_it_ends_like_a_clean_run(
    table: MemoryTable, school: School
) -> None:
    table.save_school(ruled(school, legal_hold=True), 2)
    for win in sorted(table.wins.values(), key=lambda win: win.id)[-2:]:
        desk = desk_at(table, school, NOW, 2)
        remove_win(desk, receipt_for(desk, win).token)
    table.save_school(school, 3)
    run(table, MemorySite())

    clean, counter = snapshot(table), Fuse()
    retain(on(Fused(clean, counter)))
    assert counter.writes > 20
    for before_write in range(counter.writes):
        again, fuse = snapshot(table), Fuse(before_write)
        with pytest.raises(Killed):
            retain(on(Fused(again, fuse)))
        if before_write % 2:
            run(again, MemorySite())  # whether or not a publication comes between
        retain(on(again))
        assert again.wins == clean.wins, f"killed before write {before_write}"
        assert again.seen == clean.seen
        sites = MemorySite(), MemorySite()
        run(again, sites[0])
        run(snapshot(clean), sites[1])
        assert sites[0].bodies == sites[1].bodies
        assert again.counted_weeks() == clean.counted_weeks()
