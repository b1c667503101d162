"""The routes of those who sign in, described."""

from __future__ import annotations

from typing import Any

from chalicelib.routes.openapi_tools import form, guarded, posted


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
        "/api/me": guarded("Who is signed in", "application/json"),
        "/api/export.csv": guarded("All wins, a row for each", "text/csv", "year"),
        "/api/export.json": guarded("All wins, with what each field means", "application/json", "year"),
        "/api/record": guarded("Who did what in a month", "application/json", "month"),
    }
