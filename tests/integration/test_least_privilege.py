"""Each function may do what it does and no more: all of them run through a school's life under their own roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError
from fakes.clock_life import growing_old, publishing, watching
from fakes.deployed import Deployed, deploy
from fakes.district_life import following
from fakes.enforcing import enforcing
from fakes.leaders_life import leaders
from fakes.permissions import Ask, Grant, Role, Statement, judge
from fakes.provider import CLIENT, SECRET, tampering
from fakes.school_life import NUMBER, SchoolLife
from fakes.under_a_role import credentials_of

from app import app
from chalicelib import wiring
from chalicelib.domain.school import Provider, School, SignIn
from chalicelib.routes import leader as leader_routes
from infra import keyring, scan
from infra.engine import MAIL_ADDRESS, ROOT

REGION = "us-west-2"
"""Where no other test is: those who deploy take the regions by the alphabet."""
FULLEST = {
    "MailAddress": MAIL_ADDRESS,
    "ReceiptRuleSet": "rules",
    "AdminAddress": "admin@school.example",
    "DomainName": "wins.school.example",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "Comprehend": "yes",
    "TextsByAws": "yes",
}
EXCUSES = ROOT / "infra" / "excused_permissions.yaml"


@dataclass
class Proof:
    """A school that has lived, one that wants the least, a district that followed, and what moto was asked."""

    school: Deployed
    least: Deployed
    district: Deployed
    routes: set[tuple[str, str]]
    looked: list[str]

    def unused(self, name: str, role: Role | None = None) -> list[str]:
        function = self.school.functions[name]
        return [self.school.told(one) for one in (role or function.role).unused(function.asks)]

    def only_a_district_has(self) -> list[Statement]:
        """List the statements of a district's publishing that a school's has not."""
        known = {self.school.told(one) for one in grants_of(self.school.functions["Publish"].role)}
        statements = self.district.functions["Publish"].role.statements
        return [one for one in statements if not {*map(self.district.told, one.grants())} <= known]


def grants_of(role: Role) -> list[Grant]:
    return [grant for statement in role.statements for grant in statement.grants()]


@pytest.fixture(scope="module")
def template() -> str:
    """The template of every school, as it is packed."""
    return scan.translated()


@pytest.fixture(scope="module")
def proof(engine: dict[str, str], sample_school: School, template: str) -> Iterator[Proof]:
    """Let all happen that happens in a school, once."""
    with ExitStack() as stack:
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in {**engine, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}.items():
            patched.setenv(name, value)
        patched.delenv("AWS_PROFILE", raising=False)
        patched.setattr(leader_routes, "ANSWERED_AFTER", 0.0)
        provider = stack.enter_context(tampering())
        school = deploy(template, "proved", {NUMBER: {"small-wins": "proved"}}, **FULLEST)
        least = deploy(template, "least", {})
        district = deploy(template, "county", {}, Kind="district")
        boto3.client("ses").verify_email_identity(EmailAddress=MAIL_ADDRESS)
        keys = school.functions["Publish"].variables["KEYS_PARAMETER"]
        keyring.write(keys, (keyring.read_keys(keys) or {}) | {"oidc:changed": [SECRET]})
        vouches = Provider(id="changed", name="Maple Accounts", issuer=provider.issuer, client_id=CLIENT)
        looked = stack.enter_context(enforcing())
        life = SchoolLife(school, sample_school.model_copy(update={"sign_in": SignIn(providers=(vouches,))}))
        parts: list[Callable[[SchoolLife], object]] = [lambda life: life.run("Watch"), SchoolLife.teachers, publishing]
        parts += [SchoolLife.readers, SchoolLife.texts, SchoolLife.mails, lambda life: leaders(life, provider)]
        for part in [*parts, growing_old, SchoolLife.looked_over, watching]:
            live_through(life, part)
        live_through(life, lambda life: following(life, district), district)
        yield Proof(school, least, district, life.visitor.routes, looked)


def live_through(life: SchoolLife, part: Callable[[SchoolLife], object], *others: Deployed) -> None:
    """Let a part of a school's life happen; if it can not for want of a permission, say which."""
    try:
        part(life)
    except Exception:
        if refused := [line for one in (life.deployed, *others) for line in refusals(one)]:
            pytest.fail("\n".join(refused))
        raise


