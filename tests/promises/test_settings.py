"""Settings, template and docs say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from chalice.utils import to_cfn_resource_name

from app import app
from chalicelib.settings import Settings, WatchSettings, read_settings, read_watch_settings
from infra.template import ACCOUNT, STACK, in_long_form, names_in, read_stack

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


def test_watch_is_told_what_only_it_reads_and_the_docs_say_so() -> None:
    told = read_stack()["Resources"]["Watch"]["Properties"]["Environment"]["Variables"]
    docs = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert set(told) == {name.upper() for name in WatchSettings.model_fields}
    assert all(f"`{name}`" in docs for name in told)
    good = {"ALARM_TOPIC": "arn:aws:sns:us-east-1:1:alarms", "DEAD_LETTERS": "https://mails https://texts"}
    assert read_watch_settings(good).functions == ""
    with pytest.raises(ValueError, match="dead_letters"):
        read_watch_settings(good | {"DEAD_LETTERS": "https://mails"})


def test_what_the_template_adds_to_functions_meets_functions_that_chalice_makes() -> None:
    added = {name for name, one in read_stack()["Resources"].items() if "Type" not in one}
    made = {to_cfn_resource_name(handler.name) for handler in app.pure_lambda_functions}
    assert added == made | {"APIHandler", "RestAPI"}
    assert not app.event_sources, "clocks and topics stand in the template"


def test_every_reference_in_the_template_leads_somewhere() -> None:
    for path in (STACK, ACCOUNT):
        stack = in_long_form(read_stack(path))
        names = {name for name in names_in(stack) if not name.startswith("AWS::")}
        assert names <= {*stack["Resources"], *stack["Parameters"]}
        assert set(stack["Parameters"]) - names <= {"ReceiptRuleSet", "ArtifactBucket", "CodeKey"}, (
            "the code is placed later"
        )
