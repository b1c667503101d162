"""The template of one school, `stack.yaml`, read as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

_STACK = Path(__file__).parent / "stack.yaml"


class _Template(yaml.SafeLoader):
    """CloudFormation's YAML; `!Ref X` and its like become `{"!Ref": X}`."""


def _short_form(loader: _Template, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{tag}": loader.construct_scalar(node)}
    return {f"!{tag}": loader.construct_sequence(node)}  # type: ignore[arg-type]


_Template.add_multi_constructor("!", _short_form)


def read_stack() -> dict[str, Any]:
    """Return the template of one school, with short forms as mappings."""
    stack: dict[str, Any] = yaml.load(_STACK.read_text("utf-8"), _Template)  # noqa: S506 - a SafeLoader
    return stack


def _long_form(part: Any) -> Any:
    """Write a part of the template as JSON has it: `{"!GetAtt": "A.Arn"}` becomes `{"Fn::GetAtt": ["A", "Arn"]}`."""
    if isinstance(part, list):
        return [_long_form(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "!GetAtt" in part:
        return {"Fn::GetAtt": str(part["!GetAtt"]).split(".")}
    names = {"!Ref": "Ref", "!Condition": "Condition"}
    return {names.get(key, key.replace("!", "Fn::")): _long_form(value) for key, value in part.items()}


def template_without_functions() -> str:
    """Return the template as JSON, without what `chalice package` adds to its functions."""
    stack: dict[str, Any] = {key: part for key, part in read_stack().items() if key != "Globals"}
    stack["Resources"] = {name: one for name, one in stack["Resources"].items() if "Type" in one}
    return json.dumps(_long_form(stack), default=str)
