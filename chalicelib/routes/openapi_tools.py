"""What the descriptions of routes have in common."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.errors import STATUS
from chalicelib.domain.words import say

SESSION: list[dict[str, list[str]]] = [{"session": []}]


def as_json(name: str, kind: str = "application/json") -> dict[str, Any]:
    """Describe a body of one of the models."""
    return {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def problems(*codes: str) -> dict[str, Any]:
    """Describe problem answers, by status; several codes may share one."""
    found: dict[str, Any] = {}
    for code in (*codes, "our_fault", "busy", "not_set_up"):
        sentence = say("en", f"problem.{code}", n=2)
        entry = found.setdefault(
            str(STATUS[code]), {"description": "", "content": as_json("ProblemBody", "application/problem+json")}
        )
        entry["description"] = f"{entry['description']} `{code}`: {sentence}".strip()
    return found


def form(**fields: str) -> dict[str, Any]:
    """Describe the body of a form by what each field holds."""
    properties = {name: {"type": "string", "description": told} for name, told in fields.items()}
    return {"content": {"application/x-www-form-urlencoded": {"schema": {"properties": properties}}}}


def guarded(summary: str, kind: str, *asked: str) -> dict[str, Any]:
    """Describe a GET for those who signed in; `kind` is the content type, `asked` what the address may ask for."""
    parameters = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in asked]
    done = {"200": {"description": summary, "content": {kind: {}}}}
    answers = {**done, **problems("sign_in_first", "not_your_role", "too_much_at_once")}
    return {"get": {"summary": summary, "security": SESSION, "parameters": parameters, "responses": answers}}


def posted(summary: str, body: dict[str, Any], done: str, *codes: str) -> dict[str, Any]:
    """Describe a POST of a form that ends in the status `done`, or in one of the problems `codes`."""
    answers = {done: {"description": summary}, **problems(*codes, "not_a_form", "not_utf8")}
    return {"post": {"summary": summary, "requestBody": body, "responses": answers}}
