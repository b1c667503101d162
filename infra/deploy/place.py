"""Where on AWS: whose credentials, which account, which region. Looked at before anything is done."""

from __future__ import annotations

import os
from dataclasses import dataclass

from infra.clients import client, regions
from infra.deploy.failures import NOTHING_DONE, AwsErrors, CannotDeploy, sentence_of
from infra.deploy.settings import Deployment

_RETRIES = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8"}
"""AWS slows down who asks much; forty schools do."""


@dataclass(frozen=True)
class Place:
    """An account and a region, and who asks there."""

    account: str
    region: str
    who: str

    def __str__(self) -> str:
        return f"account {self.account}, {self.region}, as {self.who}"


def find_place(deployment: Deployment) -> Place:
    """Point this process to the school's region and say whose credentials it has.

    Raises:
        CannotDeploy: if there are none, they are wrong or those of another account, or AWS has no such region.
    """
    point_to_region(deployment.region)
    try:
        known = client("sts").get_caller_identity()
    except AwsErrors as error:
        raise CannotDeploy(f"{sentence_of(error)} Nothing was done.", NOTHING_DONE) from None
    if deployment.account not in {None, known["Account"]}:
        raise CannotDeploy(
            f"This school belongs to account {deployment.account}, and your credentials are those of account "
            f"{known['Account']}. Nothing was done.",
            NOTHING_DONE,
        )
    return Place(known["Account"], deployment.region, known["Arn"].rpartition(":")[2])


def point_to_region(region: str) -> None:
    """Let everything in this process go to a region, patiently.

    Raises:
        CannotDeploy: if AWS has no such region.
    """
    if region not in regions():
        raise CannotDeploy(f"AWS has no region {region}: see `deploy: region:`. Nothing was done.", NOTHING_DONE)
    os.environ.update({"AWS_DEFAULT_REGION": region, "AWS_REGION": region})
    for name, value in _RETRIES.items():
        os.environ.setdefault(name, value)
