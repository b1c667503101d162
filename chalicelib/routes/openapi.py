"""`/api/openapi.json`: the API described from the very models that validate it. Loaded only when asked for."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.domain.review import Decision
from chalicelib.domain.win import Change, Submission, Tried
from chalicelib.routes.models import Accepted, ProblemBody, WinBody
from chalicelib.routes.openapi_leaders import describe_leaders
from chalicelib.routes.openapi_oidc import describe_oidc
from chalicelib.routes.openapi_review import describe_review
from chalicelib.routes.openapi_tools import PAGE, as_json, fields_of, posted, problems
from chalicelib.routes.review_models import QueueBody, ReviewedBody

_REF = "#/components/schemas/{model}"


def _twilio() -> dict[str, Any]:
    """Describe where Twilio delivers texts; the fields are Twilio's."""
    fields = {name: {"type": "string"} for name in ("MessageSid", "From", "To", "Body", "NumMedia")}
    form = {"schema": {"type": "object", "properties": fields, "required": ["MessageSid", "From", "Body"]}}
    signature = {"name": "X-Twilio-Signature", "in": "header", "required": True, "schema": {"type": "string"}}
    return {
        "post": {
            "summary": "Deliver a text message (Twilio's webhook)",
            "parameters": [signature],
            "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": form}},
            "responses": {
                "200": {"description": "TwiML with the answers.", "content": {"text/xml": {}}},
                **problems("not_signed", "too_large", "wrong_content_type"),
            },
        }
    }


def _tried() -> dict[str, Any]:
    """Describe how a device says that its owner tried this too."""
    names = ("week", "story_id")
    counted = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    sent = ("not_json", "not_utf8", "too_large", "wrong_content_type", "fields")
    return {
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names],
        "post": {
            "summary": "Say “I tried this too” of a story, once for each device",
            "requestBody": {"required": True, "content": as_json("Tried")},
            "responses": {
                "200": {
                    "description": "How many tried it; the same after a repeat.",
                    "content": {"application/json": {"schema": counted}},
                },
                **problems(*sent, "no_such_win", "too_many_wins"),
            },
        },
    }


def _forms() -> tuple[dict[str, Any], dict[str, Any]]:
    """Describe the form of a win, and the form of a receipt, which has the same fields."""
    told = {
        "kind": "success or lesson",
        "story": "in the sender's words",
        **dict.fromkeys(("tried", "happened", "takeaway"), "if told"),
        **dict.fromkeys(("goals", "signs", "practices", "groups"), "an id; may come more than once"),
        "team": "an id",
        **dict.fromkeys(("helped", "hindered"), "a factor; may come more than once"),
        "resolves": "the id of the lesson that it answers",
        "quotable": "yes, if it may be quoted outside the staff without a name",
        "occurred_on": "a day",
        "author_mode": "named, confidential or anonymous",
        "author_name": "of who is named",
        "language": "en or es",
    }
    sent = fields_of(**told, link="the code of a link", nonce="chosen by the sender", intent="send or preview")
    return sent, fields_of(**told, receipt="as it was given", intent="open, save, remove or unquote")


def describe_api(public_url: str) -> dict[str, Any]:
    """Write the OpenAPI 3.1 description."""
    models: list[Any] = [(model, "validation") for model in (Submission, Change, Decision, Tried)]
    models += [(model, "serialization") for model in (Accepted, WinBody, ProblemBody, QueueBody, ReviewedBody)]
    _, schemas = models_json_schema(models, ref_template=_REF)
    receipt = ("receipt_missing", "receipt_wrong", "receipt_old", "receipt_other_win")
    of_a_win = (*receipt, "no_such_win", "removed", "withdrawn")
    form, receipts_form = _forms()
    sent = ("not_json", "not_utf8", "too_large", "wrong_content_type", "fields")
    with_receipt: dict[str, Any] = {"security": [{"receipt": []}]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small Wins", "version": "1", "description": "Send, read, change and take back a win."},
        "servers": [{"url": public_url}],
        "paths": {
            "/api/wins": {
                "post": {
                    "summary": "Send a win",
                    "requestBody": {"required": True, "content": as_json("Submission") | form},
                    "responses": {
                        "200": {"description": "A form's preview; nothing is stored.", "content": {PAGE: {}}},
                        "201": {
                            "description": "Stored, or stored before.",
                            "content": as_json("Accepted") | {PAGE: {}},
                        },
                        **problems(
                            *(*sent, "not_a_form", "too_many_wins", "nonce_reused"),
                            *("no_wins_here", "removed", "withdrawn"),
                            pages=True,
                        ),
                    },
                }
            },
            "/api/wins/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": {
                    "summary": "Read a win by its receipt",
                    **with_receipt,
                    "responses": {
                        "200": {"description": "The win.", "content": as_json("WinBody")},
                        **problems(*of_a_win),
                    },
                },
                "patch": {
                    "summary": "Change a win",
                    **with_receipt,
                    "requestBody": {"required": True, "content": as_json("Change")},
                    "responses": {
                        "200": {"description": "The win as it is now.", "content": as_json("WinBody")},
                        **problems(*of_a_win, *sent, "changed_meanwhile"),
                    },
                },
                "delete": {
                    "summary": "Take a win back",
                    **with_receipt,
                    "responses": {
                        "200": {"description": "Taken back; a copy stays while a legal hold stands."},
                        "204": {"description": "Taken back; nothing of its story is kept."},
                        **problems(*of_a_win, "changed_meanwhile"),
                    },
                },
            },
            "/api/receipt": posted(
                "Show, change or take back a win by a form",
                {"content": receipts_form},
                "200",
                *(*of_a_win, "fields", "changed_meanwhile"),
            ),
            "/api/stories/{week}/{story_id}/tried": _tried(),
            "/api/sms/twilio": _twilio(),
            **describe_leaders(),
            **describe_review(),
            **describe_oidc(),
            "/api/health": {
                "get": {
                    "summary": "Whether the table answers and a school file is there",
                    "responses": {"200": {"description": "Ready."}, **problems()},
                }
            },
            "/api/openapi.json": {
                "get": {"summary": "This description", "responses": {"200": {"description": "OpenAPI 3.1."}}}
            },
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
                "view": {"type": "apiKey", "in": "cookie", "name": "__Host-view"},
                "receipt": {"type": "http", "scheme": "bearer", "description": "The `receipt` of POST /api/wins."},
            },
        },
    }
