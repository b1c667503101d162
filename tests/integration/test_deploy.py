"""A school in one command, on moto: applied twice it is as it was, broken off anywhere it goes on."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from fakes.admin import Admin, Calls, end_state, files_in, point_to_school, public_keys_of, stack_of, until_done
from fakes.desk import win_at

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.ports import Source
from chalicelib.stores.table import DynamoTable
from chalicelib.work.configure import configure_school
from infra import keyring
from infra.deploy import notes
from infra.deploy.changes import stack_policy
from infra.deploy.releases import files_of
from infra.deploy.stacks import find_stack
from infra.keys import main as keys

_ACCOUNT = "123456789012"


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    return said.out + said.err


def elsewhere(admin: Admin) -> str:
    """Another region than an admin's."""
    return "us-west-2" if admin.region != "us-west-2" else "us-west-1"


def moto_stack(name: str) -> Any:
    """The stack as moto keeps it, to bring it into states that moto itself never has."""
    from moto.backends import get_backend

    kept = get_backend("cloudformation")[_ACCOUNT][boto3.client("s3").meta.region_name].stacks.values()
    return next(stack for stack in kept if stack.name == f"small-wins-{name}")


def test_a_second_apply_changes_nothing_and_says_so(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file, "--publish", "here") == 0
    assert "Done." in told(capsys)
    before, pages = end_state(school_id), files_in(stack_of(school_id).outputs["SiteBucketName"])
    assert {"dashboard/manifest.json", "assets/form.js", "share/oak7/index.html"} <= pages.keys()
    assert admin.run("apply", file, "--publish", "here") == 0
    assert "Nothing changed" in told(capsys)
    assert end_state(school_id) == before
    assert files_in(stack_of(school_id).outputs["SiteBucketName"]) == pages
    assert admin.run("status", file) == 0
    kept = boto3.client("cloudformation").get_stack_policy(StackName=f"small-wins-{school_id}")["StackPolicyBody"]
    assert json.loads(kept) == stack_policy()  # CloudFormation itself refuses to replace what holds people's words


def test_broken_off_after_every_write_in_turn_it_goes_on_and_ends_the_same(
    admin: Admin, calls: Calls, school_id: str
) -> None:
    """Each run is switched off after the first write that no run before it was switched off after."""
    assert admin.run("apply", admin.file("whole")) == 0
    wanted = json.dumps(end_state("whole"), default=str)
    formation = boto3.client("cloudformation")
    with pytest.raises(ClientError, match="TerminationProtection"):
        formation.delete_stack(StackName="small-wins-whole")
    formation.update_termination_protection(StackName="small-wins-whole", EnableTerminationProtection=False)
    for stack in ("small-wins-whole", "small-wins-account"):
        formation.delete_stack(StackName=stack)
    file, calls.breaking = admin.file(school_id), True
    assert until_done(lambda: admin.run("apply", file)) > 15
    calls.breaking = False
    assert json.dumps(end_state(school_id), default=str).replace(school_id, "whole") == wanted


