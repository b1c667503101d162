"""A school's keys as they are kept: making new ones, replacing them, and dropping what is over.

A replaced key is kept as long as anything lasts that it signed; functions go on with keys they have read for minutes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chalicelib.stores.keys import fetch_keys
from chalicelib.stores.passes import AFTER_KEYS, Pair, fetch_pairs
from chalicelib.wiring import KEYS_KEPT_SECONDS
from chalicelib.work.passes import PASS_LASTS
from chalicelib.work.secrets import RECEIPTS_LAST
from infra.clients import client

SINCE = "receipt_since"
"""Beside `receipt`: when each of its keys began to sign; empty for a school's first."""
_BITS = 2048
_READ_AGAIN = timedelta(seconds=KEYS_KEPT_SECONDS)

NEXT = f"{AFTER_KEYS}-next"
"""Where the pair waits that no function needs yet."""

Keys = dict[str, list[str]]


def fresh_keys() -> Keys:
    """Make new secret keys, in the form the SSM parameter has."""
    return {use: [secrets.token_urlsafe(32)] for use in ("receipt", "source", "twilio")}


def with_new_receipt_key(keys: Keys, now: datetime) -> Keys:
    """Let a new key sign receipts from now on; those of the others go on to work."""
    return keys | {"receipt": [*keys["receipt"], secrets.token_urlsafe(32)], SINCE: [*_since(keys), _text(now)]}


def without_old_receipt_keys(keys: Keys, now: datetime) -> Keys:
    """Drop the receipt keys whose last receipt is over."""
    since = _since(keys)
    over = [bool(after) and _time(after) + _READ_AGAIN + RECEIPTS_LAST < now for after in since[1:]]
    first = over.index(False) if False in over else len(over)  # the last key is never over
    return keys | {"receipt": keys["receipt"][first:], SINCE: since[first:]}


def new_pair() -> Pair:
    """Make a key pair for the dashboard; it has no name yet."""
    private = generate_private_key(65537, _BITS)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair("", public.decode(), secret.decode())


def with_pair_in_use(pairs: Sequence[Pair], new: Pair, now: datetime) -> list[Pair]:
    """Let a new pair sign from now on; of the one before it only the public half is kept, to be believed a while."""
    until = _text(now + _READ_AGAIN + PASS_LASTS)
    replaced = [dataclasses.replace(one, private="", until=one.until or until) for one in pairs if one.id != new.id]
    return [*replaced, dataclasses.replace(new, since=_text(now))]


def believed(pairs: Sequence[Pair], now: datetime) -> list[Pair]:
    """List the pairs that something may still be signed by."""
    return [pair for pair in pairs if not pair.until or _time(pair.until) > now]


def registered(pair: Pair, parameter: str) -> Pair:
    """Tell CloudFront a pair's public key, unless it knows it; return the pair with the id that it has there.

    The name holds a digest of the key: what was made by a call whose answer was lost is found by it.
    """
    digest = hashlib.sha256(pair.public.encode()).hexdigest()[:16]
    named = f"{public_name(school_of(parameter))}-{digest}"
    known = {name: key_id for key_id, name in public_keys()}
    if named not in known:
        config = {"CallerReference": named, "Name": named, "EncodedKey": pair.public}
        made = client("cloudfront").create_public_key(PublicKeyConfig=config)
        known[named] = made["PublicKey"]["Id"]
    return dataclasses.replace(pair, id=known[named])


def public_name(school_id: str) -> str:
    """Return what the names of a school's public keys begin with; CloudFront is one for all regions of an account."""
    return f"small-wins-{school_id}-{client('ssm').meta.region_name}"


def public_keys() -> list[tuple[str, str]]:
    """List the public keys that the account's CloudFront knows: id and name."""
    found: list[tuple[str, str]] = []
    marker: dict[str, str] = {}
    while True:
        page = client("cloudfront").list_public_keys(**marker)["PublicKeyList"]
        found += [(one["Id"], one["Name"]) for one in page.get("Items", ())]
        if not page.get("NextMarker"):
            return found
        marker = {"Marker": page["NextMarker"]}


def school_of(parameter: str) -> str:
    """Return the id of the school whose keys a parameter holds: `/small-wins/maple-row/keys`."""
    return parameter.strip("/").split("/")[-2] if "/" in parameter.strip("/") else "school"


def create(parameter: str, now: datetime) -> bool:
    """Make what is missing; whether anything was.

    A pair is kept before CloudFront is told of it: broken off in between, its public key is not made a second time.
    """
    keys, pairs = read_keys(parameter), read_pairs(parameter)
    if keys is None:
        write(parameter, fresh_keys())
    if not pairs:
        pairs = with_pair_in_use([], new_pair(), now)
        write_pairs(parameter, pairs)
    complete = [pair if pair.id else registered(pair, parameter) for pair in pairs]
    if complete != pairs:
        write_pairs(parameter, complete)
    return keys is None or complete != pairs


def read_keys(parameter: str) -> Keys | None:
    """Read the secret keys; None if there is no parameter."""
    ssm = client("ssm")
    try:
        return fetch_keys(ssm, parameter)
    except ssm.exceptions.ParameterNotFound:
        return None


def read_pairs(parameter: str, after: str = AFTER_KEYS) -> list[Pair]:
    """Read the dashboard's key pairs, oldest first; none if there is no parameter."""
    ssm = client("ssm")
    try:
        return fetch_pairs(ssm, parameter, after)
    except ssm.exceptions.ParameterNotFound:
        return []


def write_pairs(parameter: str, pairs: list[Pair], after: str = AFTER_KEYS) -> None:
    """Write them; without any, the parameter goes."""
    if pairs:
        write(parameter + after, {"pairs": [pair.as_json() for pair in pairs]})
    elif read_pairs(parameter, after):
        client("ssm").delete_parameter(Name=parameter + after)


def write(parameter: str, value: Any) -> None:
    """Write a parameter's JSON."""
    client("ssm").put_parameter(Name=parameter, Value=json.dumps(value), Type="SecureString", Overwrite=True)


def _since(keys: Keys) -> list[str]:
    """Return when each receipt key began, also where that was not noted."""
    noted = keys.get(SINCE, [])
    return [""] * (len(keys["receipt"]) - len(noted)) + noted


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
