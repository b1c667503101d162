"""Publishers and writers at the same time."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fakes.desk import NOW, desk_at, submission, win_at
from fakes.drawing import tabulate
from fakes.memory import MemorySite, MemoryTable

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.ports import Site, Table
from chalicelib.stores.bucket import SiteBucket
from chalicelib.stores.bucket import connect as connect_bucket
from chalicelib.stores.table import DynamoTable
from chalicelib.stores.table import connect as connect_table
from chalicelib.work.amend import remove_win
from chalicelib.work.publish import MANIFEST, publish
from chalicelib.work.submit import submit_win

WRITERS, WINS_EACH = 8, 6


def run(table: Table, site: Site) -> None:
    publish(table, site, wiring.pages(), tabulate, NOW)


def published_stories(site: Site) -> Counter[str]:
    return Counter(story["story"] for entry in _manifest(site)["stories"] for story in _read(site, entry)["stories"])


def published_counts(site: Site) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in _manifest(site)["cubes"]:
        for week in _read(site, entry)["cells"]:
            counts[week["week"]] += sum(cell[-1] for cell in week["cells"])
    return counts


def _manifest(site: Site) -> dict[str, Any]:
    found = site.read(MANIFEST)
    assert found is not None
    manifest: dict[str, Any] = json.loads(found.body)
    return manifest


def _read(site: Site, entry: dict[str, Any]) -> dict[str, Any]:
    found = site.read(entry["path"].lstrip("/"))
    assert found is not None, f"{entry['path']} is named but not there"
    body: dict[str, Any] = json.loads(found.body)
    return body


def test_two_publishers_and_eight_writers_at_once_lose_nothing_and_count_nothing_twice(
    real_surroundings: dict[str, str], sample_school: School
) -> None:
    table = DynamoTable(connect_table(), real_surroundings["TABLE_NAME"])
    site = SiteBucket(connect_bucket(), real_surroundings["SITE_BUCKET"])
    table.save_school(sample_school, 1)
    finished = threading.Event()
    start = threading.Barrier(WRITERS + 2)

    def write(writer: int) -> None:
        desk = desk_at(table, sample_school)
        start.wait()
        for n in range(WINS_EACH):
            told = submission(f"writer {writer}, win {n}", nonce=f"{writer}-{n}")
            arrived = NOW - timedelta(weeks=10 * (n % 3))
            submit_win(desk, told, "web", arrived)
            submit_win(desk, told, "web", arrived)  # a phone that heard no answer sends again
        receipt = submit_win(desk, submission(f"writer {writer} takes this back"), "web", NOW - timedelta(weeks=10))
        remove_win(desk, receipt.token)

    def publish_on_and_on() -> int:
        runs = 0
        start.wait()
        while not finished.is_set():
            try:
                run(table, site)
            except Problem as problem:
                assert problem.code == "busy"  # noqa: PT017 - which problem it may be is the promise
            runs += 1
        return runs

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        publishers = [pool.submit(publish_on_and_on) for _ in range(2)]
        writers = [pool.submit(write, n) for n in range(WRITERS)]
        try:
            for writer in writers:
                writer.result()
        finally:
            finished.set()
        assert all(publisher.result() >= 1 for publisher in publishers)

    run(table, site)
    expected = Counter(f"writer {writer}, win {n}" for writer in range(WRITERS) for n in range(WINS_EACH))
    assert published_stories(site) == expected
    assert published_counts(site) == {"2026-W28": 16, "2026-W38": 16, "2026-W48": 16}
    assert table.changed_weeks() == {}


# the same in slow motion: something happens between two particular steps of a run


class Interrupted:
    """A part of the world in which something else happens just before one call."""

    def __init__(self, part: Any, before: str, what: Callable[[], object]) -> None:
        self._part = part
        self._before = before
        self._what: Callable[[], object] | None = what

    def __getattr__(self, name: str) -> Any:
        if name == self._before and self._what is not None:
            what, self._what = self._what, None
            what()
        return getattr(self._part, name)


@pytest.fixture
def table(sample_school: School) -> MemoryTable:
    """A school with a published win of twenty weeks ago."""
    table = MemoryTable()
    table.save_school(sample_school, 1)
    table.save_win(win_at(sample_school, weeks_ago=20, story="old"), None)
    return table


@pytest.fixture
def site(table: MemoryTable) -> MemorySite:
    """Its published site."""
    site = MemorySite()
    run(table, site)
    return site


STEPS_ON_THE_TABLE = ["latest_school", "changed_weeks", "stored_rollup", "wins_of", "rollups", "clear_changed"]
STEPS_ON_THE_SITE = ["read", "write_once", "write", "replace", "remove"]


@pytest.mark.parametrize("weeks_ago", [0, 20])
@pytest.mark.parametrize("step", STEPS_ON_THE_TABLE + STEPS_ON_THE_SITE)
def test_a_win_that_arrives_during_a_run_is_published_by_the_next(
    table: MemoryTable, site: MemorySite, step: str, weeks_ago: int
) -> None:
    school = table.schools[1]
    submit_win(desk_at(table, school), submission("first"), "web", NOW - timedelta(weeks=20))

    def arrives() -> None:
        submit_win(desk_at(table, school), submission("second"), "web", NOW - timedelta(weeks=weeks_ago))

    run(Interrupted(table, step, arrives), Interrupted(site, step, arrives) if step in STEPS_ON_THE_SITE else site)
    if "second" not in {win.story for win in table.wins.values()}:
        pytest.fail(f"the run never came to {step}")
    run(table, site)
    assert published_stories(site) == {"old": 1, "first": 1, "second": 1}
    assert sum(published_counts(site).values()) == 3


@pytest.mark.parametrize("step", STEPS_ON_THE_TABLE + STEPS_ON_THE_SITE)
def test_a_publisher_that_is_overtaken_by_another_does_no_harm(table: MemoryTable, site: MemorySite, step: str) -> None:
    school = table.schools[1]
    submit_win(desk_at(table, school), submission("first"), "web", NOW - timedelta(weeks=20))

    def another() -> None:
        submit_win(desk_at(table, school), submission("second"), "web", NOW - timedelta(weeks=20))
        run(table, site)

    run(Interrupted(table, step, another), Interrupted(site, step, another) if step in STEPS_ON_THE_SITE else site)
    run(table, site)
    assert published_stories(site) == {"old": 1, "first": 1, "second": 1}
    assert sum(published_counts(site).values()) == 3


@pytest.mark.parametrize("step", STEPS_ON_THE_TABLE + STEPS_ON_THE_SITE)
def test_a_publisher_overtaken_by_a_change_and_its_undoing_clears_no_mark_too_early(
    table: MemoryTable, site: MemorySite, step: str
) -> None:
    """Ends where it began, so only the publisher in between wrote something, and that must not stay."""
    (old,) = table.wins.values()
    for weeks_ago in (1, 2, 3):  # so that the old week is not on the page itself
        table.save_win(win_at(table.schools[1], weeks_ago=weeks_ago, story=f"{weeks_ago} ago"), None)
    run(table, site)
    undone = old.model_copy(update={"revision": 4})
    table.replace_win(old, old.model_copy(update={"revision": 2}))

    def change_publish_undo() -> None:
        now = next(win for win in table.wins.values() if win.story == "old")
        changed = now.model_copy(update={"story": "changed", "revision": 3})
        table.replace_win(now, changed)
        run(table, site)
        table.replace_win(changed, undone)

    what = change_publish_undo
    run(Interrupted(table, step, what), Interrupted(site, step, what) if step in STEPS_ON_THE_SITE else site)
    run(table, site)
    assert published_stories(site) == {"old": 1, "1 ago": 1, "2 ago": 1, "3 ago": 1}


def test_pages_that_a_slow_publisher_wrote_over_those_of_a_quicker_one_do_not_stay(
    table: MemoryTable, site: MemorySite
) -> None:
    table.save_school(table.schools[1].model_copy(update={"shown_as": "Good news"}), 2)

    def another() -> None:
        table.save_school(table.schools[1].model_copy(update={"shown_as": "Bright spots"}), 3)
        run(table, site)

    run(table, Interrupted(site, "write", another))
    pages = [body.decode() for path, body in site.bodies.items() if path.endswith(".html")]
    assert not any("Good news" in page for page in pages)
    assert any("Bright spots" in page for page in pages)
