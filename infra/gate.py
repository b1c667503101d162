"""The gate before the dashboard on this machine: it believes the signed cookies that CloudFront believes.

CloudFront wants a policy (base64 with three other letters), its signature by a key of the distribution's key group
(RSA PKCS#1 v1.5; SHA-1 unless a cookie says SHA-256), an address that its resource names, and a time before its end.
Signed addresses, which it would take too, the product does not make.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import boto3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chalicelib import wiring
from chalicelib.stores.passes import fetch_pairs
from infra import keyring

_HASHES: dict[str, Callable[[], SHA1 | SHA256]] = {"": SHA1, "SHA1": SHA1, "SHA256": SHA256}
_READ_AGAIN_SECONDS = 0.05
"""One page asks for several files at once."""


class Gate:
    """The gate of one school; the key group is the public halves of the school's pairs."""

    def __init__(self) -> None:
        self._client = boto3.client("ssm")
        self._read: dict[str, str] = {}
        self._at = float("-inf")

    def opens(self, cookie: str, address: str) -> bool:
        """Whether the cookies of a request open an address of the school (path and query, as they were sent)."""
        return opens(self._believed(), cookie, wiring.settings().public_url + address)

    def _believed(self) -> dict[str, str]:
        if time.monotonic() - self._at > _READ_AGAIN_SECONDS:
            pairs = fetch_pairs(self._client, wiring.settings().keys_parameter)
            self._read = {pair.id: pair.public for pair in keyring.believed(pairs, datetime.now(UTC))}
            self._at = time.monotonic()
        return self._read


def opens(believed: Mapping[str, str], cookie: str, url: str, now: datetime | None = None) -> bool:
    """Whether the cookies of a request open an address.

    Args:
        believed: the public keys of the key group, by id.
        cookie: the request's `Cookie` header.
        url: the address as it was asked for, with the school's host.
        now: the time, if it is not the present.
    """
    found = _cookies(cookie)
    public = believed.get(found["Key-Pair-Id"])
    hashed = _HASHES.get(found["Hash-Algorithm"])
    if public is None or hashed is None:
        return False
    try:
        policy, signature = _decoded(found["Policy"]), _decoded(found["Signature"])
        _public_key(public).verify(signature, policy, PKCS1v15(), hashed())
        (statement,) = json.loads(policy)["Statement"]
        return _allows(statement, url, now or datetime.now(UTC))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False


def _allows(statement: Any, url: str, now: datetime) -> bool:
    conditions = statement["Condition"]
    ends = conditions["DateLessThan"]["AWS:EpochTime"]
    parts = {"*": ".*", "?": "."}
    pattern = "".join(parts.get(one, re.escape(one)) for one in statement["Resource"])
    return len(conditions) == 1 and now.timestamp() < ends and re.fullmatch(pattern, url, re.DOTALL) is not None


def _cookies(header: str) -> dict[str, str]:
    pairs = [one.strip().partition("=") for one in header.split(";")]
    sent = {name.removeprefix("CloudFront-"): value for name, _, value in pairs if name.startswith("CloudFront-")}
    return {name: sent.get(name, "") for name in ("Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")}


def _decoded(text: str) -> bytes:
    """Decode what CloudFront has in place of base64: `-`, `_` and `~` for `+`, `=` and `/`."""
    return b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)


@lru_cache
def _public_key(pem: str) -> RSAPublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise TypeError("not RSA")
    return key
