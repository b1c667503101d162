"""A school that is removed leaves its wins in a file and nothing else; a school beside it does not notice."""

from __future__ import annotations

import json

import boto3
import pytest
from fakes.admin import Admin, Calls, end_state, parameters_of, point_to_school, public_keys_of, stack_of, until_done
from fakes.desk import win_at

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.ports import Source
from infra.connection import find_school
from infra.deploy.stacks import find_stack


def applied(admin: Admin, name: str, school: School) -> None:
    """Apply a school, and let a win arrive."""
    assert admin.run("apply", admin.file(name)) == 0
    point_to_school(name)
    win = win_at(school, story=f"A win at {name}.")
    wiring.table().save_wins([(win, Source("web", win.id, win.id))])


def tables() -> list[str]:
    return boto3.client("dynamodb").list_tables()["TableNames"]


def buckets() -> set[str]:
    return {one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]}


def test_a_removed_school_is_gone_but_for_its_export_and_another_is_untouched(
    admin: Admin, school_id: str, sample_school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    other = f"{school_id}-b"  # its names begin with the other's
    for name in (school_id, other):
        applied(admin, name, sample_school)
    before, gone = end_state(other), stack_of(school_id).outputs
    assert admin.remove(admin.folder / f"{school_id}.yaml") == 0
    stays = capsys.readouterr().out.partition("What stays")[2]
    assert "for 35 days a backup" in stays
    assert "nothing else of consents and STOPs" in stays
    (line,) = (admin.folder / f"{school_id}.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["story"] == f"A win at {school_id}."
    assert find_stack(f"small-wins-{school_id}") is None
    assert gone["TableName"] not in tables()
    assert not {gone["SiteBucketName"], gone["InboxBucketName"]} & buckets()
    assert (parameters_of(school_id), public_keys_of(school_id)) == ([], 0)
    assert end_state(other) == before
    assert admin.remove(admin.folder / f"{school_id}.yaml") == 2


def test_broken_off_after_every_write_in_turn_a_removal_goes_on(
    admin: Admin, calls: Calls, school_id: str, sample_school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(admin, school_id, sample_school)
    gone, calls.breaking = stack_of(school_id).outputs, True
    file = admin.folder / f"{school_id}.yaml"
    assert until_done(lambda: admin.remove(file), ends=(0, 2)) > 8  # 2: broken off after all was done
    calls.breaking = False
    assert gone["TableName"] not in tables()
    assert not {gone["SiteBucketName"], gone["InboxBucketName"]} & buckets()
    assert (parameters_of(school_id), public_keys_of(school_id)) == ([], 0)
    assert (admin.folder / f"{school_id}.jsonl").read_text("utf-8").count("\n") == 1
    assert "BEGIN" not in capsys.readouterr().out


def test_what_is_to_be_kept_stays_and_is_named(
    admin: Admin, school_id: str, sample_school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(admin, school_id, sample_school)
    kept = stack_of(school_id).outputs
    file = admin.folder / f"{school_id}.yaml"
    assert admin.remove(file, "--keep", "table", "--keep", "keys", "--keep", "site") == 0
    assert kept["TableName"] in tables()
    assert kept["SiteBucketName"] in buckets()
    assert kept["InboxBucketName"] not in buckets()
    assert parameters_of(school_id) == ["/small-wins/…/keys", "/small-wins/…/keys-dashboard"]
    said = capsys.readouterr().out
    assert all(name in said for name in (kept["TableName"], kept["SiteBucketName"], f"/small-wins/{school_id}/keys"))


def test_nothing_is_removed_without_its_name_under_a_hold_or_over_a_file(
    admin: Admin, school_id: str, sample_school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(admin, school_id, sample_school)
    file = admin.folder / f"{school_id}.yaml"
    assert admin.remove(file, "--yes-remove", "another") == 2
    said = capsys.readouterr()
    assert "nobody is here to be asked" in said.err
    assert "infra.handover take" in said.out, "what the export does not hold is said before"
    (admin.folder / f"{school_id}.jsonl").write_text("something", "utf-8")
    assert admin.remove(file) == 2
    assert "is there already" in capsys.readouterr().err
    (admin.folder / f"{school_id}.jsonl").unlink()
    held = admin.file(school_id, privacy={"legal_hold": True})
    assert admin.run("apply", held) == 0
    assert admin.remove(held) == 2
    assert "A legal hold stands" in capsys.readouterr().err
    assert find_stack(f"small-wins-{school_id}")
    assert find_school(file).startswith(f"the school of small-wins-{school_id}")


def test_wins_that_arrive_while_the_stack_is_removed_are_in_the_export(
    admin: Admin, calls: Calls, school_id: str, sample_school: School
) -> None:
    applied(admin, school_id, sample_school)
    late = win_at(sample_school, story="A win while all was taken down.")

    def arrive(call: str, _: object) -> None:
        if call == "DeleteStack":
            wiring.table().save_wins([(late, Source("web", late.id, late.id))])

    calls.each = arrive
    assert admin.remove(admin.folder / f"{school_id}.yaml") == 0
    export = admin.folder / f"{school_id}.jsonl"
    told = [json.loads(line)["story"] for line in export.read_text("utf-8").splitlines()]
    assert sorted(told) == sorted([f"A win at {school_id}.", late.story])
    assert export.stat().st_mode & 0o077 == 0


def test_messages_that_failed_are_not_given_up_unasked(
    admin: Admin, school_id: str, sample_school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(admin, school_id, sample_school)
    boto3.client("sqs").send_message(QueueUrl=stack_of(school_id).outputs["MailDeadLettersUrl"], MessageBody="{}")
    file = admin.folder / f"{school_id}.yaml"
    assert admin.remove(file) == 2
    assert "1 messages" in capsys.readouterr().err
    assert admin.remove(file, "--give-up-failed") == 0
