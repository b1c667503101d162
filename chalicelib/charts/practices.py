"""Practice by sign: what was told together, in numbered cells."""

from __future__ import annotations

import json
from collections import Counter
from textwrap import wrap
from typing import Any

import altair as alt

from chalicelib.charts.theme import INK, finish, values
from chalicelib.domain.chart import Chart, Picture, stories_of

_ROW, _COLUMN = 36, 92
_LABELS = 320
_LETTERS = 13
_LINE = 14
_PALE, _DEEP = "#e9f2ef", "#5aa89f"


def make(picture: Picture) -> Chart:
    """Make the chart."""
    cells, n = _count(picture)
    school = picture.school
    signs = [sign for sign in school.signs if sign.offered or any(sign.id == one for one, _ in cells)]
    practices = [use for use in school.practices if use.offered or any(use.id == one for _, one in cells)]
    names = {"sign": {s.id: picture.name(s) for s in signs}, "practice": {p.id: picture.name(p) for p in practices}}
    return Chart(
        id="practices",
        question=picture.say("practices.question"),
        finding=_finding(picture, cells, names),
        n=n,
        table=_table(picture, cells, names),
        spec=_spec(cells, names),
    )


def _count(picture: Picture) -> tuple[Counter[tuple[str, str]], int]:
    """Count stories by (sign, practice), and the stories that name both at all."""
    cells: Counter[tuple[str, str]] = Counter()
    stories = 0
    for rollup in picture.shown:
        for cell, n in rollup.cells.items():
            practices = {practice for practice, _ in cell.practices}
            stories += n if practices and cell.signs else 0
            for pair in ((sign, practice) for sign in cell.signs for practice in practices):
                cells[pair] += n
    return cells, stories


def _finding(picture: Picture, cells: Counter[tuple[str, str]], names: dict[str, dict[str, str]]) -> str:
    if not cells:
        return picture.say("practices.none")
    (sign, practice), n = min(cells.items(), key=lambda item: (-item[1], item[0]))
    alone = [name for one, name in names["practice"].items() if not any(one == used for _, used in cells)]
    key = "practices.finding_alone" if alone else "practices.finding"
    values = {"practice": names["practice"][practice], "sign": names["sign"][sign], "n": n}
    return picture.say(key, **values, alone=alone[0] if alone else "")


def _table(picture: Picture, cells: Counter[tuple[str, str]], names: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "columns": [picture.say("practices.sign"), *names["practice"].values()],
        "rows": [
            [name, *(stories_of(cells[sign, use], sign=sign, practice=use) for use in names["practice"])]
            for sign, name in names["sign"].items()
        ],
    }


def _labels(labels: dict[str, Any]) -> str:
    """Write the expression that shows names where the data has ids; a name may be there twice, an id may not."""
    return f"{json.dumps(labels)}[datum.label]"


def _spec(cells: Counter[tuple[str, str]], names: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Draw signs down and practices across; every cell carries its number, so that shade is only a help."""
    rows = [{"sign": s, "practice": p, "n": cells[s, p]} for s in names["sign"] for p in names["practice"]]
    headings = {practice: wrap(name, _LETTERS) for practice, name in names["practice"].items()}
    most_lines = max([1, *map(len, headings.values())])
    y_axis = alt.Axis(
        labelExpr=_labels(names["sign"]),
        minExtent=_LABELS,
        maxExtent=_LABELS,
        labelPadding=_LABELS,
        labelLimit=_LABELS - 10,
        labelAlign="left",
        title=None,
        ticks=False,
        domain=False,
    )
    x_axis = alt.Axis(
        labelExpr=_labels(headings),
        orient="top",
        labelAngle=0,
        labelPadding=6 + _LINE * (most_lines - 1),
        title=None,
        ticks=False,
        domain=False,
    )
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("sign:N", sort=list(names["sign"]), axis=y_axis),
        x=alt.X("practice:N", sort=list(names["practice"]), axis=x_axis),
    )
    shade = alt.Scale(domain=[0, max([1, *cells.values()])], range=[_PALE, _DEEP])
    tiles = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(color=alt.Color("n:Q", scale=shade, legend=None))
    numbers = base.mark_text(fontSize=13, color=INK).encode(text=alt.condition("datum.n > 0", "n:Q", alt.value("·")))
    width, height = _COLUMN * max(1, len(names["practice"])), _ROW * max(1, len(names["sign"]))
    return finish(alt.layer(tiles, numbers, width=width, height=height))
