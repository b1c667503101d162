"""What would change in a stack, as CloudFormation sees it (a change set), and bringing it about."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.changes import Change, counted, forbidden
from infra.deploy.failures import CannotDeploy
from infra.deploy.progress import Progress
from infra.deploy.stacks import Stack, first_failure, settled, wait_for

BIGGEST_BODY = 51_200
"""Bytes of a template that CloudFormation takes without S3."""
_LOOK_EVERY_SECONDS = 2
_NOTHING_TO_CHANGE = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class Wanted:
    """How a stack is to be."""

    name: str
    template: str
    """Its JSON or YAML, or the address of it on S3."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A change set that can be carried out."""

    id: str
    stack: str
    changes: list[Change]


def propose(wanted: Wanted, existing: Stack | None) -> Proposal | None:
    """Ask CloudFormation what would change; None for nothing.

    Raises:
        CannotDeploy: if CloudFormation does not take the template or a parameter.
    """
    formation = client("cloudformation")
    try:
        made = formation.create_change_set(**_asked(wanted, existing))
    except ClientError as error:
        if any(words in str(error) for words in _NOTHING_TO_CHANGE):
            return None
        raise
    while True:
        found = formation.describe_change_set(ChangeSetName=made["Id"])
        if not found["Status"].endswith(("PENDING", "PROGRESS")):
            break
        time.sleep(_LOOK_EVERY_SECONDS)
    reason = found.get("StatusReason", "")
    if found["Status"] == "FAILED":
        formation.delete_change_set(ChangeSetName=made["Id"])
        if any(words in reason for words in _NOTHING_TO_CHANGE):
            return None
        raise CannotDeploy(f"CloudFormation does not take the stack {wanted.name}: {reason}")
    pages = formation.get_paginator("describe_change_set").paginate(ChangeSetName=made["Id"])
    changes = [one["ResourceChange"] for page in pages for one in page.get("Changes", ()) if "ResourceChange" in one]
    return Proposal(made["Id"], wanted.name, changes)


def _asked(wanted: Wanted, existing: Stack | None) -> dict[str, Any]:
    return {
        "StackName": wanted.name,
        "ChangeSetName": f"small-wins-{uuid.uuid4().hex[:12]}",
        "ChangeSetType": "UPDATE" if existing else "CREATE",
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in wanted.parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in wanted.tags.items()],
        **_template_of(wanted),
    }


def _template_of(wanted: Wanted) -> dict[str, str]:
    if wanted.template.startswith("https://"):
        return {"TemplateURL": wanted.template}
    if len(wanted.template.encode()) > BIGGEST_BODY:
        raise CannotDeploy(f"The template of {wanted.name} is larger than CloudFormation takes without a bucket.")
    return {"TemplateBody": wanted.template}


def refuse_losses(proposal: Proposal) -> None:
    """Refuse what would take a school's wins, pages or mail away from it.

    Raises:
        CannotDeploy: with what would be lost.
    """
    if lost := forbidden(proposal.changes):
        client("cloudformation").delete_change_set(ChangeSetName=proposal.id)
        raise CannotDeploy(
            f"REFUSED: this version would replace or remove {', '.join(lost)} of {proposal.stack}, and with it what "
            "people sent. Nothing was changed."
        )


def bring_about(wanted: Wanted, progress: Progress) -> Stack:
    """Create or update a stack, and wait for it.

    Raises:
        CannotDeploy: if CloudFormation gives up, or would lose something.
    """
    existing = settled(wanted.name, progress)
    proposal = propose(wanted, existing)
    if existing and proposal is None:
        progress.say(f"{wanted.name}: as it should be")
        return existing
    if proposal is None:
        raise CannotDeploy(f"CloudFormation sees nothing to create in {wanted.name}.")
    refuse_losses(proposal)
    what = counted(proposal.changes) or "settings to change"
    progress.changed(f"{wanted.name}: {what}")
    client("cloudformation").execute_change_set(ChangeSetName=proposal.id)
    found = wait_for(wanted.name, progress, len(proposal.changes))
    if found is None or found.status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        why = first_failure(found.id) if found else "somebody removed it meanwhile"
        raise CannotDeploy(f"CloudFormation gave up on {wanted.name}: {why}")
    return found
