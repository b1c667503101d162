"""Voices: how many people of each team were heard in four weeks, as far as their stories tell; never who.

Different names are surely different people; a story without a name may be of one more, or of none. So a bar shows at
least so many and at most so many. It rests on published stories alone, and tells no more of anybody than these do.
"""

from __future__ import annotations

from chalicelib.charts.making import chart_of
from chalicelib.domain.calendar import monday_of
from chalicelib.domain.chart import Chart, Grid, Line, Picture, Voices
from chalicelib.domain.pace import FOUR
from chalicelib.domain.small_numbers import shown_by

OTHERS = ""
_NOBODY = Voices(0, 0, 0)


def make(picture: Picture) -> Chart:
    """Make the chart: teams that may be named, and all others together."""
    school = picture.school
    nameable = shown_by(school).teams
    named = [team for team in school.teams if team.id in nameable and team.offered]
    hidden = [team for team in school.teams if team.id not in nameable and team.offered]
    people = {team.id: team.headcount for team in named} | (
        {OTHERS: sum(t.headcount for t in hidden)} if hidden else {}
    )
    rows = [Line(team.id, picture.name(team), _of(picture, team.id, team.headcount)) for team in named]
    if hidden:
        rows.append(Line(OTHERS, picture.say("voices.others"), _of(picture, OTHERS, people[OTHERS])))
    cells = {(team, column): n for team, most in people.items() for column, n in heard(picture, team, most).items()}
    grid = Grid(
        form="ranges",
        by=("team", "voice"),
        rows=tuple(rows),
        columns=tuple(Line(column, picture.say(f"voices.{column}")) for column in ("sure", "maybe", "unheard")),
        cells=cells,
        row_name=picture.say("voices.team"),
        since=monday_of(picture.weeks[-FOUR:][0]).isoformat(),
    )
    n = sum(one.stories for one in picture.voices.values())
    return chart_of(picture, "voices", grid, _finding(picture, grid), n)


def heard(picture: Picture, team: str, people: int) -> dict[str, int]:
    """Count the people of a team that were surely heard, may have been heard, and were not."""
    voices = picture.voices.get(team, _NOBODY)
    sure = min(voices.named, people)
    maybe = min(voices.unnamed, people - sure)
    return {"sure": sure, "maybe": maybe, "unheard": people - sure - maybe}


def _of(picture: Picture, team: str, people: int) -> str:
    found = heard(picture, team, people)
    least, most = max(found["sure"], min(1, found["maybe"])), found["sure"] + found["maybe"]
    key = "voices.exactly" if least == most else "voices.between"
    return picture.say(key, least=least, most=most, people=people)


def _finding(picture: Picture, grid: Grid) -> str:
    """Say how many teams were heard at all, and name one that was silent."""
    silent = [row for row in grid.rows if row.id and not (grid.n(row.id, "sure") + grid.n(row.id, "maybe"))]
    teams = [row for row in grid.rows if row.id]
    if not teams:
        return picture.say("voices.none")
    if silent:
        return picture.say("voices.silent", n=len(teams) - len(silent), teams=len(teams), team=silent[0].name)
    return picture.say("voices.all", n=len(teams))
