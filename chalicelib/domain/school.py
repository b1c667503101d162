"""One school's picture of where it is going, and the rules for its wins. `school_file.py` reads it from a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from chalicelib.domain.identity import mend_of_issuer, tenant_of

Language = Literal["en", "es"]
Mode = Literal["looks", "sounds", "feels"]
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


def _issuer(value: str) -> str:
    if mend := mend_of_issuer(value):
        raise PydanticCustomError("issuer", "{mend}", {"mend": mend})
    return value


Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Words = Annotated[dict[Literal["any", "en", "es"], Text], BeforeValidator(_words), Field(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", to_lower=True)]
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

    mode: Mode


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
    """A grade or subject team and how many people are in it; whether it may be named, `small_numbers.py` says."""

    headcount: Annotated[int, Field(ge=1, le=5000)]


class Group(Named):
    """In whom a sign was seen. Without a headcount it is never shown beside a story (`small_numbers.py`)."""

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
    legal_hold: bool = False
    """While it stands nothing is removed for good, whatever its age and whoever asks."""
    roster: bool = False
    """Whether the school gave the names of its students, as keyed hashes (`python -m infra.roster`)."""
    comprehend: bool = False
    """Whether Amazon Comprehend adds to what the guard finds: every story goes to it, in the school's own account."""
    show_addresses: bool = False
    """Whether the privacy notice shows the mail addresses of leaders beside their names."""


class Web(Part):
    """How many wins may come by the form."""

    per_hour: Annotated[int, Field(ge=10, le=100_000)] = 2_000
    """From one network, and by one link; a whole staff may share both."""


class Texts(Part):
    """Who may send wins by text message, and how many."""

    unknown: Literal["join", "open"] = "join"
    """What a number nobody knows has to do first: text JOIN and the code of a link, or nothing."""
    carrier: Literal["twilio", "aws", "none"] | None = None
    """Who hands on texts, for the privacy notice; where it is not said, the notice names both."""
    number: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")] | None = None
    """Where wins are texted to, for posters: `+15555550142`."""
    per_hour: Annotated[int, Field(ge=1, le=500)] = 30


class Mail(Part):
    """Who may send wins by mail."""

    domains: tuple[Domain, ...] = ()
    """Domains of the school's own addresses, those below them included; with none only its leaders may."""
    address: Annotated[str, StringConstraints(pattern=r"^[^@\s+]+@[^@\s]+\.[^@\s]+$")] | None = None
    """Where wins are mailed to, for posters."""
    per_hour: Annotated[int, Field(ge=1, le=500)] = 30


class Provider(Part):
    """Who else may vouch for a leader's mail address, by OpenID Connect."""

    id: Id
    name: Text
    """As it stands on the button: `Google`."""
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Text
    domains: tuple[Domain, ...] = ()
    """For Google: the school's Workspace domains; accounts of others are refused."""

    @field_validator("domains")
    @classmethod
    def _only_where_they_are_told(cls, domains: tuple[Domain, ...], read: ValidationInfo) -> tuple[Domain, ...]:
        if domains and tenant_of(read.data.get("issuer", "")):
            raise PydanticCustomError("domains", "are Google's; a Microsoft tenant is named by its issuer")
        return domains


class SignIn(Part):
    """How leaders may sign in besides a mailed link."""

    providers: Annotated[tuple[Provider, ...], Field(max_length=5)] = ()

    @field_validator("providers")
    @classmethod
    def _ids_differ(cls, providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
        if len({one.id for one in providers}) < len(providers):
            raise PydanticCustomError("providers", "must each have an id of its own")
        return providers


class District(Part):
    """The schools whose published counts a district adds up. It receives no wins of its own."""

    schools: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
    """Their ids; each has a stack of its own in the same account and region."""


class School(Part):
    """One version of one school's file, or of a district's."""

    school: Id
    name: Text
    shown_as: Text = "Small Wins"
    time_zone: Annotated[str, BeforeValidator(_time_zone)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    school_year: SchoolYear
    vision: Words
    goals: Annotated[tuple[Goal, ...], Field(min_length=1)]
    practices: tuple[Practice, ...] = ()
    teams: tuple[Team, ...] = ()
    groups: tuple[Group, ...] = ()
    links: tuple[Link, ...] = ()
    open_door: bool = False
    leaders: tuple[Leader, ...] = ()
    staff: tuple[Text, ...] = ()
    """Names of adults, as students write or say them (`Ms. O'Brien`); stories that name them are not held for it."""
    privacy: Privacy = Privacy()
    prompts: tuple[Words, ...] = ()
    web: Web = Web()
    texts: Texts = Texts()
    mail: Mail = Mail()
    sign_in: SignIn = SignIn()
    district: District | None = None
    """Only in the file of a district."""

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

    def leader_at(self, address: str | None) -> Leader | None:
        """Find who may sign in with a mail address."""
        return next((one for one in self.leaders if one.email == address), None)

    def may_mail(self, address: str) -> bool:
        """Whether an address is of the school, and so may send wins by mail."""
        domain = f".{address.rpartition('@')[2].lower()}"
        of_a_leader = address.lower() in {leader.email for leader in self.leaders}
        return of_a_leader or any(domain.endswith(f".{own}") for own in self.mail.domains)


def in_language(words: dict[Any, str], language: str) -> str:
    """Pick a text in a language, or the nearest thing to it that the school wrote."""
    return words.get(language) or words.get(ANY_LANGUAGE) or next(iter(words.values()))
