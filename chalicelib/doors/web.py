"""A posted form becomes the JSON that the API takes.

A sample body (one line, percent-encoded by the browser):

`link=oak7&language=en&nonce=&kind=success&story=Two+hands+up&tried=&goals=explain&signs=because&signs=builds-on&
practices=wait-time%3Ab&team=&groups=whole-class&helped=time&quotable=yes&occurred_on=&author_mode=named&
author_name=Ms.+O%E2%80%99Brien&intent=send`
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from chalicelib.domain.errors import Problem

_MOST_FIELDS = 200
_TEXTS = ("kind", "story", "tried", "happened", "takeaway", "team", "resolves", "occurred_on")
_LISTS = ("goals", "signs", "groups", "helped", "hindered")
_PARTS_OF_A_WIN = (*_TEXTS, *_LISTS)
_MANY = (*_LISTS, "practices")
_OF_LEADERS = ("email", "code", "hours", "stories", "id", "provider", "name", "phone")
_OF_SENDERS = ("link", "language", "nonce", "intent", "receipt", "author_mode", "author_name", "thanks", "website")
_FORM_ONLY = (*_OF_SENDERS, *_OF_LEADERS, "quotable")


@dataclass(frozen=True)
class Posted:
    """A form as it came: what the page itself needs, and what goes to the model."""

    values: dict[str, Any]
    """By field, to fill the form again: a text, or a tuple of texts for fields with many."""

    def text(self, name: str) -> str:
        """Return one field, empty if it was not sent."""
        return str(self.values.get(name, ""))

    def told_json(self) -> bytes:
        """Return what was told of the win, as the API's JSON; what was left empty is left out."""
        told: dict[str, Any] = {name: self.values[name] for name in _PARTS_OF_A_WIN if self.values.get(name)}
        told["practices"] = [_practice(one) for one in self.values.get("practices", ())]
        told |= {"goals": self.values["goals"]} if "goals" in self.values else {}
        told |= {"team": self.values["team"] or None} if "team" in self.values else {}
        told |= {"quotable": True} if self.text("quotable") == "yes" else {}
        if mode := self.text("author_mode"):
            told["author"] = {"mode": mode, "name": None if mode == "anonymous" else self.text("author_name")}
        return json.dumps(told).encode()

    def submission_json(self) -> bytes:
        """Return the body of `POST /api/wins`."""
        told = json.loads(self.told_json())
        return json.dumps({**told, **{k: self.text(k) for k in ("link", "nonce", "website") if self.text(k)}}).encode()

    def change_json(self) -> bytes:
        """Return the body of `PATCH /api/wins/{id}`: a form shows every part, so an empty one is taken away."""
        empty: dict[str, Any] = dict.fromkeys(("tried", "happened", "takeaway", "team", "resolves", "occurred_on"))
        empty |= {**{name: [] for name in _LISTS}, "quotable": False, "story": ""}
        told = json.loads(self.told_json())
        return json.dumps({**empty, **told}).encode()


def _practice(value: str) -> dict[str, str]:
    practice, _, level = value.partition(":")
    return {"id": practice, "level": level} if level else {"id": practice}


def read_form(body: bytes) -> Posted:
    """Read a form post. Line ends become what the writer typed; unknown fields are left out.

    Raises:
        Problem: `not_utf8`, `not_a_form`.
    """
    try:
        fields = parse_qs(
            body.decode(), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise Problem("not_utf8") from None
    except ValueError:
        raise Problem("not_a_form") from None
    values: dict[str, Any] = {
        name: fields[name][-1].replace("\r\n", "\n") for name in (*_TEXTS, *_FORM_ONLY) if name in fields
    }
    values |= {name: tuple(one for one in fields[name] if one) for name in _MANY if name in fields}
    return Posted(values)
