"""Every sentence exists in every language, and none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from chalicelib.domain.dimensions import AGES, ANSWERS, CHANNELS
from chalicelib.domain.errors import STATUS
from chalicelib.domain.school import Mode
from chalicelib.domain.win import Factor
from chalicelib.domain.words import LANGUAGES, catalogue, say

ROOT = Path(__file__).parents[2]
PRINT = [*(ROOT / "infra" / "poster").rglob("*.py")]
SOURCES = [*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "chalicelib").rglob("*.html"), *PRINT]
CHARTS = (
    *("pulse", "goals", "practices", "map", "shift", "groups"),
    *("factors", "lessons", "voices", "looks", "year", "arrivals"),
)
SCRIPTS = list((ROOT / "static_site").glob("*.js"))


def forms(sentence: object) -> list[str]:
    return [str(one) for one in sentence.values()] if isinstance(sentence, dict) else [str(sentence)]


def places(sentence: object) -> set[str]:
    return {name for form in forms(sentence) for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_places_to_fill_in_every_language(language: str) -> None:
    english = catalogue("en")
    assert catalogue(language).keys() == english.keys()
    for key, sentence in catalogue(language).items():
        if key != "months":
            assert places(sentence) == places(english[key]), key
            assert isinstance(sentence, dict) == isinstance(english[key], dict), key


def test_every_sentence_that_code_names_exists() -> None:
    named = re.compile(r"""say\(\s*(?:[\w.]+,\s*)?["']([a-z_]+\.[a-z_]*[a-z])["']""")
    for path in SOURCES:
        for key in named.findall(path.read_text("utf-8")):
            assert key in catalogue("en"), f"{path.name}: {key}"


def test_every_sentence_is_used_somewhere() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*SOURCES, *SCRIPTS])
    families = (
        "problem.",
        "field.",
        "held_for.",
        "helped.",
        "hindered.",
        "record.",
        "channel.",
        "review.done_",
        "review.state_",
        "kind.",
        "mode.",
        "seen_by.",
        "author_note.",
        "pulse.",
        "story.",
        "factor.",
        "factors.",
        "lessons.",
        "voices.",
    )
    more = (
        "text.kept.",
        "text.now.",
        "text.signs",
        "text.teams",
        "text.goals",
        "mail.refused.",
        "goals.finding",
        "practices.finding",
        "form.mode_",
        "form.kind_",
        "form.signs_",
        "form.practices_",
    )
    of_charts = {f"{chart}.{part}" for chart in CHARTS for part in ("question", "hint")}
    unused = [
        key
        for key in catalogue("en")
        if not key.startswith(families + more) and key not in text and key.removeprefix("form.") not in text
    ]
    unused = [key for key in unused if key not in of_charts]
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_has_a_question_a_hint_and_a_sentence_for_when_there_is_nothing_to_show(
    chart: str, language: str
) -> None:
    assert catalogue(language)[f"{chart}.question"].endswith("?")
    assert catalogue(language)[f"{chart}.hint"].endswith(".")
    assert say(language, f"{chart}.none", least=5).endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_charts_put_together_has_a_sentence(language: str) -> None:
    families = {
        "factor": get_args(Factor),
        "factors": ("helped", "hindered"),
        "channel": CHANNELS,
        "lessons": (*AGES, *ANSWERS),
        "mode": get_args(Mode),
        "voices": ("sure", "maybe", "unheard"),
        "pulse": ("more", "fewer", "same"),
    }
    wanted = {f"{family}.{one}" for family, many in families.items() for one in many}
    assert wanted <= catalogue(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", STATUS)
def test_every_problem_has_a_sentence(code: str, language: str) -> None:
    assert say(language, f"problem.{code}", n=2).endswith(".")
