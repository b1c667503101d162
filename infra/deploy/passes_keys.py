"""The dashboard's public keys in CloudFront: those that the school's key group holds, and those nobody needs."""

from __future__ import annotations

import re
from datetime import datetime

from botocore.exceptions import ClientError

from infra import keyring
from infra.clients import client
from infra.deploy.failures import CannotDeploy, code_of
from infra.deploy.progress import Progress

_SLOTS = ("PassesPublicKey", "PassesOtherPublicKey")


def needed(parameter: str, now: datetime) -> dict[str, str]:
    """Return the stack's parameters that name the school's public keys.

    Raises:
        CannotDeploy: if there are more than the stack takes, while one waits and another is still believed.
    """
    pairs = keyring.believed(keyring.read_pairs(parameter), now) + keyring.read_pairs(parameter, keyring.NEXT)
    if len(pairs) > len(_SLOTS):
        until = max(pair.until for pair in pairs)
        raise CannotDeploy(f"Two key pairs of the dashboard are being replaced at once: apply again after {until}.")
    ids = [pair.id for pair in pairs] + [""] * len(_SLOTS)
    return dict(zip(_SLOTS, ids, strict=False))


def remove_unneeded(school_id: str, used: set[str], progress: Progress | None = None) -> int:
    """Delete the public keys of a school that its key group does not hold; how many.

    Those of earlier releases have no region in their names.
    """
    cloudfront = client("cloudfront")
    named = re.compile(rf"({keyring.public_name(school_id)}|small-wins-{school_id})-[0-9a-f]{{16}}")
    deleted = 0
    for key_id, name in keyring.public_keys():
        if named.fullmatch(name) and key_id not in used:
            try:
                cloudfront.delete_public_key(Id=key_id, IfMatch=cloudfront.get_public_key(Id=key_id)["ETag"])
            except ClientError as error:
                if code_of(error) != "PublicKeyInUse":  # the next apply does it
                    raise
            else:
                deleted += 1
    if progress and deleted:
        progress.changed(f"{deleted} public keys that nothing is signed with any more are deleted")
    return deleted
