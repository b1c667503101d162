"""The routes of reviewing, described."""

from __future__ import annotations

from typing import Any

from chalicelib.routes.openapi_tools import PAGE, SESSION, as_json, fields_of, guarded, problems


def describe_review() -> dict[str, Any]:
    """Describe the queue and the decisions."""
    told, asked = "Held wins, oldest first; or one win by its week and story", ("after", "week", "story")
    queue = guarded(told, "application/json", *asked, codes=("no_such_win",))
    queue["get"]["responses"]["200"]["content"] = as_json("QueueBody") | {PAGE: {}}
    form = fields_of(
        revision="of the win as it was shown",
        action="approve, mask, hide, retag or ask",
        mask="part:start:end:type, once for each stretch",
        words="to mask wherever they stand, parted by ;",
        question="to the author",
        team="its id",
    )
    codes = (
        "sign_in_first",
        "not_your_role",
        "other_origin",
        "no_such_win",
        "removed",
        "withdrawn",
        "changed_meanwhile",
    )
    sent = ("not_json", "not_utf8", "not_a_form", "too_large", "wrong_content_type", "fields")
    return {
        "/api/review": queue,
        "/api/review/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {
                "summary": "Approve, mask, hide, retag, or ask the author",
                "security": SESSION,
                "requestBody": {"required": True, "content": as_json("Decision") | form},
                "responses": {
                    "200": {"description": "The win as it is now.", "content": as_json("ReviewedBody")},
                    "303": {"description": "A form was posted: back to the queue."},
                    **problems(*codes, *sent, pages=True),
                },
            },
        },
    }
