"""Old bytes are not reachable afterwards: neither in the table nor in what readers can fetch, whatever was killed."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from fakes.desk import NOW, desk_at, submission, table_dump, win_at
from fakes.drawing import tabulate
from fakes.leaders import MemoryRecord
from fakes.memory import Fuse, Fused, Killed, MemorySite, MemoryTable
from fakes.phone import Phone
from fakes.postman import MemoryMail

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.domain.win import Change
from chalicelib.ports import Site, Table
from chalicelib.work.amend import change_win, remove_win
from chalicelib.work.desk import receipt_for
from chalicelib.work.erase import Office, Sender, erase_sender, erase_win
from chalicelib.work.publish import publish
from chalicelib.work.submit import submit_win

STORY = (
    "While we built the long bridge out of paper straws the quiet corner of the room began to count aloud, "
    "and by the end of the lesson every table could say why the triangle had held and the square had not."
)
DANA = "dana.whitlock@maplerow.example"
LATER = NOW + timedelta(minutes=10)
AUTHOR = {"mode": "named", "name": "Ms. Orsted"}


def pieces(text: str, words: int = 8) -> list[str]:
    """Cut a text into every run of so many words."""
    found = text.split()
    return [" ".join(found[n : n + words]) for n in range(len(found) - words + 1)]


def left_of(text: str, haystack: str) -> list[str]:
    """List the pieces of a text that are still somewhere, whatever the spaces, escapes and tags between."""
    plain = " ".join(re.sub(r"<[^>]+>|\\[ntu]", " ", haystack).split())
    return [piece for piece in pieces(text) if piece in plain]


def run(table: Any, site: Any, now: Any = NOW) -> None:
    publish(table, site, wiring.pages(), tabulate, now)


def everything(table: MemoryTable, site: MemorySite) -> str:
    """All that a table holds and readers could fetch, as one text."""
    held = [table.wins, table.seen, table.contacts, table.counts, table.stored, table.done]
    return "\n".join([*map(repr, held), *(body.decode("utf-8", "replace") for body in site.bodies.values())])


@pytest.fixture
def table(sample_school: School) -> MemoryTable:
    """A school with other wins beside the one that will go."""
    table = MemoryTable()
    table.save_school(sample_school, 1)
    for weeks_ago in (0, 3, 30):
        table.save_win(win_at(sample_school, weeks_ago=weeks_ago, story=f"Another, {weeks_ago} ago."), None)
    return table


def by_leader(table: MemoryTable, school: School) -> None:
    win = next(win for win in table.wins.values() if win.story == STORY)
    erase_win(desk_at(table, school, LATER), DANA, win.id)


def by_admin(table: MemoryTable, school: School) -> None:
    erase_sender(desk_at(table, school, LATER), Office(MemoryRecord(), MemoryMail()), DANA, Sender("ms orsted"))


def by_its_sender(table: MemoryTable, school: School) -> None:
    win = next(win for win in table.wins.values() if win.story == STORY)
    desk = desk_at(table, school, LATER)
    remove_win(desk, receipt_for(desk, win).token)


def by_new_words(table: MemoryTable, school: School) -> None:
    win = next(win for win in table.wins.values() if win.story == STORY)
    desk = desk_at(table, school, LATER)
    change_win(desk, receipt_for(desk, win).token, Change(story="Mended."))


WAYS = [by_leader, by_admin, by_its_sender, by_new_words]


@pytest.mark.parametrize("weeks_ago", [0, 20])
@pytest.mark.parametrize("erase", WAYS)
def test_nothing_of_an_erased_story_can_be_found_after_the_next_publication(
    table: MemoryTable, sample_school: School, erase: Callable[[MemoryTable, School], None], weeks_ago: int
) -> None:
    site = MemorySite()
    desk, arrived = desk_at(table, sample_school), NOW - timedelta(weeks=weeks_ago)
    submit_win(desk, submission(STORY, nonce="1", author=AUTHOR), "web", arrived)
    run(table, site)
    assert left_of(STORY, everything(table, site)) == pieces(STORY)
    paths = {path for path, body in site.bodies.items() if left_of(STORY, body.decode("utf-8", "replace"))}
    erase(table, sample_school)
    run(table, site, LATER)
    assert left_of(STORY, everything(table, site)) == []
    assert not any("stories/" in path and site.read(path) for path in paths)
    assert ("Orsted" in everything(table, site)) == (erase is by_new_words)


def test_nothing_of_an_erased_text_can_be_found(table: MemoryTable, sample_school: School) -> None:
    site, phone = MemorySite(), Phone(table, sample_school)
    phone.text("JOIN staff")
    phone.text(STORY)
    run(table, site)
    by_leader(table, sample_school)
    run(table, site, LATER)
    assert left_of(STORY, everything(table, site)) == []


def snapshot(part: Any) -> Any:
    fresh = type(part)()
    for name, value in vars(part).items():
        if not name.startswith("_"):
            setattr(fresh, name, copy.copy(value))
    for name in ("_stamps", "_tags"):
        if hasattr(part, name):
            setattr(fresh, name, copy.copy(getattr(part, name)))
    return fresh


def killed_runs(table: MemoryTable, site: MemorySite, now: Any) -> Iterator[tuple[int, MemoryTable, MemorySite]]:
    """Every state in which a publication can be left behind when it is killed before one of its writes."""
    counter = Fuse()
    run(Fused(snapshot(table), counter), Fused(snapshot(site), counter), now)
    for before_write in range(counter.writes):
        left_table, left_site, fuse = snapshot(table), snapshot(site), Fuse(before_write)
        with pytest.raises(Killed):
            run(Fused(left_table, fuse), Fused(left_site, fuse), now)
        yield before_write, left_table, left_site


@pytest.mark.parametrize("weeks_ago", [0, 20])
@pytest.mark.parametrize("erase", [by_leader, by_admin])
def test_what_a_run_killed_before_the_erasure_left_behind_goes_with_the_very_next_run(
    table: MemoryTable, sample_school: School, erase: Callable[[MemoryTable, School], None], weeks_ago: int
) -> None:
    site = MemorySite()
    run(table, site)
    desk, arrived = desk_at(table, sample_school), NOW - timedelta(weeks=weeks_ago)
    submit_win(desk, submission(STORY, author=AUTHOR), "web", arrived)
    for before_write, left_table, left_site in killed_runs(table, site, NOW):
        erase(left_table, sample_school)
        left_site.now = LATER
        run(left_table, left_site, LATER)
        assert left_of(STORY, everything(left_table, left_site)) == [], f"killed before write {before_write}"


@pytest.mark.parametrize("weeks_ago", [0, 20])
def test_a_run_killed_after_the_erasure_and_run_again_leaves_nothing(
    table: MemoryTable, sample_school: School, weeks_ago: int
) -> None:
    site = MemorySite()
    desk, arrived = desk_at(table, sample_school), NOW - timedelta(weeks=weeks_ago)
    submit_win(desk, submission(STORY, author=AUTHOR), "web", arrived)
    run(table, site)
    by_leader(table, sample_school)
    site.now = LATER
    for before_write, left_table, left_site in killed_runs(table, site, LATER):
        run(left_table, left_site, LATER + timedelta(minutes=10))
        assert left_of(STORY, everything(left_table, left_site)) == [], f"killed before write {before_write}"


class ErasedMeanwhile:
    """A site on which, just before this run shows what it counted, a leader erases and another run publishes."""

    def __init__(self, site: MemorySite, table: MemoryTable, school: School) -> None:
        self._site, self._table, self._school, self._done = site, table, school, False

    def __getattr__(self, name: str) -> Any:
        if name == "replace" and not self._done:
            self._done = True
            by_leader(self._table, self._school)
            run(self._table, self._site, NOW)
        return getattr(self._site, name)


@pytest.mark.parametrize("weeks_ago", [0, 20])
def test_a_slow_run_that_is_overtaken_by_an_erasure_takes_away_what_it_wrote_in_vain(
    table: MemoryTable, sample_school: School, weeks_ago: int
) -> None:
    site = MemorySite()
    run(table, site)
    desk, arrived = desk_at(table, sample_school), NOW - timedelta(weeks=weeks_ago)
    submit_win(desk, submission(STORY, author=AUTHOR), "web", arrived)
    run(table, ErasedMeanwhile(site, table, sample_school))
    assert left_of(STORY, everything(table, site)) == []


def test_on_the_real_engines_nothing_of_an_erased_story_is_left(
    real_surroundings: dict[str, str], sample_school: School
) -> None:
    table: Table = wiring.table()
    site: Site = wiring.site()
    table.save_school(sample_school, 1)
    desk = desk_at(table, sample_school)
    sent = [
        submit_win(desk, submission(STORY, nonce=str(n), author=AUTHOR), "web", NOW - timedelta(weeks=20 * n))
        for n in range(2)
    ]
    run(table, site)
    s3: Any = boto3.client("s3")

    def bytes_of_all() -> str:
        bucket = real_surroundings["SITE_BUCKET"]
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
        bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys]
        return "\n".join([table_dump(), *keys, *bodies])

    assert left_of(STORY, bytes_of_all()) == pieces(STORY)
    erase_win(desk, DANA, sent[0].win.id)
    erase_sender(desk, Office(wiring.front().record, wiring.post_office().inbox), DANA, Sender("MS. ORSTED"))
    run(table, site, LATER)
    assert left_of(STORY, bytes_of_all()) == []
    assert "Orsted" not in bytes_of_all()
