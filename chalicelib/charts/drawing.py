"""Drawings of grids as SVG: narrow enough for a phone, each mark a link to its stories, letters of a readable size.

A drawing is 360 units wide. Its numbers are those of the grid that the chart's table and its Vega-Lite spec show.
"""

from __future__ import annotations

import re
from html import escape

from chalicelib.charts.boxes import box, fill_box, tidy, write
from chalicelib.charts.theme import (
    DOTS,
    FILLS,
    INK,
    LETTER,
    LINE,
    PAPER,
    QUIET,
    SHADES,
    SMALL,
    STRIPES,
    SUCCESS,
    WIDTH,
    fit,
    lines_of,
    width_of,
)
from chalicelib.domain.chart import Grid, Line

_ROW = 18
_BAR = 20
_GAP = 12
_END = 62
"""Room for the number behind a bar."""


def draw(grid: Grid, chart_id: str) -> str:
    """Draw a grid; patterns get ids of the chart's own, for many drawings stand in one page."""
    drawings = {"columns": _columns, "tiles": _tiles, "diverging": _diverging}
    body, height = drawings.get(grid.form, _bars)(grid)
    used = "".join(pattern for name, pattern in (("stripes", STRIPES), ("dots", DOTS)) if f"#{name}" in body)
    view = f'viewBox="0 0 {WIDTH} {tidy(height)}" font-size="{LETTER}" fill="{INK}"'
    defs = f"<defs>{used}</defs>" if used else ""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>{defs}{body}</svg>'
    return _PATTERN.sub(rf"\1\2-{chart_id}", svg)


_PATTERN = re.compile(r'(id="|url\(#)(stripes|dots)')
_MIDDLE = ' text-anchor="middle"'
_QUIET = f' fill="{QUIET}"'
_SMALL = f' font-size="{SMALL}"'


def _mark(grid: Grid, row: Line, column: Line, body: str) -> str:
    """Let a mark say what it counts, and lead to its stories unless they are too few."""
    hidden = grid.is_hidden(row.id, column.id)
    wanted = "" if hidden else escape(grid.wanted(row.id, column.id))
    n = grid.few if hidden else grid.n(row.id, column.id)
    told = f"<title>{escape(f'{row.name} · {column.name}: {n}')}</title>"
    return f'<a href="#stories?{wanted}" tabindex="-1">{told}{body}</a>' if wanted else f"<g>{told}{body}</g>"


def _name(line: Line, y: float, width: float = WIDTH) -> tuple[str, float]:
    """Write the name of a row above it; return the drawing and where it ends."""
    lines = lines_of(line.name, width)
    told = "".join(write(0, y + _ROW * (n + 0.8), one) for n, one in enumerate(lines))
    return told, y + _ROW * len(lines) + 2


def _bars(grid: Grid) -> tuple[str, float]:
    """Draw a bar for each row, its parts end to end; `shares` fill the width, all others go by number."""
    shares = grid.form == "shares"
    sums = {row.id: sum(grid.n(row.id, column.id) for column in grid.columns) for row in grid.rows}
    most, out, y = max([5, *sums.values()]), [], 0.0
    behind = {row.id: _behind(grid, row, sums[row.id]) for row in grid.rows}
    room = WIDTH - max([_END, *(width_of(told) + 8 for told in behind.values())])
    for row in grid.rows:
        name, y = _name(row, y)
        out.append(name)
        x, scale = 0.0, room / (sums[row.id] or 1) if shares else room / most
        for column in grid.columns:
            if n := grid.n(row.id, column.id):
                part = fill_box(x, y, n * scale, _BAR, FILLS[column.id])
                part += _inside(column, x, y, n * scale) if shares else ""
                out.append(_mark(grid, row, column, part))
                x += n * scale
        out.append(write(x + 6 if not shares else room + 6, y + 15, behind[row.id], _QUIET))
        y += _BAR + _GAP
    return "".join(out), max(y, 1)


def _behind(grid: Grid, row: Line, added: int) -> str:
    """Say what stands behind a bar."""
    total = added if grid.totals is None else grid.totals.get(row.id, 0)
    return row.note if grid.form == "ranges" else f"{total} · {row.note}" if row.note else str(total)


def _inside(column: Line, x: float, y: float, width: float) -> str:
    """Write the letter of a variation into its part, where there is room."""
    if width < SMALL:
        return ""
    ink = PAPER if FILLS[column.id] == SUCCESS else INK
    return write(x + width / 2, y + 15, column.id, f'{_MIDDLE} fill="{ink}"{_SMALL} font-weight="600"')


