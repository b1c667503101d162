"""What a text costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.segments import count_segments, is_gsm, plain_text


def test_every_published_vector_is_counted_right(shared_data: Path) -> None:
    for vector in json.loads((shared_data / "sms" / "gsm_segment_vectors_dev.json").read_text("utf-8")):
        assert count_segments(vector["text"]) == vector["segments"], vector["name"]
        assert is_gsm(vector["text"]) is (vector["encoding"] == "GSM-7"), vector["name"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 5, 2),  # the escaped € is not split over two segments
        ("a" * 152 + "€" * 77, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 67, 3),  # 66 units a segment: a pair is not split
        ("x" * 66 + "e\u0301" + "á" * 30, 2),
    ],
)
def test_segments_are_those_of_the_standard(text: str, segments: int) -> None:
    assert count_segments(text) == segments


@given(st.text(max_size=500))
def test_one_more_character_never_costs_less(text: str) -> None:
    assert count_segments(text + "a") >= count_segments(text)


@given(st.text(max_size=200))
def test_plain_text_never_costs_more_and_is_plain_at_once(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    if is_gsm(text):
        assert is_gsm(plain)


def test_curly_quotes_and_dashes_do_not_double_the_cost() -> None:
    typed = "“Two hands” \u2013 we waited… it\u2019s new"
    assert plain_text(typed) == '"Two hands" - we waited... it\'s new'
