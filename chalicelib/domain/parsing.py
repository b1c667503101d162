"""Reading a JSON body into a model; what is wrong with it comes out as one problem with an entry for each field."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.domain.errors import FieldProblem, Problem

Model = TypeVar("Model", bound=BaseModel)

_MOST_PROBLEMS = 50
"""Nobody mends more at once; a body may have thousands of unknown keys."""

_CODES = {
    "missing": "needed",
    "string_too_short": "blank",
    "string_type": "must_be_text",
    "string_too_long": "too_long",
    "literal_error": "choose_one",
    "extra_forbidden": "unknown_field",
    "too_long": "too_many",
    "too_short": "blank",
    "tuple_type": "must_be_list",
    "model_type": "must_be_object",
    "model_attributes_type": "must_be_object",
    "string_unicode": "not_text",
    "none_required": "must_be_text",
}
_OWN_CODES = {"control_character", "blank", "too_early", "name_needed", "cannot_be_empty"}


def _code_of(kind: str) -> str:
    if kind in _OWN_CODES:
        return kind
    return _CODES.get(kind) or ("not_a_date" if kind.startswith("date") else "not_valid")


def _field_problem(error: Any) -> FieldProblem:
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])[1:]
    context = error.get("ctx", {})
    params: dict[str, str | int] = {}
    if "expected" in context:
        params["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    if "max_length" in context:
        params["most"] = context["max_length"]
    return FieldProblem(name or str(context.get("field", "body")), _code_of(error["type"]), params)


def parse(model: type[Model], body: bytes) -> Model:
    """Read a JSON body into a model.

    Raises:
        Problem: `not_utf8`, `not_json`, or `fields` with one entry per field that needs mending.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        raise Problem("not_utf8") from None
    try:
        return model.model_validate_json(body)
    except ValidationError as caught:
        errors = caught.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        raise Problem("not_json")
    raise Problem("fields", tuple(_field_problem(error) for error in errors[:_MOST_PROBLEMS]))
