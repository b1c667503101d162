"""Words that are names and words: most students named are found, hardly a sentence that names none is changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.domain.guard import find_spans, mask

_KEPT = (Path(__file__).parent / "guard_sentences.txt").read_text("utf-8").split("\n\n")
NAMED, NOBODY, NUMBERS = (block.strip().splitlines()[1:] for block in _KEPT)
_FEWEST_FOUND, _MOST_CHANGED = 0.9, 0.03


def _named(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a sentence without its braces, and where the names stand that were in them."""
    text, names = "", []
    for piece in re.split(r"(\{[^}]+\})", sentence):
        name = piece.strip("{}")
        if name != piece:
            names.append((len(text), len(text) + len(name)))
        text += name
    return text, names


def test_nine_of_ten_students_named_in_sentences_of_teachers_are_found() -> None:
    missed, told = [], 0
    for text, names in map(_named, NAMED):
        people = [span for span in find_spans(text) if span.type == "PERSON"]
        told += len(names)
        missed += [text[a:b] for a, b in names if not any(one.start < b and a < one.end for one in people)]
    assert len(missed) <= (1 - _FEWEST_FOUND) * told, missed


def test_of_a_hundred_sentences_that_name_nobody_at_most_three_are_changed() -> None:
    changed = [found for text in NOBODY if (found := [span.value for span in find_spans(text)])]
    assert len(changed) <= _MOST_CHANGED * len(NOBODY), changed


def test_scores_dates_pages_and_standards_are_no_phones_and_no_ids() -> None:
    changed = [found for text in NUMBERS if (found := [span.value for span in find_spans(text)])]
    assert len(changed) <= _MOST_CHANGED * len(NUMBERS), changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maria's mom and Jayden Lopez's dad came.", "[student]'s mom and [student]'s dad came."),
        ("Mai See Vang and Juan Carlos García Ruiz read.", "[student] and [student] read."),
        ("J.T. explained it. I helped A.J. too.", "[student] explained it. I helped [student] too."),
        ("P.E. was fun and the U.S. unit went well.", "P.E. was fun and the U.S. unit went well."),
        ("jaydens essay was so good", "[student]s essay was so good"),
        ("a student, Agatha B Smith, spoke", "a student, [student], spoke"),
        ("Martyn Harris-Wall asked why.", "[student] asked why."),
        ("We located Kenya and Chad on the map.", "We located Kenya and Chad on the map."),
        ("Chad told Kenya to wait.", "[student] told [student] to wait."),
        ("Matilda is our read aloud.", "Matilda is our read aloud."),
        ("Matilda read aloud.", "[student] read aloud."),
    ],
)
def test_a_masked_sentence_stays_readable(text: str, expected: str) -> None:
    assert mask(text, find_spans(text)) == expected


_PHONES = (
    *("001-555-201-3344x123", "(555)555-5555 x12", "(555) 201-3344", "+1-555-201-3344", "555.201.3344", "555/201-3344"),
    *("1-555-201-3344", "555-201-3344 ext. 12", "tel:+1-555-201-3344", "011 52 555 201 3344", "555_201_3344"),
    *("+33 6 12 34 56 78", "06 12 34 56 78", "06.12.34.56.78", "+52 1 55 1234 5678", "55 1234 5678", "612 345 678"),
    *("+34 612 34 56 78", "+44 (0)20 7946 0958", "07911 123456", "(11) 91234-5678", "0912 345 678", "0917-123-4567"),
    *(
        "138-1234-5678",
        "+252 61 2345678",
        "+509 34 12 3456",
        "3412-3456",
        "+966 50 123 4567",
        "7123-4567",
        "+7 (912) 345-67-89",
    ),
)
_IDS = (
    *("SSN 123 45 6789", "student ID: S204455", "Student #3269", "lunch number 44556", "MRN-655816", "mrn#204455"),
    *(
        "NPI 1234567893",
        "card 4111-1111-1111-1111",
        "6304 1326 7711",
        "IBAN ES91 2100 0418 4502 0005 1332",
        "CURP GARC050312HDFRRL01",
    ),
    *(
        "passport AB123456",
        "driver's license WDLABCD301DG",
        "plate 7TR 4104",
        "national insurance QQ 12 34 56 C",
        "DNI 12345678Z",
    ),
    *("matrícula 204455", "número de identificación 55940", "username is jd204455", "account number is 455124175698"),
)
_LINKS = (
    "example.com",
    "kahoot.it",
    "see seesaw.me",
    "escuela.edu.mx",
    "linktr.ee/jj",
    "site.ph",
    "www.x.org/a",
    "discord.gg/abc",
)
_MAILS = (
    "ana.ruiz@school.k12.tx.us",
    "ana@school.edu.mx",
    "ana at school.org",
    "ana arroba escuela punto com",
    "ana.ruiz@students",
)
_STREETS = (
    *(
        "12 Oak Street",
        "PO Box 123",
        "Post Office Box 12",
        "Flat 3, 10 High Street",
        "45B Elm St., Apt. 3B",
        "RR 2 Box 44",
    ),
    *(
        "Calle Luna 12",
        "Calle de Alcalá, 45",
        "Av. Reforma 222",
        "Carrera 7 # 12-34",
        "C/ Mayor 3",
        "15 Calle Principal",
    ),
    *("18 rue de la Paix", "Rua Augusta 1500", "Viale Mercati, 6", "600 E. 42nd St., Apt. 12"),
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("PHONE", one) for one in _PHONES),
        *(("ID", one) for one in _IDS),
        *(("URL", one) for one in _LINKS),
        *(("EMAIL", one) for one in _MAILS),
        *(("ADDRESS", one) for one in _STREETS),
    ],
)
def test_every_shape_of_a_contact_is_found_without_a_word_that_tells_what_it_is(kind: str, value: str) -> None:
    for text in (value, f"The note said {value} on it."):
        assert kind in {span.type for span in find_spans(text)}


@pytest.mark.parametrize(
    "text",
    [
        "we did it.it was great",
        "so proud of him.at first he was shy",
        "Estuvo bien.es un grupo lindo",
        "needs.in the end",
        "I.E.P. goals e.g. these",
    ],
)
def test_a_blank_forgotten_after_a_full_stop_makes_no_link(text: str) -> None:
    assert find_spans(text) == ()
