"""Workbooks (XLSX), as spreadsheet programs and Google Forms give them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from chalicelib.doors.spreadsheet import Unreadable
from infra.sheets import NotATable, Sheet, under_headings

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_MB = 1_000_000
_LARGEST_UNPACKED = 400 * _MB
_ESCAPED = re.compile(r"_x00([01][0-9A-F])_")


def read_workbook(body: bytes, wanted: str | None) -> Sheet:
    """Read one sheet: the one that is wanted, or the first.

    Raises:
        NotATable: if the workbook is too large or broken, or has no such sheet.
    """
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(body)).infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise NotATable(f"The workbook unpacks to more than {_LARGEST_UNPACKED // _MB} MB; split it.")
        return _read_cells(body, wanted)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        RuntimeError,
        OverflowError,
        zlib.error,
        OSError,
    ):  # what openpyxl, zlib and the XML parser raise on files that were cut or changed
        raise NotATable("This is not a workbook we can read; download it again as .xlsx, or as CSV.") from None


def _read_cells(body: bytes, wanted: str | None) -> Sheet:
    results = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(body), read_only=True)
    names = [sheet.title for sheet in results.worksheets]
    name = names[0] if wanted is None else wanted
    if name not in names:
        raise NotATable(f"There is no sheet “{name}”. There are: {', '.join(names)}.")
    sheet = under_headings(_lines(results, formulas, name))
    if len(names) > 1:
        sheet.notes.append(f"Read was the sheet “{name}”, one of {len(names)}; --sheet chooses another.")
    return sheet


def _lines(results: Workbook, formulas: Workbook, name: str) -> Iterator[list[Any]]:
    for workbook in (results, formulas):
        workbook[name].reset_dimensions()
    pairs = zip(results[name].iter_rows(), formulas[name].iter_rows(), strict=True)
    for values, sources in pairs:
        yield [_cell(value, source) for value, source in zip(values, sources, strict=True)]


def _cell(cell: Any, source: Any) -> Any:
    value = cell.value
    if value is None:
        return Unreadable("no_result") if source.data_type == "f" else None
    if cell.data_type == "e":
        return Unreadable("cell_error")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, datetime):
        only_day = value.time() == datetime.min.time() and "h" not in cell.number_format.lower()
        return value.date() if only_day else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, date) else str(value)
