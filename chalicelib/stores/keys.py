"""The school's secret keys, one SSM parameter (SecureString) that holds JSON: `{"receipt": [...], "source": [...]}`.

Each use has a list. Of `receipt` the last key signs and all are accepted, so that a key can be replaced without
breaking what it signed. Of `source` only the first counts: replaced, it would make every repeat look new. Of
`oidc:<id>`, the secret that a provider gave the school, the last is used.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def connect() -> SSMClient:
    """Make the one client."""
    return boto3.client("ssm", config=Config(connect_timeout=2, read_timeout=5))


def fetch_keys(client: SSMClient, parameter: str) -> dict[str, list[str]]:
    """Fetch the keys of all uses; oldest first."""
    value = client.get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    keys: dict[str, list[str]] = json.loads(value)
    return keys
