"""What became of the rows of a file, in sentences without stories."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.domain.errors import FieldProblem, Problem
from chalicelib.domain.words import say

_SHOWN = 10
NOTHING = 2
"""The exit code if nothing could be done."""
_SENTENCES = {
    "kind_needed": "Is it a success or a lesson? Fill it in, or say it for all such rows with --default-kind.",
    "unknown_kind": "“{given}” is neither success nor lesson; say what it means with --kind “{given}”=lesson.",
    "not_a_moment": "This is not a date like 2026-09-23 or 2026-09-23 14:05; "
    'say how dates are written, such as --dates "%m/%d/%Y".',
    "two_dates": "The forms given with --dates read this as different days.",
    "no_result": "This cell holds a formula without its result; open the file in a spreadsheet program and save it.",
    "cell_error": "This cell holds a spreadsheet error.",
    "too_many_cells": "This row has more cells than there are headings.",
    "not_an_object": "This line is not a JSON object.",
    "twice": "This line names a field twice.",
}
_LOADED_OTHERWISE = "This row was loaded before and read differently then (other options or school file); it stays so."


@dataclass
class Report:
    """What became of the rows."""

    stored: int = 0
    known: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    """By row number, why."""

    def lines(self, empty: int, *, dry: bool) -> Iterator[str]:
        """Say it in sentences; none of them holds a story."""
        yield f"{'could be stored' if dry else 'stored'}: {self.stored:,}"
        yield "(rows loaded before are not stored again)" if dry else f"already there: {self.known:,}"
        if empty:
            yield f"empty rows: {empty:,}"
        yield f"refused: {len(self.refused):,}"
        for reason, count in Counter(self.refused.values()).most_common(_SHOWN):
            yield f"  {count:,} rows: {reason}"
        for number, reason in sorted(self.refused.items())[:_SHOWN]:
            yield f"  row {number}: {reason}"
        if len(self.refused) > _SHOWN:
            yield f"  … and {len(self.refused) - _SHOWN:,} more; --report FILE.csv lists them all"

    @property
    def exit_code(self) -> int:
        """0 all fine, 1 some rows refused, 2 nothing could be done."""
        if not self.refused:
            return 0
        return 1 if self.stored or self.known else NOTHING


def reason_of(problem: Problem) -> str:
    """Say in one line what is wrong with a row."""
    if problem.code == "nonce_reused":
        return _LOADED_OTHERWISE
    if not problem.fields:
        return say("en", f"problem.{problem.code}")
    return " ".join(dict.fromkeys(_sentence(one) for one in problem.fields))


def _sentence(one: FieldProblem) -> str:
    own = _SENTENCES.get(one.code)
    sentence = own.format_map(one.params) if own else say("en", f"field.{one.code}", **one.params)
    return f"{one.field.partition('[')[0]}: {sentence}"


def write_report(path: Path, refused: Mapping[int, str]) -> None:
    """Write all refused rows: number and reason, no stories."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("row", "reason"))
        writer.writerows(sorted(refused.items()))
