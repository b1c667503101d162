"""What the descriptions of routes have in common."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.errors import STATUS
from chalicelib.domain.words import say

SESSION: list[dict[str, list[str]]] = [{"session": []}]
FORM, PAGE = "application/x-www-form-urlencoded", "text/html"


def as_json(name: str, kind: str = "application/json") -> dict[str, Any]:
    """Describe a body of one of the models."""
    return {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def problems(*codes: str, pages: bool = False) -> dict[str, Any]:
    """Describe problem answers, by status; several codes may share one, and who posted a form gets a page."""
    kinds = as_json("ProblemBody", "application/problem+json") | ({PAGE: {}} if pages else {})
    found: dict[str, Any] = {}
    for code in (*codes, "our_fault", "busy", "not_set_up"):
        sentence = say("en", f"problem.{code}", n=2)
        entry = found.setdefault(str(STATUS[code]), {"description": "", "content": kinds})
        entry["description"] = f"{entry['description']} `{code}`: {sentence}".strip()
    return found


def shape(**fields: str | dict[str, Any]) -> dict[str, Any]:
    """Describe an object by what stands in it: the name of a type, or a schema."""
    properties = {name: {"type": told} if isinstance(told, str) else told for name, told in fields.items()}
    return {"type": "object", "properties": properties, "required": list(fields)}


def many(item: dict[str, Any]) -> dict[str, Any]:
    """Describe a list."""
    return {"type": "array", "items": item}


def fields_of(**fields: str) -> dict[str, Any]:
    """Describe what a form posts, by what each field holds."""
    properties = {name: {"type": "string", "description": told} for name, told in fields.items()}
    return {FORM: {"schema": {"type": "object", "properties": properties}}}


def form(**fields: str) -> dict[str, Any]:
    """Describe the body of a form by what each field holds."""
    return {"content": fields_of(**fields)}


def guarded(
    summary: str, kind: str, *asked: str, body: dict[str, Any] | None = None, codes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Describe a GET for those who signed in.

    Args:
        summary: what it answers.
        kind: the answer's content type.
        asked: what the address may ask for.
        body: the answer's schema, if there is more to say than its kind.
        codes: what may stand against it besides who asks.
    """
    parameters = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in asked]
    done = {"200": {"description": summary, "content": {kind: {"schema": body} if body else {}}}}
    away = {"303": {"description": "A browser that is not signed in is led to signing in."}}
    answers = {**done, **away, **problems("sign_in_first", "not_your_role", *codes)}
    return {"get": {"summary": summary, "security": SESSION, "parameters": parameters, "responses": answers}}


def posted(summary: str, body: dict[str, Any], done: str, *codes: str) -> dict[str, Any]:
    """Describe a POST of a form that ends in the status `done`, or in one of the problems `codes`.

    What does not lead elsewhere is answered with a page, problems too.
    """
    answered: dict[str, Any] = {"description": summary} | ({} if done.startswith("3") else {"content": {PAGE: {}}})
    against = problems(*codes, "not_a_form", "not_utf8", "too_large", "wrong_content_type", pages=True)
    return {"post": {"summary": summary, "requestBody": body, "responses": {done: answered, **against}}}
