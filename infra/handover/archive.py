"""The archive of a school: a zip for people, and with each item of its table for another stack."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from chalicelib import wiring
from chalicelib.work.export import FIELDS, RECORD_FIELDS, as_csv, record_rows, rows_of, school_rows
from infra import keyring
from infra.merging import Item, items_of, kind_of

FORMAT = 1
_LEFT_HERE = {"SIGNIN", "SESSION", "COUNT"}
"""Who is signed in, and what was counted of the last hours."""
_READ_ME = """A school of Small Wins, {name} ({school}).

wins.csv, wins.json   all wins but the removed ones; `fields` in wins.json says what each field means
school.json           every version of the school file
record.csv            who did what, and when
items.jsonl           every item of its table, for `python -m infra.handover bring`
"""


class CannotHandOver(Exception):  # noqa: N818 - a fact, not a bug
    """Nothing can be done, in one sentence."""


def take(table: str, archive: Path) -> int:
    """Write everything a school has into an archive that only its owner may read; return how many items there are."""
    latest = wiring.table().latest_school()
    if latest is None:
        raise CannotHandOver("This school has no school file yet: there is nothing to take along.")
    partly = archive.with_name(f"{archive.name}.partly")
    partly.unlink(missing_ok=True)
    with os.fdopen(_only_mine(partly), "wb") as out, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _READ_ME.format(name=latest[1].name, school=latest[1].school))
        count = _write_items(packed, table)
        rows = list(rows_of(wiring.table(), wiring.table().weeks()))
        packed.writestr("wins.csv", as_csv(rows))
        packed.writestr("wins.json", _json({"fields": FIELDS, "wins": rows}))
        packed.writestr("school.json", _json({"versions": list(school_rows(wiring.table()))}))
        packed.writestr("record.csv", as_csv(record_rows(wiring.front().record, ""), RECORD_FIELDS))
        packed.writestr("about.json", _json({"format": FORMAT, "school": latest[1].school, "items": count}))
    partly.replace(archive)
    return count


def _only_mine(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _write_items(packed: ZipFile, table: str) -> int:
    count = 0
    with packed.open("items.jsonl", "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8", newline="\n") as lines:
        for item in items_of(table):
            if kind_of(item) not in _LEFT_HERE:
                lines.write(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += 1
    return count


def read(packed: ZipFile, only: str = "") -> Iterator[Item]:
    """Read an archive's items."""
    with packed.open("items.jsonl") as lines:
        for line in lines:
            item: Item = json.loads(line)
            if not only or kind_of(item) == only:
                yield item


def take_keys(parameter: str, file: Path) -> None:
    """Write a school's secret keys to a file that only its owner may read; the dashboard has new ones."""
    with os.fdopen(_only_mine(file), "w", encoding="utf-8") as out:
        out.write(_json(keyring.read_keys(parameter)))
