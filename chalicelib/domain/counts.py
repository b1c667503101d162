"""Counting stories by two dimensions: a week at a time, and what was counted of a week is not counted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from chalicelib.domain.dimensions import DIMENSIONS, FIELDS, JOINT, Context
from chalicelib.domain.rollup import Cell, Rollup

_OF_OTHER_WEEKS = {"age", "answer"}
"""Dimensions that depend on more than the week itself and the school."""


@dataclass
class Counts:
    """Stories counted by two dimensions."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    """By row alone; a story of two columns counts once here."""
    n: int = 0
    """Stories in any cell, each once."""


def count_by(row: str, column: str, rollups: Iterable[Rollup], context: Context) -> Counts:
    """Count stories by two dimensions; those in `JOINT` go together."""
    counts = Counts()
    for rollup in rollups:
        week = _count_once(row, column, rollup, context)
        counts.cells.update(week.cells)
        counts.rows.update(week.rows)
        counts.n += week.n
    return counts


def _count_once(row: str, column: str, rollup: Rollup, context: Context) -> Counts:
    """Count a week, unless it was counted for the same school and nothing else matters."""
    if {row, column} & _OF_OTHER_WEEKS:
        return _count(row, column, rollup, context)
    known = rollup.counted.get((row, column))
    if known is None or known[0] is not context.school:
        known = rollup.counted[row, column] = context.school, _count(row, column, rollup, context)
    counts: Counts = known[1]
    return counts


def _count(row: str, column: str, rollup: Rollup, context: Context) -> Counts:
    counts = Counts()
    for cell, n in _alike(row, column, rollup):
        pairs = _pairs(row, column, cell, rollup.week, context)
        for pair in pairs:
            counts.cells[pair] += n
        for one in {one for one, _ in pairs}:
            counts.rows[one] += n
        counts.n += n if pairs else 0
    return counts


def _alike(row: str, column: str, rollup: Rollup) -> Iterable[tuple[Cell, int]]:
    """Put together what counts alike: a week has hundreds of cells, and few of them differ in two dimensions."""
    read = {JOINT[row, column]} if (row, column) in JOINT else {row, column}
    names = "kind", *sorted({name for one in read for name in FIELDS[one]})
    if names not in rollup.alike:
        fields, counts, first = attrgetter(*names), Counter[Any](), dict[Any, Cell]()
        for cell, n in rollup.cells.items():
            alike = fields(cell)
            counts[alike] += n
            first.setdefault(alike, cell)
        rollup.alike[names] = [(first[alike], n) for alike, n in counts.items()]
    return rollup.alike[names]


def _pairs(row: str, column: str, cell: Cell, week: str, context: Context) -> set[tuple[str, str]]:
    if joint := JOINT.get((row, column)):
        both = (one.partition(":") for one in DIMENSIONS[joint](cell, week, context))
        return {(one, other) for one, _, other in both}
    columns = DIMENSIONS[column](cell, week, context)
    return {(one, other) for one in DIMENSIONS[row](cell, week, context) for other in columns} if columns else set()
