"""Watching a school: what went wrong is told to its admin, each problem once a day, in ids and numbers only.

CloudWatch's alarms would cost more than the school does. What was told, and which changed weeks stood at the last look,
is remembered as counts in the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.words import say
from chalicelib.doors.failures import is_of_logs, read_failures
from chalicelib.work.places import MANIFEST

if TYPE_CHECKING:
    from chalicelib.domain.school import School
    from chalicelib.ports import Site, Table
    from chalicelib.ports.watch import Bell, Surroundings

_REMEMBERED = timedelta(days=2)
_LOOKS_UNTIL_LATE = 2
"""Three looks a day: a week that the second one still finds changed has waited for six hours at least."""
_MORNING = 3
"""By this hour, on the school's clock, the day's first publication has long been made."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong."""

    sentence: str
    """Its key in `locales/`."""
    values: dict[str, str | int] = field(default_factory=dict)
    which: str = ""
    """What makes it another one than others with the same sentence."""


@dataclass(frozen=True)
class Watched:
    """Where a school is watched from."""

    table: Table
    site: Site
    surroundings: Surroundings
    bell: Bell
    now: datetime


def watch(watched: Watched, event: Any) -> tuple[str, ...]:
    """Look what is wrong and tell what was not told today.

    Args:
        watched: where.
        event: of CloudWatch Logs, which tells of failed runs; any other one asks to look around.

    Returns:
        The keys of the sentences that were told.
    """
    latest = watched.table.latest_school()
    school = latest[1] if latest else None
    looks = (_failed(event),) if is_of_logs(event) else (_around(watched, school), _held_back(watched))
    return tuple(one for look in looks for one in _tell(watched, school, look))


def _tell(watched: Watched, school: School | None, found: Iterator[Trouble]) -> tuple[str, ...]:
    """Ring for what was not told today; return the keys of its sentences."""
    today = watched.now.astimezone(school.zone if school else UTC).date()
    remembered = {f"{today} {one.sentence} {one.which}": one for one in found}
    new = {key: one for key, one in remembered.items() if _remember(watched, key) == 1}
    if new:
        try:
            watched.bell.ring(*_letter(school, list(new.values())))
        except Exception:
            for key in new:
                watched.table.take_back_count("WATCHED", key)
            raise
    return tuple(one.sentence for one in new.values())


def _remember(watched: Watched, what: str) -> int:
    """Note something for two days; return how often it was noted."""
    return watched.table.count_up("WATCHED", what, (watched.now + _REMEMBERED).date())


def _failed(event: Any) -> Iterator[Trouble]:
    for one in read_failures(event):
        values: dict[str, str | int] = {"function": one.function, "error": one.error, "request": one.request or "?"}
        yield Trouble("watch.failed", values, f"{one.function} {one.error}")


def _around(watched: Watched, school: School | None) -> Iterator[Trouble]:
    dead = watched.surroundings.dead_letters()
    if dead.get("mails"):
        yield Trouble("watch.dead_mails", {"n": dead["mails"]})
    if dead.get("texts"):
        yield Trouble("watch.dead_texts", {"n": dead["texts"]})
    if school and (_waits(watched) or _is_of_yesterday(watched, school)):
        yield Trouble("watch.late")


def _held_back(watched: Watched) -> Iterator[Trouble]:
    """Ask for throttles once a day; CloudWatch takes a fee for more, and may not answer at all."""
    looked = f"throttles {watched.now:%Y-%m-%d}"
    if _remember(watched, looked) > 1:
        return
    try:
        throttles = watched.surroundings.throttles(watched.now - _A_DAY, watched.now)
    except Exception:
        watched.table.take_back_count("WATCHED", looked)
        raise
    if throttles:
        yield Trouble("watch.throttled", {"n": throttles})


def _waits(watched: Watched) -> bool:
    """Whether a changed week has waited too long to be counted."""
    looks = [_remember(watched, f"changed {week} {stamp}") for week, stamp in watched.table.changed_weeks().items()]
    return max(looks, default=0) >= _LOOKS_UNTIL_LATE


def _is_of_yesterday(watched: Watched, school: School) -> bool:
    """Whether what readers see is not today's, though the day is no longer young."""
    here = watched.now.astimezone(school.zone)
    found = watched.site.read(MANIFEST)
    as_of = json.loads(found.body).get("as_of", "") if found else ""
    return here.hour >= _MORNING and bool(as_of < here.date().isoformat())


def _letter(school: School | None, troubles: list[Trouble]) -> tuple[str, str]:
    """Write subject and text: in English, and in the first language of the school if that is another one."""
    name, spoken = (school.school, school.languages[0]) if school else ("?", "en")
    parts = [
        "\n".join(say(language, one.sentence, **one.values) for one in troubles)
        for language in dict.fromkeys(("en", spoken))
    ]
    return say("en", "watch.subject", school=name), "\n\n".join(parts)
