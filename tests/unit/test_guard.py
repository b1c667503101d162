"""What the guard promises: it finds who is pointed at, masks it readably, and leaves alone what names nobody."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.guard import Known, NamesMissing, find_spans, lexicon, mask, roster, roster_hash

PIECES = [
    *(
        "Maria",
        "Will",
        "Grace",
        "Ms. Lopez",
        "j o h n",
        "Jo\u200bhn",
        "Jayden's",
        "O'Brien",
        "Nguyễn Thị Hoa",
        "\u041caria",
    ),
    *(
        "call",
        "555-0100",
        "(512) 555-0199",
        "5 5 5 - 0 1 0 0",
        "ana@school.org",
        "ana at school dot org",
        "www.x.org/a",
    ),
    *(
        "student id 123456",
        "123-45-6789",
        "4111 1111 1111 1111",
        "12 Oak Street",
        "Calle Luna 12",
        "[student]",
        "[mail]",
    ),
    *("told", "the", "in", "May", "\n", ".", ",", '"', "and", "read", "e\u0301", "💡", "student", "dijo", "Rosa Parks"),
]
STORIES = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))


def masked(text: str, known: Known | None = None) -> str:
    return mask(text, find_spans(text, known or Known()))


@given(STORIES)
@settings(max_examples=400)
def test_whatever_is_written_spans_are_right_and_masking_twice_is_masking_once(text: str) -> None:
    spans = find_spans(text)
    assert all(span.value and text[span.start : span.end] == span.value for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    once = mask(text, spans)
    assert mask(once, find_spans(once)) == once
    for span in spans:
        assert not re.search(rf"(?<!\w){re.escape(span.value)}(?!\w)", re.sub(r"\[\w+\]", "[]", once))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Will told me that Grace is here.", "[student] told me that [student] is here."),
        ("Will you try it with grace and hope?", "Will you try it with grace and hope?"),
        ("Hope raised her hand.", "[student] raised her hand."),
        ("Hope is what they need.", "Hope is what they need."),
        ("We will meet in May.", "We will meet in May."),
        ("I asked May to read.", "I asked [student] to read."),
        ("In art class we read about Paris.", "In art class we read about Paris."),
        ("My student Paris read aloud.", "My student [student] read aloud."),
        ("Mark the page and chase the ball.", "Mark the page and chase the ball."),
        ("A boy named Chase spoke up.", "A boy named [student] spoke up."),
        ("They learned about Rosa Parks and Dr. Seuss.", "They learned about Rosa Parks and Dr. Seuss."),
        ("They read Harry Potter on Monday in English.", "They read Harry Potter on Monday in English."),
        ("Rosa solved it.", "[student] solved it."),
        ("Jayden O'Brien's story", "[student]'s story"),
        ("Mary-Kate and J. P. Garcia helped.", "[student] and [student] helped."),
        ("Nguyễn Thị Hoa and Wei Zhang led.", "[student] and [student] led."),
        ("Fatima Al-Sayed and Aarav Patel led.", "[student] and [student] led."),
        ("my student jose garcia wrote a poem", "my student [student] wrote a poem"),
        ("emma and kayla were so proud", "[student] and [student] were so proud"),
        ("MARIA LOPEZ HELPED JAMAL TODAY", "[student] HELPED [student] TODAY"),
        ("The students at Lincoln Elementary School won.", "The students at Lincoln Elementary School won."),
        ("Ms. Carter said so.", "Ms. [student] said so."),
    ],
)
def test_words_that_are_names_and_words_are_judged_in_context(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Luz dijo que la paz es importante.", "[student] dijo que la paz es importante."),
        ("Ayudé a Dolores con su tarea.", "Ayudé a [student] con su tarea."),
        ("Una niña llamada Paz levantó la mano.", "Una niña llamada [student] levantó la mano."),
        ("Mi alumno José Luis García Pérez leyó.", "Mi alumno [student] leyó."),
        ("Con amor y luz, la clase terminó en mayo.", "Con amor y luz, la clase terminó en mayo."),
        ("María de la Cruz explicó su idea.", "[student] explicó su idea."),
    ],
)
def test_spanish_is_read_as_spanish(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 555-0100", "call [phone]"),
        ("her mother at (512) 555-0199 said", "her mother at [phone] said"),
        ("phone 5 5 5 - 0 1 0 0", "phone [phone]"),
        ("llámame al +34 612 345 678", "llámame al [phone]"),
        ("write to ana.ruiz@school.org.", "write to [mail]."),
        ("john at school dot org", "[mail]"),
        ("john (at) school (dot) org", "[mail]"),
        ("see https://example.org/a?b=1.", "see [link]."),
        ("see example.com/kids", "see [link]"),
        ("SSN 123-45-6789", "SSN [id]"),
        ("student id 4455667", "student id [id]"),
        ("card 4111 1111 1111 1111", "card [id]"),
        ("IBAN GB33BUKB20201555555555", "IBAN [id]"),
        ("from 192.168.10.12", "from [id]"),
        ("lives at 12 Oak Street", "lives at [address]"),
        ("vive en Calle Luna 12", "vive en [address]"),
        ("j o h n did it", "[student] did it"),
        ("Jo\u200bhn did it", "[student] did it"),
        ("J\u043ehn did it", "[student] did it"),
        ("Jose\u0301 did it", "[student] did it"),
        ("In 2023-2024 we read 120-145 pages", "In 2023-2024 we read 120-145 pages"),
        ("scores were 85 90 78 92 88 76 95", "scores were 85 90 78 92 88 76 95"),
        ("On 10/12/2024 24 of 30 students", "On 10/12/2024 24 of 30 students"),
        ("We met at noon dot by dot.", "We met at noon dot by dot."),
    ],
)
def test_contacts_and_numbers_are_found_however_they_are_written(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_staff_of_the_school_file_are_no_findings_but_a_student_beside_them_is() -> None:
    known = Known(staff=frozenset({"Ms. O'Brien", "Ana Ruiz"}))
    assert masked("Ms. O'Brien told Jayden to wait.", known) == "Ms. O'Brien told [student] to wait."
    assert masked("Ana Ruiz and Coach Ruiz met Ana.", known) == "Ana Ruiz and Coach Ruiz met [student]."


def test_a_name_on_the_roster_is_certain_however_odd_it_is() -> None:
    key = b"k" * 32
    hashes = {roster_hash("Table Lamp", key), roster_hash("quillon", key)}
    known = Known(on_roster=roster(hashes, key))
    assert masked("we saw table lamp and quillon", known) == "we saw [student] and [student]"
    assert masked("we saw a table", known) == "we saw a table"


def test_without_its_names_the_guard_says_how_to_build_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lexicon, "FILE", tmp_path / "names.dat")
    lexicon.load.cache_clear()
    lexicon.look_up.cache_clear()
    with pytest.raises(NamesMissing, match="make names"):
        lexicon.look_up("maria")
    (tmp_path / "names.dat").write_bytes(b"old")
    with pytest.raises(NamesMissing, match="make names"):
        lexicon.look_up("maria")
    monkeypatch.undo()
    lexicon.load.cache_clear()
    lexicon.look_up.cache_clear()
