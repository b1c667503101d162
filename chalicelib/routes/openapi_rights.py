"""The routes of exports, erasure and the school file, described."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.school import School
from chalicelib.routes.openapi_tools import PAGE, SESSION, fields_of, guarded, many, problems, shape
from chalicelib.routes.rights import EraseSender, EraseWin

_SENT = ("sign_in_first", "not_your_role", "other_origin", "not_utf8", "not_json", "too_large", "wrong_content_type")


def describe_rights() -> dict[str, Any]:
    """Describe what may be asked of what is kept."""
    lines = many(shape(when="string", who="string", what="string", about="string"))
    record = guarded(
        "Who did what in a month", "application/json", "month", "language", body=shape(month="string", done=lines)
    )
    record["get"]["responses"]["200"]["content"][PAGE] = {}
    return {
        "/api/export.csv": _taken("All wins, a row for each", "text/csv", "year"),
        "/api/export.json": _taken("All wins, with what each field means", "application/json", "year", wins={}),
        "/api/export/school.json": _taken("Every version of the school file", "application/json", versions={}),
        "/api/export/record.csv": _taken("Who did what, a row for each line", "text/csv", "month"),
        "/api/export/record.json": _taken(
            "Who did what, with what each field means", "application/json", "month", done=lines
        ),
        "/api/record": record,
        "/api/erase/win": _erasing(
            "Erase one win", EraseWin.model_json_schema(), {"id": "of the win"}, "no_such_win", "removed"
        ),
        "/api/erase/sender": _erasing(
            "Say what a sender left, or erase it",
            EraseSender.model_json_schema(),
            {"name": "as given with wins", "phone": "a number", "email": "an address", "intent": "look or erase"},
        ),
        "/api/school": {**_kept(), "put": _replacing()},
    }


def _taken(summary: str, kind: str, *asked: str, **named: dict[str, Any]) -> dict[str, Any]:
    """Describe a file that is taken along; `named` is the list in it, if it is JSON."""
    body = shape(school="string", exported_at="string", fields="object", **{k: v or many({}) for k, v in named.items()})
    return guarded(summary, kind, *asked, body=body if named else None, codes=("too_much_at_once",))


def _kept() -> dict[str, Any]:
    return guarded(
        "The school file as kept, and its version", "application/json", body=shape(version="integer", file="object")
    )


def _erasing(summary: str, schema: dict[str, Any], fields: dict[str, str], *codes: str) -> dict[str, Any]:
    body = {"application/json": {"schema": schema}, **fields_of(**fields)}
    kinds: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}, PAGE: {}}
    done = {"200": {"description": "What was removed, what stays, and until when.", "content": kinds}}
    answers = {**done, **problems(*_SENT, "not_a_form", "fields", "on_hold", *codes, pages=True)}
    asked = {"required": True, "content": body}
    return {"post": {"summary": summary, "security": SESSION, "requestBody": asked, "responses": answers}}


def _replacing() -> dict[str, Any]:
    named = {"schema": {"type": "string"}}
    parameters = [{"name": "If-Match", "in": "header", **named}, {"name": "version", "in": "query", **named}]
    properties: dict[str, Any] = {key: {} for key in School.model_fields}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}
    answered = {"application/json": {"schema": shape(version="integer", new="boolean")}}
    done = {"200": {"description": "The number of the newest version.", "content": answered}}
    return {
        "summary": "Replace the school file",
        "security": SESSION,
        "parameters": parameters,
        "requestBody": body,
        "responses": {**done, **problems(*_SENT, "fields", "changed_meanwhile")},
    }
