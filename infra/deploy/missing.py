"""What a school still needs from people: domain, certificate, mail out of its sandbox, a number, room in quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.failures import AwsErrors, code_of, sentence_of
from infra.deploy.parameters import Job
from infra.deploy.stacks import Stack
from infra.keyring import public_keys

_PUBLIC_KEYS = 10
"""Of an AWS account, unless AWS has raised it (docs.aws.amazon.com, quotas of CloudFront); a school needs one."""
_RUNS_AT_ONCE = 1000
"""New accounts have fewer (docs.aws.amazon.com, quotas of Lambda)."""
_CERTIFICATES_REGION = "us-east-1"
"""Where CloudFront looks for certificates."""


def what_is_missing(job: Job, stack: Stack | None) -> list[str]:
    """Say what is missing, a sentence each; what can't be looked at is said too."""
    looks: dict[str, Callable[[Job, Stack | None], Iterator[str]]] = {
        "the domain": _domain,
        "mail": _mail,
        "texts": _texts,
        "CloudFront's quotas": _quotas,
    }
    found: list[str] = []
    for what, look in looks.items():
        try:
            found += look(job, stack)
        except AwsErrors as error:
            found.append(f"Not looked at: {what}. {sentence_of(error)}")
    return found


def _domain(job: Job, stack: Stack | None) -> Iterator[str]:
    told = job.deployment
    if not told.domain or not told.certificate:
        yield "No domain: the pages will be at an address of CloudFront's; give `domain` and `certificate` for another."
        return
    try:
        state = certificate_of(told.certificate)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        yield f"The certificate is not in this account: request one for {told.domain} in {_CERTIFICATES_REGION}."
        return
    if state["Status"] != "ISSUED":
        yield f"The certificate for {told.domain} is {state['Status']}: add the DNS record that ACM shows."
    if not _covers([state["DomainName"], *state.get("SubjectAlternativeNames", ())], told.domain):
        yield f"The certificate is not for {told.domain}: it is for {state['DomainName']}."
    if stack and (target := stack.outputs.get("DistributionDomain")):
        yield f"If not done yet, in the DNS: {told.domain} CNAME {target}"


def certificate_of(arn: str) -> dict[str, Any]:
    """Return what ACM says of a certificate."""
    found: dict[str, Any] = client("acm", _CERTIFICATES_REGION).describe_certificate(CertificateArn=arn)
    told: dict[str, Any] = found["Certificate"]
    return told


def _covers(names: list[str], domain: str) -> bool:
    return domain in names or f"*.{domain.partition('.')[2]}" in names


def _mail(job: Job, _: Stack | None) -> Iterator[str]:
    address = job.school.mail.address
    if not address:
        yield "No mail: give `mail: address:` to let wins be mailed, and leaders sign in by mail."
        return
    ses = client("sesv2")
    if not any(_is_verified(ses, one) for one in (address, address.partition("@")[2])):
        yield f"SES does not know {address.partition('@')[2]} yet: create the identity and its DNS records (DKIM, MX)."
    if not ses.get_account().get("ProductionAccessEnabled"):
        yield "SES is in its sandbox in this region and mails nobody but verified addresses: ask AWS to move it out."


def _is_verified(ses: Any, identity: str) -> bool:
    try:
        found = ses.get_email_identity(EmailIdentity=identity)
    except ClientError as error:
        if code_of(error) == "NotFoundException":
            return False
        raise
    return bool(found.get("VerifiedForSendingStatus"))


def _texts(job: Job, stack: Stack | None) -> Iterator[str]:
    texts = job.school.texts
    if job.school.district:
        return
    if not texts.number:
        yield "No number to text: give `texts: number:` once you have one."
    elif texts.carrier == "aws":
        yield from _number(texts.number, job, stack)
    elif texts.carrier == "twilio" and stack:
        yield "If not done yet: Twilio's webhook and auth token (docs/operate.md, Text messages)."


def _number(number: str, job: Job, stack: Stack | None) -> Iterator[str]:
    texts = client("pinpoint-sms-voice-v2")
    pages = texts.get_paginator("describe_phone_numbers").paginate()
    found = [one for page in pages for one in page["PhoneNumbers"] if one["PhoneNumber"] == number]
    if not found:
        yield f"The account has no number {number} in this region: request it in AWS End User Messaging."
        return
    tags = texts.list_tags_for_resource(ResourceArn=found[0]["PhoneNumberArn"])["Tags"]
    if {"Key": "small-wins", "Value": job.id} not in tags:
        yield f"Tag {number} in AWS End User Messaging, small-wins = {job.id}: no answer may leave from another number."
    if stack and found[0].get("TwoWayChannelArn") != stack.outputs.get("TextTopicArn"):
        yield f"Turn on two-way messages for {number}, to {stack.outputs.get('TextTopicArn')}, and own opt-outs."


def _quotas(_: Job, stack: Stack | None) -> Iterator[str]:
    if stack:
        return
    keys = len(public_keys())
    if keys >= _PUBLIC_KEYS - 1:  # while keys are replaced a school has two
        yield (
            f"{keys} public keys of CloudFront are in use. An account has {_PUBLIC_KEYS}, unless AWS gave it more: "
            "if not done yet, ask for more public keys and key groups first."
        )
    at_once = client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if at_once < _RUNS_AT_ONCE:
        yield f"Only {at_once} functions of this account may run at once: ask AWS for {_RUNS_AT_ONCE}, the usual quota."
