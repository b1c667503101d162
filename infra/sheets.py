"""Files of rows as people have them: CSV, XLSX, JSONL."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.doors.spreadsheet import Row

_MB = 1_000_000
_LARGEST = 100 * _MB
_MOST_COLUMNS = 2_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class NotATable(Exception):  # noqa: N818 - a fact about a file
    """A file that holds no rows we can read, in one sentence."""


@dataclass
class Sheet:
    """What a file holds: headings and rows, and notes on how it was read."""

    headings: list[str]
    rows: list[Row]
    empty: int = 0
    """Rows with nothing in them."""
    notes: list[str] = field(default_factory=list)


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Read a file.

    Args:
        path: the file; its content tells XLSX, its name (.jsonl, .ndjson, .json) JSONL, all else is CSV.
        sheet: which sheet of a workbook, if not its first.

    Raises:
        NotATable: if it is missing, too large, broken or of another kind.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise NotATable(f"{path} is larger than {_LARGEST // _MB} MB; split it.")
        body = path.read_bytes()
    except OSError as error:
        raise NotATable(f"{path}: {error.strerror}.") from None
    if not body.strip():
        raise NotATable(f"{path} is empty.")
    if body.startswith(b"PK\x03\x04"):
        from infra.workbook import read_workbook

        return read_workbook(body, sheet)
    if body.startswith(_OLD_EXCEL):
        raise NotATable(f"{path} is an old or protected Excel file; save it as .xlsx without a password.")
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        return _read_json_lines(body.removeprefix(b"\xef\xbb\xbf"))
    return _read_csv(body)


def under_headings(lines: Iterable[Sequence[Any]]) -> Sheet:
    """Make a sheet of lines of cells, the first of which holds the headings."""
    lines = iter(lines)
    headings = [str(cell or "").strip() for cell in next(lines, ())]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise NotATable("The first row holds no headings.")
    if len(headings) > _MOST_COLUMNS:
        raise NotATable(f"The file has more than {_MOST_COLUMNS} columns.")
    sheet = Sheet(headings, [])
    for number, cells in enumerate(lines, start=2):
        if all(cell is None or cell == "" for cell in cells):
            sheet.empty += 1
            continue
        spare = any(cell not in {None, ""} for cell in cells[len(headings) :])
        by_heading = dict(zip(headings, cells, strict=False))
        sheet.rows.append(Row(number, by_heading, "too_many_cells" if spare else ""))
    return sheet


# CSV


def _read_csv(body: bytes) -> Sheet:
    text, notes = _decoded(body)
    delimiter = max(",;\t", key=lambda mark: _width(text, mark))
    csv.field_size_limit(_LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        sheet = under_headings(reader)
    except csv.Error:
        raise NotATable(
            f"The quotation marks do not fit together near line {reader.line_num}; export the file again."
        ) from None
    sheet.notes += notes
    return sheet


def _decoded(body: bytes) -> tuple[str, list[str]]:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as("utf-16", body), []
    if body.startswith(b"\xef\xbb\xbf"):
        return _decoded_as("utf-8-sig", body), []
    try:
        return body.decode(), []
    except UnicodeDecodeError as odd:
        line = body.count(b"\n", 0, odd.start) + 1
    note = f"The file is not UTF-8 (line {line}); it was read as Windows-1252. Look at accents before you store it."
    return _decoded_as("cp1252", body), [note]


def _decoded_as(encoding: str, body: bytes) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        raise NotATable("The file is not text in UTF-8 or Windows-1252; save it as CSV (UTF-8).") from None


def _width(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
    except csv.Error:
        return 0


# JSONL


def _read_json_lines(body: bytes) -> Sheet:
    sheet = Sheet([], [])
    headings: dict[str, None] = {}
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            sheet.empty += 1
            continue
        cells, broken = _object(line)
        headings |= dict.fromkeys(cells)
        sheet.rows.append(Row(number, cells, broken))
    sheet.empty -= body.endswith(b"\n")
    sheet.headings = list(headings)
    if not headings:
        raise NotATable("No line is a JSON object. JSONL has one object a line, such as {…}.")
    return sheet


def _object(line: bytes) -> tuple[dict[str, Any], str]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise _Twice
        return dict(pairs)

    try:
        read = json.loads(line.decode(), object_pairs_hook=unique, parse_constant=_no_constant)
    except UnicodeDecodeError:
        return {}, "not_text"
    except _Twice:
        return {}, "twice"
    except (ValueError, RecursionError):
        return {}, "not_an_object"
    return (read, "") if isinstance(read, dict) else ({}, "not_an_object")


class _Twice(Exception):  # noqa: N818 - never leaves this file
    """An object names a field twice."""


def _no_constant(name: str) -> Any:
    raise ValueError(name)
