"""A mail becomes a Letter: what its sender wrote themselves, what they forwarded, and what they said about it.

A sample (RFC 5322; SES puts its verdicts on top):

    Authentication-Results: amazonses.com; spf=pass …; dkim=pass header.i=@maplerow.example; dmarc=pass …
    From: Ana Ruiz <ana.ruiz@maplerow.example>
    To: wins+oak7@maplerow.example
    Subject: Lesson: groups of five

    Too many voices, one whiteboard. Pairs tomorrow.
    --
    Ana Ruiz, Grade 3
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.languages import guess_language
from chalicelib.domain.subject import bare_subject, kind_named, kind_told
from chalicelib.doors.mime.read import Mime, read_mime
from chalicelib.doors.texts import UNSEEN

if TYPE_CHECKING:
    from chalicelib.domain.school import Language, School
    from chalicelib.domain.win import Kind
    from chalicelib.doors.quoting.forward import Forwarded

_LABEL = re.compile(r"[^\s<>\",;:@+]+\+([A-Za-z0-9.+-]{1,60})@")
_FOR_WHOM = re.compile(r"\bfor\s+<?([^\s<>;]{3,200})")
_ADDRESSED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_PICTURE = re.compile(r"\[(?:cid|image|inline image|imagen|bild): ?[^\[\]\n]{1,200}\]|\ufffc", re.IGNORECASE)
"""What stands in plain text where a picture is shown."""
_TAG = re.compile(r"(?:^|(?<=: ))\[[^\[\]]{1,40}\]\s*")
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_ARMOURED = ("PGP SIGNATURE", "PGP MESSAGE", "PGP PUBLIC KEY BLOCK")
_TELLING_WORDS = 4
"""A subject alone is a story only if it says something."""


@dataclass(frozen=True)
class Letter:
    """A mail as far as the product needs it."""

    mime: Mime
    message_id: str
    sender: str
    subject: str
    story: str
    """The sender's own words; empty if there are none."""
    forwarded: Forwarded | None
    kind: Kind
    labels: tuple[str, ...]
    """What stands behind `+` in the addresses it was sent to: codes of links, or a kind."""
    language: Language | None

    @property
    def told(self) -> str:
        """What becomes the story of a win: the sender's own words, or what they forwarded without a word."""
        return self.story or (_told_in(self.forwarded) if self.forwarded else "")

    @property
    def quoted(self) -> str:
        """What was forwarded beside the sender's own words; kept apart."""
        return self.forwarded.body.strip() if self.forwarded and self.story else ""

    def link(self, school: School) -> str | None:
        """Return the code of the first of the school's links that the mail was addressed to."""
        return next((label for label in self.labels if school.link(label)), None)


def read_letter(raw: bytes) -> Letter:
    """Read a mail, whatever state it is in; never raises."""
    mime = read_mime(raw)
    story, forwarded = _own_words(mime)
    labels = _labels(mime)
    subject = _TAG.sub("", mime.subject).strip()
    if not story and forwarded is None and len(subject.split()) >= _TELLING_WORDS:
        story = subject if subject == bare_subject(subject) else ""
    named = next((kind for kind in map(kind_named, labels) if kind), None)
    return Letter(
        mime=mime,
        message_id=mime.first("message-id").strip("<> "),
        sender=mime.from_address,
        subject=mime.subject,
        story=story,
        forwarded=forwarded,
        kind=kind_told(subject) or named or kind_told(story) or "success",
        labels=labels,
        language=guess_language(story or (forwarded.body if forwarded else "")),
    )


def _own_words(mime: Mime) -> tuple[str, Forwarded | None]:
    from chalicelib.doors.quoting.forward import split_forward
    from chalicelib.doors.quoting.reply import strip_reply
    from chalicelib.doors.quoting.signed import without_name

    text = _shown(mime.text)
    forwarded = split_forward(text, mime.subject)
    sender = f"{mime.from_name} {mime.from_address.partition('@')[0]}"
    own = without_name(strip_reply(forwarded.message or "" if forwarded else text), sender, alone=forwarded is not None)
    if forwarded and not own:  # what was written below a quoted mail
        below = without_name(strip_reply(text), sender, alone=True)
        own = "" if below in forwarded.body else below
    return own.strip(), forwarded or _attached(mime)


def _shown(text: str) -> str:
    """Leave out what no reader is to see: control characters, signs for pictures, what only PGP understands."""
    text = _PICTURE.sub("", UNSEEN.sub("", text))
    before, signed, after = text.partition(_SIGNED)
    text = before + after.partition("\n\n")[2] if signed else text
    for name in _ARMOURED:
        before, begin, after = text.partition(f"-----BEGIN {name}-----")
        text = before + after.partition(f"-----END {name}-----")[2] if begin else text
    return text


def _told_in(forwarded: Forwarded) -> str:
    """Take what the author of a forwarded mail wrote themselves, unless that one forwards another."""
    from chalicelib.doors.quoting.forward import split_forward
    from chalicelib.doors.quoting.reply import strip_reply

    body = forwarded.body.strip()
    nested = split_forward(body, forwarded.subject)
    return body if nested else strip_reply(body) or body


def _attached(mime: Mime) -> Forwarded | None:
    """Take a mail that was forwarded as an attachment like one that was forwarded in the text."""
    from chalicelib.doors.quoting.forward import Forwarded

    if not mime.forwarded:
        return None
    inner = mime.forwarded[0]
    body = _shown(inner.text).strip()
    return Forwarded(None, inner.subject, body, inner.from_name, inner.from_address) if body else None


def _labels(mime: Mime) -> tuple[str, ...]:
    """List what stands behind `+` in every address this was sent to, that of the envelope included."""
    addressed = [value for name in _ADDRESSED for value in mime.all(name)]
    addressed += [f"{found[1]}" for value in mime.all("received")[:1] if (found := _FOR_WHOM.search(value))]
    labels = [
        part for value in addressed for label in _LABEL.findall(value) for part in re.split(r"[.+]", label.lower())
    ]
    return tuple(dict.fromkeys(label for label in labels if label))
