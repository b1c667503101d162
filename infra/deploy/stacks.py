"""One CloudFormation stack: how it is, waiting for it, and what to make of one that failed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.changes import PRECIOUS, stack_policy
from infra.deploy.failures import CannotDeploy, code_of
from infra.deploy.holdings import remove_leftovers
from infra.deploy.notes import still_at_work
from infra.deploy.progress import Progress

_LOOK_EVERY_SECONDS = 4
_BEGUN = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"}
"""What a stack says of itself as a round begins."""
_NEVER_WAS = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
"""The stack's creation failed, so that there was never a school in it."""


@dataclass(frozen=True)
class Stack:
    """A stack as CloudFormation describes it."""

    name: str
    id: str
    status: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]


def find_stack(name: str) -> Stack | None:
    """Return a stack, if there is one by this name or id."""
    try:
        found = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if code_of(error) == "ValidationError":
            return None
        raise
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}
    parameters = {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", ())}
    return Stack(found["StackName"], found["StackId"], found["StackStatus"], outputs, parameters)


def users_of(parameter: str) -> list[str]:
    """Name the schools' stacks for which a parameter says anything."""
    pages = client("cloudformation").get_paginator("describe_stacks").paginate()
    ours = (one for page in pages for one in page["Stacks"] if one["StackName"].startswith("small-wins-"))
    return [
        one["StackName"]
        for one in ours
        if any(told["ParameterKey"] == parameter and told.get("ParameterValue") for told in one.get("Parameters", ()))
    ]


def settled(name: str, progress: Progress) -> Stack | None:
    """Return a stack that can be updated; None if it has to be created. Waits for what somebody else has begun.

    Raises:
        CannotDeploy: if it can be neither.
    """
    formation, found = client("cloudformation"), find_stack(name)
    if found and found.status.endswith("_IN_PROGRESS") and found.status != "REVIEW_IN_PROGRESS":
        progress.say(f"{name} is at work ({found.status}): waiting for it")
        found = wait_for(found.id, progress)
    if found is None or found.status == "DELETE_COMPLETE":
        return None
    if found.status == "REVIEW_IN_PROGRESS":
        delete(found, progress)
        return None
    if found.status in _NEVER_WAS:
        progress.changed(f"{name} was never finished ({found.status}): what is left of it is removed")
        remove_leftovers(found.id, progress)
        delete(found, progress)
        return None
    if found.status == "UPDATE_ROLLBACK_FAILED":
        progress.changed(f"{name} is stuck between two versions: going back to the earlier one")
        formation.continue_update_rollback(StackName=found.id)
        found = wait_for(found.id, progress)
    if found is None or not found.status.endswith("_COMPLETE"):
        status = found.status if found else "gone"
        raise CannotDeploy(f"The stack {name} is {status}: CloudFormation's console tells why; mend that first.")
    return found


def protect(stack: Stack) -> None:
    """Let CloudFormation itself refuse to replace or remove what holds people's words, and the stack at a slip."""
    formation, policy = client("cloudformation"), json.dumps(stack_policy())
    formation.update_termination_protection(StackName=stack.name, EnableTerminationProtection=True)
    if formation.get_stack_policy(StackName=stack.name).get("StackPolicyBody") != policy:
        formation.set_stack_policy(StackName=stack.name, StackPolicyBody=policy)


def wait_for(name: str, progress: Progress, resources: int = 0) -> Stack | None:
    """Wait until a stack is at rest, with a bar of its resources."""
    total, shown = resources or len(PRECIOUS), 0
    with progress.bar(total, "resource") as bar:
        while (found := find_stack(name)) and found.status.endswith("_IN_PROGRESS"):
            done = min(_done(found), total)
            bar.update(done - shown)
            shown = done
            still_at_work()
            time.sleep(_LOOK_EVERY_SECONDS)
    return found


def _done(stack: Stack) -> int:
    """Count the resources that the present round has finished."""
    events = client("cloudformation").describe_stack_events(StackName=stack.id)["StackEvents"]
    done = 0
    for event in events:  # the newest first
        if event.get("LogicalResourceId") == stack.name:
            break
        done += event.get("ResourceStatus", "").endswith("_COMPLETE")
    return done


def first_failure(stack_id: str) -> str:
    """Say why a round failed: what failed first, and not what was given up with it."""
    pages = client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack_id)
    failed = []
    for event in (one for page in pages for one in page["StackEvents"]):  # the newest first
        status = event.get("ResourceStatus", "")
        if event.get("PhysicalResourceId") == stack_id and status in _BEGUN:
            break
        if status.endswith("_FAILED"):
            failed.append(event)
    own = [one for one in failed if "cancelled" not in one.get("ResourceStatusReason", "")]
    if not own:
        return "its console tells why"
    return f"{own[-1]['LogicalResourceId']}: {own[-1].get('ResourceStatusReason', 'no reason given')}"


def delete(stack: Stack, progress: Progress) -> None:
    """Delete a stack and wait until it is gone.

    Raises:
        CannotDeploy: if CloudFormation does not manage to.
    """
    formation = client("cloudformation")
    formation.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)
    formation.delete_stack(StackName=stack.id)
    found = wait_for(stack.id, progress)
    if found is not None and found.status != "DELETE_COMPLETE":
        raise CannotDeploy(f"CloudFormation could not delete {stack.name}: {first_failure(stack.id)}")
