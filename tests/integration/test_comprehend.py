"""Amazon Comprehend adds to the guard where a school wishes it, and never stands in the way of a win."""

from __future__ import annotations

import dataclasses
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from fakes.desk import desk_at, submission
from fakes.memory import MemoryTable

from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.stores.comprehend import Comprehend
from chalicelib.work.desk import Desk
from chalicelib.work.submit import submit_win

STORY = "today the new kid, qx, read with dana whitlock"


def entity(kind: str, word: str, score: float = 0.99) -> dict[str, Any]:
    start = STORY.index(word)
    return {"Type": kind, "BeginOffset": start, "EndOffset": start + len(word), "Score": score}


def kept(school: School, answer: list[dict[str, Any]] | None) -> Win:
    client = boto3.client("comprehend", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stubbed:
        if answer is None:
            stubbed.add_client_error("detect_pii_entities", "InternalServerException", http_status_code=500)
        else:
            expected = {"Text": STORY, "LanguageCode": "en"}
            stubbed.add_response("detect_pii_entities", {"Entities": answer}, expected)
        desk: Desk = dataclasses.replace(desk_at(MemoryTable(), school), detect=Comprehend(client).find)
        return submit_win(desk, submission(STORY), "web").win


def test_what_only_comprehend_finds_holds_a_win(sample_school: School) -> None:
    assert kept(sample_school, [entity("NAME", "qx")]).held_for == ("person",)


@pytest.mark.parametrize(
    "answer", [[], [entity("NAME", "qx", 0.4)], [entity("DATE_TIME", "today")], [entity("NAME", "dana whitlock")]]
)
def test_doubts_dates_and_the_schools_own_adults_hold_nothing(sample_school: School, answer: list[Any]) -> None:
    assert kept(sample_school, answer).state == "visible"


def test_if_comprehend_does_not_answer_a_leader_looks(sample_school: School) -> None:
    win = kept(sample_school, None)
    assert (win.state, win.held_for, win.story) == ("held", ("unchecked",), STORY)
