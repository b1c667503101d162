"""All charts, in the order of the page. Importing this loads Altair: only publishing does."""

from __future__ import annotations

from chalicelib.charts import (
    arrivals,
    factors,
    goals,
    groups,
    lessons,
    looks,
    practices,
    pulse,
    shift,
    voices,
    year,
)
from chalicelib.charts import (
    map as practice_map,
)
from chalicelib.charts.making import drawn
from chalicelib.domain.chart import Chart, Picture

_MAKERS = (pulse, goals, practices, practice_map, shift, groups, factors, lessons, voices, looks, year, arrivals)
_OF_STORIES = (factors, voices)
"""Made of what no published count tells, so a district has none."""


def draw_charts(picture: Picture) -> list[Chart]:
    """Make and draw every chart; of a district, those that counts alone tell."""
    makers = _MAKERS if picture.school.district is None else (one for one in _MAKERS if one not in _OF_STORIES)
    return [drawn(one.make(picture)) for one in makers]
