"""A small stand-in for what `infra.package` makes, so that deploying is tested without packing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy.progress import Progress
from infra.deploy.steps import Sources
from infra.template import ACCOUNT, account_parameters

_RETAIN = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
_KEYS = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "held")]
_INDEX = {
    "IndexName": "Held",
    "KeySchema": [{"AttributeName": "held", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}
_TABLE = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": _KEYS,
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [_INDEX],
    "DeletionProtectionEnabled": True,
}
_TAKEN = ("SchoolId", "KeysParameter", "AdminAddress", "PassesPublicKey", "ArtifactBucket", "CodeKey", "ChartsKey")
_OPTIONAL = (
    "PublicUrl",
    "MailAddress",
    "DomainName",
    "PassesOtherPublicKey",
    "TimeZone",
    "LogDays",
    "OriginKey",
    "WebAclArn",
)
_ADDRESS = {"Fn::Sub": "https://${SchoolId}.pages.example"}


def school_template(table: str = "Table") -> dict[str, Any]:
    """The template of a school: what deploying looks at, and queues. Its table can have another name in it."""
    queue = {"Type": "AWS::SQS::Queue"}
    bucket = {"Type": "AWS::S3::Bucket", **_RETAIN}
    told = {"Fn::Join": [" ", [{"Ref": "CodeKey"}, {"Ref": "PassesPublicKey"}, {"Ref": "PassesOtherPublicKey"}]]}
    noted = {"Name": {"Fn::Sub": "seen-${SchoolId}"}, "Type": "String", "Value": told}
    resources = {
        table: {"Type": "AWS::DynamoDB::Table", **_RETAIN, "Properties": _TABLE},
        "SiteBucket": bucket,
        "InboxBucket": bucket,
        "MailDeadLetters": queue,
        "TextDeadLetters": queue,
        "AlarmTopic": {"Type": "AWS::SNS::Topic"},
        "Seen": {"Type": "AWS::SSM::Parameter", "Properties": noted},
        "OwnDomain": {"Type": "AWS::SQS::Queue", "Condition": "HasDomain"},
    }
    return {
        "Parameters": {name: {"Type": "String"} for name in _TAKEN}
        | {name: {"Type": "String", "Default": ""} for name in _OPTIONAL},
        "Conditions": {"HasDomain": {"Fn::Not": [{"Fn::Equals": [{"Ref": "DomainName"}, ""]}]}},
        "Resources": resources,
        "Outputs": {
            "TableName": {"Value": {"Ref": table}},
            "SiteBucketName": {"Value": {"Ref": "SiteBucket"}},
            "InboxBucketName": {"Value": {"Ref": "InboxBucket"}},
            "MailDeadLettersUrl": {"Value": {"Ref": "MailDeadLetters"}},
            "TextDeadLettersUrl": {"Value": {"Ref": "TextDeadLetters"}},
            "AlarmTopicArn": {"Value": {"Ref": "AlarmTopic"}},
            "BudgetName": {"Value": {"Fn::Sub": "budget-of-${SchoolId}"}},
            "Seen": {"Value": {"Ref": "Seen"}},
            "Url": {"Value": _ADDRESS},
        },
    }


@dataclass(frozen=True)
class StandIn:
    """A package of a few bytes."""

    functions: Path
    charts: Path
    template: Path
    site: dict[str, Path]


def package_in(folder: Path, version: str, table: str = "Table") -> StandIn:
    """Write a package to a folder; another version has other code."""
    template = json.dumps(school_template(table))
    functions, charts = folder / f"functions-{version}.zip", folder / "charts-1.zip"
    school = folder / f"school-{table}.json"
    site = {f"assets/{name}": folder / name for name in ("form.js", "icon.svg")}
    written = {functions: version, charts: "charts", school: template}
    for path, text in {**written, **dict.fromkeys(site.values(), f"// {version}")}.items():
        path.write_text(text, "utf-8")
    return StandIn(functions, charts, school, site)


def sources_in(folder: Path, version: str = "one", table: str = "Table") -> Sources:
    """What a machine with such a package brings; what an account's schools share is as it is."""
    package = package_in(folder, version, table)

    def pack(_: Progress) -> StandIn:
        return package

    return Sources(ACCOUNT, account_parameters, pack)
