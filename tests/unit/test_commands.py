"""A text is a win unless it is clearly, and only, a command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.commands import Intent, read_text
from chalicelib.domain.school import School

STOP_WORDS = ["STOP", "STOPALL", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE"]
SPANISH_STOP_WORDS = ["ALTO", "PARAR", "BAJA", "CANCELAR", "DETENER"]


@pytest.mark.parametrize("word", [*STOP_WORDS, *SPANISH_STOP_WORDS])
@pytest.mark.parametrize("form", ["{}", "{}.", "{}!!", " {} ", "“{}”", "{}\n", "{} 🙏", "\u200b{}"])
def test_a_stop_word_alone_stops_whatever_marks_stand_around_it(word: str, form: str) -> None:
    for written in (word, word.lower(), word.title()):
        assert read_text(form.format(written)).intent == "stop"


@pytest.mark.parametrize(
    "story",
    [
        "End of unit went well",
        "Stop and jot worked today",
        "Help from Ana's table group!",
        "Quit waiting for me: they started by themselves",
        "Cancel culture came up and they handled it",
        "Start of the year, first hand up",
        "Team meeting went well",
        "Goal reached today",
        "Join us and see",
        "1st graders explained it to 2nd graders",
        "3 hands went up",
        "2-3 readers a day",
        "645",
        "L is for lesson, W for win",
        "Undo button of the day: she apologised",
        "Parar y pensar funcionó hoy",
        "Fin de la unidad: todos hablaron",
        "Meta cumplida",
        "Equipo de lectura: leyeron más",
        "Alto a las burlas: lo dijeron ellas",
        "👍",
        "Don't text me was our reading today",
        "No more worksheets and they loved it",
        "Delete the rubric: better talk",
        "10 a 12 minutos de lectura",
        "Remove the timer and they relax",
        "No me esperaba que hablaran todos",
    ],
)
def test_what_is_more_than_a_command_is_a_win_word_for_word(story: str, sample_school: School) -> None:
    said = read_text(story, sample_school)
    assert (said.intent, said.words) == ("win", story)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("HELP", "help"),
        ("info", "help"),
        ("¡Ayuda!", "help"),
        ("start", "start"),
        ("UNSTOP", "start"),
        ("join", "start"),
        ("Iniciar", "start"),
        ("L", "lesson"),
        ("lección.", "lesson"),
        ("w", "success"),
        ("Logro", "success"),
        ("undo", "undo"),
        ("DESHACER", "undo"),
        ("anon", "anon"),
        ("Anónimo", "anon"),
        ("GOAL", "goal"),
        ("signs", "signs"),
        ("SEÑALES", "signs"),
        ("equipos", "team"),
    ],
)
def test_a_command_is_known_in_both_languages_and_any_case(text: str, intent: Intent) -> None:
    assert read_text(text).intent == intent


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1", (1,)),
        ("1 3", (1, 3)),
        ("1,3", (1, 3)),
        ("1, 3, and 4", (1, 3, 4)),
        ("1 y 3.", (1, 3)),
        ("2 2", (2,)),
        ("1-3", (1, 2, 3)),
        ("1 to 3", (1, 2, 3)),
        ("#1", (1,)),
        ("1️⃣ 3️⃣", (1, 3)),
        ("1 3 👍", (1, 3)),
        ("Sign 1", (1,)),
        ("señales 2 y 3", (2, 3)),
        ("1 3 please", (1, 3)),
    ],
)
def test_numbers_alone_are_tags(text: str, numbers: tuple[int, ...]) -> None:
    assert (read_text(text).intent, read_text(text).numbers) == ("tag", numbers)


@pytest.mark.parametrize(
    "text",
    [
        *("Stop please", "Please stop texting me", "stop stop", "STOP STOP STOP", "stop now", "unsubscribe me"),
        *("Opt out please", "No more texts", "don't text me anymore", "take me off this list", "Wrong number"),
        *("PARE", "Basta", "No más mensajes", "Ya no quiero mensajes", "no me manden mensajes", "dame de baja"),
        *("Deja de mandarme mensajes", "alto por favor", "Número equivocado"),
    ],
)
def test_what_anybody_would_understand_as_no_more_messages_stops(text: str) -> None:
    assert read_text(text).intent == "stop"


@pytest.mark.parametrize(
    "text", ["delete", "undo that", "undo please", "Take it back.", "Eliminar", "Retirar", "deshaz"]
)
def test_other_words_for_taking_back_take_back(text: str) -> None:
    assert read_text(text).intent == "undo"


@pytest.mark.parametrize(
    "text", ["EDIT Three hands.", "Edit: Three hands.", "EDIT. Three hands.", "Edit — Three hands."]
)
def test_an_edit_is_sure_in_capitals_or_with_a_mark(text: str) -> None:
    said = read_text(text)
    assert (said.intent, said.words, said.sure) == ("edit", "Three hands.", True)
    assert not read_text("Edit groups worked well").sure


def test_an_edit_carries_its_new_words_as_they_were_typed() -> None:
    assert read_text("EDIT: Two hands,\nthen three!").words == "Two hands,\nthen three!"
    assert read_text("editar Dos manos").words == "Dos manos"


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("TEAM grade 2-3", "grade-2-3"),
        ("team Grades 4–5", "grade-4-5"),  # noqa: RUF001 - the school's own dash
        ("Team arts", "arts"),
        ("team art", "arts"),
        ("TEAM 4th grade", "grade-4-5"),
        ("Equipo de artes", "arts"),
        ("equipo multilingüe", "multilingual"),
    ],
)
def test_a_team_is_known_by_id_name_or_what_can_only_mean_it(text: str, team: str, sample_school: School) -> None:
    said = read_text(text, sample_school)
    assert (said.intent, said.words) == ("team", team)


def test_a_name_that_could_be_two_teams_is_none(sample_school: School) -> None:
    assert read_text("team grade", sample_school).intent == "win"


def test_a_code_after_join_is_a_link(sample_school: School) -> None:
    assert read_text("Join OAK7.", sample_school).words == "oak7"
    assert read_text("join staff", sample_school).words == "staff"
    for text in ("unirme oak7", "Join oak 7", "JOIN oak7 👍", "join oak7 please", "Join (oak7)", "oak7", "unirse oak7"):
        assert (read_text(text, sample_school).intent, read_text(text, sample_school).words) == ("join", "oak7")


def test_a_code_with_dashes_is_the_links_own(sample_school: School) -> None:
    link = sample_school.links[0].model_copy(update={"code": "oak--7-"})
    school = sample_school.model_copy(update={"links": (link,)})
    assert read_text("JOIN oak--7-", school).words == read_text("join oak 7", school).words == "oak--7-"


@given(st.text(max_size=300))
def test_reading_never_fails_and_a_win_keeps_every_character(text: str) -> None:
    said = read_text(text)
    assert said.intent != "win" or said.words == text


def test_real_texts_are_wins_word_for_word(shared_data: Path, sample_school: School) -> None:
    lines = (shared_data / "sms" / "uci_sms_spam_dev.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) == 2756
    others = [text for text in texts if read_text(text, sample_school).words != text]
    assert others == []
