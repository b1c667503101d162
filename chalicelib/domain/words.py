"""The product's sentences in the languages it speaks (`locales/<language>.json`)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es")
_LOCALES = Path(__file__).parent.parent / "locales"


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Load all sentences of one language; what has no translation is English."""
    english = json.loads((_LOCALES / "en.json").read_text("utf-8"))
    own = english if language == "en" else json.loads((_LOCALES / f"{language}.json").read_text("utf-8"))
    return {**english, **own}


def say(language: str, key: str, **values: object) -> str:
    """Fill one sentence.

    A sentence with `one` and `other` is chosen by `n` (in English and Spanish alike: one is exactly 1).

    Raises:
        KeyError: for a key that no catalogue has.
    """
    sentence = catalogue(language)[key]
    if isinstance(sentence, dict):
        sentence = sentence["one" if values["n"] == 1 else "other"]
    return str(sentence.format_map(values))


def say_day(language: str, day: date) -> str:
    """Write a day: `November 23, 2026`, `23 de noviembre de 2026`."""
    month = catalogue(language)["months"][day.month - 1]
    return say(language, "day.long", day=day.day, month=month, year=day.year)


def best_language(accepted: str | None, offered: tuple[str, ...]) -> str:
    """Choose among a school's languages by an `Accept-Language` header; its first language otherwise."""
    wishes: list[tuple[float, str]] = []
    for part in (accepted or "").replace(" ", "").split(","):
        tag, _, weight = part.partition(";q=")
        try:
            wishes.append((-float(weight or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _, tag in sorted(wishes, key=lambda wish: wish[0]) if tag in offered), offered[0])
