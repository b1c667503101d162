"""The templates are sound: linted, translated, scanned, and two schools side by side take nothing from each other."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import boto3
import pytest
from cfnlint.api import lint

from chalicelib.pages.security import page_headers
from infra import scan
from infra.template import ACCOUNT, STACK, account_parameters, in_long_form, read_stack

REGIONS = ["us-east-1"]
ARTIFACTS = "artifacts-of-the-stacks"
_QUIET_REGIONS = iter(("sa-east-1", "ca-central-1", "me-south-1"))
FUNCTIONS = {"APIHandler", "Publish", "ReceiveMail", "ReceiveText", "Retain", "Watch"}
FULLEST = {
    "MailAddress": "wins@school.example",
    "ReceiptRuleSet": "rules",
    "AdminAddress": "admin@school.example",
    "DomainName": "wins.school.example",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/small-wins/1",
    "PassesOtherPublicKey": "K2",
    "TimeZone": "America/New_York",
    "LogDays": "365",
    "MonthlyBudget": "2.5",
    "Kind": "district",
    "Comprehend": "yes",
    "TextsByAws": "yes",
}
ONLY_IF_WANTED = {"MailRule", "AlarmSubscription", "Budget", "FollowSchools"}
NAMES = re.compile(r"(?:Table|Bucket|Queue|Topic|Role|Function|LogGroup|Budget|Layer|Rule)?Name")


@pytest.fixture(scope="module")
def school() -> str:
    """The template of every school, translated as it is packed."""
    return scan.translated()


@pytest.fixture
def aws(engine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """CloudFormation in a region where no other school is, with a released package."""
    for name, value in {**engine, "AWS_DEFAULT_REGION": next(_QUIET_REGIONS)}.items():
        monkeypatch.setenv(name, value)
    s3, code = boto3.client("s3", region_name="us-east-1"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("app.py", "")
    s3.create_bucket(Bucket=ARTIFACTS)
    for key in ("functions.zip", "charts.zip"):
        s3.put_object(Bucket=ARTIFACTS, Key=key, Body=code.getvalue())
    return boto3.client("cloudformation")


def parameters(school_id: str, **more: str) -> list[Any]:
    told = {"SchoolId": school_id, "KeysParameter": f"/small-wins/{school_id}/keys", "PassesPublicKey": "K1"}
    told |= {"OriginKey": "o", "ArtifactBucket": ARTIFACTS, "CodeKey": "functions.zip", "ChartsKey": "charts.zip"}
    told |= {"HeadersPolicy": "h", "CachePolicy": "c", "OriginAccess": "a", "ViewerFunction": "arn:aws:cloudfront::1:f"}
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in {**told, **more}.items()]


def create(aws: Any, template: str, school_id: str, **more: str) -> dict[str, str]:
    """Create a school's stack; return its resources by their names in the template."""
    aws.create_stack(
        StackName=f"small-wins-{school_id}", TemplateBody=template, Parameters=parameters(school_id, **more)
    )
    return resources(aws, school_id)


def resources(aws: Any, school_id: str) -> dict[str, str]:
    pages = aws.get_paginator("list_stack_resources").paginate(StackName=f"small-wins-{school_id}")
    found = (one for page in pages for one in page["StackResourceSummaries"])
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}


