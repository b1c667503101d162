"""Receipts and ids."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes.desk import KEYS, NOW
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import week_of
from chalicelib.domain.errors import Problem
from chalicelib.work.ids import arrived_at, new_id, weeks_for
from chalicelib.work.secrets import RECEIPTS_LAST, issue_receipt, read_receipt, source_of

ZONES = st.sampled_from(["America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Pago_Pago", "UTC"])
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ID = new_id(NOW, ZoneInfo("UTC"), to_the_day=False)


def test_a_receipt_opens_its_win() -> None:
    assert read_receipt(KEYS, issue_receipt(KEYS, ID), NOW) == ID


def test_a_receipt_with_any_one_character_altered_opens_nothing() -> None:
    token = issue_receipt(KEYS, ID)
    letters = string.ascii_letters + string.digits + "-_.=+/ \n\0é"
    for place, was in enumerate(token):
        for letter in letters.replace(was, ""):
            with pytest.raises(Problem, match="receipt_wrong"):
                read_receipt(KEYS, token[:place] + letter + token[place + 1 :], NOW)


@given(where=st.integers(0, 70), letter=st.characters())
def test_a_receipt_with_anything_put_in_opens_nothing(where: int, letter: str) -> None:
    token = issue_receipt(KEYS, ID)
    with pytest.raises(Problem, match="receipt_wrong"):
        read_receipt(KEYS, token[:where] + letter + token[where:], NOW)


@given(token=st.text(min_size=1))
def test_any_other_text_is_no_receipt(token: str) -> None:
    with pytest.raises(Problem, match="receipt_wrong"):
        read_receipt(KEYS, token, NOW)


def test_no_text_is_a_missing_receipt() -> None:
    with pytest.raises(Problem, match="receipt_missing"):
        read_receipt(KEYS, "", NOW)


def test_a_receipt_of_another_school_opens_nothing() -> None:
    with pytest.raises(Problem, match="receipt_wrong"):
        read_receipt(KEYS, issue_receipt({"receipt": ["another school's key"]}, ID), NOW)


def test_a_receipt_lasts_thirteen_months() -> None:
    token = issue_receipt(KEYS, ID)
    assert read_receipt(KEYS, token, NOW + RECEIPTS_LAST) == ID
    with pytest.raises(Problem, match="receipt_old"):
        read_receipt(KEYS, token, NOW + RECEIPTS_LAST + timedelta(seconds=1))


def test_a_receipt_outlives_a_new_key() -> None:
    token = issue_receipt(KEYS, ID)
    newer = {"receipt": [*KEYS["receipt"], "a newer key"]}
    assert read_receipt(newer, token, NOW) == ID
    assert issue_receipt(newer, ID) != token
    assert read_receipt(newer, issue_receipt(newer, ID), NOW) == ID


@given(moment=MOMENTS, zone=ZONES)
def test_an_id_tells_its_moment_and_so_its_week(moment: datetime, zone: str) -> None:
    win_id = new_id(moment, ZoneInfo(zone), to_the_day=False)
    assert abs(arrived_at(win_id) - moment) < timedelta(milliseconds=2)
    assert weeks_for(win_id, ZoneInfo(zone))[0] == week_of(arrived_at(win_id).astimezone(ZoneInfo(zone)).date())


@given(moment=MOMENTS, zone=ZONES)
def test_an_anonymous_id_tells_the_schools_day_and_nothing_finer(moment: datetime, zone: str) -> None:
    told = arrived_at(new_id(moment, ZoneInfo(zone), to_the_day=True)).astimezone(ZoneInfo(zone))
    assert told.date() == moment.astimezone(ZoneInfo(zone)).date()
    assert (told.hour, told.minute, told.second, told.microsecond) == (12, 0, 0, 0)


@given(moment=MOMENTS, zone=ZONES, other=ZONES)
def test_a_win_is_found_after_the_school_corrected_its_time_zone(moment: datetime, zone: str, other: str) -> None:
    win_id = new_id(moment, ZoneInfo(zone), to_the_day=False)
    assert week_of(arrived_at(win_id).astimezone(ZoneInfo(zone)).date()) in weeks_for(win_id, ZoneInfo(other))


@pytest.mark.parametrize("text", ["", "x", "0" * 25, "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "\0" * 26, "é" * 26])
def test_what_is_no_id_has_no_time(text: str) -> None:
    with pytest.raises(Problem, match="no_such_win"):
        arrived_at(text)


def test_two_ids_of_a_moment_differ() -> None:
    assert len({new_id(NOW, ZoneInfo("UTC"), to_the_day=True) for _ in range(1000)}) == 1000


def test_a_source_tells_neither_sender_nor_content() -> None:
    source = source_of(KEYS, "web", "+1 555 0100", b"the story")
    assert "555" not in source.key
    assert source == source_of(KEYS, "web", "+1 555 0100", b"the story")
    other_key = source_of({"source": ["other"]}, "web", "+1 555 0100", b"the story")
    assert source.key != other_key.key
    assert source.content != other_key.content
    assert source.key != source_of(KEYS, "text", "+1 555 0100", b"the story").key
