"""Charts without a drawing: the same numbers in the same tables. Keeps hundreds of runs quick."""

from __future__ import annotations

from chalicelib.domain.chart import Chart, Grid, Line, Picture, stories_of


def tabulate(picture: Picture) -> list[Chart]:
    """Stand in for `charts.gallery.draw_charts`: a chart for everybody, and one for leaders."""
    rows = [
        [week, *(stories_of(picture.count(week, kind), week=week, kind=kind) for kind in ("success", "lesson"))]
        for week in picture.weeks
    ]
    table = {"columns": ["week", "success", "lesson"], "rows": rows}
    weeks = tuple(Line(week, week) for week in picture.weeks)
    grid = Grid("columns", ("week", "kind"), weeks, picture.kinds, picture.counts("week", "kind").cells, "week")
    pulse = Chart(
        "pulse", "How many?", f"{picture.n} stories", picture.n, grid, table, spec={"rows": rows}, svg="<svg></svg>"
    )
    told = dict(sorted(picture.counts("factor", "side").rows.items()))
    sides = Grid("diverging", ("factor", "side"), (), (), {}, "factor")
    factors = Chart("factors", "What helped?", f"{told}", sum(told.values()), sides, {"columns": [], "rows": []})
    return [pulse, Chart(**{**vars(factors), "svg": "<svg></svg>", "leaders_only": True})]
