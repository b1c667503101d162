"""What is told about privacy is so: the schedule, the notice's numbers, and the tests that threats.md names."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest

from chalicelib.pages import privacy
from chalicelib.routes.sessions import SESSION
from chalicelib.stores.items import SEEN_FOR_SECONDS
from chalicelib.work import erase, passes, secrets, sign_in, views
from infra.schedule import BEGIN, END, markdown, problems, read_schedule
from infra.template import read_stack

ROOT = Path(__file__).parents[2]
OFFICERS = (ROOT / "docs" / "privacy.md").read_text("utf-8")
THREATS = (ROOT / "docs" / "threats.md").read_text("utf-8")
DAY = 86_400


def test_every_field_that_is_kept_is_in_the_schedule_and_no_other() -> None:
    assert problems(read_schedule()) == []


def test_the_schedule_in_the_docs_is_the_one_that_the_code_gives() -> None:
    written = OFFICERS.partition(BEGIN)[2].partition(END)[0]
    assert written.strip() == markdown(read_schedule()).strip(), "run: python -m infra.schedule --write"


def test_a_field_that_is_forgotten_and_one_that_is_gone_are_named() -> None:
    schedule = copy.deepcopy(read_schedule())
    win = next(one for one in schedule["things"] if one["title"] == "A win")
    del win["fields"]["quoted"]
    win["fields"]["mood"] = ["to score people", "everybody", "for ever", "win"]
    found = problems(schedule)
    assert "A win: quoted is kept and not told" in found
    assert "A win: mood is told and not kept" in found
    assert "A win: mood: kept?" in found


def test_the_notice_names_the_days_that_the_code_keeps_to() -> None:
    assert secrets.RECEIPTS_LAST.days == privacy.RECEIPT_DAYS
    assert SEEN_FOR_SECONDS == privacy.REPEATS_DAYS * DAY
    assert views.MOST_HOURS == privacy.VIEW_DAYS * 24
    assert sign_in.SESSION_LASTS.total_seconds() == privacy.SESSION_HOURS * 3600
    assert erase.PUBLISHED_WITHIN.total_seconds() == privacy.PUBLISH_HOURS * 3600
    resources = read_stack()["Resources"]
    (forgotten,) = (
        rule["ExpirationInDays"]
        for rule in resources["InboxBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    )
    dead = {resources[name]["Properties"]["MessageRetentionPeriod"] for name in ("MailDeadLetters", "TextDeadLetters")}
    assert forgotten == privacy.REFUSED_DAYS
    assert dead == {privacy.REFUSED_DAYS * DAY}


def test_the_officers_page_names_the_same_days() -> None:
    assert f"they work for {privacy.RECEIPT_DAYS} days" in OFFICERS
    assert f"| mail that was refused, and messages that failed | {privacy.REFUSED_DAYS} days |" in OFFICERS
    lasts = sign_in.LINK_LASTS, sign_in.SESSION_LASTS, passes.PASS_LASTS
    minutes, hours, pass_minutes = (int(one.total_seconds()) for one in lasts)
    assert f"{minutes // 60} minutes, {hours // 3600} hours, {pass_minutes // 60} minutes" in OFFICERS
    assert SESSION in OFFICERS


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_[a-z0-9_]+)`", THREATS))))
def test_every_test_that_threats_name_exists(name: str) -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert any(f"def {name}(" in source for source in sources)


def test_every_threat_names_what_shows_that_it_is_stopped() -> None:
    rows = [row for row in THREATS.splitlines() if row.startswith("| ") and not row.startswith(("| who", "| what |"))]
    assert len(rows) > 30
    for row in rows:
        assert "`test_" in row.split(" | ")[2], row