def refusals(school: Deployed) -> list[str]:
    functions = school.functions.values()
    return [f"{one.name}: {line}" for one in functions for line in one.role.refused(one.asks)]


def test_every_function_is_allowed_all_that_it_does(proof: Proof) -> None:
    assert refusals(proof.school) == []
    assert all(one.calls for one in proof.school.functions.values())


def test_nothing_is_allowed_that_no_function_does_unless_it_is_excused(proof: Proof) -> None:
    unused = {one.role.name: proof.unused(name) for name, one in proof.school.functions.items()}
    excused = yaml.safe_load(EXCUSES.read_text("utf-8"))
    assert all(len(one["why"]) > 40 for one in excused)
    assert judge(unused, excused) == []


def test_a_district_is_allowed_what_it_does_and_nothing_that_it_does_without(proof: Proof) -> None:
    assert refusals(proof.district) == []
    publish, more = proof.district.functions["Publish"], proof.only_a_district_has()
    assert len(more) == 4
    assert [str(grant) for grant in Role("PublishRole", more).unused(publish.asks)] == []
    for statement in more:
        assert publish.role.without(statement).refused(publish.asks), f"does without {statement}"


def test_a_district_reads_of_a_school_what_it_published_without_stories(proof: Proof) -> None:
    role, bucket = proof.district.functions["Publish"].role, f"arn:aws:s3:::{proof.school.outputs['SiteBucketName']}"
    account = (("s3:ResourceAccount", (proof.school.place.account,)),)
    assert role.allows(Ask("s3:GetObject", f"{bucket}/dashboard/manifest.json", account))
    for path in ("dashboard/1/stories/2026-W48.json", "dashboard/1/index.html", "share/oak7/index.html"):
        assert not role.allows(Ask("s3:GetObject", f"{bucket}/{path}", account))
    assert not role.allows(Ask("s3:GetObject", f"{bucket}/dashboard/manifest.json"))
    assert not role.allows(Ask("s3:PutObject", f"{bucket}/dashboard/manifest.json", account))


def test_every_route_and_every_function_was_asked(proof: Proof) -> None:
    assert {(method, path) for path, methods in app.routes.items() for method in methods} - proof.routes == set()


def test_moto_asked_iam_as_well_each_time(proof: Proof) -> None:
    calls = sum(one.calls for one in proof.school.functions.values())
    texts = sum(ask.action == "sms-voice:SendTextMessage" for ask in proof.school.functions["ReceiveText"].asks)
    assert texts, "which moto does not have"
    assert len(proof.looked) > 0.9 * calls


def test_a_statement_that_is_taken_away_is_missed_and_named(proof: Proof) -> None:
    excused = [role for one in yaml.safe_load(EXCUSES.read_text("utf-8")) for role in one["unused"].items()]
    for function in proof.school.functions.values():
        known = {grant for role, grants in excused for grant in grants if role == function.role.name}
        for statement in function.role.statements:
            if {proof.school.told(one) for one in statement.grants()} <= known:
                continue
            refused = function.role.without(statement).refused(function.asks)
            assert refused, f"{function.role.name} does without {statement}"
            assert all(any(action in line for action in statement.actions) for line in refused)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"Action": "dynamodb:Scan", "Resource": "*"}, "dynamodb:Scan on *"),
        ({"Action": ["sqs:*", "sns:Publish"], "Resource": "*"}, "sqs:* on *"),
        (
            {
                "Action": "dynamodb:Query",
                "Resource": "*",
                "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["ROLLUP", "CONTACT"]}},
            },
            "dynamodb:Query on * if dynamodb:LeadingKeys=CONTACT",
        ),
    ],
)
def test_a_statement_that_is_added_for_nothing_is_named(proof: Proof, told: dict[str, object], named: str) -> None:
    role = proof.school.functions["Publish"].role
    wider = Role(role.name, (*role.statements, Statement.of({"Effect": "Allow", **told})))
    assert set(proof.unused("Publish", wider)) - set(proof.unused("Publish")) >= {named}
    assert judge({role.name: proof.unused("Publish", wider)}, [])[-1].startswith(role.name)


