"""Sentences in English and Spanish."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import STATUS
from chalicelib.domain.parsing import _CODES, _OWN_CODES
from chalicelib.domain.words import LANGUAGES, best_language, catalogue, say, say_day


def blanks(sentence: object) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(str(form)) if name}


def test_every_sentence_is_there_in_every_language() -> None:
    import json
    from pathlib import Path

    import chalicelib

    folder = Path(chalicelib.__file__).parent / "locales"
    keys = [set(json.loads((folder / f"{language}.json").read_text("utf-8"))) for language in LANGUAGES]
    assert all(one == keys[0] for one in keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_blanks_to_fill(language: str) -> None:
    english, own = catalogue("en"), catalogue(language)
    assert {key for key in english if blanks(english[key]) != blanks(own[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_and_every_field_code_has_a_sentence(language: str) -> None:
    codes = {f"problem.{code}" for code in STATUS}
    codes |= {f"field.{code}" for code in {*_CODES.values(), *_OWN_CODES, "not_valid", "not_a_date", "in_future"}}
    assert codes <= set(catalogue(language))


def test_a_number_chooses_its_form() -> None:
    assert say("en", "dashboard.n", n=1) == "n = 1 story"
    assert say("en", "dashboard.n", n=0) == "n = 0 stories"


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert "{expected}" in say("en", "field.unknown_goal", given="{expected}")


def test_a_sentence_nobody_wrote_is_a_bug() -> None:
    with pytest.raises(KeyError):
        say("en", "no.such.sentence")


def test_days_are_written_as_people_write_them() -> None:
    assert say_day("en", date(2026, 11, 23)) == "November 23, 2026"
    assert say_day("es", date(2026, 11, 23)) == "23 de noviembre de 2026"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("es-MX,en;q=0.5", "es"),
        ("en;q=0.4,es;q=0.8", "es"),
        ("fr,de;q=0.8", "en"),
        ("fr,es;q=0.1", "es"),
        ("*", "en"),
        ("es;q=nonsense,en", "en"),
    ],
)
def test_the_language_is_the_best_that_is_offered(accepted: str | None, expected: str) -> None:
    assert best_language(accepted, ("en", "es")) == expected


@given(accepted=st.text(max_size=60))
def test_any_header_gives_an_offered_language(accepted: str) -> None:
    assert best_language(accepted, ("es", "en")) in {"es", "en"}
