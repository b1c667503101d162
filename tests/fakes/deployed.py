"""A school made on moto from the whole template, whose functions run here: each with its own variables and role.

How their calls are judged stands in `under_a_role`.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import boto3
from fakes.asked import Place
from fakes.permissions import Grant, Role, Statement
from fakes.under_a_role import Function, credentials_of, watch_over

from chalicelib import wiring
from infra import keyring


@dataclass
class Deployed:
    """A school on moto."""

    place: Place
    functions: dict[str, Function]
    names: dict[str, str]
    """What the template calls a resource, by its own name."""
    outputs: dict[str, str]

    def told(self, grant: Grant) -> str:
        """Write a grant with the template's names, which are the same each time."""
        arn = grant.resource
        rest = arn.split(":", 5)[-1] if arn.startswith("arn:") else arn
        for own in sorted(self.names, key=len, reverse=True):
            rest = rest.replace(own, self.names[own])
        return str(replace(grant, resource=rest))

    @contextmanager
    def pointed_to(self) -> Iterator[None]:
        """Be an administrator, who may do everything in this school."""
        with _told(self.functions["APIHandler"].variables):
            yield

    @contextmanager
    def running(self, name: str) -> Iterator[Function]:
        """Be a function that has just started: with its variables, and with no other credentials than its role's."""
        function = self.functions[name]
        if function.session is None:  # a session keeps what it has read of a service, which takes longest
            function.session = boto3.Session(**credentials_of(function), region_name=self.place.region)
            watch_over(function.session, function, self.place)
        default = boto3.DEFAULT_SESSION
        boto3.DEFAULT_SESSION = function.session
        try:
            with _told(function.variables):
                yield function
        finally:
            boto3.DEFAULT_SESSION = default


@contextmanager
def _told(variables: Mapping[str, str]) -> Iterator[None]:
    """Have the environment say what a function is told."""
    before = dict(os.environ)
    os.environ.update(variables)
    wiring.forget()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        wiring.forget()


def deploy(template: str, school_id: str, tags: Mapping[str, Mapping[str, str]], **parameters: str) -> Deployed:
    """Create a school's stack in the region of the environment, with its keys.

    Args:
        template: as it is packed.
        school_id: the school's.
        tags: of the account's phone numbers.
        parameters: of the stack, besides those that a release and an account give.
    """
    region, account = os.environ["AWS_DEFAULT_REGION"], boto3.client("sts").get_caller_identity()["Account"]
    keys, bucket, stack = f"/small-wins/{school_id}/keys", f"artifacts-of-{school_id}", f"small-wins-{school_id}"
    _put_code(bucket)
    keyring.create(keys, datetime.now(UTC))
    told = {"SchoolId": school_id, "KeysParameter": keys, "ArtifactBucket": bucket, "CodeKey": "f.zip"}
    told |= {"ChartsKey": "f.zip", "PassesPublicKey": "K1", "OriginKey": "o", "HeadersPolicy": "h", "CachePolicy": "c"}
    told |= {"OriginAccess": "a", "ViewerFunction": "arn:aws:cloudfront::1:f", **parameters}
    aws = boto3.client("cloudformation")
    given: Any = [{"ParameterKey": key, "ParameterValue": value} for key, value in told.items()]
    aws.create_stack(StackName=stack, TemplateBody=template, Parameters=given)
    pages = aws.get_paginator("list_stack_resources").paginate(StackName=stack)
    made = {one["LogicalResourceId"]: one for page in pages for one in page["StackResourceSummaries"]}
    functions = {
        name: _function(name, one["PhysicalResourceId"], made)
        for name, one in made.items()
        if one["ResourceType"] == "AWS::Lambda::Function"
    }
    outputs = aws.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    own = {name: _own(one["PhysicalResourceId"]) for name, one in made.items()}
    names = {of_it: name for name, of_it in own.items() if of_it} | {keys: "/Keys"}
    return Deployed(
        Place(account, region, tags),
        functions,
        names,
        {one["OutputKey"]: one["OutputValue"] for one in outputs},
    )


def _put_code(bucket: str) -> None:
    code, s3 = io.BytesIO(), boto3.client("s3", region_name="us-east-1")
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("app.py", "")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="f.zip", Body=code.getvalue())


def _own(physical: str) -> str:
    """Return the part of a resource's id that its ARN ends with: an ARN's, an address's, or the id itself."""
    last = physical.rpartition(":")[2] if physical.startswith("arn:") else physical
    return last.rpartition("/")[2] if physical.startswith("http") else last


def _function(name: str, physical: str, made: Mapping[str, Any]) -> Function:
    told = boto3.client("lambda").get_function(FunctionName=physical)["Configuration"]
    iam, arn = boto3.client("iam"), told["Role"]
    own = arn.rpartition("/")[2]
    logical = next(key for key, one in made.items() if one["PhysicalResourceId"] == own)
    policies = iam.list_role_policies(RoleName=own)["PolicyNames"]
    assert not iam.list_attached_role_policies(RoleName=own)["AttachedPolicies"]
    documents = [_document(own, one) for one in policies]
    statements = [Statement.of(told) for document in documents for told in document["Statement"]]
    return Function(name, told["Environment"]["Variables"], Role(logical, statements), arn)


def _document(role: str, policy: str) -> Any:
    """Read a policy that moto's CloudFormation made, and write it anew: as JSON, and without what is no value."""
    iam = boto3.client("iam")
    text: Any = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    document = literal_eval(text) if isinstance(text, str) else text
    document["Statement"] = [one for one in document["Statement"] if isinstance(one, dict)]
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    return document
