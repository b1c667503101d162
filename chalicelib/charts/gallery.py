"""All charts, in the order of the page. Importing this loads Altair and the SVG renderer: only publishing does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from altair.utils.schemapi import debug_mode

from chalicelib.charts import goals, practices, pulse
from chalicelib.charts.theme import draw
from chalicelib.domain.chart import Chart, Picture


@cache
def start_renderer() -> None:
    """Draw nothing, once: the renderer's first drawing takes most of a second, whatever it is."""
    draw({"mark": "point", "data": {"values": []}}, "en", "none")


def draw_charts(picture: Picture) -> list[Chart]:
    """Make and draw every chart."""
    with debug_mode(arg=False):  # Altair would check each part against its schema; tests do that once for all
        charts = [make(picture) for make in (pulse.make, goals.make, practices.make)]
    return [replace(chart, svg=draw(chart.spec, picture.language, chart.id)) for chart in charts]
