"""The templates, read as data: of a school (`stack.yaml`), and of what an account's schools share (`account.yaml`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chalicelib.pages.security import page_headers

_HERE = Path(__file__).parent
STACK = _HERE / "stack.yaml"
ACCOUNT = _HERE / "account.yaml"
_FUNCTION = "AWS::Serverless::Function"
_DIGESTS_KEPT = 12
"""Of style sheets: those of the last six releases that changed them."""


class _Template(yaml.SafeLoader):
    """CloudFormation's YAML; `!Ref X` and its like become `{"!Ref": X}`."""


def _short_form(loader: _Template, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{tag}": loader.construct_scalar(node)}
    return {f"!{tag}": loader.construct_sequence(node, deep=True)}  # type: ignore[arg-type]


_Template.add_multi_constructor("!", _short_form)


def read_stack(path: Path = STACK) -> dict[str, Any]:
    """Return the template of one school (or another), with short forms as mappings."""
    return deepcopy(_parsed(path.read_text("utf-8")))


@cache
def _parsed(text: str) -> dict[str, Any]:
    stack: dict[str, Any] = yaml.load(text, _Template)  # noqa: S506 - a SafeLoader
    return stack


def in_long_form(part: Any) -> Any:
    """Write a part of the template as JSON has it: `{"!GetAtt": "A.Arn"}` becomes `{"Fn::GetAtt": ["A", "Arn"]}`."""
    if isinstance(part, list):
        return [in_long_form(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "!GetAtt" in part:
        return {"Fn::GetAtt": str(part["!GetAtt"]).split(".")}
    names = {"!Ref": "Ref", "!Condition": "Condition"}
    return {names.get(key, key.replace("!", "Fn::")): in_long_form(value) for key, value in part.items()}


def finish(merged: dict[str, Any]) -> dict[str, Any]:
    """Finish what Chalice merged, before SAM's translator reads it: nothing of Chalice's own that nobody needs.

    Args:
        merged: the template, in long form.
    """
    template, ours = deepcopy(merged), read_stack()["Outputs"]
    template["Outputs"] = {name: one for name, one in merged["Outputs"].items() if name in ours}
    for resource in template["Resources"].values():
        if resource.get("Type") == _FUNCTION:
            resource["Properties"]["Tags"] = {"small-wins": {"Ref": "SchoolId"}}
    return template


def account_parameters(before: str = "") -> dict[str, str]:
    """Return the parameters of `account.yaml` that follow from the code.

    Args:
        before: the `StyleDigests` of the account's stack as it is; pages of older releases go on having their style.
    """
    now = re.findall(r"'sha256-[^']+'", page_headers()["Content-Security-Policy"])
    return {"StyleDigests": " ".join(list(dict.fromkeys([*now, *before.split()]))[:_DIGESTS_KEPT])}


def names_in(part: Any) -> Iterator[str]:
    """Yield the parameters and resources that a part of a template in long form refers to."""
    if isinstance(part, list):
        for one in part:
            yield from names_in(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0] if isinstance(value, list) else value.partition(".")[0]
            elif key == "Fn::Sub":
                text = value[0] if isinstance(value, list) else value
                yield from (name.partition(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text))
                yield from names_in(value[1:]) if isinstance(value, list) else ()
            else:
                yield from names_in(value)


def template_without_functions(known: Callable[[str], bool] = lambda _: True) -> str:
    """Return the template as JSON, without what `chalice package` adds to its functions.

    Args:
        known: whether an engine can create resources of a type. Those of others are left out, with all that needs them.
    """
    stack = in_long_form({key: part for key, part in read_stack().items() if key != "Globals"})
    made = {
        name: one
        for name, one in stack["Resources"].items()
        if "Type" in one and not one["Type"].startswith("AWS::Lambda::") and known(one["Type"])
    }
    while lost := [name for name, one in made.items() if not _stands(one, stack["Resources"], made)]:
        made = {name: one for name, one in made.items() if name not in lost}
    for one in made.values():
        waits = [one["DependsOn"]] if isinstance(one.get("DependsOn"), str) else one.get("DependsOn", [])
        one["DependsOn"] = [name for name in waits if name in made]
    stack["Outputs"] = {name: one for name, one in stack["Outputs"].items() if _stands(one, stack["Resources"], made)}
    used = set(names_in([made, stack["Outputs"], stack["Conditions"]]))
    stack["Parameters"] = {name: one for name, one in stack["Parameters"].items() if name in used}
    return json.dumps(stack | {"Resources": made}, default=str)


def _stands(part: Any, resources: dict[str, Any], made: dict[str, Any]) -> bool:
    """Whether all resources are made that a part needs."""
    return all(name in made for name in names_in(part) if name in resources)
