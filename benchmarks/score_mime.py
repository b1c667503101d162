"""How well and how safely mails are read: beside the libraries one could build on.

The expected readings are those of stalwart's mail-parser (subject, sender, text parts, HTML parts, attachments all
equal). Another library is scored by what it offers for the same questions, in the most favourable reading.
"""

from __future__ import annotations

import base64
import email
import email.policy
import time
import tracemalloc
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from benchmarks.inputs import rows
from chalicelib.doors.mime.read import read_mime

if TYPE_CHECKING:
    from collections.abc import Callable

Reading = dict[str, Any]
_MOST_SECONDS = 1.0
_MOST_BYTES = 200_000_000


def expected_of(row: dict[str, Any]) -> Reading:
    """Bring an expected reading into the form that all are compared in."""
    told = row["expected"]
    people = told.get("from") or [{}]
    first = people[0] if isinstance(people, list) else people
    return {
        "subject": told.get("subject") or "",
        "from": (first.get("name") or "", _address(first.get("address") or "")),
        "texts": told["text_parts"],
        "htmls": told["html_parts"],
        "attachments": [(one["name"], one["kind"]) for one in told["attachments"]],
    }


def ours(raw: bytes) -> Reading:
    """Read with `read_mime`."""
    mail = read_mime(raw)
    return {
        "subject": mail.subject,
        "from": (mail.from_name, mail.from_address),
        "texts": list(mail.texts),
        "htmls": list(mail.htmls),
        "attachments": [(one.name, one.kind) for one in mail.attachments],
    }


def standard_library(raw: bytes) -> Reading:
    """Read with `email` alone."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    sender = mail["from"].addresses if mail["from"] else ()
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    shown = [part for part in leaves if part.get_content_disposition() != "attachment"]
    texts = [part for part in shown if part.get_content_type() == "text/plain"]
    htmls = [part for part in shown if part.get_content_type() == "text/html"]
    return {
        "subject": mail["subject"] or "",
        "from": (sender[0].display_name, _address(sender[0].addr_spec)) if sender else ("", ""),
        "texts": [_lf(part.get_content()) for part in texts],
        "htmls": [_lf(part.get_content()) for part in htmls],
        "attachments": [
            (part.get_filename(), "Text" if part.get_content_maintype() == "text" else "Binary")
            for part in leaves
            if part not in texts and part not in htmls
        ],
    }


def mail_parser(raw: bytes) -> Reading:
    """Read with mail-parser (PyPI)."""
    import mailparser  # type: ignore[import-not-found, unused-ignore]

    mail = mailparser.parse_from_bytes(raw)
    name, address = (mail.from_ or [("", "")])[0]
    return {
        "subject": mail.subject or "",
        "from": (name, _address(address)),
        "texts": [_lf(text) for text in mail.text_plain],
        "htmls": [_lf(text) for text in mail.text_html],
        "attachments": [
            (one["filename"], "Text" if one["mail_content_type"].startswith("text/") else "Binary")
            for one in mail.attachments
        ],
    }


def fast_mail_parser(raw: bytes) -> Reading:
    """Read with fast-mail-parser (PyPI)."""
    import fast_mail_parser  # type: ignore[import-not-found, unused-ignore]

    mail = fast_mail_parser.parse_email(raw)
    found = email.policy.default.header_factory("from", (mail.headers.get("From") or [""])[0])
    sender = found.addresses if mail.headers.get("From") else ()
    return {
        "subject": mail.subject,
        "from": (sender[0].display_name, _address(sender[0].addr_spec)) if sender else ("", ""),
        "texts": [_lf(text) for text in mail.text_plain],
        "htmls": [_lf(text) for text in mail.text_html],
        "attachments": [
            (one.filename or None, "Text" if one.mimetype.startswith("text/") else "Binary") for one in mail.attachments
        ],
    }


READERS: dict[str, tuple[str, Callable[[bytes], Reading]]] = {
    "ours": ("chalicelib", ours),
    "email (standard library)": ("email", standard_library),
    "mail-parser": ("mailparser", mail_parser),
    "fast-mail-parser": ("fast_mail_parser", fast_mail_parser),
}


def _address(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n")


@dataclass(frozen=True)
class Score:
    """What one reader did; counts out of the rows of each file. `legible` leaves attachments out of the comparison."""

    reader: str
    right: int
    legible: int
    expected: int
    answered: int
    tortures: int
    slowest: float
    peak: int


def _same(read: Callable[[bytes], Reading], row: dict[str, Any]) -> tuple[bool, bool]:
    """Compare everything, and everything but attachments."""
    try:
        got, expected = read(base64.b64decode(row["eml_base64"])), expected_of(row)
    except Exception:  # noqa: BLE001 - a library that raises has not read the mail
        return False, False
    return got == expected, got | {"attachments": None} == expected | {"attachments": None}


def _answer(read: Callable[[bytes], Reading], raw: bytes) -> tuple[bool, float, int]:
    """Read once for the time, once for the memory."""
    answered, start = True, time.perf_counter()
    try:
        read(raw)
    except Exception:  # noqa: BLE001 - counted as not answered
        answered = False
    seconds = time.perf_counter() - start
    tracemalloc.start()
    try:
        read(raw)
    except Exception:  # noqa: BLE001 - counted above
        answered = False
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answered and seconds <= _MOST_SECONDS and peak <= _MOST_BYTES, seconds, peak


def scores() -> list[Score]:
    """Score every reader that is installed."""
    expected, tortures = rows("email/mime_expected_dev.jsonl"), rows("email/mime_torture_dev.jsonl")
    found = []
    for name, (module, read) in READERS.items():
        if find_spec(module) is None:
            continue
        answers = [_answer(read, base64.b64decode(row["eml_base64"])) for row in tortures]
        same = [_same(read, row) for row in expected]
        found.append(
            Score(
                reader=name,
                right=sum(whole for whole, _ in same),
                legible=sum(legible for _, legible in same),
                expected=len(expected),
                answered=sum(answered for answered, _, _ in answers),
                tortures=len(tortures),
                slowest=max(seconds for _, seconds, _ in answers),
                peak=max(peak for _, _, peak in answers),
            )
        )
    return found


def measure() -> list[str]:
    """Score ours and every library; return the lines of the table."""
    lines = [f"{'reader':26} {'expected':>9} {'legible':>9} {'answered':>9} {'slowest':>10} {'peak':>9}"]
    done = {score.reader: score for score in scores()}
    for name in READERS:
        if (score := done.get(name)) is None:
            lines.append(f"{name:26} not installed")
            continue
        right, answered = f"{score.right}/{score.expected}", f"{score.answered}/{score.tortures}"
        legible = f"{score.legible}/{score.expected}"
        slowest, peak = f"{score.slowest * 1000:.1f} ms", f"{score.peak / 1e6:.1f} MB"
        lines.append(f"{name:26} {right:>9} {legible:>9} {answered:>9} {slowest:>10} {peak:>9}")
    return lines
