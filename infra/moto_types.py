"""moto's CloudFormation, made to take a whole template: APIs with addresses, and a stand-in for each type it lacks."""

from __future__ import annotations

import json
import uuid
from typing import Any

_ROLE_POLICY = ("RoleName", "PolicyName", "PolicyDocument")


def knows(kind: str) -> bool:
    """Whether moto itself can create resources of a type."""
    from moto.cloudformation.parsing import get_model_map

    return kind in get_model_map()


def mend_types() -> None:
    """Let moto create what a template names and it does not know as a name and nothing more, and APIs whole."""
    from moto.cloudformation import parsing

    class_of = parsing.resource_class_from_type
    if getattr(class_of, "mended", False):
        return
    stand_in = _stand_in()

    def class_or_stand_in(kind: str) -> Any:
        return class_of(kind) if knows(kind) or not kind.startswith("AWS::") else stand_in

    class_or_stand_in.mended = True  # type: ignore[attr-defined]
    parsing.resource_class_from_type = class_or_stand_in  # type: ignore[assignment]
    _mend_apis()
    _mend_layers()


def _stand_in() -> Any:
    from moto.core import common_models
    from moto.iam.models import iam_backends
    from moto.ses.models import ses_backends

    model: Any = common_models.CloudFormationModel

    class StandIn(model):  # type: ignore[misc]
        """A resource that has a name, made up as CloudFormation does, and attributes that name themselves."""

        def __init__(self, name: str) -> None:
            self.physical_resource_id = name

        @classmethod
        def create_from_cloudformation_json(cls, resource_name: str, *place: Any, **named: Any) -> StandIn:
            made = cls(resource_name or f"{named.get('LogicalId', '')}-{uuid.uuid4().hex[:12]}")
            told, account_id, region_name = place
            if named.get("ResourceType") == "AWS::SES::ReceiptRuleSet":  # which SES itself is told to follow
                ses_backends[account_id][region_name].create_receipt_rule_set(made.physical_resource_id)
            if named.get("ResourceType") == "AWS::IAM::RolePolicy":
                role, name, document = (told["Properties"][key] for key in _ROLE_POLICY)
                iam_backends[account_id]["aws"].put_role_policy(role, name, json.dumps(document))
            return made

        @classmethod
        def update_from_cloudformation_json(cls, original_resource: Any, **_: Any) -> Any:
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None:
            """Nothing is left of it."""

        def get_cfn_attribute(self, attribute_name: str) -> str:
            return f"{self.physical_resource_id}.{attribute_name.lower()}.example"

        def is_created(self) -> bool:
            return True

        def delete(self, *_: Any) -> None:
            """Nothing is left of it."""

    return StandIn


def _mend_apis() -> None:
    """Let moto read the body of an API; without one it has nothing to deploy."""
    from moto.apigateway.models import RestAPI, apigateway_backends

    create = RestAPI.create_from_cloudformation_json

    def create_whole(
        resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str, **named: Any
    ) -> Any:
        made = create(resource_name, cloudformation_json, account_id, region_name, **named)
        described = cloudformation_json["Properties"].get("Body")
        if described:
            body = {"openapi": "3.0.1", "paths": described["paths"]}
            apigateway_backends[account_id][region_name].put_rest_api(made.id, body, fail_on_warnings=False)
        return made

    RestAPI.create_from_cloudformation_json = staticmethod(create_whole)  # type: ignore[method-assign]


def _mend_layers() -> None:
    """Let a reference to a layer be its name; moto hands the layer itself to a function that is updated."""
    from moto.awslambda.models import LayerVersion

    LayerVersion.physical_resource_id = property(lambda layer: layer.arn)  # type: ignore[attr-defined]
