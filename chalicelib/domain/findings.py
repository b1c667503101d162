"""Three findings worth saying aloud: a change, a silence, and the lessons that wait.

The rule, so that nobody has to trust a choice: of all goals, the one whose stories of the last four whole school weeks
differ most from the four before; of all signs on offer, the one not told of for longest, never before all others; and
the count of lessons that nothing answers yet. Ties go by the order of the school file. Nothing is said of a person, a
team or a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chalicelib.domain.dimensions import AGES
from chalicelib.domain.pace import change_of, school_weeks

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
            changes.append((change[0] - change[1], change[0], goal))
    if not changes:
        return Finding(picture.say("aloud.early", n=picture.n))
    difference, now, goal = max(changes, key=lambda one: abs(one[0]))
    key = "aloud.more" if difference > 0 else "aloud.fewer" if difference < 0 else "aloud.same"
    sentence = picture.say(key, goal=picture.name(goal), n=now, difference=abs(difference))
    return Finding(sentence, urlencode({"goal": goal.id}) if now else "")


def _silence(picture: Picture) -> Finding:
    last: dict[str, str] = {}
    for sign, week in picture.counts("sign", "week").cells:
        last[sign] = max(week, last.get(sign, ""))
    offered = [sign for sign in picture.school.signs if sign.offered]
    if not offered:
        return Finding(picture.say("aloud.no_signs"))
    silent = min(offered, key=lambda sign: last.get(sign.id, ""))
    if silent.id not in last:
        return Finding(picture.say("aloud.never", sign=picture.name(silent)))
    weeks = len([week for week in school_weeks(picture, {}) if week > last[silent.id]])
    return Finding(picture.say("aloud.silent", sign=picture.name(silent), n=weeks), urlencode({"sign": silent.id}))


def _open_lessons(picture: Picture) -> Finding:
    counts = picture.counts("age", "answer").cells
    n = sum(counts[age, "open"] for age in AGES)
    if not n:
        return Finding(picture.say("aloud.no_lessons"))
    sentence = picture.say("aloud.lessons", n=n, old=counts["old", "open"])
    return Finding(sentence, urlencode({"answer": "open"}))