def test_wins_that_arrive_during_an_upgrade_are_all_there_after_it(
    admin: Admin, calls: Calls, school_id: str, sample_school: School
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    table = DynamoTable(boto3.Session().client("dynamodb"), stack_of(school_id).outputs["TableName"])
    sent = []

    def arrive(*_: object) -> None:
        if len(sent) < 30:
            sent.append(win_at(sample_school, story=f"Win {len(sent)}."))
            table.save_wins([(sent[-1], Source("web", sent[-1].id, sent[-1].id))])

    calls.each = arrive
    assert admin.run("apply", file, sources=admin.version("two")) == 0
    point_to_school(school_id)
    assert len(sent) == 30
    assert {win.id for win in wiring.table().wins_of(sent[0].week)} == {win.id for win in sent}


def test_an_earlier_release_is_gone_back_to_by_its_name(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    assert admin.run("apply", file, sources=admin.version("two")) == 0
    first = files_of(admin.sources.pack(None))[0].id  # type: ignore[arg-type]
    assert stack_of(school_id).parameters["CodeKey"] == "functions-two.zip"
    assert first in notes.read_note(school_id, notes.DEPLOYED)["before"]
    assert admin.run("apply", file, "--package", first[:8]) == 0
    assert stack_of(school_id).parameters["CodeKey"] == "functions-one.zip"
    script = boto3.client("s3").get_object(Bucket=stack_of(school_id).outputs["SiteBucketName"], Key="assets/form.js")
    assert script["Body"].read() == b"// one"
    capsys.readouterr()
    assert admin.run("apply", file, "--package", "no-such") == 1
    assert first in told(capsys)


def test_keys_are_rotated_in_two_applies(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_keys(what: str) -> int:
        monkeypatch.setattr("sys.argv", ["infra.keys", what, "--school", str(file)])
        return keys()

    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    first = stack_of(school_id).parameters["PassesPublicKey"]
    assert run_keys("rotate") == 0
    with pytest.raises(SystemExit, match="does not hold"):
        run_keys("use")
    assert admin.run("apply", file) == 0
    parameters = stack_of(school_id).parameters
    assert parameters["PassesPublicKey"] == first
    assert parameters["PassesOtherPublicKey"]
    assert run_keys("use") == 0
    assert admin.run("apply", file) == 0
    assert {*stack_of(school_id).parameters.values()} >= {first, parameters["PassesOtherPublicKey"]}
    assert "BEGIN PRIVATE" not in told(capsys)
    assert public_keys_of(school_id) == 2


def test_a_school_of_the_same_id_in_another_region_loses_no_key_that_waits(
    admin: Admin, school_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = admin.file(school_id)
    assert admin.run("apply", here) == 0
    monkeypatch.setattr("sys.argv", ["infra.keys", "rotate", "--school", str(here)])
    assert keys() == 0
    waiting = keyring.read_pairs(f"/small-wins/{school_id}/keys", keyring.NEXT)[0].id
    assert admin.run("apply", admin.file(school_id, {"region": elsewhere(admin)})) == 0
    assert waiting in dict(keyring.public_keys())


def test_a_public_key_that_has_no_region_in_its_name_goes_when_nothing_needs_it(admin: Admin, school_id: str) -> None:
    told = {"Name": f"small-wins-{school_id}-{'0a' * 8}", "CallerReference": school_id}
    config = {**told, "EncodedKey": keyring.new_pair().public}
    old = boto3.client("cloudfront").create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]  # type: ignore[arg-type]
    parameter = f"/small-wins/{school_id}/keys"
    keyring.create(parameter, datetime.now(UTC))
    (pair,) = keyring.read_pairs(parameter)
    keyring.write_pairs(parameter, [dataclasses.replace(pair, id=old)])
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    assert stack_of(school_id).parameters["PassesPublicKey"] == old
    assert admin.remove(file) == 0
    assert old not in dict(keyring.public_keys())


def test_a_creation_that_failed_is_begun_anew_and_leaves_nothing_behind(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    failed = stack_of(school_id).outputs
    for item in boto3.client("dynamodb").scan(TableName=failed["TableName"])["Items"]:
        key = {name: item[name] for name in ("pk", "sk")}
        boto3.client("dynamodb").delete_item(TableName=failed["TableName"], Key=key)
    moto_stack(school_id).status = "ROLLBACK_COMPLETE"
    assert admin.run("apply", file) == 1
    assert f"{failed['SiteBucketName']} is not empty: it stays" in told(capsys)
    assert stack_of(school_id).outputs["TableName"] != failed["TableName"]
    assert failed["TableName"] not in boto3.client("dynamodb").list_tables()["TableNames"]
    assert failed["SiteBucketName"] in {one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]}
    assert admin.run("apply", file) == 0


def test_a_stack_at_work_is_waited_for_and_one_that_only_a_person_can_mend_is_left_alone(
    admin: Admin, calls: Calls, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    at_work, looks = moto_stack(school_id), []
    at_work.status = "UPDATE_IN_PROGRESS"

    def look(call: str, asked: dict[str, Any]) -> None:
        if call == "DescribeStacks" and school_id in asked["StackName"]:
            looks.append(call)
        if len(looks) == 5:
            at_work.status = "UPDATE_COMPLETE"

    calls.each = look
    assert admin.run("apply", file) == 0
    assert "waiting for it" in told(capsys)
    for status in ("UPDATE_FAILED", "DELETE_FAILED", "IMPORT_ROLLBACK_FAILED"):
        at_work.status = status
        assert admin.run("apply", file) == 1
        assert f"is {status}" in told(capsys)


def test_of_two_applies_at_once_the_second_is_told(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    with notes.alone(school_id):
        assert admin.run("apply", file) == 1
    assert "is applying or removing" in told(capsys)
    assert find_stack(f"small-wins-{school_id}") is None
    assert admin.run("apply", file) == 0


def test_a_file_that_the_school_changed_itself_is_not_overwritten(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin.run("apply", admin.file(school_id)) == 0
    point_to_school(school_id)
    _, school = wiring.table().latest_school() or (0, None)
    assert school
    configure_school(wiring.table(), school.model_copy(update={"open_door": True}))
    assert admin.run("apply", admin.file(school_id)) == 0  # the file on disk is as it was
    changed = admin.file(school_id, shown_as="Little Steps")
    assert admin.run("apply", changed) == 1
    assert "was not stored" in told(capsys)
    assert (wiring.table().latest_school() or (0, school))[1].open_door
    assert admin.run("apply", changed, "--replace-school-file") == 0
    assert (wiring.table().latest_school() or (0, school))[1].shown_as == "Little Steps"


def test_a_version_that_would_remove_the_table_is_refused_before_anything_changes(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    worse = admin.version("worse", table="Moved")
    table = stack_of(school_id).outputs["TableName"]
    assert admin.run("plan", file, sources=worse) == 1
    assert admin.run("apply", file, sources=worse) == 1
    assert told(capsys).count("REFUSED") == 2
    assert stack_of(school_id).outputs["TableName"] == table


def test_planning_changes_nothing(admin: Admin, school_id: str) -> None:
    file = admin.file(school_id)
    assert admin.run("plan", file) == 0
    assert find_stack(f"small-wins-{school_id}") is None
    assert find_stack("small-wins-account") is None
    assert admin.run("apply", file) == 0
    before = end_state(school_id)
    assert admin.run("plan", file, sources=admin.version("two")) == 0
    assert end_state(school_id) == before


def test_a_plan_asks_for_the_firewall_that_an_apply_would_bring_or_take_away_and_names_its_price(
    admin: Admin, calls: Calls, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bool] = []

    def look(call: str, given: dict[str, Any]) -> None:
        if call == "CreateChangeSet" and given["StackName"] == f"small-wins-{school_id}":
            asked.append(any(one["ParameterKey"] == "WebAclArn" for one in given["Parameters"]))

    def with_firewall(what: str, *more: str) -> tuple[bool, bool]:
        asked.clear()
        assert admin.run(what, file, *more) == 0
        return asked[-1], "6 US dollars for AWS WAF" in told(capsys)

    file = admin.file(school_id, {"region": "us-east-1"})
    assert admin.run("apply", file) == 0
    calls.each = look
    assert with_firewall("plan") == (False, False)
    assert with_firewall("plan", "--rate-limit", "2000") == (True, True)
    assert with_firewall("apply", "--rate-limit", "2000")[0]
    assert with_firewall("plan") == (True, True)
    assert with_firewall("plan", "--rate-limit", "0") == (False, False)
    assert with_firewall("apply", "--rate-limit", "0")[0] is False
