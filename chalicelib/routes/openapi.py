"""`/api/openapi.json`: the API described from the very models that validate it. Loaded only when asked for."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.domain.win import Change, Submission
from chalicelib.routes.models import Accepted, ProblemBody, WinBody
from chalicelib.routes.openapi_leaders import describe_leaders
from chalicelib.routes.openapi_tools import as_json, problems

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


def describe_api(public_url: str) -> dict[str, Any]:
    """Write the OpenAPI 3.1 description."""
    models: list[Any] = [(model, "validation") for model in (Submission, Change)]
    models += [(model, "serialization") for model in (Accepted, WinBody, ProblemBody)]
    _, schemas = models_json_schema(models, ref_template=_REF)
    of_a_win = ("receipt_missing", "receipt_wrong", "receipt_old", "receipt_other_win", "no_such_win", "removed")
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
                    "requestBody": {"required": True, "content": as_json("Submission")},
                    "responses": {
                        "201": {"description": "Stored, or stored before.", "content": as_json("Accepted")},
                        **problems(*sent, "nonce_reused", "removed"),
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
                        "204": {"description": "Taken back; nothing of its story is kept."},
                        **problems(*of_a_win, "changed_meanwhile"),
                    },
                },
            },
            "/api/sms/twilio": _twilio(),
            **describe_leaders(),
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
                "receipt": {"type": "http", "scheme": "bearer", "description": "The `receipt` of POST /api/wins."},
            },
        },
    }
