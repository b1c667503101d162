"""What applying would do, cost and still need. Nothing is changed by asking."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from infra.clients import client
from infra.cost import SCHOOLS_AN_ACCOUNT, monthly
from infra.deploy.changes import Change, counted, forbidden, in_words, wanted_resources
from infra.deploy.failures import CannotDeploy
from infra.deploy.missing import what_is_missing
from infra.deploy.parameters import Job, all_of, fitting, of_the_file
from infra.deploy.progress import Progress
from infra.deploy.proposals import BIGGEST_BODY, Wanted, propose
from infra.deploy.releases import Release, address_of, files_of, find_release, read_file
from infra.deploy.stacks import Stack, find_stack
from infra.deploy.steps import ACCOUNT_STACK, Choices, Sources, account_wanted, shared_by

STEPS = 4
_NOT_YET = {"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_COMPLETE"}
_TO_BE_MADE = "to be made"
_FIREWALL_DOLLARS = 6
"""A month: five for a web ACL and one for its rule (aws.amazon.com/waf/pricing, read 2026-11-25)."""


@dataclass(frozen=True)
class _Offer:
    """A release, with its template as long as that is on this machine only."""

    release: Release
    template: str


def plan(job: Job, sources: Sources, choices: Choices, progress: Progress) -> bool:
    """Say what applying would do; whether it could.

    Raises:
        CannotDeploy: if it can't be found out.
    """
    progress.step("Package")
    packaged = None if choices.release else sources.pack(progress)
    progress.step("What would change")
    shared, school = _there(ACCOUNT_STACK), _there(job.stack)
    _plan_account(job, (sources, choices), shared, progress)
    if packaged:
        offer = _Offer(files_of(packaged)[0], packaged.template.read_text("utf-8"))
    elif shared:
        offer = _Offer(find_release(shared.outputs["ArtifactBucket"], choices.release), "")
    else:
        raise CannotDeploy(f"There is no release {choices.release}: this account has none yet.")
    possible, account = True, _to_be_shared(job, shared, choices)
    if school and shared:
        possible = _plan_update(job, (account, school), offer, progress)
    else:
        _plan_new(job, account, offer.template, progress)
    progress.step("What it costs a month")
    progress.say(_cost())
    if "WebAclArn" in account and not job.deployment.firewall:
        progress.say(f"and about {_FIREWALL_DOLLARS} US dollars for AWS WAF, for all schools of the account together")
    progress.step("What is missing")
    for sentence in what_is_missing(job, school) or ["nothing"]:
        progress.say(sentence)
    return possible


def _there(name: str) -> Stack | None:
    found = find_stack(name)
    return None if found is None or found.status in _NOT_YET else found


def _plan_account(job: Job, told: tuple[Sources, Choices], shared: Stack | None, progress: Progress) -> None:
    wanted = account_wanted(job, told[0], shared, told[1])
    if shared is None:
        progress.say(f"{ACCOUNT_STACK}: to be created; the schools of this account and region share it")
        return
    if shared.status.endswith("_IN_PROGRESS"):
        raise CannotDeploy(f"{ACCOUNT_STACK} is at work ({shared.status}): ask again when it is done.")
    with _proposed(wanted, shared) as changes:
        progress.say(f"{ACCOUNT_STACK}: {counted(changes) or 'as it should be'}")


def _to_be_shared(job: Job, shared: Stack | None, choices: Choices) -> dict[str, str]:
    """Return what the school will share, as far as it is known."""
    account = shared_by(shared.outputs if shared else {}, job, choices)
    return {"WebAclArn": _TO_BE_MADE, **account} if choices.rate_limit else account


def _plan_new(job: Job, account: Mapping[str, str], template: str, progress: Progress) -> None:
    """Read from the template what a new school would have: asking CloudFormation would leave an empty stack."""
    if not template:
        progress.say(f"{job.stack}: to be created")
        return
    told = {"ReceiptRuleSet": _TO_BE_MADE, **account, **of_the_file(job, "")}
    changes = wanted_resources(json.loads(template), told)
    progress.say(f"{job.stack}: {counted(changes)}")
    for line in in_words(changes):
        progress.say(f"  {line}")


def _plan_update(job: Job, there: tuple[Mapping[str, str], Stack], offer: _Offer, progress: Progress) -> bool:
    account, school = there
    if school.status.endswith("_IN_PROGRESS"):
        raise CannotDeploy(f"{job.stack} is at work ({school.status}): ask again when it is done.")
    bucket = account["ArtifactBucket"]
    read = json.loads(offer.template or read_file(bucket, offer.release.template))
    told = fitting(read, all_of(job, account, offer.release, school.outputs.get("Url", "")))
    with (
        _template_given(bucket, offer, job.place.region) as given,
        _proposed(Wanted(job.stack, given, told, job.tags), school) as changes,
    ):
        progress.say(f"{job.stack}: {counted(changes) or 'as it should be'}")
        for line in in_words(changes):
            progress.say(f"  {line}")
        if lost := forbidden(changes):
            progress.say(f"REFUSED: {', '.join(lost)} would be lost with what people sent; apply will not do this")
        return not lost


@contextmanager
def _template_given(bucket: str, offer: _Offer, region: str) -> Iterator[str]:
    """Give CloudFormation a template: as it is, or, if it is too large for that, for as long as it reads it, on S3."""
    if 0 < len(offer.template.encode()) <= BIGGEST_BODY:
        yield offer.template
        return
    s3, key = client("s3"), offer.release.template
    passing = f"plans/{key}" if offer.template else key
    if offer.template:
        s3.put_object(Bucket=bucket, Key=passing, Body=offer.template.encode())
    try:
        yield address_of(bucket, passing, region)
    finally:
        if offer.template:
            s3.delete_object(Bucket=bucket, Key=passing)


@contextmanager
def _proposed(told: Wanted, existing: Stack) -> Iterator[list[Change]]:
    """Ask CloudFormation for changes, and take the question back."""
    proposal = propose(told, existing)
    try:
        yield proposal.changes if proposal else []
    finally:
        if proposal:
            client("cloudformation").delete_change_set(ChangeSetName=proposal.id)


def _cost() -> str:
    return f"{monthly(1)}, alone in its account; {monthly(SCHOOLS_AN_ACCOUNT)}, with {SCHOOLS_AN_ACCOUNT} beside it"
