"""OpenID Connect with Authlib: `ports.identity.Identity`.

Steps and checks are those of OpenID Connect Core 1.0 (3.1, the code flow), Discovery 1.0 (4.3), RFC 7636 (PKCE) and
RFC 9207 (the issuer in the answer). Loaded only where somebody signs in this way.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from chalicelib.ports.identity import Asked, NotVouched, ProviderDown, Returned
from chalicelib.stores.fetching import Line, fetch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ALGORITHMS = ("RS256", "ES256")
"""With a public key only: neither `none` nor one whose key a reader of the provider's keys would have."""
KEPT_SECONDS = 3600
"""How long what a provider says of itself is kept; unknown keys are asked for at once."""
_CLOCKS_DIFFER = 60
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_KEY_TYPES = {"RSA", "EC"}
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What a body that is JSON, but nothing a provider would send, makes libraries raise."""


class OidcIdentity:
    """Asks providers, and remembers what they say of themselves."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def address_for(self, asked: Asked) -> str:
        """See `ports.identity`."""
        metadata = self._metadata(asked.provider.issuer)
        address, _ = _client(asked, metadata).create_authorization_url(
            metadata["authorization_endpoint"], asked.state, asked.verifier, nonce=asked.nonce
        )
        return str(address)

    def claims_for(self, asked: Asked, secret: str, returned: Returned, now: datetime) -> Mapping[str, Any]:
        """See `ports.identity`."""
        metadata = self._metadata(asked.provider.issuer)
        said = metadata.get("authorization_response_iss_parameter_supported") is True
        if returned.issuer != asked.provider.issuer and (said or returned.issuer):
            raise NotVouched("issuer_of_answer")
        token = _exchange(_client(asked, metadata, secret), metadata, asked, returned.code)
        try:
            return self._checked(asked, token, metadata["jwks_uri"], int(now.timestamp()))
        except JoseError as error:
            raise NotVouched(_code(error)) from error
        except _UNREADABLE as error:
            raise NotVouched("unreadable_token") from error

    def _checked(self, asked: Asked, token: dict[str, Any], keys_at: str, now: int) -> Mapping[str, Any]:
        """Check an ID token's signature and claims."""
        encoded = str(token["id_token"])
        try:
            read = jwt.decode(encoded, _keys_of(self._document(keys_at)), ALGORITHMS)
        except InvalidKeyIdError:  # the provider may have new keys
            read = jwt.decode(encoded, _keys_of(self._document(keys_at, anew=True)), ALGORITHMS)
        named: Any = {
            "iss": {"essential": True, "value": asked.provider.issuer},
            "aud": {"essential": True, "value": asked.provider.client_id},
        }
        expected = {"nonce": asked.nonce, "client_id": asked.provider.client_id, "access_token": token["access_token"]}
        claims = CodeIDToken(read.claims, read.header, named, expected)
        claims.validate(now, _CLOCKS_DIFFER)
        return dict(claims)

    def _metadata(self, issuer: str) -> dict[str, Any]:
        """Return what a provider says of itself.

        Raises:
            ProviderDown: if it says so under another name, or names addresses that can be listened to.
        """
        metadata = self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        scheme = urlsplit(issuer).scheme
        if metadata.get("issuer") != issuer:
            raise ProviderDown("other_issuer")
        for name in _ADDRESSES:
            if not re.fullmatch(rf"(?:https|{scheme})://[\x21-\x7e]+", str(metadata.get(name))):
                raise ProviderDown(f"bad_{name}")
        return metadata

    def _document(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        """Return a JSON object, kept for a while."""
        until, document = self._kept.get(url, (0.0, {}))
        if time.monotonic() < until and not anew:
            return document
        reply = fetch("GET", url)
        reply.raise_for_status()
        try:
            document = reply.json()
        except ValueError as error:
            raise ProviderDown("not_json") from error
        if not isinstance(document, dict):
            raise ProviderDown("not_json")
        self._kept[url] = time.monotonic() + KEPT_SECONDS, document
        return document


def _client(asked: Asked, metadata: dict[str, Any], secret: str = "") -> OAuth2Client:
    ways = metadata.get("token_endpoint_auth_methods_supported") or ()
    return OAuth2Client(
        Line(),
        asked.provider.client_id,
        secret,
        token_endpoint_auth_method="client_secret_post" if "client_secret_post" in ways else "client_secret_basic",
        scope="openid email",
        redirect_uri=asked.callback,
        code_challenge_method="S256",
    )


def _exchange(client: OAuth2Client, metadata: dict[str, Any], asked: Asked, code: str) -> dict[str, Any]:
    """Turn a code into tokens, once."""
    try:
        token: dict[str, Any] = client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=asked.verifier)
    except AuthlibBaseError as error:
        raise NotVouched(_code(error)) from error
    except _UNREADABLE as error:
        raise ProviderDown("not_json") from error
    return token


def _keys_of(document: dict[str, Any]) -> KeySet:
    keys = [key for key in document["keys"] if key["kty"] in _KEY_TYPES and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": keys})


def _code(error: Exception) -> str:
    """Name an error for the log, where a provider's own words have no place."""
    code = str(getattr(error, "error", ""))
    claim = str(getattr(error, "claim", ""))
    return "_".join(part for part in (code, claim) if re.fullmatch(r"[a-z_]{1,40}", part)) or "refused"
