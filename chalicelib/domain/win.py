"""What a win is: a `Submission` as a door hands it over, a `Win` as it is kept, a `Change` to one."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.domain.school import AuthorMode, Level

Kind = Literal["success", "lesson"]
Channel = Literal["web", "text", "mail", "spreadsheet"]
State = Literal["held", "visible", "hidden", "deleted"]
TaggedBy = Literal["author", "link", "sign", "leader"]
Reason = Literal["person", "phone", "mail", "link", "id", "address", "unchecked", "robot", "asked", "answered"]
"""Why a win is held: what it may hold, that it could not be checked, or that a leader and its author are talking."""
Item = TypeVar("Item")
Factor = Literal[
    "goals",
    "choice",
    "time",
    "resources",
    "help",
    "ideas",
    "mistakes",
    "respect",
    "encouragement",
    "comfort",
    "company",
]
"""What helps or gets in the way of a day's work: seven catalysts (and inhibitors), four nourishers (and toxins).

Source: Teresa Amabile and Steven Kramer, The Progress Principle (2011), chapters 6 and 7.
"""
FACTORS: tuple[Factor, ...] = get_args(Factor)
PARTS = ("story", "tried", "happened", "takeaway")
"""What colleagues can read of a win in its sender's words."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_STORY = 10_000
"""Characters (Unicode code points) in a story; the longest teacher diaries seen have about 8,000."""


def _no_control_characters(text: str) -> str:
    if _CONTROL_CHARACTER.search(text):
        raise PydanticCustomError("control_character", "holds control characters")
    return text


def is_blank(text: str) -> bool:
    """Whether nothing in a text can be seen: spaces, invisible format characters, control characters."""
    return all(char.isspace() or unicodedata.category(char) in {"Cf", "Cc"} for char in text)


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "is blank")
    return text


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and is_blank(value) else value


def _within_memory(day: date) -> date:
    if day.year < _EARLIEST_YEAR:
        raise PydanticCustomError("too_early", "is too long ago")
    return day


_EARLIEST_YEAR = 1950


def _read_day(value: object) -> object:
    """Read `2026-09-23` and nothing else: pydantic takes a bare number for seconds since 1970."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("date_parsing", "is not a date")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _each_once(many: tuple[Item, ...]) -> tuple[Item, ...]:
    """Drop repeats: a tag that is sent twice is still one tag."""
    return tuple(dict.fromkeys(many))


Line = Annotated[str, Field(max_length=80), AfterValidator(_no_control_characters)]
Story = Annotated[str, Field(max_length=MAX_STORY), AfterValidator(_no_control_characters), AfterValidator(_not_blank)]
MAX_PART = 3_000
"""Characters in a part of a story beside the story itself."""
Part = Annotated[
    Annotated[str, Field(max_length=MAX_PART), AfterValidator(_no_control_characters)] | None,
    BeforeValidator(_blank_is_none),
]
Id = Annotated[str, Field(min_length=1, max_length=40)]
Ids = Annotated[tuple[Id, ...], Field(max_length=20), AfterValidator(_each_once)]
Factors = Annotated[tuple[Factor, ...], Field(max_length=11), AfterValidator(_each_once)]
StoryId = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")]
"""What colleagues see of a win's id: its random half."""
Day = Annotated[date, BeforeValidator(_read_day), AfterValidator(_within_memory)]


