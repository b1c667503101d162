"""What is missing is said in a sentence, before anything is done; what AWS refuses is said in a sentence too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ParamValidationError
from fakes.admin import Admin

from infra.connection import find_school
from infra.deploy.changes import counted, forbidden, in_words, wanted_resources
from infra.deploy.failures import sentence_of
from infra.deploy.settings import read_deployment
from infra.deploy.stacks import find_stack
from infra.schoolfile import load_school
from infra.schoolfile import main as check_files


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_without_credentials_one_sentence_and_nothing_done(
    admin: Admin, school_id: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    boto3.setup_default_session()
    try:
        for what in ("plan", "apply", "status"):
            assert admin.run(what, admin.file(school_id)) == 2
            assert said(capsys) == (
                "No AWS credentials were found: sign in (`aws sso login`), or set AWS_PROFILE. Nothing was done.\n"
            )
    finally:
        boto3.setup_default_session()


@pytest.mark.parametrize(
    ("deploy", "sentence"),
    [
        ({"region": "us-east-9"}, "AWS has no region us-east-9"),
        (
            {"account": "999999999999"},
            "belongs to account 999999999999, and your credentials are those of",
        ),
        ({"region": "Ohio"}, "deploy.region: must be an AWS region, such as us-east-1"),
        ({"account": 12}, "deploy.account: must be text; put it in quotes"),
        ({"admin": "nobody"}, "deploy.admin: must be a mail address"),
        ({"domain": "wins.maplerow.example"}, "deploy: domain and certificate are given together"),
        ({"certificate": "arn:aws:acm:eu-west-1:1:certificate/a"}, "deploy.certificate: must be the ARN of an ACM"),
        ({"log_days": 31}, "deploy.log_days: must be 1, 3, 5"),
        ({"spend_limit": 0}, "deploy.spend_limit: input should be greater than or equal to 0.01"),
        ({"colour": "green"}, "deploy.colour: is not a known key"),
    ],
)
def test_a_wrong_place_is_refused_before_anything_is_done(
    admin: Admin, school_id: str, deploy: dict[str, Any], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin.run("apply", admin.file(school_id, deploy)) == 2
    assert sentence in said(capsys)
    assert find_stack("small-wins-account") is None


def test_nobody_is_asked_where_nobody_is(admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    from infra.deploy.__main__ import main

    assert main(["apply", "--school", str(admin.file(school_id))], admin.sources) == 2
    assert "nobody is here to be asked" in said(capsys)
    assert find_stack("small-wins-account") is None


def test_ids_of_other_stacks_are_no_schools(admin: Admin, capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.run("apply", admin.file("account")) == 2
    assert "is kept for another stack" in said(capsys)


def test_how_a_school_is_deployed_is_checked_with_its_file_and_no_part_of_the_school(
    admin: Admin, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = admin.file("oak"), admin.file("elm", {"log_days": 31})
    assert check_files([str(good)]) == 0
    assert check_files([str(bad)]) == 1
    assert "deploy.log_days" in capsys.readouterr().out
    assert "deploy" not in load_school(good).model_dump_json()
    assert read_deployment(good)[1].log_days == 30


def test_a_school_that_was_never_applied_is_not_found(admin: Admin, school_id: str) -> None:
    with pytest.raises(SystemExit, match=f"There is no stack small-wins-{school_id}"):
        find_school(admin.file(school_id))
    assert admin.run("status", admin.file(school_id)) == 1


def answered(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutParameter")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            answered("AccessDeniedException", "User: … is not authorized to perform: ssm:PutParameter on resource: …"),
            "Your AWS credentials lack a permission: ssm:PutParameter.",
        ),
        (answered("AccessDenied", "Access Denied"), "Your AWS credentials lack a permission: PutParameter."),
        (answered("ExpiredToken", "…"), "The AWS session is over: sign in again."),
        (answered("ThrottlingException", "Rate exceeded"), "AWS asked to slow down for too long (PutParameter)"),
        (answered("UnrecognizedClientException", "…"), "AWS does not know these credentials in this region"),
        (answered("TooManyKeyGroups", "Ten."), "A quota of the AWS account is used up (PutParameter): Ten."),
        (answered("InternalFailure", "<html>"), "AWS refused PutParameter: InternalFailure."),
        (NoCredentialsError(), "No AWS credentials were found"),
        (ParamValidationError(report="value: -----BEGIN"), "AWS does not take a value as it was given."),
    ],
)
def test_what_aws_refuses_is_one_sentence_without_values(error: Exception, sentence: str) -> None:
    assert sentence_of(error).startswith(sentence)
    assert "BEGIN" not in sentence_of(error)


def change(action: str, name: str, kind: str, replacement: str = "False") -> dict[str, str]:
    return {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Replacement": replacement}


def test_changes_are_told_in_words_and_losses_are_found() -> None:
    changes = [
        change("Add", "Watch", "AWS::Lambda::Function"),
        change("Modify", "Table", "AWS::DynamoDB::Table", "True"),
        change("Modify", "InboxBucket", "AWS::S3::Bucket", "Conditional"),
        change("Modify", "ApiRole", "AWS::IAM::Role", "True"),
        change("Remove", "SiteBucket", "AWS::S3::Bucket"),
    ]
    assert [" ".join(line.split()) for line in in_words(changes)] == [
        "add Watch (Lambda function)",
        "REPLACE Table (DynamoDB table)",
        "change, or replace InboxBucket (S3 bucket)",
        "REPLACE ApiRole (IAM role)",
        "remove SiteBucket (S3 bucket)",
    ]
    assert forbidden(changes) == ["Table", "SiteBucket"]
    assert counted(changes[:2] + changes[3:4]) == "1 to add, 2 to REPLACE"


def test_a_new_school_has_what_its_conditions_leave_in() -> None:
    equals = {"Fn::Equals": [{"Ref": "Mail"}, ""]}
    template = {
        "Parameters": {"Mail": {"Default": ""}},
        "Conditions": {"NoMail": equals, "HasMail": {"Fn::Not": [{"Condition": "NoMail"}]}},
        "Resources": {"Rule": {"Type": "A::B::C", "Condition": "HasMail"}, "Table": {"Type": "A::B::C"}},
    }
    assert [one["LogicalResourceId"] for one in wanted_resources(template, {})] == ["Table"]
    assert [one["LogicalResourceId"] for one in wanted_resources(template, {"Mail": "a@b"})] == ["Rule", "Table"]


@pytest.mark.parametrize(("limit", "sentence"), [("5", "10 requests"), ("2000", "us-east-1 alone")])
def test_a_firewall_that_aws_does_not_make_is_refused_before_anything_is_done(
    admin: Admin, school_id: str, limit: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin.run("apply", admin.file(school_id), "--rate-limit", limit) == 2
    assert sentence in said(capsys)
    assert find_stack("small-wins-account") is None
    assert admin.run("apply", admin.file(school_id), "--rate-limit", "0") == 0
