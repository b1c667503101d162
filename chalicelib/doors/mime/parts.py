"""What a part of a mail says about itself, and what has been found in a mail so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chalicelib.doors.mime.bodies import decoded
from chalicelib.doors.mime.charsets import clean_line, clean_text, decode
from chalicelib.doors.mime.headers import decode_words, parameters

_LONGEST_NAME = 255
_LONGEST_BOUNDARY = 500
_WIDEST_LETTER = 12  # bytes: four of UTF-8, each written as =XX
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 2_048
_MEDIA = ("image/", "audio/", "video/")
_MESSAGES = {"message/rfc822", "message/global"}


@dataclass(frozen=True)
class Part:
    """Fields of one part: its type in small letters, its name, how it is to be shown, how it travelled."""

    type: str
    name: str | None
    attached: bool
    encoding: str
    parameters: dict[str, str]

    @property
    def is_text(self) -> bool:
        """Whether a reader sees it as text."""
        return self.type in {"text/plain", "text/html"}

    @property
    def is_media(self) -> bool:
        """Whether a reader sees it as picture, sound or film."""
        return self.type.startswith(_MEDIA)

    @property
    def is_message(self) -> bool:
        """Whether it is a whole mail."""
        return self.type in _MESSAGES

    @property
    def subtype(self) -> str | None:
        """What kind of multipart it is; None if it is none."""
        kind, _, subtype = self.type.partition("/")
        return subtype if kind == "multipart" else None

    @property
    def delimiter(self) -> bytes:
        """What stands between its parts; b"" if unknown."""
        boundary = self.parameters.get("boundary", "").rstrip()
        return b"--" + boundary.encode("utf-8", "replace") if 0 < len(boundary) <= _LONGEST_BOUNDARY else b""


def describe(fields: list[tuple[str, bytes]], default_type: str) -> Part:
    """Read the Content-… fields of a part; of several alike the last one counts."""
    last = {name.lower(): value for name, value in fields}
    type_, type_parameters = parameters(last.get("content-type", b""))
    disposition, shown = parameters(last.get("content-disposition", b""))
    if not disposition:  # RFC 2183: without a type the field says nothing
        shown = {}
    encoding, _ = parameters(last.get("content-transfer-encoding", b""))
    return Part(
        type=type_ if "/" in type_ else "text/plain" if type_ else default_type,
        name=_name(shown.get("filename") or type_parameters.get("name") or ""),
        attached=disposition == "attachment",
        encoding=encoding,
        parameters=type_parameters,
    )


def _name(given: str) -> str | None:
    return clean_line(decode_words(given))[:_LONGEST_NAME] or None


@dataclass(frozen=True)
class Body:
    """A text that a reader sees."""

    html: bool
    text: str
    flowed: bool = False
    delsp: bool = False


@dataclass
class Attached:
    """Something that came along; `kind` as in `mime.Attachment`."""

    name: str | None
    type: str
    kind: str
    size: int


@dataclass
class Draft:
    """One mail as far as it is read.

    `texts` and `htmls` are the sound body parts; `reading` is what a reader sees, `rich` what was passed over for a
    plain version, `remains` what is left where a mail is too broken to have parts. `invites`: a calendar sent it.
    """

    depth: int = 0
    invites: bool = False
    fields: list[tuple[str, bytes]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    reading: list[Body] = field(default_factory=list)
    rich: list[Body] = field(default_factory=list)
    remains: list[Body] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)
    forwarded: list[Draft] = field(default_factory=list)


@dataclass
class Budget:
    """What one mail may still use, with all that is inside it."""

    parts: int
    characters: int
    truncated: bool = False

    def body(self, part: Part, data: bytes) -> Body:
        """Decode as much of a text part as there is room for."""
        room = self.characters * _WIDEST_LETTER
        plain = decoded(data[:room], part.encoding)
        html = part.type == "text/html"
        label = part.parameters.get("charset", "") or (_meta_charset(plain) if html else "")
        text = clean_text(decode(plain[: self.characters * 4], label))
        self.truncated |= len(text) > self.characters or len(data) > room or len(plain) > self.characters * 4
        text = text[: self.characters]
        self.characters -= len(text)
        flowed = not html and part.parameters.get("format", "").lower() == "flowed"
        return Body(html, text, flowed, part.parameters.get("delsp", "").lower() == "yes")


def _meta_charset(html: bytes) -> str:
    found = _META_CHARSET.search(html[:_META_WITHIN])
    return found[1].decode("ascii") if found else ""
