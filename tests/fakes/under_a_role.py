"""A function under its own role: each call it makes is kept, and what the role does not allow is refused as by AWS.

moto itself looks at neither resources nor conditions, so both are judged here before a call leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3
from fakes.asked import Place, asked_for_missing, asks_of
from fakes.permissions import Ask, Role

_MISSING = {"NoSuchKey", "404"}


@dataclass
class Function:
    """One function: what it is told, what it may, and what it asked for."""

    name: str
    variables: dict[str, str]
    role: Role
    role_arn: str
    asks: set[Ask] = field(default_factory=set)
    calls: int = 0
    session: boto3.Session | None = None


def watch_over(session: boto3.Session, function: Function, place: Place) -> None:
    """Keep what all clients of a session ask for, and refuse what the function's role does not allow."""

    def note(params: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        asks = asks_of(place, model.service_model.service_name, model.name, params)
        context["small_wins"] = params, asks
        function.asks.update(asks)

    def refuse(context: dict[str, Any], **_: Any) -> Any:
        refused = function.role.refused(context["small_wins"][1])
        if not refused:
            return None
        error = {"Code": "AccessDeniedException", "Message": "; ".join(refused)}
        return SimpleNamespace(status_code=403), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}

    def look_back(parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        function.calls += 1
        missing = parsed.get("Error", {}).get("Code") in _MISSING
        if missing and model.service_model.service_name == "s3" and "Key" in context["small_wins"][0]:
            function.asks.add(asked_for_missing(context["small_wins"][0]))

    events: Any = session.events
    events.register("provide-client-params", note)
    events.register("before-call", refuse)
    events.register("after-call", look_back)


def credentials_of(function: Function) -> dict[str, str]:
    """Assume a function's role, as Lambda does."""
    given = boto3.client("sts").assume_role(RoleArn=function.role_arn, RoleSessionName=function.name)["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
