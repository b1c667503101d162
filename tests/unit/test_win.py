"""What a win may be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Author, Change, Submission, Win, is_blank


def read(**told: Any) -> Submission:
    return parse(Submission, json.dumps({"kind": "success", "story": "x", **told}).encode())


def read_or_refuse(body: bytes) -> Submission | Problem:
    try:
        return parse(Submission, body)
    except Problem as problem:
        return problem


def problems(**told: Any) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        read(**told)
    return {one.field: one.code for one in caught.value.fields}


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_a_story_is_kept_to_the_letter_or_refused(text: str) -> None:
    found = read_or_refuse(json.dumps({"kind": "success", "story": text}).encode())
    if isinstance(found, Problem):
        assert {one.code for one in found.fields} <= {"blank", "control_character"}
    else:
        assert found.story == text


@given(text=st.text(max_size=60))
def test_blank_means_that_nothing_can_be_seen(text: str) -> None:
    if any(char.isalnum() for char in text):
        assert not is_blank(text)


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\u2066 \u2069", "\ufeff", "\x00\x1b"])
def test_invisible_texts_are_blank(text: str) -> None:
    assert is_blank(text)


@given(body=st.binary(max_size=200))
def test_reading_never_raises_anything_but_a_problem(body: bytes) -> None:
    found = read_or_refuse(body)
    assert isinstance(found, Submission) or found.code in {"not_json", "not_utf8", "fields"}


def test_a_bare_number_is_no_day() -> None:
    for text in ("0", "86400", "20260923", "-1", "1e3", "1600000000.5"):
        assert problems(occurred_on=text) == {"occurred_on": "not_a_date"}


def test_tags_are_kept_once_in_the_order_told() -> None:
    found = read(goals=["b", "a", "b"], practices=[{"id": "p"}, {"id": "p", "level": "a"}, {"id": "p"}])
    assert found.goals == ("b", "a")
    assert [(use.id, use.level) for use in found.practices] == [("p", None), ("p", "a")]


def test_twenty_tags_are_the_most() -> None:
    assert len(read(goals=[str(n) for n in range(20)]).goals) == 20
    assert problems(goals=[str(n) for n in range(21)]) == {"goals": "too_many"}


def test_who_is_named_needs_a_name() -> None:
    assert problems(author={"mode": "named"}) == {"author": "name_needed"}
    assert problems(author={"mode": "named", "name": " \u200b"}) == {"author": "name_needed"}


def test_of_an_anonymous_author_nothing_is_kept() -> None:
    assert Author(mode="anonymous", name="Ms. Rowe").kept() == Author(mode="anonymous")
    assert Author(mode="confidential", name="Ms. Rowe").kept().name == "Ms. Rowe"


def test_errors_do_not_carry_what_was_sent() -> None:
    with pytest.raises(Problem) as caught:
        read(story="a secret\x00", tried=["a secret"], author={"mode": "a secret"})
    assert "secret" not in repr([*caught.value.fields, caught.value])


@pytest.mark.parametrize("field", ["kind", "story", "goals", "signs", "practices", "groups", "author"])
def test_a_change_cannot_take_away_what_a_win_needs(field: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(Change, json.dumps({field: None}).encode())
    assert [(one.field, one.code) for one in caught.value.fields] == [(field, "cannot_be_empty")]


@pytest.mark.parametrize("field", ["tried", "happened", "takeaway", "team", "occurred_on"])
def test_a_change_can_take_optional_parts_away(field: str) -> None:
    assert parse(Change, json.dumps({field: None}).encode()).model_fields_set == {field}


def test_a_kept_win_reads_back_as_it_was() -> None:
    win = Win(
        id="01ARZ3NDEKTSV4RRFFQ69G5FAV",
        week="2026-W48",
        day="2026-11-25",
        kind="lesson",
        story="x",
        author=Author(mode="anonymous"),
        channel="web",
        school_version=3,
    )
    assert Win.model_validate_json(win.model_dump_json(exclude_defaults=True)) == win
