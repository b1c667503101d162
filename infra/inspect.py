"""Why was this not accepted? `python -m infra.inspect mail|reply|text|guard [FILE] [--jsonl] [--school FILE]`.

    mail   raw MIME in; JSON out: accepted, reason, from, subject, story, forwarded, kind, attachments, language
    reply  the plain text of a mail in; JSON out: story (what its sender wrote themselves)
    text   a text message in; JSON out: intent, reply (what it would be answered), segments and encoding (its own)
    guard  a story in; JSON out: spans (what may point at a person: type, start, end, value) and masked

With --jsonl one JSON object a line comes in, `{id, eml_base64}` or `{id, text}`, and one goes out with the same id.
It writes nothing and needs no engine. Without --school any sender's domain is fine, and the sample school's words hold.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.commands import read_text
from chalicelib.domain.contact import Consent, Contact, LastWin
from chalicelib.domain.conversation import offered_signs
from chalicelib.domain.guard import NamesMissing, find_spans, mask
from chalicelib.domain.school import School
from chalicelib.domain.school_file import SchoolFileProblems
from chalicelib.domain.segments import count_segments, is_gsm
from chalicelib.domain.win import MAX_STORY, Submission, Win
from chalicelib.doors.mail import Letter, read_letter
from chalicelib.doors.mail_checks import machine_reason
from chalicelib.doors.quoting.reply import strip_reply
from chalicelib.doors.texts import Text, clean
from chalicelib.work.desk import Desk
from chalicelib.work.receive_mail import MOST_BYTES
from chalicelib.work.receive_text import receive_text
from chalicelib.work.submit import build_win
from infra.schoolfile import SAMPLE, load_school

_KEYS = {"receipt": ["inspect"], "source": ["inspect"]}


class _Nowhere:
    """A table in which somebody has just sent a win under the first goal, and which keeps nothing."""

    def __init__(self, desk: Desk) -> None:
        school = desk.school
        self.win = build_win(desk, Submission(kind="success", story="…", goals=(school.goals[0].id,)), "text", desk.now)
        self._link = next((link.code for link in school.links if link.goal), None)
        self._last = LastWin(win=self.win.id, day=desk.today, offers=offered_signs(self.win, school))

    def find_contact(self, key: str) -> Contact:
        """Return somebody who joined some time ago."""
        joined = Consent(what="opted_in", when="2026-09-01T12:00:00+00:00", message="", wording="text.start/en")
        return Contact(key=key, joined=True, link=self._link, last=self._last, log=(joined,), revision=1)

    def find_win(self, *_: object) -> Win:
        """Return their win, whatever it is called."""
        return self.win

    def count_up(self, *_: object) -> int:
        """Count nothing."""
        return 1

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Keep and find nothing else."""
        return lambda *_: None


def inspect_text(body: str, school: School) -> dict[str, Any]:
    """Tell what a text asks for, what it would be answered and how many segments it takes itself."""
    blank: Any = None
    desk = Desk(blank, _KEYS, school, 1, datetime.now(UTC), url="https://wins.school.example")
    table: Any = _Nowhere(desk)
    desk = dataclasses.replace(desk, table=table)
    answers = receive_text(desk, Text("inspect", "+15555550100", "+15555550199", clean(body)))
    return {
        "intent": read_text(clean(body), school).intent,
        "reply": "\n".join(answers) or None,
        "segments": count_segments(body),
        "encoding": "GSM-7" if is_gsm(body) else "UCS-2",
    }


def inspect_reply(text: str, _school: School) -> dict[str, Any]:
    """Tell what the sender of a mail wrote themselves."""
    return {"story": strip_reply(text)}


