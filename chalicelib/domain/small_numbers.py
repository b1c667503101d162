"""Which teams and groups may be named in what is published, so that no difference of it points at too few people.

A team below the school's minimum cell is not named beside a story. If it were the only one, all stories without a team
would be its own; so where one is hidden, enough are hidden: the smallest others too, until the people of all hidden
teams together are as many as the minimum. A story that names no team looks like one of a hidden team. Retired teams
may be hidden, but their people do not count: who reads this week's stories knows that they have moved on.

Groups overlap, so the people of two are at least those of the larger: among hidden groups one must be large enough by
itself. A group without a headcount may be anybody, so it is hidden and counts as nobody.

A label must have been fit when the story was sent and be fit today. Otherwise a team that grows, or is merged into a
large one, would get its name on old stories, and yesterday's publication tells which those are.

Whoever gives a name may give a hidden team with it: it stands in that story's byline alone and counts nowhere, so all
that is told of others stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from chalicelib.domain.school import Group, School, Team

What = Literal["teams", "groups"]


class Shown(NamedTuple):
    """The ids that one version of a school file allows to be named."""

    teams: frozenset[str]
    groups: frozenset[str]


def shown_by(school: School, least: int = 0) -> Shown:
    """List the teams and groups that may be named, by the school's minimum cell or a higher one."""
    least = max(least, school.privacy.minimum_cell)
    return Shown(_shown(school.teams, least, sum), _shown(school.groups, least, max))


def _shown(many: Iterable[Team | Group], least: int, together: Callable[[Iterable[int]], int]) -> frozenset[str]:
    """Hide what is small, then the smallest of the rest until enough people are hidden; return what is left.

    Args:
        many: all teams, or all groups; merged ones stand for nothing of their own.
        least: the fewest people that anything may point at.
        together: how many people some headcounts are together, at least.
    """
    smallest_first = sorted(
        (one for one in many if one.merged_into is None), key=lambda one: (one.retired, one.headcount or 0, one.id)
    )
    hidden = [one for one in smallest_first if (one.headcount or 0) < least]
    rest = [one for one in smallest_first if (one.headcount or 0) >= least]
    while hidden and rest and together([0, *(one.headcount or 0 for one in hidden if not one.retired)]) < least:
        hidden.append(rest.pop(0))
    return frozenset(one.id for one in rest)


class Labels:
    """Decides what team and groups stand beside a story, in its file, in every count and in its sender's preview."""

    def __init__(self, school: School, version: int, school_at: Callable[[int], School]) -> None:
        """Decide by a school file.

        Args:
            school: the school file of today.
            version: its number.
            school_at: fetches the version that a story was sent under; asked once for each.
        """
        self.school = school
        self._school_at = school_at
        self._today = shown_by(school)
        self._versions: dict[int, tuple[School, Shown]] = {version: (school, self._today)}
        self._decided: dict[tuple[What, str, int], tuple[str, bool]] = {}

    def team(self, team: str | None, sent_under: int) -> str:
        """Name the team as it is called today, or nothing if it may not be named."""
        name, fit = self._decide("teams", team, sent_under) if team else ("", False)
        return name if fit else ""

    def hidden_team(self, team: str | None, sent_under: int) -> str:
        """Name the team as it is called today if it may be named by nobody but an author who gives a name."""
        name, fit = self._decide("teams", team, sent_under) if team else ("", False)
        return "" if fit else name

    def groups(self, groups: Iterable[str], sent_under: int) -> list[str]:
        """Name the groups as they are called today, each once; those that may not be named are left out."""
        decided = [self._decide("groups", one, sent_under) for one in groups]
        return list(dict.fromkeys(name for name, fit in decided if fit))

    def _decide(self, what: What, one: str, sent_under: int) -> tuple[str, bool]:
        """Return today's name (empty if there is none) and whether it may stand beside any such story."""
        asked = (what, one, sent_under)
        if asked not in self._decided:
            school, shown = self._version(sent_under)
            name_then = school.today_as(what, one)
            name = self.school.today_as(what, name_then)
            fit = name_then in getattr(shown, what) and name in getattr(self._today, what)
            self._decided[asked] = (name if self.school.find(what, name) else "", fit)
        return self._decided[asked]

    def _version(self, number: int) -> tuple[School, Shown]:
        """Fetch a version, and what it allowed; a minimum that was raised since then holds for it too."""
        if number not in self._versions:
            school = self._school_at(number)
            self._versions[number] = school, shown_by(school, self.school.privacy.minimum_cell)
        return self._versions[number]
