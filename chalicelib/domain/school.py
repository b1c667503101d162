"""The school file: one school's picture of where it is going, and the rules for its wins.

A person writes it as YAML; `read_school` takes the parsed mapping and either returns a `School` or raises
`SchoolFileProblems` with one line per mistake, each naming the place and the mend.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

Language = Literal["en", "es"]
Level = Literal["a", "b", "c", "d", "e"]
AuthorMode = Literal["named", "confidential", "anonymous"]
Tagged = Literal["goals", "signs", "practices", "groups", "teams"]

ANY_LANGUAGE = "any"


def _words(value: object) -> object:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


def _time_zone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise PydanticCustomError("time_zone", "must be a time zone such as America/New_York") from None
    return value


def _month_day(value: object) -> object:
    try:
        date.fromisoformat(f"2001-{value}")
    except ValueError:
        raise PydanticCustomError("month_day", 'must be a month and day in quotes, such as "08-24"') from None
    return value


Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Words = Annotated[dict[Literal["any", "en", "es"], Text], BeforeValidator(_words), Field(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,23}$")]


class Part(BaseModel):
    """What all parts of a school file share: no unknown keys, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Named(Part):
    """A thing with an id that stays and a name that may change."""

    id: Id
    name: Words
    retired: bool = False
    merged_into: Id | None = None

    @property
    def offered(self) -> bool:
        """Whether new wins may choose it."""
        return not self.retired and self.merged_into is None


class Sign(Named):
    """A success sign: what progress looks, sounds or feels like."""

    mode: Literal["looks", "sounds", "feels"]


class Goal(Named):
    """A long-range aim and its signs."""

    signs: tuple[Sign, ...] = ()


class Variation(Part):
    """One way of doing a practice, with an example."""

    name: Words
    example: Words | None = None


class Practice(Named):
    """Something staff do on purpose; variation a is the ideal (an innovation configuration map)."""

    variations: dict[Level, Variation] = Field(default_factory=dict)


class Team(Named):
    """A grade or subject team and how many people are in it."""

    headcount: Annotated[int, Field(ge=1, le=5000)]


class Group(Named):
    """In whom a sign was seen. Without a headcount it is never shown beside a story."""

    headcount: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Link(Part):
    """A short link: a code that opens the form with goal and team filled in."""

    code: Code
    goal: Id | None = None
    team: Id | None = None
    prompt: Words | None = None


class Break(Part):
    """Days without school, both ends included."""

    name: Words
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class SchoolYear(Part):
    """When school years start, and the breaks in them."""

    starts: Annotated[str, BeforeValidator(_month_day)]
    breaks: tuple[Break, ...] = ()


class Leader(Part):
    """Somebody who may sign in."""

    name: Text
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", to_lower=True)]
    role: Literal["leader", "coach", "admin"] = "leader"


class Privacy(Part):
    """What may be seen, and how long it is kept."""

    minimum_cell: Annotated[int, Field(ge=2, le=50)] = 5
    default_author: AuthorMode = "confidential"
    keep_years: Annotated[int, Field(ge=1, le=50)] = 7


