"""What is signed and hashed: receipts, and the sources of wins."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer

from chalicelib.domain.errors import Problem
from chalicelib.ports import Source
from chalicelib.work.ids import arrived_at

RECEIPTS_LAST = timedelta(days=400)
"""A receipt works for thirteen months from the win's arrival: a whole school year can still be mended."""

_WHOLE = re.compile(r"[0-9A-Z]{26}\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""Written in one way only: base64 would also read a receipt with stray characters or another last letter."""

_HEX_DIGITS = 32
"""128 bits: nobody finds two messages with the same."""

Keys = Mapping[str, list[str]]


def _signer(keys: Keys) -> Signer:
    return Signer(keys["receipt"], salt="receipt", digest_method=hashlib.sha256, key_derivation="hmac")


def issue_receipt(keys: Keys, win_id: str) -> str:
    """Make the token that lets its holder read, change and remove one win."""
    return _signer(keys).sign(win_id).decode()


def read_receipt(keys: Keys, token: str, now: datetime) -> str:
    """Return the id of the win a receipt is for.

    Raises:
        Problem: `receipt_missing`, `receipt_wrong` or `receipt_old`.
    """
    if not token:
        raise Problem("receipt_missing")
    try:
        win_id = _signer(keys).unsign(token).decode()
    except (BadSignature, UnicodeError):
        raise Problem("receipt_wrong") from None
    if not _WHOLE.fullmatch(token):
        raise Problem("receipt_wrong")
    if now - arrived_at(win_id) > RECEIPTS_LAST:
        raise Problem("receipt_old")
    return win_id


def keyed(keys: Keys, *parts: str | bytes) -> str:
    """Hash something so that only who has the school's key can tell whether it is a thing they know."""
    key = keys["source"][0].encode()  # never replaced: a repeat must be recognised for ever
    value = b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hmac.new(key, value, hashlib.sha256).hexdigest()[:_HEX_DIGITS]


def contact_key(keys: Keys, number: str) -> str:
    """Name whoever texts from a number."""
    return keyed(keys, "contact", number)


def roster_key(keys: Keys) -> bytes:
    """Return the key with which students' names are hashed, so that the table holds no name and no list tells one."""
    return hmac.new(keys["source"][0].encode(), b"roster", hashlib.sha256).digest()


def origin_key(keys: Keys) -> str:
    """Return what CloudFront says to the API with each request, so that nobody goes past it."""
    return hmac.new(keys["source"][0].encode(), b"origin", hashlib.sha256).hexdigest()


def came_by_the_front_door(keys: Keys, said: str) -> bool:
    """Whether a request said what CloudFront says."""
    return hmac.compare_digest(origin_key(keys).encode(), said.encode())


def source_of(keys: Keys, channel: str, message_id: str, content: bytes) -> Source:
    """Name a message by keyed hashes, so that the table tells neither who sent it nor what it said."""
    return Source(channel, keyed(keys, channel, message_id), keyed(keys, content))
