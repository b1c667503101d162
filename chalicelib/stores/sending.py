"""What a provider's refusal means for a message: never, not yet, or perhaps sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from chalicelib.ports import Undeliverable, Unsent

if TYPE_CHECKING:
    from collections.abc import Container

_SERVERS_OWN = 500


def told_by(refused: Exception, for_good: Container[str]) -> Exception:
    """Return what to raise for an error of botocore.

    Args:
        refused: the error.
        for_good: codes with which the provider says that trying again would not help.

    Returns:
        Undeliverable; Unsent if nothing can have been sent; else the error itself (a call that timed out while waiting
        for the answer, or broke inside the provider, may have sent the message).
    """
    if isinstance(refused, ConnectTimeoutError | EndpointConnectionError):
        return Unsent(type(refused).__name__)
    if not isinstance(refused, ClientError):
        return refused
    code = str(refused.response["Error"]["Code"])
    if code in for_good:
        return Undeliverable(code)
    status = int(refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVERS_OWN))
    return Unsent(code) if status < _SERVERS_OWN else refused
