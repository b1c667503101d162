"""A forwarded mail is split; a reply is not taken for one."""

# ruff: noqa: RUF001 - words as mail programs write them, in many scripts

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.inputs import rows
from benchmarks.score_mail import forward_is_right
from chalicelib.doors.quoting.forward import Forwarded, split_forward
from chalicelib.doors.quoting.words import WORDS

BODY = "They read for an hour.\n\nEven Sam."
HEADERS = "From: Ana Diaz <ana@school.example>\nDate: Tuesday\nSubject: Reading\nTo: <bo@school.example>"
FOUND = Forwarded(None, "Reading", BODY, "Ana Diaz", "ana@school.example")
WITH_MESSAGE = Forwarded("Look!", "Reading", BODY, "Ana Diaz", "ana@school.example")
LANGUAGES = [
    ("From", "To", "Sent", "Subject", "Forwarded Message"),
    ("De", "Para", "Enviado", "Asunto", "Mensaje reenviado"),
    ("De", "À", "Envoyé", "Objet", "Message transmis"),
    ("Von", "An", "Gesendet", "Betreff", "Weitergeleitete Nachricht"),
    ("De", "Para", "Enviado", "Assunto", "Mensagem encaminhada"),
    ("Da", "A", "Inviato", "Oggetto", "Messaggio inoltrato"),
    ("Van", "Aan", "Verzonden", "Onderwerp", "Doorgestuurd bericht"),
    ("Od", "Do", "Wysłano", "Temat", "Przekazana wiadomość"),
    ("Od", "Komu", "Datum", "Předmět", "Přeposlaná zpráva"),
    ("Fra", "Til", "Sendt", "Emne", "Videresendt melding"),
    ("Från", "Till", "Skickat", "Ämne", "Vidarebefordrat meddelande"),
    ("Lähettäjä", "Vastaanottaja", "Lähetetty", "Aihe", "Edelleenlähetetty viesti"),
    ("Feladó", "Címzett", "Elküldve", "Tárgy", "Továbbított üzenet"),
    ("De la", "Către", "Trimis", "Subiect", "Mesaj redirecționat"),
    ("От", "Кому", "Отправлено", "Тема", "Пересылаемое сообщение"),
    ("Від", "Кому", "Відправлено", "Тема", "Перенаправлене повідомлення"),
    ("Kimden", "Kime", "Gönderilen", "Konu", "İletilmiş Mesaj"),
    ("差出人", "宛先", "日付", "件名", "転送メッセージ"),
    ("发件人", "收件人", "发送时间", "主题", "转发的邮件"),
    ("보낸 사람", "받는 사람", "보낸 날짜", "제목", "전달된 메시지"),
    ("Từ", "Đến", "Ngày", "Chủ đề", "Tin nhắn được chuyển tiếp"),
]


@pytest.mark.parametrize("words", WORDS["forwarded"])
def test_each_known_separator_splits(words: str) -> None:
    assert split_forward(f"Look!\n\n---------- {words} ---------\n{HEADERS}\n\n{BODY}") == WITH_MESSAGE
    assert split_forward("\n".join(f"> {line}" for line in f"{words}:\n\n{HEADERS}\n\n{BODY}".split("\n"))) == FOUND


@pytest.mark.parametrize(("sender", "to", "sent", "subject", "words"), LANGUAGES)
def test_headers_are_read_in_any_language_and_even_run_together(
    sender: str, to: str, sent: str, subject: str, words: str
) -> None:
    lines = f"{sender}: Ana Diaz <ana@school.example>\n{sent}: Tuesday\n{to}: bo@school.example\n{subject}: Reading"
    outlook = f"Look!\n\n________________________________\n{lines}\n\n{BODY}"
    assert split_forward(outlook, "FW: Reading") == WITH_MESSAGE
    assert split_forward(outlook) == WITH_MESSAGE
    assert split_forward(f"---------- {words} ----------\n\n{lines.replace(': ', '：')}\n\n{BODY}") == FOUND
    yahoo = f"{sender}: Ana Diaz <ana@school.example>{to}: bo@school.example <bo@school.example>{sent}: 10:15"
    assert split_forward(f"Look!\n\n ----- {words} ----- {yahoo}{subject}: Reading\n  {BODY}") == WITH_MESSAGE


