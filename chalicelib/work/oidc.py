"""Leaders sign in with an account of the school's (Google Workspace, Microsoft Entra) instead of a mailed link.

What has to be remembered until somebody comes back from the provider lies in their browser, signed, for ten minutes:
only the browser that set out can return, and only once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeSerializer

from chalicelib.domain.errors import Problem
from chalicelib.domain.identity import vouched_address
from chalicelib.ports.identity import Asked, Identity, NotVouched, ProviderDown, Returned
from chalicelib.work.secrets import keyed
from chalicelib.work.sign_in import open_session

if TYPE_CHECKING:
    from chalicelib.domain.school import Provider
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Front, Session

AWAY_AT_MOST = timedelta(minutes=10)
_MOST_CHARACTERS = 8_000
"""Longer than any provider's code or what we remember."""


@dataclass(frozen=True)
class Away:
    """Somebody on the way to a provider."""

    provider: Provider
    address: str
    remembered: str = field(repr=False)
    """For their browser to keep until they are back."""


@dataclass(frozen=True)
class Back:
    """What somebody brought back from a provider, as it came."""

    state: str
    code: str = field(repr=False)
    issuer: str = ""


def set_out(desk: Desk, identity: Identity, provider_id: str) -> Away:
    """Send somebody to a provider.

    Raises:
        Problem: `no_such_page` if the school file names no such provider, `provider_down`.
    """
    provider = _provider(desk, provider_id)
    if provider is None:
        raise Problem("no_such_page")
    asked = Asked(provider, _callback(desk), *(secrets.token_urlsafe(32) for _ in range(3)))
    _secret(desk, provider)
    try:
        address = identity.address_for(asked)
    except ProviderDown as down:
        raise Problem("provider_down") from down
    until = int((desk.now + AWAY_AT_MOST).timestamp())
    kept = [provider.id, asked.state, asked.nonce, asked.verifier, until, desk.language]
    return Away(provider, address, str(_signer(desk).dumps(kept)))


def return_from(desk: Desk, front: Front, identity: Identity, remembered: str, back: Back) -> Session:
    """Sign in somebody who comes back from a provider that vouches for a leader's address.

    Raises:
        Problem: `provider_refused` if this is not the one return of this browser, or the provider did not agree,
            `account_unknown` if its word is for nobody who may sign in, `provider_down`.
    """
    asked = _asked(desk, remembered)
    if not back.code or not compare_digest(asked.state.encode(), back.state.encode()):
        raise Problem("provider_refused")
    if len(back.code) > _MOST_CHARACTERS or not _is_first(desk, asked.state):
        raise Problem("provider_refused")
    returned = Returned(back.code, back.issuer)
    try:
        claims = identity.claims_for(asked, _secret(desk, asked.provider), returned, desk.now)
    except ProviderDown as down:
        raise Problem("provider_down") from down
    except NotVouched as refused:
        raise Problem("provider_refused") from refused
    address = vouched_address(asked.provider, claims)
    leader = desk.school.leader_at(address)
    if leader is None:
        raise Problem("account_unknown")
    return open_session(desk, front, leader, asked.provider.id)


def language_of_return(desk: Desk, remembered: str) -> str:
    """Return the language in which somebody set out, or the school's own."""
    kept = _read(desk, remembered)
    return str(kept[5]) if kept and kept[5] in desk.school.languages else desk.school.languages[0]


def _asked(desk: Desk, remembered: str) -> Asked:
    kept = _read(desk, remembered)
    provider = _provider(desk, kept[0]) if kept else None
    if kept is None or provider is None or kept[4] <= desk.now.timestamp():
        raise Problem("provider_refused")
    return Asked(provider, _callback(desk), *kept[1:4])


def _read(desk: Desk, remembered: str) -> list[Any] | None:
    try:
        kept: list[Any] = _signer(desk).loads(remembered[:_MOST_CHARACTERS])
    except BadData:
        return None
    return kept


def _signer(desk: Desk) -> URLSafeSerializer:
    how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(desk.keys["receipt"], salt="sign in elsewhere", signer_kwargs=how)


def _is_first(desk: Desk, state: str) -> bool:
    """Claim a return; only one of those who bring the same back gets it."""
    return desk.table.count_up("OIDC", keyed(desk.keys, "oidc", state), desk.today + timedelta(days=2)) == 1


def _provider(desk: Desk, provider_id: str) -> Provider | None:
    return next((one for one in desk.school.sign_in.providers if one.id == provider_id), None)


def _secret(desk: Desk, provider: Provider) -> str:
    """Return the newest secret the provider gave us."""
    known = desk.keys.get(f"oidc:{provider.id}")
    if not known:
        raise Problem("provider_down") from ProviderDown("no_secret_in_keys")
    return known[-1]


def _callback(desk: Desk) -> str:
    return f"{desk.url}/api/oidc/callback"