def inspect_mail(raw: bytes, school: School, *, any_sender: bool) -> dict[str, Any]:
    """Tell what would become of a mail, and what was read in it."""
    letter = read_letter(raw)
    reason = machine_reason(letter.mime, "", from_ses=False) or _refusal(
        letter, len(raw), None if any_sender else school
    )
    return {
        "accepted": reason is None,
        "reason": reason,
        "from": letter.sender or None,
        "from_name": letter.mime.from_name or None,
        "subject": letter.subject,
        "story": letter.story or None,
        "forwarded": dataclasses.asdict(letter.forwarded) if letter.forwarded else None,
        "kind": letter.kind,
        "attachments": [dataclasses.asdict(one) for one in letter.mime.attachments],
        "language": letter.language,
    }


def _refusal(letter: Letter, size: int, school: School | None) -> str | None:
    if school is not None and not school.may_mail(letter.sender):
        return "sender_unknown"
    if size > MOST_BYTES:
        return "too_large"
    if not letter.told:
        return "nothing_left"
    return "too_long" if len(letter.told) > MAX_STORY else None


def inspect_guard(text: str, _school: School) -> dict[str, Any]:
    """Tell what in a story may point at a person, and how it reads without it."""
    spans = find_spans(text)
    return {"spans": [dataclasses.asdict(span) for span in spans], "masked": mask(text, spans)}


@dataclasses.dataclass(frozen=True)
class _Wrong:
    """Why a line can't be inspected."""

    words: str


def _read_line(line: bytes, wanted: str) -> tuple[object, Any]:
    """Read `{id, eml_base64}` or `{id, text}`; what is wrong comes in the place of what was given."""
    try:
        row = json.loads(line)
    except ValueError:
        return None, _Wrong("this line is not JSON")
    if not isinstance(row, dict) or not isinstance(row.get(wanted), str):
        name = row.get("id") if isinstance(row, dict) else None
        return name, _Wrong(f"this line is not an object with “id” and “{wanted}”")
    if wanted == "text":
        return row.get("id"), row["text"]
    try:
        return row.get("id"), base64.b64decode("".join(row["eml_base64"].split()), validate=True)
    except ValueError:
        return row.get("id"), _Wrong("“eml_base64” is not base64")


def _each_line(
    lines: Iterator[bytes], wanted: str, inspect: Callable[[Any], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for line in filter(bytes.strip, lines):
        name, given = _read_line(line, wanted)
        yield {"id": name, **({"error": given.words} if isinstance(given, _Wrong) else inspect(given))}


def main(arguments: list[str] | None = None) -> int:
    """Read what is given, print JSON; 0, or 2 if there is nothing to read."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.inspect", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("mail", "reply", "text", "guard"))
    parser.add_argument("file", nargs="?", type=Path, help="standard input if left out")
    parser.add_argument("--jsonl", action="store_true", help="many, one JSON object a line")
    parser.add_argument("--school", type=Path, help="a school file: its words, and who may send mail to it")
    given = parser.parse_args(arguments)
    try:
        school = load_school(given.school or SAMPLE)
        data = given.file.read_bytes() if given.file else sys.stdin.buffer.read()
    except OSError as problem:
        print(f"{given.file}: {problem.strerror}.", file=sys.stderr)
        return 2
    except SchoolFileProblems as problem:
        print(problem, file=sys.stderr)
        return 2
    inspectors: dict[str, Callable[[Any], dict[str, Any]]] = {
        "mail": lambda raw: inspect_mail(raw, school, any_sender=given.school is None),
        "reply": lambda text: inspect_reply(text, school),
        "text": lambda text: inspect_text(text, school),
        "guard": lambda text: inspect_guard(text, school),
    }
    inspect = inspectors[given.what]
    try:
        return _print_all(data, given.what, inspect, many=given.jsonl)
    except NamesMissing as missing:
        print(missing, file=sys.stderr)
        return 2


def _print_all(data: bytes, what: str, inspect: Callable[[Any], dict[str, Any]], *, many: bool) -> int:
    if many:
        for found in _each_line(iter(data.splitlines()), "eml_base64" if what == "mail" else "text", inspect):
            print(json.dumps(found, ensure_ascii=False), flush=True)
        return 0
    one = data if what == "mail" else data.decode("utf-8", "replace")
    print(json.dumps(inspect(one), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