@pytest.mark.parametrize(
    "intro",
    [
        'On 28/10/2021 12:46, "Ana Diaz" <ana@school.example> wrote:',
        "Le 28/10/2021 12:46, « Ana Diaz » <ana@school.example> a écrit :",
        "28/10/2021 12:46 időpontban Ana Diaz (ana@school.example) ezt írta:",
        "Op 28/10/2021 12:46 heeft Ana Diaz <ana@school.example> geschreven:",
        "Ana Diaz <ana@school.example> kirjoitti 28/10/2021 12.46:",
        '"Ana Diaz" <ana@school.example>, 28/10/2021 12:46 tarihinde şunu yazdı:',
    ],
)
def test_the_subject_decides_whether_a_quoted_mail_is_forwarded(intro: str) -> None:
    text = f"Look!\n\n\ufeff{intro}\n\n" + "\n".join(f"    {line}" for line in BODY.split("\n"))
    for subject in ("FW: Reading", "[EXT] Fwd: Reading", "WG: Reading", "RV: Reading", "TR: Reading", "İLT: Reading"):
        assert split_forward(text, subject) == WITH_MESSAGE
    for subject in ("Re: Reading", "AW: Reading", "Reading", None):
        assert split_forward(text, subject) is None


@pytest.mark.parametrize(
    ("subject", "forwarded"), [("Re: Reading", False), ("Reading", False), (None, True), ("", True)]
)
def test_headers_below_ones_own_words_are_forwarded_unless_the_subject_says_otherwise(
    subject: str | None, *, forwarded: bool
) -> None:
    assert (split_forward(f"Look!\n\n{HEADERS}\n\n{BODY}", subject) is not None) is forwarded


def test_headers_without_own_words_are_forwarded_under_any_new_subject() -> None:
    assert split_forward(f"{HEADERS}\n\n{BODY}", "A small win") == FOUND


@pytest.mark.parametrize(
    "text",
    [
        "Yes!\n\nOn 3 Mar 2026, at 10:15, Ana <a@b.example> wrote:\n> --- Forwarded message ---\n> From: Bo\n>\n> Hi",
        "Yes!\n\n> How was it?\n>\n> From: Bo <bo@school.example>\n> Subject: Reading\n>\n> Hi",
        "We forwarded message after message:\nall were read.",
        "",
    ],
)
def test_a_reply_or_a_story_forwards_nothing(text: str) -> None:
    assert split_forward(text) is None
    assert split_forward(text, "Re: Reading") is None


def test_of_nested_forwards_the_outermost_is_split() -> None:
    inner = f"---------- Forwarded message ---------\nFrom: Bo\nSubject: Older\n\n{BODY}"
    found = split_forward(f"Look!\n\n---------- Forwarded message ---------\n{HEADERS}\n\n{inner}")
    assert found == Forwarded("Look!", "Reading", inner, "Ana Diaz", "ana@school.example")


@pytest.mark.parametrize(
    ("told", "name", "address"),
    [
        ("Ana Diaz [mailto:ana@school.example]", "Ana Diaz", "ana@school.example"),
        ('"Diaz, Ana" <ana@school.example>', "Diaz, Ana", "ana@school.example"),
        ("ana@school.example", None, "ana@school.example"),
        ("ana@school.example <ana@school.example>", None, "ana@school.example"),
        ("Ana Diaz", "Ana Diaz", None),
        ("Ana<mailto:a@b.example> <a@b.example<mailto:a@b.example>> on behalf of c@d.example", "Ana", "a@b.example"),
    ],
)
def test_senders_are_read_as_programs_write_them(told: str, name: str | None, address: str | None) -> None:
    found = split_forward(f"-------- Forwarded Message --------\nSubject: Reading\nFrom: {told}\nTo: Bo\n\n{BODY}")
    assert found == Forwarded(None, "Reading", BODY, name, address)


def test_wrapped_subjects_are_joined() -> None:
    long = "Subject: How the whole of year five read for an hour without\nany help at all"
    found = split_forward(f"---- Forwarded message ----\nFrom: Ana\n{long}\nTo: Bo\n\n{BODY}")
    assert found is not None
    assert found.subject == "How the whole of year five read for an hour without any help at all"


@given(st.text(), st.none() | st.text())
def test_splitting_never_raises(text: str, subject: str | None) -> None:
    split_forward(text, subject)
    split_forward(f"-- Forwarded message -- {text}", f"Fw: {subject}")


@pytest.mark.parametrize(
    "unit", [">", "> \n", "On ", " ", "_", "wrote:\n", "From: a@b\n", "To: a,\n", "a@b:\n", "[", "("]
)
@pytest.mark.timeout(15)
def test_a_megabyte_of_anything_is_split_soon(unit: str) -> None:
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    for subject, body in ((text, text), (f"Fw: {text}", f"-- Forwarded message -- {text}")):
        found = split_forward(body, subject)
        assert found is None or len(found.body) <= len(body)


@pytest.mark.usefixtures("shared_data")
def test_the_mails_collected_from_others_suites_are_split_rightly() -> None:
    every = rows("email/forward_cases_dev.jsonl")
    right = [case for case in every if forward_is_right(case, split_forward(case["input"], case["subject"]))]
    assert len(right) >= 0.97 * len(every)