def outputs(aws: Any, school_id: str) -> dict[str, str]:
    (stack,) = aws.describe_stacks(StackName=f"small-wins-{school_id}")["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def made(template: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(template)["Resources"]
    return found


def statements(role: Any) -> list[Any]:
    return [one for policy in role["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def test_cfn_lint_finds_nothing_in_any_template(school: str) -> None:
    for template in (school, ACCOUNT.read_text("utf-8")):
        assert [f"{one.rule.id} {one.message}" for one in lint(template, regions=REGIONS)] == []


def test_cfn_lint_would_find_a_mistake() -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"BillingMode": "FREE"}}
    assert lint(json.dumps({"Resources": {"Table": table}}), regions=REGIONS[:1])


def test_all_that_the_template_adds_meets_a_resource_and_is_within_awss_limits(school: str) -> None:
    assert all("Type" in one for one in made(school).values())
    assert made(school).keys() >= read_stack()["Resources"].keys()
    assert json.loads(school)["Outputs"].keys() == read_stack()["Outputs"].keys()
    assert len(made(school)) < 500
    assert len(school.encode()) < 1_000_000, "what CloudFormation takes from a bucket"
    assert len(json.loads(school)["Parameters"]) <= 200


def test_every_function_has_a_role_and_a_log_of_its_own_and_only_publishing_has_the_charts(school: str) -> None:
    functions = {
        name: one["Properties"] for name, one in made(school).items() if one["Type"] == "AWS::Lambda::Function"
    }
    assert functions.keys() == FUNCTIONS
    assert len({json.dumps(one["Role"]) for one in functions.values()}) == len(FUNCTIONS)
    assert len({json.dumps(one["LoggingConfig"]["LogGroup"]) for one in functions.values()}) == len(FUNCTIONS)
    assert {name for name, one in functions.items() if "Layers" in one} == {"Publish"}


def test_no_role_reaches_further_than_this_school(school: str) -> None:
    everywhere = set()
    for one in made(school).values():
        for statement in statements(one) if one["Type"] == "AWS::IAM::Role" else ():
            told = statement["Fn::If"][1] if "Fn::If" in statement else statement
            asked = told["Action"] if isinstance(told["Action"], list) else [told["Action"]]
            assert not any("*" in action for action in asked)
            everywhere |= set(asked) if told["Resource"] == "*" else set()
    assert everywhere == {"comprehend:DetectPiiEntities", "cloudwatch:GetMetricStatistics"}, "AWS knows no narrower one"


def test_nothing_but_the_stacks_own_name_is_in_a_name(school: str) -> None:
    for name, one in {**made(school), **in_long_form(read_stack(ACCOUNT))["Resources"]}.items():
        if one["Type"] in {"AWS::ApiGateway::Stage", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Permission"}:
            continue
        fixed = [
            key for key, value in one.get("Properties", {}).items() if NAMES.fullmatch(key) and isinstance(value, str)
        ]
        assert not fixed, f"{name}: {fixed}"


def test_another_admin_is_another_budget_which_the_old_ones_name_does_not_stop(school: str) -> None:
    assert "BudgetName" not in made(school)["Budget"]["Properties"]["Budget"]
    assert json.loads(school)["Outputs"]["BudgetName"]["Value"] == {"Ref": "Budget"}


def test_a_message_that_a_function_fails_at_goes_to_dead_letters_and_the_watchers_own_failure_to_the_admin(
    school: str,
) -> None:
    tries = (one["Properties"] for one in made(school).values() if one["Type"] == "AWS::Lambda::EventInvokeConfig")
    lead = {one["FunctionName"]["Ref"]: one["DestinationConfig"]["OnFailure"]["Destination"] for one in tries}
    assert lead == {
        "ReceiveMail": {"Fn::GetAtt": ["MailDeadLetters", "Arn"]},
        "ReceiveText": {"Fn::GetAtt": ["TextDeadLetters", "Arn"]},
        "Watch": {"Ref": "AlarmTopic"},
    }


def test_no_queue_is_asked_all_day(school: str) -> None:
    assert not [name for name, one in made(school).items() if one["Type"] == "AWS::Lambda::EventSourceMapping"]


def test_clocks_run_by_the_schools_own_time(school: str) -> None:
    clocks = [one["Properties"] for one in made(school).values() if one["Type"] == "AWS::Scheduler::Schedule"]
    assert len(clocks) == 6
    assert all(clock["ScheduleExpressionTimezone"] == {"Ref": "TimeZone"} for clock in clocks)
    called = {clock["Target"]["Arn"]["Fn::GetAtt"][0] for clock in clocks}
    assert called == {"Publish", "Retain", "Watch"}
    assert not [name for name, one in made(school).items() if one["Type"] == "AWS::Events::Rule"]


def test_what_is_erased_is_not_kept_as_an_older_version(school: str) -> None:
    for name in ("SiteBucket", "InboxBucket"):
        rules = made(school)[name]["Properties"]["LifecycleConfiguration"]["Rules"]
        assert [one["NoncurrentVersionExpiration"] for one in rules if "NoncurrentVersionExpiration" in one] == [
            {"NoncurrentDays": 1}
        ]
        assert any(one.get("ExpiredObjectDeleteMarker") for one in rules)


def test_every_way_to_the_dashboard_wants_signed_cookies_and_nothing_of_the_api_is_kept(school: str) -> None:
    told = made(school)["Distribution"]["Properties"]["DistributionConfig"]
    ways = {one["PathPattern"]: one for one in told["CacheBehaviors"]}
    assert ways["/dashboard*"]["TrustedKeyGroups"] == [{"Ref": "PassesKeys"}]
    assert ways["/dashboard*"]["FunctionAssociations"] == told["DefaultCacheBehavior"]["FunctionAssociations"]
    assert "TrustedKeyGroups" not in ways["/api/*"]
    assert {one["ErrorCode"] for one in told["CustomErrorResponses"]} == {403, 404}
    assert all(one["ResponseCode"] == one["ErrorCode"] for one in told["CustomErrorResponses"])


def test_the_accounts_headers_are_those_of_every_page() -> None:
    told = in_long_form(read_stack(ACCOUNT))["Resources"]["HeadersPolicy"]["Properties"]["ResponseHeadersPolicyConfig"]
    safe, wanted = told["SecurityHeadersConfig"], dict(page_headers())
    styles = account_parameters()["StyleDigests"]
    csp = safe["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"].replace("${StyleDigests}", styles)
    assert csp == wanted.pop("Content-Security-Policy")
    hsts = safe["StrictTransportSecurity"]
    assert f"max-age={hsts['AccessControlMaxAgeSec']}; includeSubDomains" == wanted.pop("Strict-Transport-Security")
    assert wanted.pop("X-Content-Type-Options") == "nosniff"
    assert safe["ContentTypeOptions"]
    assert safe["ReferrerPolicy"]["ReferrerPolicy"] == wanted.pop("Referrer-Policy")
    assert {one["Header"]: one["Value"] for one in told["CustomHeadersConfig"]["Items"]} == wanted


def test_pages_of_older_releases_keep_their_style_for_a_while() -> None:
    now = account_parameters()["StyleDigests"]
    assert account_parameters(now)["StyleDigests"] == now
    older = " ".join(f"'sha256-{n:044}'" for n in range(20))
    kept = account_parameters(older)["StyleDigests"].split()
    assert kept[:2] == now.split()
    assert kept[2:] == older.split()[: len(kept) - 2]
    allowed = read_stack(ACCOUNT)["Parameters"]["StyleDigests"]["AllowedPattern"]
    assert re.fullmatch(allowed, " ".join(kept))


def test_the_smallest_school_has_what_it_needs_and_the_fullest_everything(aws: Any, school: str) -> None:
    small = create(aws, school, "small")
    assert not ONLY_IF_WANTED & small.keys()
    full = create(aws, school, "full", **FULLEST)
    assert full.keys() == made(school).keys()
    assert full.keys() - small.keys() == ONLY_IF_WANTED
    assert outputs(aws, "full")["Url"] == "https://wins.school.example"
    assert outputs(aws, "small")["Url"].startswith("https://")
    functions = boto3.client("lambda")
    for school_id, url in (("small", "https://not-known-yet.invalid"), ("full", "https://wins.school.example")):
        told = functions.get_function(FunctionName=outputs(aws, school_id)["ApiFunction"])["Configuration"]
        assert told["Environment"]["Variables"]["PUBLIC_URL"] == url


def test_two_schools_share_nothing_and_one_that_goes_leaves_the_other_as_it_was(aws: Any, school: str) -> None:
    maple, oak = create(aws, school, "maple"), create(aws, school, "oak", **FULLEST)
    unnamed = {name for name, one in made(school).items() if one["Type"] == "AWS::Lambda::Permission"} | {
        "ChartsLayer",  # what moto gives no name, or the same one each time
        *(name for name in maple if name.startswith("RestAPIDeployment")),
    }
    assert not {name for name in maple if name in oak and maple[name] == oak[name]} - unnamed
    table, bucket = maple["Table"], maple["SiteBucket"]
    boto3.client("s3").put_object(Bucket=bucket, Key="kept", Body=b"kept")

    aws.update_stack(
        StackName="small-wins-maple", TemplateBody=school, Parameters=parameters("maple", PublicUrl="https://m.example")
    )
    updated = resources(aws, "maple")
    assert (updated["Table"], updated["SiteBucket"]) == (table, bucket)
    told = boto3.client("lambda").get_function(FunctionName=updated["Publish"])["Configuration"]
    assert told["Environment"]["Variables"]["PUBLIC_URL"] == "https://m.example"

    before = resources(aws, "oak")
    aws.delete_stack(StackName="small-wins-maple")
    assert [one["StackName"] for one in aws.describe_stacks()["Stacks"]] == ["small-wins-oak"]
    assert resources(aws, "oak") == before
    assert boto3.client("s3").get_object(Bucket=bucket, Key="kept"), "what a school holds is not removed with its stack"
    assert table in boto3.client("dynamodb").list_tables()["TableNames"]
    names = [one["FunctionName"] for one in boto3.client("lambda").list_functions()["Functions"]]
    assert len(names) == len(FUNCTIONS)
    assert all(name.startswith("small-wins-oak-") for name in names)


def test_the_accounts_stack_gives_what_schools_ask_for(aws: Any) -> None:
    told = [
        {"ParameterKey": key, "ParameterValue": value}
        for key, value in (account_parameters() | {"ReceivesMail": "yes"}).items()
    ]
    aws.create_stack(StackName="small-wins-account", TemplateBody=ACCOUNT.read_text("utf-8"), Parameters=told)
    (stack,) = aws.describe_stacks(StackName="small-wins-account")["Stacks"]
    given = {one["OutputKey"] for one in stack["Outputs"]}
    assert given == {
        "ArtifactBucket",
        "ReceiptRuleSet",
        "OriginAccess",
        "CachePolicy",
        "HeadersPolicy",
        "ViewerFunction",
    }
    assert given <= read_stack(STACK)["Parameters"].keys()


def test_findings_are_excused_one_by_one_with_a_reason() -> None:
    excused = {"A": {"of": ["Table"], "why": "…"}, "B": {"of": ["Site"], "why": "…"}}
    assert scan.judge({"A": {"Table", "Other"}}, excused) == [
        "A: Other: not excused",
        "B: Site: excused, and nothing is found",
    ]
    everything = {*read_stack()["Resources"], *read_stack(ACCOUNT)["Resources"], "RestAPIapiStage"}
    for one in scan.excuses().values():
        assert len(one["why"]) > 40
        assert set(one["of"]) <= everything
