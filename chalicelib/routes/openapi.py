"""`/api/openapi.json`: the API described from the very models that validate it. Loaded only when asked for."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.domain.errors import STATUS
from chalicelib.domain.win import Change, Submission
from chalicelib.domain.words import say
from chalicelib.routes.models import Accepted, ProblemBody, WinBody

_SESSION: list[dict[str, list[str]]] = [{"session": []}]
_REF = "#/components/schemas/{model}"


def _json(name: str, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _problems(*codes: str) -> dict[str, Any]:
    """Describe problem answers, by status; several codes may share one."""
    found: dict[str, Any] = {}
    for code in (*codes, "our_fault", "busy", "not_set_up"):
        sentence = say("en", f"problem.{code}", n=2)
        entry = found.setdefault(
            str(STATUS[code]), {"description": "", "content": _json("ProblemBody", "application/problem+json")}
        )
        entry["description"] = f"{entry['description']} `{code}`: {sentence}".strip()
    return found


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
                **_problems("not_signed", "too_large", "wrong_content_type"),
            },
        }
    }


def _leaders() -> dict[str, Any]:
    """Describe the routes of those who sign in."""

    def form(**fields: str) -> dict[str, Any]:
        properties = {name: {"type": "string", "description": told} for name, told in fields.items()}
        return {"content": {"application/x-www-form-urlencoded": {"schema": {"properties": properties}}}}

    def guarded(summary: str, kind: str, *asked: str) -> dict[str, Any]:
        parameters = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in asked]
        done = {"200": {"description": summary, "content": {kind: {}}}}
        answers = {**done, **_problems("sign_in_first", "not_your_role", "too_much_at_once")}
        return {"get": {"summary": summary, "security": _SESSION, "parameters": parameters, "responses": answers}}

    def posted(summary: str, body: dict[str, Any], done: str, *codes: str) -> dict[str, Any]:
        answers = {done: {"description": summary}, **_problems(*codes, "not_a_form", "not_utf8")}
        return {"post": {"summary": summary, "requestBody": body, "responses": answers}}

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
                    "requestBody": {"required": True, "content": _json("Submission")},
                    "responses": {
                        "201": {"description": "Stored, or stored before.", "content": _json("Accepted")},
                        **_problems(*sent, "nonce_reused", "removed"),
                    },
                }
            },
            "/api/wins/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": {
                    "summary": "Read a win by its receipt",
                    **with_receipt,
                    "responses": {
                        "200": {"description": "The win.", "content": _json("WinBody")},
                        **_problems(*of_a_win),
                    },
                },
                "patch": {
                    "summary": "Change a win",
                    **with_receipt,
                    "requestBody": {"required": True, "content": _json("Change")},
                    "responses": {
                        "200": {"description": "The win as it is now.", "content": _json("WinBody")},
                        **_problems(*of_a_win, *sent, "changed_meanwhile"),
                    },
                },
                "delete": {
                    "summary": "Take a win back",
                    **with_receipt,
                    "responses": {
                        "204": {"description": "Taken back; nothing of its story is kept."},
                        **_problems(*of_a_win, "changed_meanwhile"),
                    },
                },
            },
            "/api/sms/twilio": _twilio(),
            **_leaders(),
            "/api/health": {
                "get": {
                    "summary": "Whether the table answers and a school file is there",
                    "responses": {"200": {"description": "Ready."}, **_problems()},
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
