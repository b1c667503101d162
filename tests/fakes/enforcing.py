"""moto made to ask IAM who signed a request and whether their role has its action, as it can but does not by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.core.authorization import ActionAuthenticatorMixin, enable_iam_authentication
from moto.iam.access_control import IAMPolicyStatement, IAMRequestBase

_NAMED = {
    "dynamodb:TransactWriteItems": "dynamodb:PutItem",  # each of its writes is asked for by itself
    "monitoring:GetMetricStatistics": "cloudwatch:GetMetricStatistics",  # by what it signs for
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeleteMultipleObjects": "s3:DeleteObject",
}
"""What IAM calls the operations that moto names otherwise."""
_ROLES_KEYS = "Credential=ASIA"


@contextmanager
def enforcing() -> Iterator[list[str]]:
    """Have moto refuse each request of a role's that no statement of it has the action for; yields all it looked at.

    What moto does not look at is judged by `deployed`: resources, most conditions, and several actions of one request.
    Requests of the administrator, whose key is no role's, are not looked at.
    """
    looked: list[str] = []
    ask, check = ActionAuthenticatorMixin._authenticate_and_authorize_action, IAMRequestBase.check_action_permitted
    matches = IAMPolicyStatement._check_element_matches

    def ask_of_roles(self: Any, kind: type, resource: str = "*") -> None:
        if _ROLES_KEYS in self.headers.get("Authorization", ""):
            ask(self, kind, resource)

    def check_by_its_name(self: Any, _resource: str) -> None:
        self._action = _NAMED.get(self._action, self._action)
        looked.append(self._action)
        check(self, "*")

    def match_unless_unknown(self: Any, element: str, value: str) -> bool:
        return (element == "Resource" and value == "*") or matches(self, element, value)

    with (
        patch.object(ActionAuthenticatorMixin, "_authenticate_and_authorize_action", ask_of_roles),
        patch.object(IAMRequestBase, "check_action_permitted", check_by_its_name),
        patch.object(IAMPolicyStatement, "_check_element_matches", match_unless_unknown),
        enable_iam_authentication(),
    ):
        yield looked
