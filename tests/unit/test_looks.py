"""Drawings and pages can be seen by everybody: contrasts and colour vision, computed from the theme and the style."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pytest
from fakes.desk import win_at
from fakes.pictures import picture_of

from chalicelib.charts.gallery import draw_charts
from chalicelib.charts.theme import EDGES, FILLS, INK, LESSON, LESSON_PALE, LINE, PAPER, QUIET, SHADES, SUCCESS
from chalicelib.domain.school import School
from chalicelib.pages.security import style

SIGHT: Mapping[str, Sequence[Sequence[float]]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1)."""
LEVELS = [FILLS[level] for level in "abcde"]
Look = Callable[[str], str]


def linear(colour: str, sight: str = "usual") -> list[float]:
    """Return what an eye gets of a colour: linear red, green and blue."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    light = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return [min(1, max(0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in SIGHT[sight]]


def luminance(colour: str, sight: str = "usual") -> float:
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(colour, sight), strict=True))


def contrast(one: str, other: str, sight: str = "usual") -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one, sight), luminance(other, sight)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str, sight: str) -> float:
    """Return L* of CIELAB, 0 to 100: from 2 on a step is seen, from 5 on at a glance."""
    light = luminance(colour, sight)
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light


def variables(block: str) -> dict[str, str]:
    told = dict(re.findall(r"--([a-z]+):(#[0-9a-f]+)", block.partition("}")[0]))
    return {name: "#" + "".join(2 * one for one in code[1:]) if len(code) == 4 else code for name, code in told.items()}


LIGHT_STYLE = variables(style())
DARK_BLOCK = style().partition("prefers-color-scheme:dark){")[2].partition("@media")[0]
DARK_STYLE = {**LIGHT_STYLE, **variables(DARK_BLOCK)}


def dark_rules(what: str) -> dict[str, str]:
    """Read what the style makes of a drawing's colours in the dark."""
    told = {}
    for names, value in re.findall(rf'((?:svg \[{what}="#\w+"\],?)+)\{{{what}:([^}}]+)\}}', DARK_BLOCK):
        for name in re.findall(r"#\w+", names):
            told[name] = DARK_STYLE[value[6:-1]] if value.startswith("var(") else value
    return told


DARK = {what: dark_rules(what) for what in ("fill", "stroke")}
LOOKS: dict[str, tuple[Look, dict[str, str]]] = {
    "light": (lambda colour: colour, LIGHT_STYLE),
    "dark": (lambda colour: DARK["fill"].get(colour) or DARK["stroke"][colour], DARK_STYLE),
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> Look:
    """How a colour of drawings looks, on a light and on a dark page."""
    return LOOKS[request.param][0]


def test_every_mark_or_its_outline_stands_out_from_the_page_and_from_the_line_between_marks(look: Look) -> None:
    for colour in (*EDGES.values(), INK, QUIET, *(fill for fill in FILLS.values() if fill not in EDGES)):
        assert contrast(look(colour), look(PAPER)) >= 3, colour


def test_outlines_and_what_they_enclose_differ_only_where_the_fill_is_pale(look: Look) -> None:
    assert {fill for fill in FILLS.values() if fill not in EDGES} == {SUCCESS}
    for fill, edge in EDGES.items():
        if fill.startswith("#"):
            assert fill == PAPER or contrast(look(fill), look(PAPER)) < contrast(look(edge), look(PAPER))


@pytest.mark.parametrize("sight", SIGHT)
def test_patterns_are_seen_by_every_eye(look: Look, sight: str) -> None:
    assert contrast(look(LESSON), look(LESSON_PALE), sight) >= 3
    assert contrast(look(SUCCESS), look(PAPER), sight) >= 3
    assert contrast(look(SUCCESS), look(LESSON_PALE), sight) >= 3  # half of a stripe differs from its neighbour's fill


@pytest.mark.parametrize("sight", SIGHT)
def test_more_is_darker_or_brighter_to_every_eye(look: Look, sight: str) -> None:
    for row in (LEVELS, SHADES):
        light = [lightness(look(colour), sight) for colour in row]
        steps = [b - a for a, b in pairwise(light)]
        assert all(step > 2.5 for step in steps) or all(step < -2.5 for step in steps), (sight, light)


def test_letters_and_numbers_can_be_read_on_what_they_stand_on(look: Look) -> None:
    for ground in (PAPER, *SHADES, *LEVELS[1:]):
        assert contrast(look(INK), look(ground)) >= 4.5, ground
    assert contrast(look(PAPER), look(SUCCESS)) >= 4.5
    assert contrast(look(QUIET), look(PAPER)) >= 4.5


def test_the_dark_look_has_a_colour_for_each_of_the_drawings(sample_school: School) -> None:
    told = {"signs": ["because"], "groups": ["whole-class"], "helped": ["time"], "hindered": ["help"]}
    wins = [
        win_at(sample_school, kind=kind, weeks_ago=n, practices=[{"id": "wait-time", "level": level}], **told)
        for n, (kind, level) in enumerate([("success", "a"), ("lesson", "b"), ("lesson", "c"), ("lesson", "d")] * 8)
    ]
    charts = draw_charts(picture_of(sample_school, wins, weeks=52))
    drawn = "".join(chart.svg for chart in charts)
    for what in ("fill", "stroke"):
        used = set(re.findall(rf'{what}="(#\w+)"', drawn))
        assert len(used) > 4
        assert used <= DARK[what].keys() | {"#23302f"}, what
    specs = "".join(str(chart.spec["layer" if "layer" in chart.spec else "encoding"]) for chart in charts)
    for colour in set(re.findall(r"'(#\w{6})'", specs)) - {LINE}:
        assert colour in DARK["fill"].keys() | DARK["stroke"].keys()


@pytest.mark.parametrize("name", LOOKS)
def test_texts_borders_and_focus_stand_out_on_every_ground(name: str) -> None:
    told = LOOKS[name][1]
    for ground in ("paper", "card", "pale"):
        for text in ("ink", "quiet", "deep", "deeper", "warm", "warn"):
            assert contrast(told[text], told[ground]) >= 4.5, (text, ground)
        assert contrast(told["edge"], told[ground]) >= 3, ground
    assert contrast("#ffffff", told["aloud"]) >= 4.5
    assert contrast(told["on"], told["deep"]) >= 4.5
    assert contrast(told["ink"], told["mark"]) >= 4.5
    assert ".aloud :focus-visible{outline-color:#fff}" in style()