class School(Part):
    """One version of one school's file."""

    school: Id
    name: Text
    shown_as: Text = "Small Wins"
    time_zone: Annotated[str, BeforeValidator(_time_zone)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    school_year: SchoolYear
    vision: Words
    goals: Annotated[tuple[Goal, ...], Field(min_length=1, max_length=20)]
    practices: tuple[Practice, ...] = ()
    teams: tuple[Team, ...] = ()
    groups: tuple[Group, ...] = ()
    links: tuple[Link, ...] = ()
    open_door: bool = False
    leaders: tuple[Leader, ...] = ()
    privacy: Privacy = Privacy()
    prompts: tuple[Words, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The school's clock."""
        return ZoneInfo(self.time_zone)

    @property
    def signs(self) -> tuple[Sign, ...]:
        """All signs of all goals, in the file's order."""
        return tuple(sign for goal in self.goals for sign in goal.signs)

    def find(self, what: str, wanted: str | None) -> Named | None:
        """Find a goal, sign, practice, team or group by id, retired ones too."""
        return next((one for one in getattr(self, what) if one.id == wanted), None)

    def today_as(self, what: Tagged, old: str) -> str:
        """Follow merges from an id of any version to the id that carries its history now."""
        seen: set[str] = set()
        while old not in seen and (one := self.find(what, old)) is not None and one.merged_into:
            seen.add(old)
            old = one.merged_into
        return old

    def goal_of(self, sign_id: str) -> str | None:
        """Name the goal under which a sign stands."""
        return next((goal.id for goal in self.goals if any(s.id == sign_id for s in goal.signs)), None)

    def link(self, code: str) -> Link | None:
        """Find a short link; codes are told aloud and typed on phones, so case does not matter."""
        return next((link for link in self.links if link.code == code.strip().lower()), None)

    def large_enough(self, one: Team | Group | None) -> bool:
        """Whether a team or group may be named beside a story (PRODUCT.md, rule 3)."""
        return one is not None and one.headcount is not None and one.headcount >= self.privacy.minimum_cell


def in_language(words: dict[Any, str], language: str) -> str:
    """Pick a text in a language, or the nearest thing to it that the school wrote."""
    return words.get(language) or words.get(ANY_LANGUAGE) or next(iter(words.values()))


class SchoolFileProblems(Exception):  # noqa: N818 - it carries many
    """All that is wrong with a school file, one line each: `goals[2].signs[0].mode: must be …`."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


_MENDS = {
    "missing": "is needed",
    "extra_forbidden": "is not a known key; check its spelling",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "date_type": "must be a date, such as 2026-11-25",
    "date_from_datetime_parsing": "must be a date, such as 2026-11-25",
    "date_parsing": "must be a date, such as 2026-11-25",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list (lines that start with a dash)",
}


def _mend(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return f"must be {context['expected']}".replace("'", "")
    if kind == "string_pattern_mismatch":
        return _PATTERN_MENDS.get(context["pattern"], "has characters that are not allowed here")
    if kind == "too_short":
        return f"needs at least {context['min_length']}"
    return _MENDS.get(kind) or error["msg"][0].lower() + error["msg"][1:]


_PATTERN_MENDS = {
    r"^[a-z0-9][a-z0-9-]{0,39}$": "must be 1 to 40 small letters, digits or dashes",
    r"^[a-z0-9][a-z0-9-]{2,23}$": "must be 3 to 24 small letters, digits or dashes",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "must be a mail address",
}


def _place(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        if step == "[key]":
            continue
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "the file"


def read_school(raw: object) -> School:
    """Turn the parsed YAML of a school file into a School.

    Raises:
        SchoolFileProblems: with every mistake in the file, not just the first.
    """
    problems: list[str] = []
    school = None
    try:
        school = School.model_validate(raw)
    except ValidationError as caught:
        problems += [f"{_place(e['loc'])}: {_mend(e)}" for e in caught.errors(include_url=False, include_input=False)]
    problems += [line for line in _references(raw) if line.split(":")[0] not in {p.split(":")[0] for p in problems}]
    if problems or school is None:
        raise SchoolFileProblems(problems)
    return school


def _mappings(raw: object, key: str) -> list[tuple[str, dict[str, Any]]]:
    many = raw.get(key) if isinstance(raw, dict) else None
    return [(f"{key}[{n}]", one) for n, one in enumerate(many or []) if isinstance(one, dict)] if _is_list(many) else []


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _references(raw: object) -> list[str]:
    """Check what one part says of another; works on files whose other parts are broken."""
    lines: list[str] = []
    goals = _mappings(raw, "goals")
    signs = [(f"{at}.{place}", sign) for at, goal in goals for place, sign in _mappings(goal, "signs")]
    named = {"goals": goals, "signs": signs} | {k: _mappings(raw, k) for k in ("practices", "teams", "groups")}
    ids: dict[str, set[Any]] = {}
    for what, entries in named.items():
        ids[what] = set()
        for at, entry in entries:
            if str(entry.get("id")) in ids[what]:
                lines.append(f"{at}.id: {entry['id']} is used twice among {what}")
            ids[what].add(str(entry.get("id")))
        for at, entry in entries:
            target = entry.get("merged_into")
            if target is not None and (str(target) not in ids[what] or target == entry.get("id")):
                lines.append(f"{at}.merged_into: {target} is not another of the {what}")
        lines += _merge_circles(what, entries)
    lines += _link_references(raw, ids)
    for at, pause in _mappings(raw.get("school_year") if isinstance(raw, dict) else None, "breaks"):
        first, last = pause.get("from"), pause.get("to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            lines.append(f"school_year.{at}.to: must not be before {first}")
    return lines


def _merge_circles(what: str, entries: list[tuple[str, dict[str, Any]]]) -> list[str]:
    target = {str(entry.get("id")): str(entry.get("merged_into")) for _, entry in entries if entry.get("merged_into")}
    lines = []
    for at, entry in entries:
        step, walked = str(entry.get("id")), set()
        while step in target and step not in walked:
            walked.add(step)
            step = target[step]
        if step == str(entry.get("id")) and len(walked) > 1:
            lines.append(f"{at}.merged_into: these {what} are merged in a circle")
    return lines


def _link_references(raw: object, ids: dict[str, set[Any]]) -> list[str]:
    lines: list[str] = []
    codes: set[str] = set()
    for at, link in _mappings(raw, "links"):
        if str(link.get("code")) in codes:
            lines.append(f"{at}.code: {link['code']} is used twice among links")
        codes.add(str(link.get("code")))
        lines += [
            f"{at}.{key}: {link[key]} is not among {key}s"
            for key in ("goal", "team")
            if link.get(key) is not None and str(link[key]) not in ids[f"{key}s"]
        ]
    return lines
