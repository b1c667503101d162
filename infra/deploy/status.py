"""How a school is: resources, pages, last publication, messages that failed, certificate, spending, release."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.failures import AwsErrors, code_of, sentence_of
from infra.deploy.holdings import failed_messages
from infra.deploy.missing import certificate_of
from infra.deploy.notes import DEPLOYED, read_note
from infra.deploy.parameters import Job
from infra.deploy.stacks import Stack, find_stack

_MORNING = 3
"""By this hour, on the school's clock, the day's first publication has long been made."""
_WARN_BEFORE = timedelta(days=21)
"""ACM renews sixty days ahead; what is still old then will not be renewed by itself."""
_ANSWER_SECONDS = 10
_GOOD = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


@dataclass(frozen=True)
class Fact:
    """One thing about a school; `well` is None where it says nothing of health."""

    what: str
    told: str
    well: bool | None = None


def facts(job: Job, url: str = "") -> list[Fact]:
    """Look at a school.

    Args:
        job: the school.
        url: where its pages are asked for, if that is not where its stack says.
    """
    stack = find_stack(job.stack)
    if stack is None:
        return [Fact("resources", f"there is no stack {job.stack}: apply it first", well=False)]
    found = [Fact("resources", f"{job.stack}: {stack.status}", stack.status in _GOOD)]
    looks: dict[str, Callable[[], Fact | list[Fact]]] = {
        "release": lambda: _release(job, stack),
        "pages": lambda: _pages(url or stack.outputs.get("Url", ""), asked=bool(url)),
        "publication": lambda: _publication(job, stack.outputs["SiteBucketName"]),
        "letters": lambda: _letters(stack.outputs["AlarmTopicArn"]),
        "dead letters": lambda: _dead_letters(stack),
        "certificate": lambda: _certificate(job),
        "spending": lambda: _spending(job.place.account, stack.outputs.get("BudgetName", "")),
    }
    for what, look in looks.items():
        try:
            told = look()
        except AwsErrors as error:
            told = Fact(what, f"not looked at. {sentence_of(error)}")
        found += told if isinstance(told, list) else [told]
    return found + [Fact(name, value) for name, value in sorted(stack.outputs.items())]


def _release(job: Job, stack: Stack) -> Fact:
    note = read_note(job.id, DEPLOYED)
    code = stack.parameters.get("CodeKey", "")
    before = f"; before it {', '.join(note['before'])}" if note.get("before") else ""
    since = f" since {note['since'][:16].replace('T', ' ')} UTC" if note.get("since") else ""
    return Fact("release", f"{note.get('release', 'not noted')} ({code}){since}{before}")


def _pages(url: str, *, asked: bool) -> Fact:
    if os.environ.get("AWS_ENDPOINT_URL") and not asked:
        return Fact("pages", "not asked for: this is a stand-in for AWS, without CloudFront")
    try:
        with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
            json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return Fact("pages", f"{url} answers {error.code}", well=False)
    except (OSError, ValueError) as error:
        return Fact("pages", f"{url} does not answer ({getattr(error, 'reason', None) or error})", well=False)
    return Fact("pages", f"{url} answers", well=True)


def _publication(job: Job, bucket: str) -> Fact:
    try:
        found = client("s3").get_object(Bucket=bucket, Key="dashboard/manifest.json")
    except ClientError as error:
        if code_of(error) != "NoSuchKey":
            raise
        return Fact("publication", "nothing is published yet", well=False)
    told: Any = json.loads(found["Body"].read())
    here, as_of = datetime.now(job.school.zone), told["as_of"]
    late = here.hour >= _MORNING and as_of < here.date().isoformat()
    at = told["published_at"][:16].replace("T", " ")
    return Fact("publication", f"of {as_of}, last changed {at} UTC (version {told['version']})", not late)


def _letters(topic: str) -> Fact:
    told: Any = client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    waiting = int(told.get("SubscriptionsPending", 0))
    if waiting:
        return Fact("letters", "the admin has not confirmed yet to get letters: AWS sent a mail about it", well=False)
    return Fact("letters", "go to the admin" if int(told.get("SubscriptionsConfirmed", 0)) else "go to nobody")


def _dead_letters(stack: Stack) -> list[Fact]:
    return [
        Fact(f"{kind.lower()}s that failed", f"{n}" + ("; docs/operate.md tells how to try again" if n else ""), n == 0)
        for kind, n in failed_messages(stack.outputs).items()
    ]


def _certificate(job: Job) -> Fact:
    if not job.deployment.certificate:
        return Fact("certificate", "CloudFront's own")
    told: Any = certificate_of(job.deployment.certificate)
    ends = told.get("NotAfter")
    well = told["Status"] == "ISSUED" and (ends is None or ends - datetime.now(UTC) > _WARN_BEFORE)
    return Fact("certificate", told["Status"] + (f", until {ends:%Y-%m-%d}" if ends else ""), well)


def _spending(account: str, name: str) -> Fact:
    """Ask the budget that the stack has; looking at it is free, asking Cost Explorer is not."""
    unknown = Fact("spending", "not known yet: AWS counts it some hours after the first day")
    if not name:
        return unknown
    try:
        budget: Any = client("budgets", "us-east-1").describe_budget(AccountId=account, BudgetName=name)["Budget"]
    except ClientError as error:
        if code_of(error) != "NotFoundException":
            raise
        return unknown
    if "CalculatedSpend" not in budget:
        return unknown
    spent, limit = (float(one["Amount"]) for one in (budget["CalculatedSpend"]["ActualSpend"], budget["BudgetLimit"]))
    told = f"${spent:.2f} this month, of ${limit:.2f}"
    if round(spent, 2) == 0:
        return Fact("spending", f"{told}: if not done yet, activate the cost allocation tag `small-wins` in Billing")
    return Fact("spending", told, spent <= limit)


def in_lines(found: list[Fact]) -> list[str]:
    """Write facts as a table for the terminal."""
    width = max(len(fact.what) for fact in found)
    marks = {True: "ok ", False: "NOT", None: "   "}
    return [f"{marks[fact.well]} {fact.what:<{width}}  {fact.told}" for fact in found]
