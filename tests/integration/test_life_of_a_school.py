"""A school moves to another account, hands over its data, and gets back what its table lost; no win is lost thereby."""

from __future__ import annotations

import csv
import io
import json
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import boto3
import pytest
from fakes.desk import submission, table_dump

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Change, Win
from chalicelib.doors.texts import Text
from chalicelib.work.amend import change_win, open_win, remove_win
from chalicelib.work.configure import configure_school
from chalicelib.work.erase import erase_win
from chalicelib.work.receive_text import receive_text
from chalicelib.work.sign_in import open_session
from chalicelib.work.submit import submit_win
from infra import keyring, merging
from infra.connection import point_to
from infra.engine import create_table
from infra.handover.__main__ import main as hand_over
from infra.restore import main as restore

NUMBER = "+15555550171"


@dataclass
class Place:
    """One account's stack of the school."""

    environment: dict[str, str]

    def go(self) -> None:
        """Let this process be one of its functions."""
        point_to(self.environment)

    def submit(self, story: str, nonce: str = "", **more: Any) -> tuple[Win, str]:
        """Send a win; return it with its receipt."""
        self.go()
        receipt = submit_win(wiring.desk("en"), submission(story, nonce=nonce or uuid.uuid4().hex, **more), "web")
        return receipt.win, receipt.token

    def text(self, body: str) -> list[str]:
        """Text the school."""
        self.go()
        return receive_text(wiring.desk("en"), Text(uuid.uuid4().hex, NUMBER, "+15555550142", body))

    def stories(self) -> list[str]:
        """All that is told here, by week and id."""
        self.go()
        table = wiring.table()
        return [win.story for week in table.weeks() for win in table.wins_of(week) if win.state != "deleted"]


def made(surroundings: dict[str, str], school: School) -> Place:
    """A stack that was just deployed, with keys and the school file."""
    own = {name: f"{name.lower().replace('_', '-')}-{uuid.uuid4().hex}" for name in ("TABLE_NAME", "SITE_BUCKET")}
    place = Place({**surroundings, **own, "KEYS_PARAMETER": f"/small-wins/{uuid.uuid4().hex}/keys"})
    boto3.client("s3").create_bucket(Bucket=own["SITE_BUCKET"])
    create_table(boto3.client("dynamodb"), own["TABLE_NAME"])
    keyring.write(place.environment["KEYS_PARAMETER"], keyring.fresh_keys())
    place.go()
    configure_school(wiring.table(), school)
    return place


@pytest.fixture
def old(surroundings: dict[str, str], sample_school: School) -> Iterator[Place]:
    yield made(surroundings, sample_school)
    point_to(surroundings)


@pytest.fixture
def new(surroundings: dict[str, str], sample_school: School) -> Place:
    """Where it moves to; its file was mended meanwhile."""
    return made(surroundings, sample_school.model_copy(update={"name": "Maple Row, new"}))


def take(place: Place, archive: Path, *more: str) -> int:
    place.go()
    return hand_over(["take", str(archive), *more])


def bring(place: Place, archive: Path, *more: str) -> int:
    place.go()
    return hand_over(["bring", str(archive), *more])


def test_a_school_moves_and_receipts_opt_outs_and_repeats_move_along(old: Place, new: Place, tmp_path: Path) -> None:
    win, receipt = old.submit("Two hands went up.", nonce="one and the same")
    old.text("JOIN oak7")
    old.text("STOP")
    keys, archive = str(tmp_path / "keys.json"), tmp_path / "maple.zip"
    assert take(old, archive, "--keys", keys) == 0
    assert bring(new, archive, "--keys", keys) == 0
    new.go()
    assert open_win(wiring.desk("en"), receipt).win.story == "Two hands went up."
    assert change_win(wiring.desk("en"), receipt, parse(Change, b'{"story": "Three."}')).win.story == "Three."
    again, _ = new.submit("Two hands went up.", nonce="one and the same")
    assert again.id == win.id
    assert new.text("A win by text.") == [], "who said STOP is not written to"
    version, school = wiring.table().latest_school() or (0, None)
    assert school
    assert (version, school.name) == (1, "Maple Row School")
    assert win.week in wiring.table().changed_weeks(), "the next publication counts what came"


