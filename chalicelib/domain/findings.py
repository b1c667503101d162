"""Three findings worth saying aloud: a change, a silence, and the lessons that wait.

The rule, so that nobody has to trust a choice: of all goals, the one whose stories of the last four whole school weeks
differ most from the four before; of all signs on offer, the one not told of for longest among the weeks shown, never
before all others; and the count of lessons that nothing answers yet. Ties go by the order of the school file. Nothing
is said of a person, a team or a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chalicelib.domain.calendar import monday_of
from chalicelib.domain.dimensions import AGES
from chalicelib.domain.pace import change_of, whole_weeks

if TYPE_CHECKING:
    from chalicelib.domain.chart import Picture


@dataclass(frozen=True)
class Finding:
    """A sentence, and the stories behind it as an address names them; empty if there are none."""

    sentence: str
    stories: str = ""


def say_aloud(picture: Picture) -> list[Finding]:
    """Choose the findings; before the first story there is one, which says how to begin."""
    if not picture.n:
        return [Finding(picture.say("aloud.begin"))]
    return [_change(picture), _silence(picture), _open_lessons(picture)]


def _change(picture: Picture) -> Finding:
    counts = picture.counts("goal", "week").cells
    changes = []
    for goal in (one for one in picture.school.goals if one.offered):
        n = {week: counts[goal.id, week] for week in picture.weeks}
        if change := change_of(picture, n):
            changes.append((change, goal))
    if not changes:
        return Finding(picture.say("aloud.early", n=picture.n))
    (now, before, weeks), goal = max(changes, key=lambda one: abs(one[0][0] - one[0][1]))
    key = "aloud.more" if now > before else "aloud.fewer" if now < before else "aloud.same"
    sentence = picture.say(key, goal=picture.name(goal), n=now, difference=abs(now - before))
    last_day = monday_of(weeks[-1]) + timedelta(days=6)
    told = {"goal": goal.id, "from": monday_of(weeks[0]).isoformat(), "to": last_day.isoformat()}
    return Finding(sentence, urlencode(told) if now else "")


def _silence(picture: Picture) -> Finding:
    last: dict[str, str] = {}
    for sign, week in picture.counts("sign", "week").cells:
        last[sign] = max(week, last.get(sign, ""))
    offered = [sign for sign in picture.school.signs if sign.offered]
    if not offered:
        return Finding(picture.say("aloud.no_signs"))
    silent = min(offered, key=lambda sign: last.get(sign.id, ""))
    if silent.id not in last:
        earlier = picture.begun < picture.weeks[0]
        key = "aloud.not_shown" if earlier else "aloud.never"
        return Finding(picture.say(key, sign=picture.name(silent), n=len(picture.weeks)))
    weeks = len([week for week in whole_weeks(picture, {}) if week > last[silent.id]])
    if not weeks:
        return Finding(picture.say("aloud.all_signs"))
    return Finding(picture.say("aloud.silent", sign=picture.name(silent), n=weeks), urlencode({"sign": silent.id}))


def _open_lessons(picture: Picture) -> Finding:
    counts = picture.counts("age", "answer").cells
    n = sum(counts[age, "open"] for age in AGES)
    if not n:
        return Finding(picture.say("aloud.no_lessons"))
    sentence = picture.say("aloud.lessons", n=n, old=counts["old", "open"])
    return Finding(sentence, urlencode({"answer": "open"}))
