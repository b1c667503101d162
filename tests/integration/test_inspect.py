"""`python -m infra.inspect`: why something was (not) accepted, without writing anything or needing an engine."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from fakes.postman import ANA, mail

from chalicelib.domain.segments import count_segments
from infra.inspect import main
from infra.schoolfile import SAMPLE

Ask = Callable[..., Any]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on standard input and read its JSON."""
    for name in ("TABLE_NAME", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def asked(data: bytes, *arguments: str) -> Any:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))
        assert main(list(arguments)) == 0
        out = capsys.readouterr().out
        return [json.loads(line) for line in out.splitlines()] if "--jsonl" in arguments else json.loads(out)

    return asked


def test_a_mail_is_told_whole(ask: Ask) -> None:
    text = "Hola a todos, los niños leyeron.\n\n---------- Forwarded message ---------\nFrom: Sam <s@x.example>\n"
    text += "Date: Tue, Nov 24, 2026 at 7:31 AM\nSubject: Hi\nTo: <a@b.example>\n\nThe rest."
    found = ask(mail(text, subject="Lección: Fwd"), "mail")
    assert found == {
        "accepted": True,
        "reason": None,
        "from": ANA,
        "from_name": "Ana Ruiz",
        "subject": "Lección: Fwd",
        "story": "Hola a todos, los niños leyeron.",
        "forwarded": {
            "message": "Hola a todos, los niños leyeron.",
            "subject": "Hi",
            "body": "The rest.",
            "from_name": "Sam",
            "from_address": "s@x.example",
        },
        "kind": "lesson",
        "attachments": [],
        "language": "es",
    }


@pytest.mark.parametrize(
    ("raw", "arguments", "reason"),
    [
        (mail(auto_submitted="auto-replied"), (), "auto_reply"),
        (mail("> only this"), (), "nothing_left"),
        (mail("x" * 10_001), (), "too_long"),
        (mail("word\n" * 2_100_000), (), "too_large"),
        (mail(sender="sam@home.example", auth=""), (), None),
        (mail(sender="sam@home.example", auth=""), ("--school", str(SAMPLE)), "sender_unknown"),
        (b"", (), "no_sender"),
    ],
)
def test_a_refusal_has_its_reason(ask: Ask, raw: bytes, arguments: tuple[str, ...], reason: str | None) -> None:
    found = ask(raw, "mail", *arguments)
    assert (found["reason"], found["accepted"]) == (reason, reason is None)


def test_the_plain_text_of_a_mail_is_stripped(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "reply.txt"
    path.write_text("They read.\n\nSent from my iPhone\n\nOn 9 Jan 2026, at 2:47, Ana <a@b.example> wrote:\n> How?")
    assert ask(b"", "reply", str(path)) == {"story": "They read."}


@pytest.mark.parametrize(
    ("text", "intent", "segments", "encoding"),
    [
        ("Two hands went up.", "win", 1, "GSM-7"),
        ("STOP", "stop", 1, "GSM-7"),
        ("Dos niños, tres ideas más", "win", 1, "UCS-2"),
        ("a" * 161, "win", 2, "GSM-7"),
        ("1 3", "tag", 1, "GSM-7"),
        ("EDIT Three hands.", "edit", 1, "GSM-7"),
        ("UNDO", "undo", 1, "GSM-7"),
        ("HELP", "help", 1, "GSM-7"),
    ],
)
def test_a_text_is_told_with_its_answer_and_its_cost(
    ask: Ask, text: str, intent: str, segments: int, encoding: str
) -> None:
    found = ask(text.encode(), "text")
    assert (found["intent"], found["segments"], found["encoding"]) == (intent, segments, encoding)
    assert found["reply"]
    assert intent == "help" or count_segments(found["reply"]) == 1


def test_a_story_is_told_with_what_may_point_at_a_person_and_masked(ask: Ask) -> None:
    found = ask(b"Jayden Lopez read aloud. Call his mom at 555-201-3344.", "guard")
    assert [(span["type"], span["value"]) for span in found["spans"]] == [
        ("PERSON", "Jayden Lopez"),
        ("PHONE", "555-201-3344"),
    ]
    assert found["masked"] == "[student] read aloud. Call his mom at [phone]."
    assert ask(b'{"id": 1, "text": "They waited for each other."}', "guard", "--jsonl") == [
        {"id": 1, "spans": [], "masked": "They waited for each other."}
    ]


def test_many_come_out_in_order_each_with_its_id_and_a_broken_line_harms_nobody(ask: Ask) -> None:
    lines = [
        {"id": "a", "eml_base64": base64.b64encode(mail()).decode()},
        {"id": 2, "eml_base64": "!"},
        {"id": "c"},
        {"id": "d", "eml_base64": base64.b64encode(mail(list_id="<x>")).decode()},
    ]
    data = "\n".join([*map(json.dumps, lines), "no JSON", ""]).encode()
    found = ask(data, "mail", "--jsonl")
    assert [row["id"] for row in found] == ["a", 2, "c", "d", None]
    assert [row.get("accepted") for row in found] == [True, None, None, False, None]
    assert "not base64" in found[1]["error"]
    assert "is not JSON" in found[-1]["error"]
    texts = ask(b'{"id": 1, "text": "L"}\n{"id": 2, "text": "Hi \\ud800 there"}', "text", "--jsonl")
    assert [row["intent"] for row in texts] == ["lesson", "win"]


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "/nowhere/at/all.eml"]) == 2
    assert capsys.readouterr().err == "/nowhere/at/all.eml: No such file or directory.\n"
