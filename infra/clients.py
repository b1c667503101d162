"""Clients of AWS's services, each made once: making one takes longer than most calls, and a new one connects anew."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import Any

import boto3


def client(service: str, region: str = "") -> Any:
    """Return the client of a service, in the region this process points to, or in another."""
    where = region or os.environ.get("AWS_DEFAULT_REGION")
    return _made(boto3._get_default_session(), service, where, os.environ.get("AWS_ENDPOINT_URL"))  # noqa: SLF001


@cache
def regions() -> frozenset[str]:
    """List the regions that AWS has."""
    return frozenset(boto3._get_default_session().get_available_regions("cloudformation"))  # noqa: SLF001


@lru_cache(maxsize=64)
def _made(session: boto3.Session, service: str, region: str | None, _endpoint: str | None) -> Any:
    return session.client(service, region)  # type: ignore[call-overload]
