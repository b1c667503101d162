"""A mail is a win, its sender gets one receipt, and everything else is a named refusal."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

import pytest
from fakes.desk import KEYS, NOW, desk_at
from fakes.memory import Fuse, Fused, Killed, MemoryTable
from fakes.postman import ADDRESS, ANA, MemoryMail, Postman, mail
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.school import School
from chalicelib.doors.mail import read_letter
from chalicelib.ports import Undeliverable, Unsent
from chalicelib.work.amend import open_win
from chalicelib.work.receive_mail import MOST_BYTES

STORY = "Two hands went up before I had finished the question."
REPLY = f"""{STORY}

On Mon, Nov 23, 2026 at 9:00 AM Dana Whitlock <dana@maplerow.example> wrote:
> What small win did you see this week?

--{" "}
Ana Ruiz
Grade 3"""
FORWARD = """This came from a parent today.

---------- Forwarded message ---------
From: Sam Lee <sam@home.example>
Date: Tue, Nov 24, 2026 at 7:31 AM
Subject: Thank you
To: <ana.ruiz@maplerow.example>

She reads to her brother every night now."""


STRANGER = mail(sender="x@elsewhere.example", auth="dmarc=pass")


@pytest.fixture
def postman(sample_school: School) -> Postman:
    """Somebody who brings mails to a school without wins."""
    return Postman(MemoryTable(), sample_school)


# a mail is a win


def test_a_mail_is_kept_without_quotes_and_signature(postman: Postman) -> None:
    assert postman.bring(mail(REPLY, subject="Re: This week")) == "stored"
    (win,) = postman.wins()
    assert (win.story, win.kind, win.channel, win.author.mode) == (STORY, "success", "mail", "confidential")
    assert win.quoted is None
    assert postman.mail.lying == {}


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Lesson: groups of five", "lesson"),
        ("Re: lección - x: y", "success"),
        ("RE: Lección: grupos", "lesson"),
        ("Small win: reading", "success"),
        ("Lessons from today", "success"),
        ("", "success"),
    ],
)
def test_a_word_before_the_colon_of_the_subject_is_its_kind(postman: Postman, subject: str, kind: str) -> None:
    postman.bring(mail(subject=subject))
    assert postman.wins()[0].kind == kind


def test_the_address_fills_in_goal_team_and_kind(postman: Postman) -> None:
    postman.bring(mail("Of the goal.", to=f"Wins <wins+OAK7@maplerow.example>, {ANA}"))
    postman.bring(mail("Of the team.", to="wins+elm2@maplerow.example", message_id="<2@x>"))
    postman.bring(mail("A lesson.", to="wins+staff.lesson@maplerow.example", message_id="<3@x>"))
    postman.bring(mail("Of no link.", to="wins+nothing@maplerow.example", message_id="<4@x>"))
    postman.bring(mail("Of both.", to="wins+lesson+elm2@maplerow.example", message_id="<5@x>"))
    found = {win.story: (win.goals, win.team, win.kind, win.link) for win in postman.wins()}
    assert found == {
        "Of the goal.": (("explain",), None, "success", "oak7"),
        "Of the team.": ((), "grade-2-3", "success", "elm2"),
        "A lesson.": ((), None, "lesson", "staff"),
        "Of no link.": ((), None, "success", None),
        "Of both.": ((), "grade-2-3", "lesson", "elm2"),
    }


def test_a_blind_copy_is_known_by_the_envelope_that_ses_notes(postman: Postman) -> None:
    top = "Received: from mx.example by inbound-smtp.amazonaws.com with SMTP id x for wins+oak7@maplerow.example; Mon"
    postman.bring(mail(to="staff@maplerow.example", top=top))
    assert postman.wins()[0].link == "oak7"


def test_an_answer_to_a_receipt_is_a_win_under_the_same_link(postman: Postman) -> None:
    postman.bring(mail(to="wins+oak7@maplerow.example"))
    _, receipt = postman.mail.sent[0]
    quoted = "\n".join(f"> {line}" for line in postman.answers()[0].splitlines())
    answer = f"And today a third one.\n\nOn Tue, Nov 24, 2026 at 9:00 AM Small Wins <{ADDRESS}> wrote:\n{quoted}"
    postman.bring(mail(answer, to=str(receipt["Reply-To"]), subject=str(receipt["Subject"]), message_id="<2@x>"))
    assert sorted((win.story, win.link) for win in postman.wins()) == [
        ("And today a third one.", "oak7"),
        ("Two hands went up.", "oak7"),
    ]


def test_what_was_forwarded_is_kept_apart_and_never_shown(postman: Postman) -> None:
    postman.bring(mail(FORWARD, subject="Fwd: Thank you"))
    (win,) = postman.wins()
    assert win.story == "This came from a parent today."
    assert win.quoted == "She reads to her brother every night now."
    assert "brother" not in postman.answers()[0]
    assert "What you forwarded is kept" in postman.answers()[0]


def test_a_forward_without_a_word_is_itself_the_story(postman: Postman) -> None:
    postman.bring(mail(FORWARD.partition("\n\n")[2], subject="Fwd: Thank you"))
    (win,) = postman.wins()
    assert (win.story, win.quoted) == ("She reads to her brother every night now.", None)
    assert "the words you forwarded" in postman.answers()[0]


def test_words_below_a_quoted_forward_are_the_senders_own(postman: Postman) -> None:
    head = "Begin forwarded message:\n\nFrom: Sam <sam@home.example>\nSubject: Hi\nTo: ana@x.example\n\nShe reads now."
    quoted = "\n".join(f"> {line}".rstrip() for line in head.splitlines())
    postman.bring(mail(f"{quoted}\n\nThis made my week.", subject="Fwd: Hi"))
    (win,) = postman.wins()
    assert (win.story, win.quoted) == ("This made my week.", "She reads now.")


def test_a_mail_that_is_all_subject_is_a_win_if_it_says_something(postman: Postman) -> None:
    assert postman.bring(mail("", subject="Two hands went up before I asked")) == "stored"
    assert postman.bring(mail("", subject="Small win", message_id="<2@x>")) == "nothing_left"
    assert postman.bring(mail("", subject="Re: What small win did you see?", message_id="<3@x>")) == "nothing_left"


def test_a_mail_in_html_alone_is_read_and_answered_in_its_language(postman: Postman) -> None:
    html = "<style>p{color:red}</style><p>Dos ni&ntilde;os <b>leyeron</b> solos.</p><p>Fue la primera vez.</p>"
    postman.bring(mail(html, content_type="text/html; charset=utf-8"))
    assert postman.wins()[0].story == "Dos niños leyeron solos.\n\nFue la primera vez."
    assert postman.answers()[0].startswith("Gracias.")


# the receipt


def test_the_receipt_says_how_it_appears_and_to_whom_and_opens_the_win(postman: Postman) -> None:
    postman.bring(mail(REPLY, subject="Re: This week", message_id="<abc@maplerow.example>"))
    ((recipient, message),) = postman.mail.sent
    assert recipient == ANA
    assert message["In-Reply-To"] == message["References"] == "<abc@maplerow.example>"
    assert (message["Subject"], message["Auto-Submitted"]) == ("Re: This week", "auto-replied")
    text = postman.answers()[0]
    assert STORY in text
    assert "Staff of Maple Row School" in text
    token = text.partition("/receipt#")[2].split()[0]
    assert open_win(desk_at(postman.table, postman.school), token).win.story == STORY


def test_our_own_receipt_coming_back_is_a_loop(postman: Postman) -> None:
    postman.bring(mail())
    _, receipt = postman.mail.sent[0]
    assert postman.bring(receipt.as_bytes(policy=SMTP)) == "loop"
    assert len(postman.mail.sent) == len(postman.wins()) == 1


@pytest.mark.parametrize(
    "subject",
    ["Hi\r\nBcc: everyone@maplerow.example", "=?utf-8?q?Hi=0D=0ABcc:_everyone@maplerow.example?=", "x" * 100_000],
)
def test_a_subject_cannot_put_headers_into_the_receipt(postman: Postman, subject: str) -> None:
    postman.bring(mail(subject=subject))
    ((_, message),) = postman.mail.sent
    assert message["Bcc"] is None
    assert len(str(message["Subject"])) < 200


def test_a_school_name_with_marks_makes_a_sound_sender(sample_school: School) -> None:
    school = sample_school.model_copy(update={"shown_as": 'Wins "of" Ms. O\'Brien <x>, Ñandú'})
    postman = Postman(MemoryTable(), school)
    postman.bring(mail())
    assert postman.mail.sent[0][1]["From"].addresses[0].addr_spec == ADDRESS


def test_attachments_are_not_kept_and_the_receipt_says_so(postman: Postman) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ANA, ADDRESS, "With a picture"
    message.set_content(STORY)
    message.add_attachment(b"\x89PNG not really", maintype="image", subtype="png", filename="class.png")
    postman.bring(b"Authentication-Results: amazonses.com; dmarc=pass\r\n" + message.as_bytes(policy=SMTP))
    assert "not kept, to protect students" in postman.answers()[0]
    assert b"PNG" not in repr(vars(postman.table)).encode()


# once


def test_a_mail_delivered_again_is_one_win_and_one_receipt(postman: Postman) -> None:
    raw = mail(REPLY)
    assert [postman.bring(raw) for _ in range(3)] == ["stored", "repeated", "repeated"]
    assert postman.bring(b"Received: by another way\r\n" + raw) == "repeated"
    assert len(postman.wins()) == len(postman.mail.sent) == 1


def test_two_mails_of_a_program_that_gives_all_the_same_message_id_are_two_wins(postman: Postman) -> None:
    assert [postman.bring(mail(text)) for text in ("The first.", "The second.")] == ["stored", "stored"]
    assert len(postman.wins()) == 2


def test_a_mail_to_two_of_our_addresses_is_one_win(postman: Postman) -> None:
    postman.bring(mail(to="wins+oak7@maplerow.example"))
    assert postman.bring(mail(to="wins+elm2@maplerow.example")) == "repeated"
    assert len(postman.wins()) == len(postman.mail.sent) == 1


def test_a_mail_that_is_gone_already_is_done(postman: Postman) -> None:
    assert postman.notice("mail/never") == "gone"


def test_a_win_taken_back_stays_away_when_its_mail_comes_again(postman: Postman) -> None:
    from chalicelib.work.amend import remove_win

    postman.bring(mail())
    token = postman.answers()[0].partition("/receipt#")[2].split()[0]
    remove_win(desk_at(postman.table, postman.school), token)
    assert postman.bring(mail()) == "removed"
    assert [win.state for win in postman.wins()] == ["deleted"]


@pytest.mark.parametrize("raw", [mail(REPLY), mail("> only a quote"), STRANGER])
def test_killed_between_any_two_steps_the_retry_ends_in_one_win_and_at_most_one_answer(
    sample_school: School, raw: bytes
) -> None:
    clean = Postman(MemoryTable(), sample_school)
    clean.bring(raw)
    steps = 0
    while True:
        fuse = Fuse(before_write=steps)
        table, post = MemoryTable(), MemoryMail()
        postman = Postman(Fused(table, fuse), sample_school, Fused(post, fuse))
        name = postman.put(raw)
        try:
            postman.notice(name)
        except Killed:
            postman = Postman(table, sample_school, post)
            for _ in range(2):
                postman.notice(name)
        else:
            break
        assert [win.story for win in postman.wins()] == [win.story for win in clean.wins()]
        assert len(post.sent) <= 1
        assert post.lying.keys() == clean.mail.lying.keys()
        steps += 1
    assert steps >= 2


def test_a_receipt_that_could_not_be_sent_is_sent_by_the_retry(postman: Postman) -> None:
    postman.mail.failures.append(Unsent("Throttling"))
    name = postman.put(mail())
    with pytest.raises(Unsent):
        postman.notice(name)
    assert postman.notice(name) == "stored"
    assert len(postman.wins()) == len(postman.mail.sent) == 1
    assert postman.mail.lying == {}


def test_a_receipt_that_may_have_been_sent_is_not_sent_again(postman: Postman) -> None:
    postman.mail.failures.append(TimeoutError())
    name = postman.put(mail())
    with pytest.raises(TimeoutError):
        postman.notice(name)
    assert postman.notice(name) == "repeated"
    assert (len(postman.wins()), postman.mail.sent, postman.mail.lying) == (1, [], {})


def test_a_receipt_that_can_never_be_delivered_does_not_hold_the_win_up(postman: Postman) -> None:
    postman.mail.failures.append(Undeliverable("MessageRejected"))
    assert postman.bring(mail()) == "stored"
    assert len(postman.wins()) == 1


# refusals


def test_machines_are_never_answered_and_their_mail_is_removed(postman: Postman) -> None:
    assert postman.bring(mail(auto_submitted="auto-replied")) == "auto_reply"
    assert postman.bring(mail(return_path="<>")) == "bounce"
    assert postman.bring(mail(list_id="<x>")) == "list"
    assert postman.bring(mail(auth="dmarc=fail")) == "not_authentic"
    assert (postman.wins(), postman.mail.sent, postman.mail.lying) == ([], [], {})


def test_a_stranger_gets_one_sentence_a_day_and_the_mail_waits(postman: Postman) -> None:
    auth = "dmarc=pass"
    for n in range(3):
        stranger = mail(f"Number {n}", sender="Sam <sam@home.example>", auth=auth)
        assert postman.bring(stranger) == "sender_unknown"
    assert [recipient for recipient, _ in postman.mail.sent] == ["sam@home.example"]
    assert "only addresses of Maple Row School" in postman.answers()[0]
    assert len(postman.mail.lying) == 3
    assert postman.wins() == []


@pytest.mark.parametrize("sender", [ANA, "x@mail.maplerow.example", "ANA@MapleRow.Example"])
def test_addresses_of_the_school_may(postman: Postman, sender: str) -> None:
    assert postman.bring(mail(sender=sender, auth="dmarc=pass")) == "stored"


@pytest.mark.parametrize("sender", ["a@notmaplerow.example", "a@maplerow.example.evil.example", "a@maplerow"])
def test_addresses_that_only_look_like_it_may_not(postman: Postman, sender: str) -> None:
    assert postman.bring(mail(sender=sender, auth="dmarc=pass")) == "sender_unknown"


def test_without_domains_only_the_leaders_may(sample_school: School) -> None:
    school = sample_school.model_copy(update={"mail": sample_school.mail.model_copy(update={"domains": ()})})
    postman = Postman(MemoryTable(), school)
    assert postman.bring(mail()) == "sender_unknown"
    assert postman.bring(mail(sender="Dana.Whitlock@maplerow.example")) == "stored"


def test_nothing_but_a_quote_or_a_signature_is_answered_with_what_to_do(postman: Postman) -> None:
    quote = REPLY.partition("\n\n")[2]
    assert postman.bring(mail(quote, subject="Re: This week")) == "nothing_left"
    assert "no words of your own" in postman.answers()[0]
    assert postman.wins() == []


def test_a_story_longer_than_can_be_kept_is_said_to_be(postman: Postman) -> None:
    assert postman.bring(mail("They waited. " * 1000)) == "too_long"
    assert "10,000 characters" in postman.answers()[0]


def test_more_mails_in_an_hour_than_a_school_takes_wait(sample_school: School) -> None:
    school = sample_school.model_copy(update={"mail": sample_school.mail.model_copy(update={"per_hour": 2})})
    postman = Postman(MemoryTable(), school)
    codes = [postman.bring(mail(f"Number {n}", message_id=f"<{n}@x>")) for n in range(4)]
    assert codes == ["stored", "stored", "too_many", "too_many"]
    assert len(postman.mail.sent) == 3


# hostile mail


def _zip_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    return packed.getvalue()


def _with_attachment(content: bytes) -> bytes:
    encoded = base64.encodebytes(content).decode()
    body = f"--x\nContent-Type: text/plain\n\n{STORY}\n--x\nContent-Type: application/zip\n"
    body += f"Content-Transfer-Encoding: base64\n\n{encoded}\n--x--"
    return mail(body, content_type="multipart/mixed; boundary=x")


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a 10 MB attachment": (lambda: _with_attachment(b"\0" * 7_000_000), "stored"),
    "a mail over 10 MB": (lambda: _with_attachment(b"\0" * 9_000_000), "too_large"),
    "a zip bomb": (lambda: _with_attachment(_zip_bomb()), "stored"),
    "10 MB of text": (lambda: mail("word " * 1_900_000), "too_long"),
    "a 1 MB header": (lambda: mail(STORY, x_long="y" * 1_000_000), "stored"),
    "invalid base64": (
        lambda: mail("!!!! not base64 at all !!!!", content_transfer_encoding="base64"),
        "stored",
    ),
    "an emoji name": (lambda: mail(STORY, sender=f'"Ana 🎉 O\'Brien" <{ANA}>'), "stored"),
    "10,000 parts": (
        lambda: mail("--x\nContent-Type: text/plain\n\nhi\n" * 10_000, content_type="multipart/mixed; boundary=x"),
        "stored",
    ),
    "500 nested multiparts": (
        lambda: mail(
            "".join(f"--{n}x\nContent-Type: multipart/mixed; boundary={n + 1}x\n\n" for n in range(500)),
            content_type="multipart/mixed; boundary=0x",
        ),
        "nothing_left",
    ),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_ends_in_a_win_or_a_sentence_soon(postman: Postman, name: str) -> None:
    make, expected = HOSTILE[name]
    code = postman.bring(make())
    assert code == expected
    assert len(postman.mail.sent) == 1
    assert len(postman.wins()) == (code == "stored")


def test_the_limit_of_size_is_ten_megabytes() -> None:
    assert MOST_BYTES == 10_000_000


@given(st.binary(max_size=2_000))
def test_reading_a_letter_never_fails(raw: bytes) -> None:
    letter = read_letter(raw)
    assert letter.kind in {"success", "lesson"}
    assert "\0" not in letter.story


def test_no_address_is_kept(postman: Postman) -> None:
    postman.bring(mail(REPLY))
    postman.bring(mail(sender="sam@home.example", auth="dmarc=pass"))
    everything = repr(vars(postman.table))
    assert "ana.ruiz" not in everything
    assert "home.example" not in everything
    assert KEYS["source"][0] not in everything
    assert NOW.isoformat() not in everything


# what clients send


def story(text: str, **sides: str) -> str:
    return read_letter(mail(text, **sides)).story


@pytest.mark.parametrize(
    "below",
    [
        "Ana Ruiz\nShe/her\nGrade 3 | Maple Row\n(555) 010-0123",
        "- Ana",
        'Ms. Ruiz\nRoom 12\n"Every child is an artist." - Pablo Picasso',
        "*Ana Ruiz*\n*3rd Grade*",
        "Yours in learning,\n\nAna Ruiz\nGrade 3\nEvery day counts for every child.",
        "---\nAna Ruiz, M.Ed.",
    ],
)
def test_the_senders_own_name_and_post_are_no_part_of_the_story(below: str) -> None:
    assert story(f"{STORY}\n\n{below}\n") == STORY
    assert story(f"{STORY}\n\n{below}\n\nP.S. Lee, too.\n") == f"{STORY}\n\nP.S. Lee, too."


@pytest.mark.parametrize(
    "text",
    [
        "Ana\n\nTwo hands went up",
        "They read:\n- Ana\n- Lee",
        "They read:\n\nAna\nLee",
        "They sang.\n\nAna\n\nThen all of them read.",
        "Ana Ruiz\nGrade 3",
    ],
)
def test_a_story_with_the_senders_name_in_it_is_kept(text: str) -> None:
    assert story(text) == text


@pytest.mark.parametrize("above", ["Ana Ruiz\nGrade 3\n\n", "Thanks,\nAna\n\n", "Best regards\n\nAna Ruiz\n\n"])
def test_a_signature_alone_above_a_forwarded_mail_says_nothing(above: str) -> None:
    letter = read_letter(mail(above + FORWARD.partition("\n\n")[2], subject="Fwd: Thank you"))
    assert (letter.story, letter.told) == ("", "She reads to her brother every night now.")


def test_a_forward_without_a_word_is_told_without_warnings_and_signature() -> None:
    text = FORWARD.partition("\n\n")[2].replace("She reads", "[EXTERNAL]\n\nShe reads") + "\n\nKind regards\nSam"
    letter = read_letter(mail(text, subject="Fwd: Thank you"))
    assert letter.told == "She reads to her brother every night now."
    assert letter.forwarded is not None
    assert letter.forwarded.body.endswith("Kind regards\nSam")


@pytest.mark.parametrize("body", ["", "-- \nAna Ruiz", "Sent from my iPhone", "[image: image.png]"])
def test_a_telling_subject_above_no_words_is_the_story(body: str) -> None:
    assert story(body, subject="[EXTERNAL] Sam read a whole page") == "Sam read a whole page"
    assert story(body, subject="IMG_0042") == ""


def test_signs_for_pictures_and_what_only_pgp_understands_are_no_words() -> None:
    assert story(f"{STORY}\n\n[cid:image001.png@01DB]\n") == STORY
    armour = "-----BEGIN PGP SIGNATURE-----\n\niQ=\n-----END PGP SIGNATURE-----"
    assert story(f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{STORY}\n{armour}\n") == STORY
    assert story("-----BEGIN PGP MESSAGE-----\n\nhQ=\n-----END PGP MESSAGE-----") == ""


def test_a_tag_before_the_word_of_the_subject_hides_no_kind() -> None:
    assert read_letter(mail(subject="RE: [EXT] Lesson: groups")).kind == "lesson"
