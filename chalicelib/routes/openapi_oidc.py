"""The routes of those who sign in with an account elsewhere, described."""

from __future__ import annotations

from typing import Any

from chalicelib.routes.openapi_tools import form, posted, problems


def describe_oidc() -> dict[str, Any]:
    """Describe signing in by OpenID Connect."""
    set_out = posted(
        "Set out to sign in with an account elsewhere",
        form(provider="its id in the school file", language="en or es"),
        "200",
        *("no_such_page", "other_origin", "provider_down"),
    )
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("state", "code", "iss", "error")]
    summary = "Come back from there; needs the cookie that setting out gave"
    come_back = {
        "summary": summary,
        "parameters": asked,
        "responses": {
            "303": {"description": "To `/leaders/`, with the session's cookie."},
            **problems("provider_refused", "account_unknown", "provider_down", pages=True),
        },
    }
    return {"/api/oidc/start": set_out, "/api/oidc/callback": {"get": come_back}}
