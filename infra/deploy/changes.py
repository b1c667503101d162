"""What a change set would do, in plain words; and what must never be done to a school."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

PRECIOUS = ("Table", "SiteBucket", "InboxBucket")
"""What holds a school's wins, pages and mail. An update may neither replace nor remove it."""

_WORDS = {
    ("Add", None): "add",
    ("Remove", None): "remove",
    ("Import", None): "take over",
    ("Modify", "True"): "REPLACE",
    ("Modify", "Conditional"): "change, or replace",
}
Change = Mapping[str, Any]
"""As CloudFormation describes one resource's change: Action, LogicalResourceId, ResourceType, Replacement."""


def in_words(changes: Iterable[Change]) -> Iterator[str]:
    """Say what would be done to what, a line each."""
    for one in changes:
        yield f"{_verb(one):<18} {one['LogicalResourceId']} ({kind_of(one['ResourceType'])})"


def _verb(change: Change) -> str:
    action = change["Action"]
    replacement = change.get("Replacement") if action == "Modify" else None
    return _WORDS.get((action, replacement), "change")


def kind_of(resource_type: str) -> str:
    """Name a type in words: `AWS::DynamoDB::Table` → `DynamoDB table`."""
    _, service, thing = resource_type.split("::", 2)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", thing).lower()
    return f"{service} {words}"


def forbidden(changes: Iterable[Change]) -> list[str]:
    """List the resources with people's words in them that would be lost from the school."""
    return [
        one["LogicalResourceId"]
        for one in changes
        if one["LogicalResourceId"] in PRECIOUS
        and (one["Action"] == "Remove" or (one["Action"] == "Modify" and one.get("Replacement") == "True"))
    ]


def counted(changes: Iterable[Change]) -> str:
    """Count what would be done: `3 to add, 2 to change`."""
    counts = Counter(_verb(one) for one in changes)
    return ", ".join(f"{number} to {verb}" for verb, number in counts.items())


def stack_policy() -> dict[str, Any]:
    """Return the policy by which CloudFormation itself refuses what must never be done."""
    ours = [f"LogicalResourceId/{name}" for name in PRECIOUS]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["Update:Replace", "Update:Delete"], "Resource": ours}
    return {"Statement": [allow, deny]}


def wanted_resources(template: Mapping[str, Any], parameters: Mapping[str, str]) -> list[Change]:
    """List what a new stack would have, as changes; what its conditions leave out is not among them."""
    given = {name: one.get("Default", "") for name, one in template.get("Parameters", {}).items()} | dict(parameters)
    conditions = template.get("Conditions", {})
    return [
        {"Action": "Add", "LogicalResourceId": name, "ResourceType": one["Type"]}
        for name, one in template["Resources"].items()
        if "Condition" not in one or _holds({"Condition": one["Condition"]}, conditions, given)
    ]


def _holds(test: Any, conditions: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    """Decide a condition of a template."""
    ((kind, told),) = test.items()
    if kind == "Condition":
        return _holds(conditions[told], conditions, given)
    if kind == "Fn::Equals":
        left, right = (given.get(one["Ref"], "") if isinstance(one, dict) else one for one in told)
        return str(left) == str(right)
    many = [_holds(one, conditions, given) for one in told]
    return {"Fn::And": all(many), "Fn::Or": any(many), "Fn::Not": not many[0]}[kind]