def test_an_excuse_that_nothing_needs_is_named() -> None:
    excused = [{"why": "…", "unused": {"ApiRole": ["a:B on c"]}}]
    assert judge({"ApiRole": ["d:E on f"]}, excused) == [
        "ApiRole: d:E on f: nothing uses it, and it is not excused",
        "ApiRole: a:B on c: excused, and not needed",
    ]


def test_what_another_function_may_is_refused_before_the_call_and_by_moto(proof: Proof) -> None:
    publish = proof.school.functions["Publish"]
    before = set(publish.asks)
    refused = r"AccessDenied.*PublishRole may not dynamodb:GetItem on .*CONTACT"
    with proof.school.running("Publish"), pytest.raises(ClientError, match=refused):
        wiring.table().find_contact("anybody")
    publish.asks.intersection_update(before)
    unwatched = boto3.Session(**credentials_of(publish), region_name=REGION).client("dynamodb")
    table = proof.school.outputs["TableName"]
    assert unwatched.query(
        TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "ROLLUP"}}
    )["Count"]
    with pytest.raises(ClientError, match="is not authorized to perform: dynamodb:Scan"):
        unwatched.scan(TableName=table)


def test_a_school_without_comprehend_and_texts_by_aws_may_use_neither(proof: Proof) -> None:
    asks = [ask for one in proof.school.functions.values() for ask in one.asks]
    wanted = {ask for ask in asks if ask.action.partition(":")[0] in {"comprehend", "sms-voice", "ses"}}
    assert len({ask.action for ask in wanted}) == 3
    assert not [ask for one in proof.least.functions.values() for ask in wanted if one.role.allows(ask)]


def test_texts_leave_from_no_number_of_another_school(proof: Proof) -> None:
    role, other = proof.school.functions["ReceiveText"].role, "arn:aws:sms-voice:us-west-2:123456789012:phone-number/1"
    for tags in ((("aws:ResourceTag/small-wins", ("oak",)),), ()):
        assert not role.allows(Ask("sms-voice:SendTextMessage", other, tags))


def test_no_role_reaches_another_schools_resources(proof: Proof) -> None:
    for name, function in proof.school.functions.items():
        for ask in function.asks:
            if "*" not in ask.resource and ":identity/" not in ask.resource and ":phone-number/" not in ask.resource:
                moved = ask.resource.replace("small-wins-proved", "small-wins-other").replace("/proved/", "/other/")
                assert moved != ask.resource
                assert not function.role.allows(Ask(ask.action, moved, ask.keys)), (name, ask)


def test_policies_are_read_as_iam_reads_them() -> None:
    told = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a/b?"}
    role = Role("R", [Statement.of(told), Statement.of({**told, "Effect": "Deny", "Resource": "arn:aws:s3:::a/bx"})])
    assert role.allows(Ask("s3:GetObject", "arn:aws:s3:::a/b1"))
    assert not role.allows(Ask("s3:GetObject", "arn:aws:s3:::a/b"))
    assert not role.allows(Ask("s3:PutObject", "arn:aws:s3:::a/b1"))
    assert not role.allows(Ask("s3:GetObject", "arn:aws:s3:::a/bx")), "what is denied is denied, whatever allows it"
    for operator, without_key in (("StringEquals", False), ("ForAllValues:StringEquals", True)):
        limited = Statement.of({**told, "Condition": {operator: {"k": ["1", "2"]}}})
        assert limited.concerns(Ask("s3:GetObject", "arn:aws:s3:::a/b1")) is without_key
        assert limited.concerns(Ask("s3:GetObject", "arn:aws:s3:::a/b1", (("k", ("1", "2")),)))
        assert not limited.concerns(Ask("s3:GetObject", "arn:aws:s3:::a/b1", (("k", ("1", "3")),)))
    for unknown in ({"NotAction": "s3:*"}, {"Condition": {"Bool": {"k": "true"}}}):
        with pytest.raises(NotImplementedError):
            Role("R", [Statement.of({**told, **unknown})]).allows(Ask("s3:GetObject", "arn:aws:s3:::a/b1"))
    assert [*map(str, Statement.of(told).grants())] == [str(Grant("s3:Get*", "arn:aws:s3:::a/b?"))]
