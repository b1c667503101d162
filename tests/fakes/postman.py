"""Mails as they lie in the inbox, and a post office in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from fakes.desk import NOW, desk_at
from fakes.phone import URL

from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.work.limits import Limits
from chalicelib.work.receive_mail import PostOffice, receive_mail

ADDRESS = "wins@maplerow.example"
ANA = "ana.ruiz@maplerow.example"


def mail(  # noqa: PLR0913 - a mail has that many sides
    text: str = "Two hands went up.",
    *,
    sender: str = f"Ana Ruiz <{ANA}>",
    subject: str = "A small win",
    to: str = ADDRESS,
    auth: str = "spf=pass smtp.mailfrom=maplerow.example; dkim=pass header.i=@maplerow.example; dmarc=pass",
    top: str = "",
    **headers: str,
) -> bytes:
    """Write a mail as SES stores it; `headers` are the sender's (`auto_submitted="auto-replied"`)."""
    lines = [f"Authentication-Results: amazonses.com; {auth}"] if auth else []
    lines += [top] if top else []
    lines += ["X-SES-Spam-Verdict: PASS", "X-SES-Virus-Verdict: PASS"]
    own = {"Message-Id": "<one@maplerow.example>", "Content-Type": "text/plain; charset=utf-8"}
    own |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines += [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"{name}: {value}" for name, value in own.items() if value]
    return "\r\n".join((*lines, "", text.replace("\n", "\r\n"))).encode()


@dataclass
class MemoryMail:
    """`ports.Inbox` and `ports.Mailer`."""

    lying: dict[str, bytes] = field(default_factory=dict)
    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def names(self) -> Iterator[str]:
        return iter([*self.lying])

    def fetch_mail(self, name: str, most: int) -> tuple[bytes, int] | None:
        found = self.lying.get(name)
        return None if found is None else (found[:most], len(found))

    def remove_mail(self, name: str) -> None:
        self.lying.pop(name, None)

    def send_mail(self, recipient: str, message: bytes) -> None:
        if self.failures:
            raise self.failures.pop()
        self.sent.append((recipient, message_from_bytes(message, policy=policy.default)))  # type: ignore[arg-type]


@dataclass
class Postman:
    """Brings mails to a school."""

    table: Any
    school: School
    mail: Any = field(default_factory=MemoryMail)
    count: int = 0
    limits: Limits = field(default_factory=Limits)

    def put(self, raw: bytes) -> str:
        """Lay a mail into the inbox; returns its name."""
        self.count += 1
        self.mail.lying[f"mail/{self.count}"] = raw
        return f"mail/{self.count}"

    def notice(self, name: str) -> str:
        """Tell of a mail, perhaps once more; returns what became of it."""
        desk = dataclasses.replace(desk_at(self.table, self.school, NOW), url=URL, limits=self.limits)
        return receive_mail(desk, PostOffice(self.mail, self.mail, ADDRESS), name)

    def bring(self, raw: bytes) -> str:
        """Lay a mail into the inbox and tell of it."""
        return self.notice(self.put(raw))

    def wins(self) -> list[Win]:
        """All wins that are stored."""
        return [win for week in self.table.weeks() for win in self.table.wins_of(week)]

    def answers(self) -> list[str]:
        """The texts of all mails that were sent."""
        return [body.get_content() for _, message in self.mail.sent if (body := message.get_body(("plain",)))]
