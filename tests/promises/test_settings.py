"""Settings, template and docs say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from chalice.utils import to_cfn_resource_name

from app import app
from chalicelib.settings import Settings, read_settings
from infra.template import read_stack

ROOT = Path(__file__).parents[2]
GOOD = {
    "TABLE_NAME": "small-wins-maple",
    "SITE_BUCKET": "small-wins-maple-site",
    "INBOX_BUCKET": "small-wins-maple-inbox",
    "KEYS_PARAMETER": "/small-wins/maple/keys",
    "PUBLIC_URL": "https://wins.maple.example",
}


def test_every_setting_is_given_to_the_functions_by_the_template() -> None:
    variables = read_stack()["Globals"]["Function"]["Environment"]["Variables"]
    assert set(variables) == {name.upper() for name in Settings.model_fields}


def test_every_setting_is_in_the_docs() -> None:
    docs = (ROOT / "docs" / "operate.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in docs


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_is_refused_by_name(name: str) -> None:
    assert read_settings(GOOD).table_name == "small-wins-maple"
    with pytest.raises(ValueError, match=name.lower()):
        read_settings({key: value for key, value in GOOD.items() if key != name})


def test_what_the_template_adds_to_functions_meets_functions_that_chalice_makes() -> None:
    added = {name: one for name, one in read_stack()["Resources"].items() if "Type" not in one}
    made = {to_cfn_resource_name(handler.name) for handler in app.event_sources}
    assert added.keys() == made - {"Publish", "Retain"}
    for name, one in added.items():
        ((event, told),) = one["Properties"]["Events"].items()
        assert event == f"{name}SqsEventSource"
        assert told["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_reference_in_the_template_leads_somewhere() -> None:
    stack = read_stack()
    names = {*stack["Resources"], *stack["Parameters"]}

    def references(part: object) -> set[str]:
        if isinstance(part, dict):
            own = {str(part[key]).split(".")[0] for key in ("!Ref", "!GetAtt") if key in part}
            return own.union(*(references(value) for value in part.values()))
        if isinstance(part, list):
            return set().union(*(references(value) for value in part))
        return set()

    assert references(stack) - {"AWS::AccountId"} <= names
