"""A leader's decision as a form posts it.

`revision=2&action=mask&mask=story:0:5:PERSON&words=Zuri; Mr. Two-Shoes&question=&goals=explain&team=` and so on; `tags`
says that the fields of tags were shown, as an unticked box sends nothing.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from chalicelib.domain.errors import Problem

_MOST_FIELDS = 500
_MANY = ("goals", "signs", "groups", "helped", "hindered")


def read_decision(body: bytes) -> bytes:
    """Turn a posted form into the body of `POST /api/review/{id}`; only what its action needs is taken.

    Raises:
        Problem: `not_utf8`, `not_a_form`.
    """
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem("not_utf8") from None
    except ValueError:
        raise Problem("not_a_form") from None
    action = fields.get("action", [""])[-1]
    decision: dict[str, Any] = {"revision": _number(fields.get("revision", [""])[-1]), "action": action}
    if action == "mask":
        decision["spans"] = [_stretch(one) for one in fields.get("mask", [])]
        decision["words"] = [word.strip() for word in fields.get("words", [""])[-1].split(";") if word.strip()]
    if action == "ask":
        decision["question"] = fields.get("question", [""])[-1].replace("\r\n", "\n")
    if action == "retag":
        decision |= {name: [one for one in fields.get(name, []) if one] for name in _MANY}
        decision["practices"] = [_practice(one) for one in fields.get("practices", []) if one]
        decision["team"] = fields.get("team", [""])[-1] or None
    return json.dumps(decision).encode()


def _stretch(value: str) -> dict[str, Any]:
    part, start, end, kind = (value.split(":") + [""] * 4)[:4]
    return {"part": part, "start": _number(start), "end": _number(end), "type": kind}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else None


def _practice(value: str) -> dict[str, str]:
    practice, _, level = value.partition(":")
    return {"id": practice, "level": level} if level else {"id": practice}