def test_what_arrives_while_it_moves_is_there_in_the_end_and_what_was_taken_back_is_not(
    old: Place, new: Place, tmp_path: Path
) -> None:
    keys, first, second = str(tmp_path / "keys.json"), tmp_path / "first.zip", tmp_path / "second.zip"
    old.submit("It stays.")
    _, named = old.submit("Hers.", author={"mode": "named", "name": "Ms. Orsted"})
    _, regretted = old.submit("Regretted.")
    assert take(old, first, "--keys", keys) == 0
    assert bring(new, first, "--keys", keys) == 0
    new.submit("Sent to the new address.")
    old.submit("Sent to the old address.")
    old.go()
    change_win(wiring.desk("en"), named, parse(Change, b'{"author": {"mode": "anonymous", "name": null}}'))
    remove_win(wiring.desk("en"), regretted)
    assert take(old, second) == 0
    assert bring(new, second) == 1, "it has wins that the archive does not know"
    for _ in range(2):
        assert bring(new, second, "--after", str(first)) == 0
        assert sorted(new.stories()) == ["Hers.", "It stays.", "Sent to the new address.", "Sent to the old address."]
    assert "Orsted" not in table_dump()
    assert "Regretted" not in table_dump()


def test_a_bringing_that_is_broken_off_goes_on(
    old: Place, new: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [f"Win {n}." for n in range(5)]
    for story in stories:
        old.submit(story)
    take(old, tmp_path / "a.zip", "--keys", str(tmp_path / "keys.json"))
    brought, left = merging._brought, iter(range(4))

    def breaks(*told: Any) -> bool:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return brought(*told)

    monkeypatch.setattr(merging, "_brought", breaks)
    with pytest.raises(KeyboardInterrupt):
        bring(new, tmp_path / "a.zip", "--keys", str(tmp_path / "keys.json"))
    monkeypatch.setattr(merging, "_brought", brought)
    assert bring(new, tmp_path / "a.zip", "--keys", str(tmp_path / "keys.json")) == 0
    assert sorted(new.stories()) == stories
    assert wiring.table().changed_weeks().keys() == {*wiring.table().weeks()}


def test_without_its_keys_receipts_end_and_keys_are_not_replaced_under_wins(
    old: Place, new: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, receipt = old.submit("Two hands went up.")
    take(old, tmp_path / "a.zip", "--keys", str(tmp_path / "keys.json"))
    assert bring(new, tmp_path / "a.zip") == 0
    with pytest.raises(Problem) as caught:
        open_win(wiring.desk("en"), receipt)
    assert caught.value.status in {401, 403}
    capsys.readouterr()
    assert bring(new, tmp_path / "a.zip", "--keys", str(tmp_path / "keys.json")) == 1
    assert "before its first win" in capsys.readouterr().err


def test_an_archive_is_read_by_people_holds_no_session_and_is_its_owners_alone(old: Place, tmp_path: Path) -> None:
    old.submit("Two hands went up.", author={"mode": "named", "name": "Ms. Orsted"})
    desk = wiring.desk("en")
    open_session(desk, wiring.front(), desk.school.leaders[0])
    archive, keys = tmp_path / "a.zip", tmp_path / "keys.json"
    assert take(old, archive, "--keys", str(keys)) == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in (archive, keys)} == {0o600}
    with ZipFile(archive) as packed:
        (row,) = csv.DictReader(io.StringIO(packed.read("wins.csv").decode("utf-8-sig")))
        assert (row["story"], row["name"]) == ("Two hands went up.", "Ms. Orsted")
        assert json.loads(packed.read("school.json"))["versions"][0]["file"]["school"] == "maple-row"
        assert b"signed_in" in packed.read("record.csv")
        everything = b"".join(map(packed.read, packed.namelist())).decode()
    assert "SESSION#" not in everything
    assert not [one for listed in wiring.keys().values() for one in listed if one in everything]
    assert take(old, archive, "--keys", str(keys)) == 1, "keys that lie there are not written over"


def test_what_is_no_archive_or_another_schools_changes_nothing(old: Place, new: Place, tmp_path: Path) -> None:
    old.submit("Two hands went up.")
    take(old, tmp_path / "a.zip")
    new.go()
    version, school = wiring.table().latest_school() or (0, None)
    assert school
    wiring.table().save_school(school.model_copy(update={"school": "oak"}), version + 1)
    before = table_dump()
    (tmp_path / "no.zip").write_text("no")
    for name in ("a.zip", "no.zip", "missing.zip"):
        assert bring(new, tmp_path / name) == 1
    assert table_dump() == before


# restoring


def as_it_was(place: Place) -> str:
    """Have DynamoDB restore the table beside it, as it is now; return its name."""
    table, name = place.environment["TABLE_NAME"], f"yesterday-{uuid.uuid4().hex}"
    boto3.client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=name, UseLatestRestorableTime=True
    )
    return name


