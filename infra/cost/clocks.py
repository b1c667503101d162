"""How often a school's clocks call its functions, read from the template."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from infra.template import read_stack

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def calls_a_week(stack: dict[str, Any] | None = None) -> Counter[str]:
    """Count the calls of a week by the function that is called, as the template names it."""
    found: Counter[str] = Counter()
    for one in (stack or read_stack())["Resources"].values():
        if one.get("Type") == "AWS::Scheduler::Schedule":
            properties = one["Properties"]
            function = properties["Target"]["Arn"]["!GetAtt"].partition(".")[0]
            found[function] += runs_a_week(properties["ScheduleExpression"])
    return found


def runs_a_week(expression: str) -> int:
    """Count the runs of `cron(minutes hours day-of-month month day-of-week year)` in a week.

    Raises:
        ValueError: for what is not said by minutes, hours and days of the week.
    """
    match = re.fullmatch(r"cron\((\S+) (\S+) [*?] \* (\S+) \*\)", expression)
    if match is None:
        raise ValueError(expression)
    minutes, hours, days = match.groups()
    return _count(minutes, 60) * _count(hours, 24) * _count(days, 7)


def _count(field: str, of: int) -> int:
    """Count what one field names: `*`, `5`, `0/10`, `6-21`, `MON-FRI`, or several of them."""
    if field in {"*", "?"}:
        return of
    return sum(len(_named(part, of)) for part in field.split(","))


def _named(part: str, of: int) -> range:
    start, step = part.partition("/")[::2]
    first, _, last = (start if start != "*" else "0").partition("-")
    begin = _number(first)
    end = _number(last) if last else of - 1 if step else begin
    return range(begin, end + 1 if end >= begin else end + 1 + of, int(step or 1))


def _number(word: str) -> int:
    return _DAYS.index(word) if word in _DAYS else int(word)
