"""Those who vouch for a leader by OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.school import Provider


class ProviderDown(Exception):  # noqa: N818 - a fact about somebody else's server
    """A provider did not answer in time, or not as a provider does. The argument is a code."""


class NotVouched(Exception):  # noqa: N818 - a fact about a sign-in
    """A provider refused, or what it sent does not prove who signed in. The argument is a code."""


@dataclass(frozen=True)
class Asked:
    """One sign-in, as it was asked of a provider."""

    provider: Provider
    callback: str
    """Where the provider sends people back to."""
    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Returned:
    """What somebody brought back from a provider."""

    code: str = field(repr=False)
    issuer: str = ""
    """Who says to have sent them (RFC 9207), empty if that was not said."""


class Identity(Protocol):
    """Asks providers who somebody is."""

    def address_for(self, asked: Asked) -> str:
        """Return where a browser is sent to sign in. Raises ProviderDown."""

    def claims_for(self, asked: Asked, secret: str, returned: Returned, now: datetime) -> Mapping[str, Any]:
        """Return what a provider says of somebody, checked to be its word, for us, and for this sign-in.

        Raises ProviderDown, NotVouched.
        """
