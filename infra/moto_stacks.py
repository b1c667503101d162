"""moto's CloudFormation, made to keep what AWS keeps when a change set is carried out or a stack deleted."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import yaml


def _load_quickly(text: str, Loader: Any) -> Any:  # noqa: N803 - its name there
    """Read a template once, and JSON as JSON: as YAML, which moto takes all for, it lasts seconds."""
    return json.loads(text) if text.startswith("{") else deepcopy(_load_once(text, Loader))


_load_once = lru_cache(maxsize=16)(yaml.load)  # moto reads templates with CloudFormation's own tags


def _mend_reading() -> None:
    from moto.cloudformation import models, responses

    names = {name: getattr(yaml, name) for name in ("Loader", "add_multi_constructor")}
    for module in (models, responses):
        module.yaml = SimpleNamespace(**names, load=_load_quickly)  # type: ignore[attr-defined]


def _mend_protection() -> None:
    """Let a stack be protected from being deleted, and refuse to delete it then."""
    from moto.cloudformation.exceptions import ValidationError
    from moto.cloudformation.models import CloudFormationBackend
    from moto.cloudformation.responses import CloudFormationResponse
    from moto.core.responses import ActionResult

    delete = CloudFormationBackend.delete_stack
    protected: set[str] = set()

    def protect(self: Any) -> Any:
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        on = str(self._get_param("EnableTerminationProtection")).lower() == "true"
        (protected.add if on else protected.discard)(stack.stack_id)
        return ActionResult({"StackId": stack.stack_id})

    def delete_unless_protected(self: Any, name_or_stack_id: str) -> None:
        named = [one for one in self.stacks.values() if name_or_stack_id in {one.name, one.stack_id}]
        if any(one.stack_id in protected for one in named):
            raise ValidationError(message="Stack cannot be deleted while TerminationProtection is enabled")
        delete(self, name_or_stack_id)

    CloudFormationResponse.update_termination_protection = protect  # type: ignore[attr-defined]
    CloudFormationBackend.delete_stack = delete_unless_protected  # type: ignore[method-assign]


def mend_change_sets() -> None:
    """Let a stack have the parameters and outputs of the change set that was carried out; moto forgets both."""
    from moto.cloudformation import parsing
    from moto.cloudformation.models import CloudFormationBackend

    execute, update, delete = (
        CloudFormationBackend.execute_change_set,
        parsing.parse_and_update_resource,
        parsing.ResourceMap.delete,
    )
    if getattr(execute, "mended", False):
        return
    _mend_reading()
    _mend_protection()

    def execute_whole(self: Any, change_set_name: str, stack_name: str | None = None) -> None:
        execute(self, change_set_name, stack_name)
        done = self.describe_change_set(change_set_name)
        stack = self.stacks[done.stack_id]
        stack.parameters = done.parameters
        stack._parse_template()  # noqa: SLF001 - moto's own way, which it forgets here
        stack.output_map = stack._create_output_map()  # noqa: SLF001

    def update_or_keep(logical_id: str, resource_json: Any, resources_map: Any, *place: Any, **named: Any) -> Any:
        """Keep what moto cannot update; it would lose its name."""
        changed = update(logical_id, resource_json, resources_map, *place, **named)
        return resources_map[logical_id] if changed is None else changed

    def delete_unless_retained(self: Any) -> None:
        for one in self._resource_json_map.values():
            if one.get("DeletionPolicy") == "RetainExceptOnCreate":
                one["DeletionPolicy"] = "Retain"
        delete(self)

    execute_whole.mended = True  # type: ignore[attr-defined]
    CloudFormationBackend.execute_change_set = execute_whole  # type: ignore[method-assign]
    parsing.parse_and_update_resource = update_or_keep
    parsing.ResourceMap.delete = delete_unless_retained  # type: ignore[method-assign]