def _columns(grid: Grid) -> tuple[str, float]:
    """Draw a column for each week, successes below lessons, breaks grey, the mean as a line."""
    left, top, height, low = 26.0, 8.0, 150.0, 22.0
    sums = [sum(grid.n(row.id, column.id) for column in grid.columns) for row in grid.rows]
    step = _step(max([4, *sums]))
    most = step * -(-max([4, *sums]) // step)
    wide, scale = (WIDTH - left) / max(1, len(grid.rows)), height / most
    out = []
    for value in range(0, most + 1, step):
        y = top + height - value * scale
        out.append(f'<path d="M{tidy(left)} {tidy(y)}H{WIDTH}" stroke="{LINE}"/>')
        out.append(write(left - 4, y + 4, str(value), ' text-anchor="end"' + _QUIET + _SMALL))
    points, month, month_ends = [], "", 0.0
    for n, row in enumerate(grid.rows):
        x, y = left + n * wide, top + height
        if row.id in grid.breaks:
            out.append(_break(x, top, wide, height))
        for column in grid.columns:
            if count := grid.n(row.id, column.id):
                y -= count * scale
                part = fill_box(x + wide * 0.08, y, wide * 0.84, count * scale, FILLS[column.id])
                out.append(_mark(grid, row, column, part))
        if row.id in grid.line:
            points.append(f"{tidy(x + wide / 2)} {tidy(top + height - grid.line[row.id] * scale)}")
        if row.note != month and x >= month_ends and x + width_of(row.note, SMALL) <= WIDTH:
            out.append(write(x, top + height + 16, row.note, _QUIET + _SMALL))
            month, month_ends = row.note, x + width_of(row.note, SMALL) + 6
    if len(points) > 1:
        out.append(f'<path d="M{"L".join(points)}" fill="none" stroke="{PAPER}" stroke-width="4"/>')
        out.append(f'<path d="M{"L".join(points)}" fill="none" stroke="{INK}" stroke-width="1.8"/>')
    return "".join(out), top + height + low


def _break(x: float, top: float, wide: float, height: float) -> str:
    """Draw a week without school: grey, and a dark foot that is seen where pale grey is not."""
    band = f'{box(x, top, wide, height)} fill="{LINE}" opacity=".5"/>'
    return f'{band}{box(x, top + height, wide, 3)} fill="{QUIET}"/>'


def _step(most: int) -> int:
    """Choose round distances for an axis of about four."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most <= 4 * step:
                return step
        size *= 10


def _tiles(grid: Grid) -> tuple[str, float]:
    """Draw numbered tiles; shade is only a help, a bar below tells the share of successes where that is asked."""
    wide = WIDTH / max(1, len(grid.columns))
    most = max([1, *grid.cells.values()])
    heads = [lines_of(column.name, wide - 3, SMALL, most=3) for column in grid.columns]
    out = [
        write(n * wide + wide / 2, SMALL * (k + 1) * 1.1, line, _MIDDLE + _QUIET + _SMALL)
        for n, lines in enumerate(heads)
        for k, line in enumerate(lines)
    ]
    y = SMALL * 1.1 * max([0, *map(len, heads)]) + 8
    for row in grid.rows:
        name, y = _name(row, y)
        out.append(name)
        for n, column in enumerate(grid.columns):
            out.append(_tile(grid, row, column, (n * wide, y, wide, most)))
        y += 30 + _GAP / 2
    return "".join(out), max(y, 1)


def _tile(grid: Grid, row: Line, column: Line, place: tuple[float, float, float, int]) -> str:
    x, y, wide, most = place
    n, hidden = grid.n(row.id, column.id), grid.is_hidden(row.id, column.id)
    shade = SHADES[min(4, (5 * n) // (most + 1))] if n and not hidden else PAPER
    told = fit(grid.few, wide - 4, SMALL) if hidden else str(n) if n else "·"
    body = f'{box(x + 1, y, wide - 2, 30)} rx="3" fill="{shade}" stroke="{LINE}"/>'
    body += write(x + wide / 2, y + (20 if grid.successes is None else 17), told, _MIDDLE + (_SMALL if hidden else ""))
    if not n:
        return body
    if grid.successes is not None:
        body += _share(x + 5, y + 21, wide - 10, grid.successes.get((row.id, column.id), 0) / n)
    return _mark(grid, row, column, body)


def _share(x: float, y: float, wide: float, share: float) -> str:
    """Draw which share of a tile's stories are successes."""
    parts = ((x, wide * share, "success"), (x + wide * share, wide * (1 - share), "lesson"))
    return "".join(fill_box(at, y, width, 6, FILLS[kind]) for at, width, kind in parts if width)


def _diverging(grid: Grid) -> tuple[str, float]:
    """Draw what got in the way to the left of a middle line and what helped to the right."""
    most = max([4, *grid.cells.values()])
    middle, room = WIDTH / 2, WIDTH / 2 - 30
    out, y = [], 0.0
    for row in grid.rows:
        name, y = _name(row, y)
        out.append(name)
        for column, side, anchor in ((grid.columns[0], -1, "end"), (grid.columns[1], 1, "start")):
            if n := grid.n(row.id, column.id):
                length = room * n / most
                part = fill_box(min(middle, middle + side * length), y, length, _BAR, FILLS[column.id])
                part += write(middle + side * (length + 5), y + 15, str(n), f' text-anchor="{anchor}"')
                out.append(_mark(grid, row, column, part))
        out.append(f'<path d="M{tidy(middle)} {tidy(y - 2)}v{_BAR + 4}" stroke="{INK}"/>')
        y += _BAR + _GAP
    return "".join(out), max(y, 1)
