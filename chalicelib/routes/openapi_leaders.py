"""The routes of those who sign in, described."""

from __future__ import annotations

from typing import Any

from chalicelib.routes.openapi_rights import describe_rights
from chalicelib.routes.openapi_tools import PAGE, SESSION, form, guarded, many, posted, problems, shape


def describe_leaders() -> dict[str, Any]:
    """Describe signing in and out, and what leaders take along."""
    return {
        "/api/sign-in": posted("Ask for a link to sign in", form(email="of a leader"), "202"),
        "/api/session": posted(
            "Sign in by the code of a mailed link",
            form(code="what stands behind #"),
            "303",
            "link_used",
            "other_origin",
        ),
        "/api/sign-out": posted("Sign out", form(intent="here or everywhere"), "303", "sign_in_first", "other_origin"),
        **_looking(),
        "/api/me": guarded("Who is signed in", "application/json", body=shape(name="string", role="string")),
        **describe_rights(),
    }


def _looking() -> dict[str, Any]:
    """Describe what opens the dashboard, and links by which others look at it."""
    refused = ("sign_in_first", "not_your_role", "other_origin")
    back = {"name": "to", "in": "query", "schema": {"type": "string"}, "description": "an address under /dashboard/"}
    renewed = {
        "204": {"description": "The cookies that open the dashboard for fifteen minutes."},
        "303": {"description": "The same for a browser, which is led on; or to signing in."},
    }
    link = shape(id="string", until="string", stories="boolean", opened_by="string")
    standing = guarded("The links that stand", "application/json", body=shape(views=many(link)))
    standing["get"]["responses"]["200"]["content"][PAGE] = {}
    opened = form(hours="1 to 720, until it ends; 24 if left out", stories="yes: with stories, else counts alone")
    return {
        "/api/pass": {
            "get": {
                "summary": "Renew what opens the dashboard",
                "security": [*SESSION, {"view": []}],
                "parameters": [back],
                "responses": {**renewed, **problems("sign_in_first")},
            }
        },
        "/api/views": {
            **standing,
            **posted("Open a link to look at the dashboard", opened, "201", *refused, "fields"),
        },
        "/api/views/revoke": posted("Take a link back", form(id="of the link"), "303", *refused),
        "/api/view": posted("Look by a link", form(code="what stands behind #"), "303", "view_over", "other_origin"),
    }
