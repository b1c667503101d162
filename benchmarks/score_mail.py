"""What is found of a mail's own words and of forwarded mails, ours beside the libraries for it.

A library that is not installed says so. Scores are counted after line ends and outer spaces are made equal.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import escape, unescape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.inputs import rows
from chalicelib.doors.quoting.forward import Forwarded, split_forward
from chalicelib.doors.quoting.reply import strip_reply

Case = dict[str, Any]
Reader = Callable[[Case], Any]


def same(one: str | None, other: str | None) -> bool:
    """Compare two texts as the scores do; none is empty."""
    first, second = ((text or "").replace("\r\n", "\n").strip() for text in (one, other))
    return first == second


def reply_is_right(case: Case, found: str) -> bool:
    """Whether the sender's own words are exactly those expected, or hold what they must."""
    if case["expected_reply"] is not None:
        return same(case["expected_reply"], found)
    wanted, unwanted = case.get("must_contain") or [], case.get("must_not_contain") or []
    return all(text in found for text in wanted) and not any(text in found for text in unwanted)


def forward_is_right(case: Case, found: Forwarded | None) -> bool:
    """Whether every expected field is right; a reply or a mere quote is not a forwarded mail."""
    expected = case["expected"]
    if not expected.get("forwarded", expected.get("type") == "forward"):
        return found is None
    if found is None:
        return False
    if "from" in expected:
        name, _, address = (expected["from"] or "").partition("<")
        expected = {**expected, "from_name": name.strip(' "'), "from_address": address.strip("> ")}
    fields = ("message", "subject", "body", "from_name", "from_address")
    return all(same(expected[field], getattr(found, field)) for field in fields if field in expected)


def _mail_parser_reply(case: Case) -> str:
    library = import_module("mailparser_reply")
    languages = ["en", "cs", "da", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
    return str(library.EmailReplyParser(languages=languages).parse_reply(text=case["input"]) or "")


def _mail_parser_reply_told(case: Case) -> str:
    library = import_module("mailparser_reply")
    lang = case.get("lang") or "en"
    return str(library.EmailReplyParser(languages=[lang]).parse_reply(text=case["input"]) or "")


def _email_reply_parser(case: Case) -> str:
    return str(import_module("email_reply_parser").EmailReplyParser.parse_reply(case["input"]))


def _quotequail(case: Case) -> str:
    parts = import_module("quotequail").quote(case["input"], quote_intro_line=True)
    return "\n".join(text for own, text in parts if own)


def _email_reply_extractor(case: Case) -> str:
    return str(import_module("email_reply_extractor").extract_new_text(case["input"]).text)


def _email_reply_extractor_clean(case: Case) -> str:
    library = import_module("email_reply_extractor")
    return str(library.clean_for_scoring(library.extract_new_text(case["input"]).text).text)


_HEAD = "Date: Tue, 3 Mar 2026 10:15:00 +0000\nFrom: a@example.org\nTo: b@example.org\nSubject: x\n"


def _fastemailparser(case: Case) -> str:
    library = import_module("emailparser")
    first = next(iter(library.Email(f"{_HEAD}\n{case['input']}", plain_text=True, strip_headers=True)), "")
    return str(library.strip_signature(first))


def _lite_email_parser(case: Case) -> str:
    """It reads HTML only, so the text is written as such, and its answer read back."""
    page = escape(case["input"]).replace("\n", "<br>\n")
    mail = f"{_HEAD}MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body>{page}</body></html>"
    return unescape(
        re.sub("<[^<>]*>", "", import_module("lite_email_parser").parse_email(mail.encode())["last_message"])
    )


def _quotequail_forward(case: Case) -> Forwarded | None:
    found = import_module("quotequail").unwrap(case["input"])
    if not found or found["type"] != "forward":
        return None
    name, _, address = found.get("from", "").partition("<")
    return Forwarded(
        found.get("text_top"), found.get("subject"), found.get("text", ""), name.strip(' "'), address.strip("> ")
    )


def _email_forward_parser(case: Case) -> Forwarded | None:
    library = import_module("emailforwardparser.forward_parser")
    found = library.get_forwarded_metadata(case["input"], case["subject"])
    mail = found.email
    told = Forwarded(found.message, mail.subject, mail.body, mail.from_.name, mail.from_.address)
    return told if found.forwarded else None


_OURS: tuple[str, Reader, Reader] = (
    "ours",
    lambda case: strip_reply(case["input"]),
    lambda case: split_forward(case["input"], case["subject"]),
)
_LIBRARIES: dict[str, tuple[str, Reader | None, Reader | None]] = {
    "quotequail": ("quotequail", _quotequail, _quotequail_forward),
    "mail-parser-reply": ("mailparser_reply", _mail_parser_reply, None),
    "mail-parser-reply, language told": ("mailparser_reply", _mail_parser_reply_told, None),
    "email-reply-parser": ("email_reply_parser", _email_reply_parser, None),
    "email-reply-extractor": ("email_reply_extractor", _email_reply_extractor, None),
    "email-reply-extractor, cleaned": ("email_reply_extractor", _email_reply_extractor_clean, None),
    "fastemailparser": ("emailparser", _fastemailparser, None),
    "lite-email-parser": ("lite_email_parser", _lite_email_parser, None),
    "email-forward-parser": ("emailforwardparser", None, _email_forward_parser),
}


def score(all_cases: list[Case], read: Reader | None, is_right: Callable[[Case, Any], bool]) -> list[bool]:
    """Tell for each mail whether it was read rightly; a reader that raises, or does not do this, is wrong."""

    def right(case: Case) -> bool:
        try:
            return read is not None and is_right(case, read(case))
        except Exception:  # noqa: BLE001 - whatever a library raises on a mail, it has not read it
            return False

    return [right(case) for case in all_cases]


def _line(name: str, reply: Reader | None, forward: Reader | None) -> str:
    replies, forwards = rows("email/reply_cases_dev.jsonl"), rows("email/forward_cases_dev.jsonl")
    exact = [case["expected_reply"] is not None for case in replies]
    start = time.perf_counter()
    right, split = score(replies, reply, reply_is_right), score(forwards, forward, forward_is_right)
    seconds = time.perf_counter() - start
    exactly = [good for good, asked in zip(right, exact, strict=True) if asked]
    shares = [_share(exactly, reply), _share(right, reply), _share(split, forward)]
    shares += [_share([*exactly, *split]), _share([*right, *split])]
    return f"{name:34}" + "".join(f"{share:>17}" for share in shares) + f"{seconds:9.2f} s"


def _share(good: list[bool], reader: object = "ours") -> str:
    return f"{sum(good)}/{len(good)} {sum(good) / len(good):6.1%}" if reader else "-"


def measure() -> list[str]:
    """Score ours and every library; return the lines of the table."""
    head = ("replies, exact", "all replies", "forwards", "exact of both", "all of both")
    lines = [f"{'':34}" + "".join(f"{title:>17}" for title in head) + "     time", _line(*_OURS)]
    for name, (module, reply, forward) in _LIBRARIES.items():
        installed = find_spec(module) is not None
        lines.append(_line(name, reply, forward) if installed else f"{name:34}{'not installed':>17}")
    return lines