def test_what_was_lost_comes_back_and_neither_new_nor_erased_wins_are_touched(
    old: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, receipt = old.submit("Lost by a slip.")
    erased, _ = old.submit("Erased.")
    _, changed = old.submit("To be changed.")
    old.text("JOIN oak7")
    yesterday = as_it_was(old)
    erase_win(wiring.desk("en"), "operator", erased.id)
    change_win(wiring.desk("en"), changed, parse(Change, b'{"story": "Changed since."}'))
    client, table = boto3.client("dynamodb"), old.environment["TABLE_NAME"]
    for item in [one for one in merging.items_of(table) if merging.kind_of(one) in {"CONTACT", "SCHOOL", "ROLLUP"}]:
        client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    client.delete_item(TableName=table, Key={"pk": {"S": f"WEEK#{lost.week}"}, "sk": {"S": f"WIN#{lost.id}"}})
    configure_school(wiring.table(), wiring.desk("en").school)
    old.submit("Since then.")
    assert restore(["--from", yesterday]) == 0
    assert sorted(old.stories()) == ["Changed since.", "Lost by a slip.", "Since then."]
    assert open_win(wiring.desk("en"), receipt).win.id == lost.id
    assert len(list(wiring.table().every_contact())) == 1
    assert lost.week in wiring.table().changed_weeks()
    capsys.readouterr()
    assert restore(["--from", yesterday]) == 0
    assert " 0 items brought back" in capsys.readouterr().out


def test_who_became_anonymous_does_not_come_back_by_name(old: Place, capsys: pytest.CaptureFixture[str]) -> None:
    named, receipt = old.submit("Hers.", author={"mode": "named", "name": "Ms. Orsted"})
    yesterday = as_it_was(old)
    change_win(wiring.desk("en"), receipt, parse(Change, b'{"author": {"mode": "anonymous", "name": null}}'))
    assert restore(["--from", yesterday]) == 0
    assert "Orsted" not in table_dump()
    assert named.id in capsys.readouterr().out


def test_a_win_that_is_named_becomes_again_what_it_was(old: Place) -> None:
    win, receipt = old.submit("As it was.")
    _, other = old.submit("Another.")
    yesterday = as_it_was(old)
    for one in (receipt, other):
        change_win(wiring.desk("en"), one, parse(Change, b'{"story": "Spoilt."}'))
    assert restore(["--from", yesterday, "--back", win.id.lower()]) == 0
    assert sorted(old.stories()) == ["As it was.", "Spoilt."]
    found = wiring.desk("en").find(win.id)
    assert found
    assert found.revision == 3, "whoever still looks at the one before is told that it changed"


def test_a_restored_table_is_gone_when_all_is_back(old: Place, capsys: pytest.CaptureFixture[str]) -> None:
    old.submit("Two hands went up.")
    before = boto3.client("dynamodb").list_tables()["TableNames"]
    moment = datetime.now(UTC) - timedelta(minutes=10)
    assert restore(["--at", moment.isoformat()]) == 0
    assert " 0 items brought back" in capsys.readouterr().out
    assert boto3.client("dynamodb").list_tables()["TableNames"] == before
