"""What hangs on a wall: the dashboard in large letters, one thing at a time, and no name of anybody or any team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib.domain.chart import Chart, Picture
from chalicelib.domain.findings import Finding
from chalicelib.domain.school import in_language
from chalicelib.pages.excerpt import excerpt
from chalicelib.pages.render import own, render
from chalicelib.pages.security import modes

_CHARTS = ("pulse", "goals")
_MOST_STORIES = 8
_LONGEST_STORY = 280
Stories = Sequence[Mapping[str, Any]]


def write_wall(picture: Picture, charts: Sequence[Chart], latest: Stories, aloud: Sequence[Finding]) -> dict[str, str]:
    """Write the page for a wall in the language of the picture, by its path in the site bucket.

    Args:
        picture: what the charts show.
        charts: drawn; the pulse and the goals are taken from them.
        latest: published stories of the last weeks, newest first.
        aloud: what is worth saying aloud.
    """
    school, language = picture.school, picture.language
    by_id = {chart.id: chart for chart in charts}
    page = render(
        "wall.html",
        school,
        language,
        [(code, f"/dashboard/wall{own(school, code)}/") for code in school.languages],
        modes=modes(),
        title=picture.say("wall.title"),
        vision=in_language(school.vision, language),
        aloud=aloud,
        charts=[by_id[one] for one in _CHARTS if one in by_id],
        stories=[
            {"kind": picture.say(f"kind.{story['kind']}"), "text": excerpt(story["story"], _LONGEST_STORY)}
            for story in _chosen(latest)
        ],
    )
    return {f"dashboard/wall{own(school, language)}/index.html": page}


def _chosen(latest: Stories) -> Iterator[Mapping[str, Any]]:
    """Choose the newest stories that may be quoted: a wall is read by visitors too."""
    return islice((story for story in latest if story.get("quotable")), _MOST_STORIES)
