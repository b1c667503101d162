"""What of a mail's text is the sender's own."""

# ruff: noqa: RUF001 - words as mail programs write them, in many scripts

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.inputs import rows
from benchmarks.score_mail import reply_is_right
from chalicelib.doors.quoting.reply import strip_reply

OWN = "They all read today!\n\nEven Sam, who never does."
PIECES = st.sampled_from(
    [
        *(
            "> ",
            ">",
            "\n",
            "\n\n",
            " ",
            "On 3 Mar 2026 at 10:15 ",
            "Ana <ana@school.example>",
            " wrote:",
            "From: ",
            "To: ",
        ),
        *(
            "Sent: ",
            "Subject: ",
            "--",
            "-- \n",
            "____",
            "Forwarded message",
            "-----",
            "Original Message",
            "Regards,",
            "a",
        ),
        *("Sent from my iPhone", "This e-mail is confidential", "\ufeff", "\r\n", "é", "写道：", "@", "<", ":", "Ana"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def kept(text: str) -> str:
    """Return a text as it is given back if nothing is cut."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def stories(data: Path) -> list[str]:
    names = ("teacher_reflection_sentences_en_train", "teacher_diaries_cs_dev", "nhs_comments_dev", "happydb_claff_10k")
    lines = [line for name in names for line in (data / "stories" / f"{name}.jsonl").read_text("utf-8").split("\n")]
    return [text for line in lines if line and isinstance(text := json.loads(line).get("text"), str)]


@pytest.mark.parametrize(
    "introduced",
    [
        "On Tue, Mar 3, 2026 at 10:15 AM Ana Diaz <ana@school.example> wrote:",
        "El mar, 3 mar 2026 a las 10:15, Ana Diaz (<ana@school.example>) escribió:",
        "Le mar. 3 mars 2026 à 10:15, Ana Diaz <ana@school.example> a écrit :",
        "Am Di., 3. März 2026 um 10:15 Uhr schrieb Ana Diaz <ana@school.example>:",
        "Em ter., 3 de mar. de 2026 às 10:15, Ana Diaz <ana@school.example> escreveu:",
        "Il giorno mar 3 mar 2026 alle ore 10:15 Ana Diaz <ana@school.example> ha scritto:",
        "Op di 3 mrt 2026 om 10:15 schreef Ana Diaz <ana@school.example>:",
        "wt., 3 mar 2026 o 10:15 Ana Diaz <ana@school.example> napisał(a):",
        "вт, 3 мар. 2026 г. в 10:15, Ana Diaz <ana@school.example>:",
        "Den tis 3 mars 2026 kl 10:15 skrev Ana Diaz <ana@school.example>:",
        "Ana Diaz <ana@school.example> kirjoitti 3.3.2026 kello 10.15:",
        "út 3. 3. 2026 v 10:15 odesílatel Ana Diaz <ana@school.example> napsal:",
        "Vào Th 3, 3 thg 3, 2026 vào lúc 10:15 Ana Diaz <ana@school.example> đã viết:",
        "Ana Diaz <ana@school.example> 于2026年3月3日周二 上午10:15写道：",
        "2026年3月3日(火) 10:15 Ana Diaz <ana@school.example>:",
        "2026년 3월 3일 (화) 오전 10:15, Ana Diaz <ana@school.example>님이 작성:",
        "في الثلاثاء، 3 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Ana Diaz <ana@school.example>:",
        "\u202bבתאריך יום ג׳, 3 במרץ 2026 ב-10:15 מאת \u202aAna\u202c\u200f <\u202aana@x.example\u202c\u200f>:\u202c",
        "Ana Diaz <ana@school.example>, 3 Mar 2026 Sal, 10:15 tarihinde şunu yazdı:",
        "вт, 3 бер. 2026 р. о 10:15 Ana Diaz <ana@school.example> пише:",
    ],
)
def test_what_another_wrote_is_left_out_in_any_language_quoted_or_not(introduced: str) -> None:
    wrapped = introduced.replace(" <", "\n<", 1)
    for intro in (introduced, wrapped):
        for theirs in ("\n\nHow was it?\nTell!", "\n\n> How was it?\n>\n> Tell!\n"):
            assert strip_reply(f"{OWN}\n\n{intro}{theirs}") == OWN
    assert strip_reply(f"{OWN}\n\n> {introduced}\n> How was it?\n") == OWN


@pytest.mark.parametrize(
    "block",
    [
        "From: Ana Diaz\nSent: Tuesday\nTo: Bo\nSubject: Reading",
        "*From:* Ana Diaz [mailto:ana@school.example]\n*Sent:* Tuesday\n*To:* Bo\n*Subject:* Reading",
        "From: Ana Diaz\n<ana@school.example>\nSent: Tuesday\nTo: Bo\nSubject: Reading",
        "De : Ana Diaz\nEnvoyé : mardi\nÀ : Bo\nObjet : Lecture",
        "Von: Ana Diaz\nGesendet: Dienstag\nAn: Bo\nBetreff: Lesen",
        "Od: Ana Diaz\nWysłano: wtorek\nDo: Bo\nTemat: Lektura",
        "差出人: Ana Diaz\n送信日時: 2026年3月3日\n宛先: Bo\n件名: 読書",
        "보낸 사람: Ana Diaz\n보낸 날짜: 화요일\n받는 사람: Bo\n제목: 읽기",
        "من: Ana Diaz\nتم الإرسال: الثلاثاء\nإلى: Bo\nالموضوع: قراءة",
        "-----Original Message-----",
        "-------- Message d'origine --------",
        "---------- Forwarded message ---------\nFrom: Ana Diaz <ana@school.example>",
    ],
)
@pytest.mark.parametrize("rule", ["", "________________________________\n", " ------------------------------\n\n"])
def test_headers_and_what_is_below_them_are_left_out(block: str, rule: str) -> None:
    assert strip_reply(f"{OWN}\n\n{rule}{block}\n\nHow was it?") == OWN


@pytest.mark.parametrize(
    "below",
    [
        *("--\nAna Diaz\nYear 5", "-- \nAna", "_____\nwins mailing list\nhttps://lists.example/wins"),
        *(
            "Kind regards\n\nAna Diaz\nTeacher, Year 5",
            "Thanks,\nAna",
            "Un saludo,\nAna",
            "Mvh\n/Ana",
            "С уважением,\nАна",
        ),
        *("Sent from my iPhone", "Enviado desde mi iPhone", "Envoyé de mon iPhone", "Von meinem iPhone gesendet"),
        *(
            "Wysłane z iPhone'a",
            "iPhoneから送信",
            "发自我的iPhone",
            "iPhone'umdan gönderildi",
            "Get Outlook for iOS<https://a.b>",
            "Sent from my Verizon, Samsung Galaxy smartphone",
        ),
        "CONFIDENTIALITY NOTICE: this mail is for the intended recipient only.\n\nPlease think before you print.",
        "Este mensaje es confidencial y va dirigido a su destinatario.",
        "Regards,\nAna\n\nSent from my iPad\n\nThis e-mail is confidential and may be privileged.",
        "Best,\nAna Diaz\nGrade 3\nEvery child deserves a champion.",
        "Have a great day!\nAna Diaz",
        "All e-mail to this address is subject to public records law and may be disclosed to third parties.",
        "The district does not discriminate on the basis of race, color or sex.",
        "Please consider the environment before printing this email.",
    ],
)
def test_signatures_footers_and_disclaimers_are_left_out(below: str) -> None:
    assert strip_reply(f"{OWN}\n\n{below}\n") == OWN


def test_a_mail_servers_warning_on_top_is_left_out_alone() -> None:
    assert strip_reply(f"CAUTION: This email originated from outside of the organization.\n\n{OWN}") == OWN


@pytest.mark.parametrize(
    "warning",
    [
        "[EXTERNAL]",
        "** External Email **",
        "This came from outside. Please do not click links or open attachments unless you know the sender.",
        "You don't often get email from ana@school.example. Learn why this is important<https://a.b>",
        "Caution: External (ana@school.example)\nFirst-Time Sender   Details<https://a.b>",
        "[EXTERNAL]\n\nCAUTION: This email originated from outside of the organization.",
        "CAUTION: This email originated from outside of the organization. Do not click\nlinks or attachments.",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_any_warning_on_top_is_left_out_and_no_word_below_it(warning: str, gap: str) -> None:
    assert strip_reply(f"{warning}{gap}{OWN}") == OWN
    assert strip_reply(f"{warning}{gap}{OWN}\n\nThis email is confidential.\n\nAll of it.") == OWN


@pytest.mark.parametrize("signature", ["Kind regards\nAna", "Thanks,\nAna", "--\nAna\nYear 5", "Saludos,\nAna\n"])
@pytest.mark.parametrize("added", ["P.S. Lee read, too.", "PS: Lee read, too.", "P.D. Lee leyó."])
def test_a_postscript_below_a_signature_is_kept(signature: str, added: str) -> None:
    assert strip_reply(f"{OWN}\n\n{signature}\n{added}\n\nSent from my iPad") == f"{OWN}\n\n{added}"


def test_words_below_a_programs_footer_are_kept_where_none_stand_above() -> None:
    assert strip_reply(f"\n\nSent from my iPhone\n\n{OWN}") == OWN


def test_what_a_program_quotes_on_the_line_of_its_mark_is_left_out() -> None:
    assert (
        strip_reply(f"{OWN}\n\n  On Tue, Mar 3, 2026 at 10:15 AM, Ana<a@b.example> wrote:   How was it?\nTell!") == OWN
    )


def test_a_mark_in_a_language_nobody_told_us_is_known_by_its_shape() -> None:
    assert strip_reply(f"{OWN}\n\nXyz, 3 Qqq 2026 zz 10:15 Ana <ana@school.example> qwerty:\n\n> How was it?") == OWN


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "On 3 Mar 2026, at 10:15, Ana wrote:\n> How was it?\n\nGood.\n\n> And Sam?\nHe read, too.\n> Ana\n"
    assert strip_reply(text) == "Good.\n\nHe read, too."


def test_the_broken_end_of_a_long_quoted_line_is_not_the_senders() -> None:
    theirs = "> I would like to know how the reading went with the whole of the\ngroup this week.\n> Ana"
    assert strip_reply(f"{OWN}\n\n{theirs}") == OWN


def test_a_mail_that_begins_with_its_own_headers_keeps_its_words() -> None:
    assert strip_reply(f"Von: Ana\nGesendet: Dienstag\nAn: Bo\nBetreff: Lesen\n\n{OWN}") == OWN


@pytest.mark.parametrize("text", ["", "> a\n> b", "On 3 Mar 2026, Ana <ana@school.example> wrote:\nHi", "\n \n"])
def test_where_nothing_is_the_senders_nothing_is_returned(text: str) -> None:
    assert strip_reply(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "On Friday at 10:15 Sam wrote:\n\nI can do it.",
        "Sent from my desk, is much easier than my mobile phone.",
        "Sent from the office. A boy came.",
        "A boy was\nsent from my room to the office and read there.",
        ">90 % of them read.",
        "Reading went\nFrom: 12 words\nTo: 40 words\nin a week.",
        "Contact ana@school.example by 10/12/2026:\nshe knows.",
        "Thanks to the new plan,\neverybody reads.",
        "This message gave her confidence.\n\nShe reads now.",
        "First we talked.\n\n---\n\nThen we read.",
        "- one\n- two\n\n-Ana",
        "Cheers, everyone clapped.",
        "He gave me a card.\n\nLove,\nSam\n\nIt was the first he ever wrote.",
        "First we talked.\n\n--\n\nThen all of them read.",
        "This message is from a mother who feels privileged.\n\nShe reads now.",
        "Get the new corner ready, I said.\n\nGet the new corner ready\n\nThey did.",
        "They found that links or attachments can bite.",
        "They asked me before printing it.",
    ],
)
def test_words_that_look_like_marks_are_kept(text: str) -> None:
    for whole in (text, f"{OWN}\n\n{text}", f"{text}\n\n{OWN}"):
        assert strip_reply(whole) == whole


def test_an_ordinary_story_of_several_paragraphs_is_not_cut(shared_data: Path) -> None:
    texts = stories(shared_data)
    together = ["\n\n".join(texts[at : at + 3]) for at in range(0, len(texts), 3)]
    cut = [text for text in [*texts, *together] if strip_reply(text) != kept(text)]
    assert len(texts) > 10_000
    assert len(cut) <= len(texts) / 1000, cut[:5]


@given(TEXTS)
@example("\ud800")
def test_reading_never_raises_and_invents_nothing(text: str) -> None:
    own = strip_reply(text)
    assert set(own.split()) <= set(text.replace("\r", "\n").split())


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,9}( [a-z]{1,9}){4,9}[.?!]", fullmatch=True), min_size=1).map("\n\n".join))
def test_sentences_come_back_unchanged(text: str) -> None:
    assert strip_reply(text) == kept(text)


@pytest.mark.usefixtures("shared_data")
def test_what_was_read_once_reads_the_same_again() -> None:
    read = [strip_reply(case["input"]) for case in rows("email/reply_cases_dev.jsonl")]
    assert [strip_reply(text) for text in read] == read


@pytest.mark.parametrize(
    "unit",
    [
        *(
            ">",
            "> \n",
            "On ",
            "On\n",
            " ",
            "\n",
            "_",
            "__\n",
            "-",
            "--\n",
            "wrote:",
            "wrote:\n",
            "a@b:\n",
            "From: a@b\n",
        ),
        *("To: a,\n", "-- Forwarded message -- From: a@b\n", "This e-mail is\n\n", "Regards\n\n", "1", "a", "<", "\r"),
    ],
)
@pytest.mark.timeout(15)
def test_a_megabyte_of_anything_is_read_soon(unit: str) -> None:
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    assert len(strip_reply(text)) <= len(text)


@pytest.mark.usefixtures("shared_data")
def test_the_mails_collected_from_others_suites_are_read_rightly() -> None:
    every = rows("email/reply_cases_dev.jsonl")
    exact = [case for case in every if case["expected_reply"] is not None]
    right = [case for case in every if reply_is_right(case, strip_reply(case["input"]))]
    assert len([case for case in exact if case in right]) >= 0.94 * len(exact)
    assert len(right) >= 0.92 * len(every)
