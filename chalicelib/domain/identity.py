"""Whom an OpenID provider vouches for: which issuers a school may name, and when a mail address in a token counts.

An address counts only where its provider is the authority for it:

- Google says `email_verified` for any address somebody once proved, also for one of a school whose mail it does not
  host. It is the authority for `gmail.com` and for accounts with `hd`, the domain of a Workspace.
- Microsoft Entra says nothing: whoever runs a tenant writes any address into an account ("nOAuth"). Only the school's
  own tenant counts, and there its own accounts, not guests, whose address comes from elsewhere.
- Any other provider has to say `email_verified`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.school import Provider

GOOGLE = "https://accounts.google.com"
_HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_HERE = r"(?:127\.0\.0\.1|localhost)"
_ISSUER = re.compile(rf"(?:https://{_HOST}|http://{_HERE})(?::\d{{1,5}})?(?:/[A-Za-z0-9._~/-]*)?")
_MICROSOFT = {
    *("login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net"),
    *("login.microsoftonline.us", "login.partner.microsoftonline.cn"),
}
_TENANT = re.compile(r"https://login\.[a-z.]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/v2\.0")
_PERSONAL_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""Microsoft's tenant of accounts that belong to no school."""


def mend_of_issuer(issuer: str) -> str:
    """Say what is wrong with an issuer in a school file; empty if nothing is."""
    if not _ISSUER.fullmatch(issuer):
        return f"must be the https address of a provider, such as {GOOGLE}"
    if _is_microsoft(issuer) and tenant_of(issuer) in {None, _PERSONAL_ACCOUNTS}:
        return "must name the school's own tenant: https://login.microsoftonline.com/<tenant id>/v2.0"
    return ""


def tenant_of(issuer: str) -> str | None:
    """Return the tenant of a Microsoft issuer; None for every other."""
    found = _TENANT.fullmatch(issuer) if _is_microsoft(issuer) else None
    return found[1] if found else None


def vouched_address(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """Return the address that a provider vouches for, or None.

    Args:
        provider: as the school file names it.
        claims: of a token that was checked to be this provider's, for us, and fresh.
    """
    email = claims.get("email")
    if not isinstance(email, str) or (provider.domains and claims.get("hd") not in provider.domains):
        return None
    if tenant := tenant_of(provider.issuer):
        vouched = _is_of_tenant(claims, tenant)
    else:
        vouched = claims.get("email_verified") is True
    if provider.issuer == GOOGLE:
        vouched = vouched and (bool(claims.get("hd")) or email.lower().endswith("@gmail.com"))
    if not vouched:
        return None
    return email.lower() if email.isascii() else email  # some letters of other scripts have small ASCII forms


def _is_microsoft(issuer: str) -> bool:
    return urlsplit(issuer).hostname in _MICROSOFT


def _is_of_tenant(claims: Mapping[str, Any], tenant: str) -> bool:
    """Whether an account is the tenant's own; claims that Entra sends only if asked to may still say no."""
    home = str(claims.get("idp", tenant))
    is_guest = tenant not in home or str(claims.get("acct", "0")) != "0"
    said_unverified = str(claims.get("xms_edov", "true")).lower() not in {"true", "1"}
    said_unverified = said_unverified or claims.get("email_verified", True) is not True
    return claims.get("tid") == tenant and not is_guest and not said_unverified
