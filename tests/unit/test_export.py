"""What leaders take along."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from fakes.desk import NOW, win_at
from fakes.memory import MemoryTable
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.work.amend import removed
from chalicelib.work.export import FIELDS, as_csv, rows_of, safe_cell, weeks_of_year

STARTS = tuple("=+-@|%\t\r\n")


def exported(*wins: Win) -> list[dict[str, str]]:
    table = MemoryTable()
    for win in wins:
        table.save_win(win, None)
    text = as_csv(rows_of(table, table.weeks()))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_win_but_those_taken_back_is_a_row_with_all_its_fields(sample_school: School) -> None:
    whole = win_at(
        sample_school,
        story='Two "hands",\nthen three; O\'Brien ✋🏽',
        signs=["because", "book-talk"],
        practices=[{"id": "wait-time", "level": "b"}, {"id": "talk-moves"}],
        author={"mode": "named", "name": "Ms. Ørsted"},
        quoted="She reads.",
        occurred_on="2026-11-20",
    )
    gone = removed(win_at(sample_school, story="to be forgotten"))
    (row,) = exported(whole, gone)
    assert tuple(row) == tuple(FIELDS)
    assert row["story"] == whole.story
    assert (row["signs"], row["practices"]) == ("because; book-talk", "wait-time:b; talk-moves")
    assert (row["author"], row["name"], row["quoted"]) == ("named", "Ms. Ørsted", "She reads.")


def test_the_name_of_who_did_not_want_to_be_named_is_not_exported(sample_school: School) -> None:
    (row,) = exported(win_at(sample_school, author={"mode": "confidential", "name": "Ms. Hidden"}))
    assert "Hidden" not in "".join(row.values())


def test_a_school_year_is_exported_by_itself(sample_school: School) -> None:
    table = MemoryTable()
    for weeks_ago in (0, 30, 60):
        table.save_win(win_at(sample_school, NOW, weeks_ago), None)
    assert weeks_of_year(table, sample_school, "2026-27") == ["2026-W48"]
    assert len(weeks_of_year(table, sample_school, "")) == 3
    assert weeks_of_year(table, sample_school, "1999-00") == []


def test_no_published_payload_is_a_live_cell(shared_data: Path, sample_school: School) -> None:
    payloads = (shared_data / "bad_input" / "csv_injection_payloads.txt").read_text("utf-8").splitlines()
    for payload in filter(str.strip, payloads):
        (row,) = exported(win_at(sample_school, story=payload, author={"mode": "named", "name": payload[:80]}))
        for cell in row.values():
            assert not cell.lstrip().startswith(STARTS), payload
        assert row["story"].lstrip("'") == payload.lstrip("'")


@given(st.text(max_size=30))
def test_a_cell_never_starts_a_formula_and_keeps_its_text(text: str) -> None:
    cell = safe_cell(text)
    assert cell in {text, f"'{text}"}
    assert not cell.lstrip("\u200b\ufeff\u2060 \u00a0").startswith(STARTS)


@pytest.mark.parametrize("text", ["=1+1", " =1", "\u200b=1", "＝1", "+1", "-1", "@SUM(A1)", "|x", "%0A=1", "\t=1"])  # noqa: RUF001
def test_what_could_be_a_formula_is_told_to_be_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Two hands", "1 + 1", "a=b", "“=” was on the board", ""])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
