"""Prices, each with its date and page, and what a use costs by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FILE = Path(__file__).parents[1] / "prices.yaml"
_TOO_LITTLE_TO_SAY = 0.0005
SERVICES = {
    "lambda": "Lambda",
    "api": "API Gateway",
    "table": "DynamoDB",
    "bucket": "S3",
    "front": "CloudFront",
    "mail": "SES",
    "clock": "EventBridge",
    "log": "CloudWatch",
    "metric": "CloudWatch",
    "key": "KMS",
    "notice": "SNS",
    "queue": "SQS",
}
"""What AWS calls them, by how names of prices begin."""


class Price(NamedTuple):
    """One line of the price list."""

    usd: float
    per: float
    free: float
    """Units that an account has for nothing each month."""
    what: str
    page: str


@dataclass(frozen=True)
class Line:
    """What one kind of unit costs."""

    name: str
    units: float
    usd: float
    what: str


@dataclass(frozen=True)
class Cost:
    """What a school costs a month."""

    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        """All of it."""
        return sum(line.usd for line in self.lines)

    @property
    def by_service(self) -> dict[str, float]:
        """The same by service, dearest first."""
        found: dict[str, float] = {}
        for line in self.lines:
            service = SERVICES[line.name.partition("_")[0]]
            found[service] = found.get(service, 0.0) + line.usd
        return dict(sorted(found.items(), key=lambda one: -one[1]))

    def __str__(self) -> str:
        """Say it in one line."""
        parts = [f"{name} {usd:.3f}" for name, usd in self.by_service.items() if usd >= _TOO_LITTLE_TO_SAY]
        return f"about {self.usd:.2f} US dollars, text messages left out ({', '.join(parts)})"


@cache
def _list() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found


def prices() -> dict[str, Price]:
    """Return the price list."""
    return {name: Price(**one) for name, one in _list()["prices"].items()}


def read_on() -> date:
    """Return when the prices were read."""
    day: date = _list()["read"]
    return day


def price(use: Mapping[str, float], schools: int | None = None) -> Cost:
    """Price a use of a month.

    Args:
        use: units by the names of prices.
        schools: how many schools share what is free in one account; None if nothing is to be free.
    """
    listed, lines = prices(), []
    for name, units in sorted(use.items()):
        one = listed[name]
        paid = units if schools is None else max(0.0, units - one.free / schools)
        lines.append(Line(name, units, paid * one.usd / one.per, one.what))
    return Cost(tuple(lines))