class Strict(BaseModel):
    """Types as sent, unknown keys refused, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class PracticeUse(Strict):
    """A practice that was used (success) or attempted (lesson), at a level of its map if known."""

    id: Id
    level: Level | None = None


PracticeUses = Annotated[tuple[PracticeUse, ...], Field(max_length=20), AfterValidator(_each_once)]


class Author(Strict):
    """Who wrote it: named, confidential (kept, never shown) or anonymous (not kept at all)."""

    mode: AuthorMode
    name: Annotated[Line | None, BeforeValidator(_blank_is_none)] = None

    @model_validator(mode="after")
    def _name_fits_mode(self) -> Author:
        if self.mode == "named" and not self.name:
            raise PydanticCustomError("name_needed", "needs a name")
        return self

    def kept(self) -> Author:
        """Return what may be stored of the author."""
        return Author(mode="anonymous") if self.mode == "anonymous" else self


class Told(Strict):
    """What a teacher tells of a win, apart from how it came in."""

    kind: Kind
    story: Story
    tried: Part = None
    happened: Part = None
    takeaway: Part = None
    quoted: Part = None
    """What was forwarded along with it; its sender and leaders can read it, colleagues can't."""
    goals: Ids = ()
    signs: Ids = ()
    practices: PracticeUses = ()
    groups: Ids = ()
    team: Id | None = None
    helped: Factors = ()
    """What helped; leaders alone see it."""
    hindered: Factors = ()
    """What got in the way; leaders alone see it."""
    resolves: StoryId | None = None
    """The lesson this answers, by the id that colleagues see."""
    quotable: bool = False
    """Whether it may be quoted outside the staff, without a name."""
    author: Author | None = None
    occurred_on: Day | None = None


class Submission(Told):
    """One message through one door. The body of `POST /api/wins` is exactly this.

    `nonce` is chosen by the sender (a UUID is best): the same nonce with the same content is stored once.
    """

    link: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    nonce: Annotated[Line, Field(min_length=1)] | None = None
    website: Annotated[str, Field(max_length=300)] | None = None
    """A trap: people do not see this field, robots fill it in. What they send is held, not refused."""


_NEVER_NOTHING = {"kind", "story", "goals", "signs", "practices", "groups", "helped", "hindered", "quotable", "author"}


class Change(Strict):
    """The body of `PATCH /api/wins/{id}`: only what is to be different; null takes an optional part away."""

    kind: Kind | None = None
    story: Story | None = None
    tried: Part = None
    happened: Part = None
    takeaway: Part = None
    quoted: Part = None
    goals: Ids | None = None
    signs: Ids | None = None
    practices: PracticeUses | None = None
    groups: Ids | None = None
    team: Id | None = None
    helped: Factors | None = None
    hindered: Factors | None = None
    resolves: StoryId | None = None
    quotable: bool | None = None
    author: Author | None = None
    occurred_on: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Change:
        taken_away = [name for name in self.model_fields_set & _NEVER_NOTHING if getattr(self, name) is None]
        if taken_away:
            raise PydanticCustomError("cannot_be_empty", "{field} can't be empty", {"field": taken_away[0]})
        return self


class Tried(Strict):
    """The body of `POST /api/stories/{week}/{story_id}/tried`: a UUID that a device chose for this one story."""

    nonce: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}$")]


class Win(BaseModel):
    """A win as it is kept. `id` is a ULID whose time is that of arrival (anonymous: noon of that day)."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str
    week: str
    day: date
    state: State = "visible"
    kind: Kind
    story: str
    tried: str | None = None
    happened: str | None = None
    takeaway: str | None = None
    quoted: str | None = None
    goals: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    practices: tuple[PracticeUse, ...] = ()
    groups: tuple[str, ...] = ()
    team: str | None = None
    helped: tuple[Factor, ...] = ()
    hindered: tuple[Factor, ...] = ()
    resolves: str | None = None
    quotable: bool = False
    author: Author
    occurred_on: date | None = None
    channel: Channel
    link: str | None = None
    tagged_by: dict[str, TaggedBy] = Field(default_factory=dict)
    """Where each tag came from, by `goals/<id>`, `signs/<id>` …; what is not named came from the author."""
    school_version: int
    revision: int = 1
    held_for: tuple[Reason, ...] = ()
    """Why it is held; empty once a leader has decided."""
    question: str | None = None
    """What a leader asks its author, who finds it at the receipt."""
    withdrawn: bool = False
    """Taken back by its sender while a legal hold stood: hidden, and removed once the hold ends."""
    expires: date | None = Field(default=None, exclude=True)
    """When the store may forget it by itself, a net below the daily removal; None: never."""

    @property
    def story_id(self) -> str:
        """What colleagues see of its id: the random half, which tells no time."""
        return self.id[10:]

    @property
    def taken_back(self) -> bool:
        """Whether its sender, and everybody else, is told that it is gone."""
        return self.state == "deleted" or self.withdrawn
