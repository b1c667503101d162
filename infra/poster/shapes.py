"""What a poster is drawn of. Lengths are millimetres from the top left, sizes of letters points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["Regular", "Semibold", "Bold"]
POINT = 25.4 / 72
"""Millimetres."""


@dataclass(frozen=True)
class Words:
    """One line of letters on its base line."""

    x: float
    y: float
    text: str
    size: float
    weight: Weight
    color: str
    width: float
    """As measured; who draws with other letters presses them into it."""


@dataclass(frozen=True)
class Box:
    """A rectangle, perhaps with round corners and an edge."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""
    round: float = 0


@dataclass(frozen=True)
class Stroke:
    """A line through points, with round ends."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float


@dataclass(frozen=True)
class Squares:
    """The dark runs of a code for cameras: each `(x, y, width)`, one module high."""

    runs: tuple[tuple[float, float, float], ...]
    side: float
    color: str


Shape = Words | Box | Stroke | Squares


@dataclass(frozen=True)
class Drawing:
    """A page and what stands on it."""

    width: float
    height: float
    title: str
    language: str
    address: str
    """Where the code leads."""
    shapes: tuple[Shape, ...]
