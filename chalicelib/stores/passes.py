"""The dashboard's key pairs, and passes signed by them as CloudFront's signed cookies.

An SSM parameter (SecureString) of their own, named like the keys' with `-dashboard` behind, holds JSON:
`{"pairs": [{"id", "public", "private", "from", "until"}]}`, oldest first. `id` is what CloudFront calls the public key.
The last pair signs, since `from`; of the others the public key is left, `until` nothing they signed lasts any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_ssm import SSMClient

AFTER_KEYS = "-dashboard"
"""What the name of the parameter ends with, after that of the keys'."""


@dataclass(frozen=True)
class Pair:
    """A key pair; one that was replaced has no private key any more."""

    id: str
    public: str
    private: str = ""
    since: str = ""
    """When it began to sign (ISO 8601, UTC)."""
    until: str = ""

    def as_json(self) -> dict[str, str]:
        """Write it as the parameter holds it."""
        key = {"id": self.id, "public": self.public, "private": self.private}
        return {**key, "from": self.since, "until": self.until}


def fetch_pairs(client: SSMClient, keys_parameter: str, after: str = AFTER_KEYS) -> list[Pair]:
    """Fetch all key pairs of the dashboard, oldest first."""
    found = client.get_parameter(Name=keys_parameter + after, WithDecryption=True)["Parameter"]["Value"]
    return [
        Pair(one["id"], one["public"], one["private"], one["from"], one["until"]) for one in json.loads(found)["pairs"]
    ]


class CloudFrontPasses:
    """`ports.passes.Passes` as CloudFront's signed cookies, with a custom policy."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pair = pairs[-1]

    def sign(self, resource: str, until: datetime) -> dict[str, str]:
        """See `ports.passes`.

        botocore signs addresses; what it puts into their query is what CloudFront reads from cookies. CloudFront takes
        SHA-1 for signatures that do not say otherwise, and SHA-256 for those that do.
        """
        signer = CloudFrontSigner(self._pair.id, self._signature_of)
        policy = signer.build_policy(resource, until)
        signed = signer.generate_presigned_url(resource, policy=policy)
        named = {f"CloudFront-{name}": value for name, value in parse_qsl(urlsplit(signed).query)}
        return named | {"CloudFront-Hash-Algorithm": "SHA256"}

    def _signature_of(self, policy: bytes) -> bytes:
        return self._private.sign(policy, PKCS1v15(), SHA256())

    @cached_property
    def _private(self) -> RSAPrivateKey:
        key = load_pem_private_key(self._pair.private.encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("CloudFront's key pair of this school is not RSA")
        return key
