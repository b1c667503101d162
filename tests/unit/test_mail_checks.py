"""Who and what is not taken by mail."""

from __future__ import annotations

import pytest
from fakes.postman import ADDRESS, mail

from chalicelib.doors.mail_checks import machine_reason
from chalicelib.doors.mime.read import read_mime

FORGED = "Authentication-Results: amazonses.com; dmarc=pass"


def reason(raw: bytes) -> str | None:
    return machine_reason(read_mime(raw), ADDRESS)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"auto_submitted": "no"}, None),
        ({"auto_submitted": "auto-replied"}, "auto_reply"),
        ({"auto_submitted": "auto-generated (vacation)"}, "auto_reply"),
        ({"precedence": "auto_reply"}, "auto_reply"),
        ({"x_autoreply": "yes"}, "auto_reply"),
        ({"subject": "Automatic reply: A small win"}, "auto_reply"),
        ({"subject": "Out of Office: until Monday"}, "auto_reply"),
        ({"subject": "Out of Office Re: A small win"}, "auto_reply"),
        ({"subject": "OOO: A small win"}, "auto_reply"),
        ({"subject": "Автоматический ответ: A small win"}, "auto_reply"),
        ({"subject": "Trả lời tự động: A small win"}, "auto_reply"),
        ({"subject": "自动答复: A small win"}, "auto_reply"),
        ({"subject": "Out of the office, into the garden"}, None),
        ({"content_type": "text/calendar; method=REPLY"}, "auto_reply"),
        ({"content_type": "text/calendar; name=plan.ics"}, None),
        ({"content_type": "message/disposition-notification"}, "bounce"),
        ({"subject": "Respuesta automática: Su logro"}, "auto_reply"),
        ({"precedence": "bulk"}, "list"),
        ({"precedence": "list"}, "list"),
        ({"list_id": "<staff.maplerow.example>"}, "list"),
        ({"list_unsubscribe": "<mailto:u@news.example>"}, "list"),
        ({"return_path": "<>"}, "bounce"),
        ({"return_path": "<ana.ruiz@maplerow.example>"}, None),
        ({"content_type": "multipart/report; report-type=delivery-status; boundary=x"}, "bounce"),
        ({"sender": "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>"}, "bounce"),
        ({"sender": "no-reply@maplerow.example"}, "bounce"),
        ({"sender": ""}, "no_sender"),
        ({"sender": "Ana Ruiz"}, "no_sender"),
        ({"sender": f"Small Wins <{ADDRESS}>"}, "loop"),
        ({"sender": "Small Wins <Wins+oak7@MapleRow.example>"}, "loop"),
        ({"x_small_wins": "answer"}, "loop"),
    ],
)
def test_a_machine_is_known_by_its_headers(headers: dict[str, str], expected: str | None) -> None:
    assert reason(mail(**headers)) == expected


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ("spf=pass smtp.mailfrom=maplerow.example; dkim=pass header.i=@maplerow.example; dmarc=pass", None),
        ("spf=fail smtp.mailfrom=maplerow.example; dkim=fail header.i=@maplerow.example; dmarc=fail", "not_authentic"),
        ("spf=pass smtp.mailfrom=evil.example; dkim=pass header.i=@evil.example; dmarc=fail", "not_authentic"),
        ("spf=none; dkim=pass header.i=@maplerow.example; dmarc=none header.from=maplerow.example", None),
        ("spf=fail; dkim=pass header.i=@maplerow.example; dmarc=none", None),
        ("spf=pass smtp.mailfrom=bounce.maplerow.example; dkim=none; dmarc=none", None),
        ("spf=pass smtp.mailfrom=evil.example; dkim=none; dmarc=none", "not_authentic"),
        ("spf=softfail smtp.mailfrom=maplerow.example; dkim=none; dmarc=none", "not_authentic"),
        ("spf=pass smtp.mailfrom=notmaplerow.example; dkim=none; dmarc=none", "not_authentic"),
        ("", "not_authentic"),
    ],
)
def test_a_mail_is_from_the_domain_it_names_or_not_taken(auth: str, expected: str | None) -> None:
    assert reason(mail(auth=auth or "none")) == expected


def test_a_verdict_that_the_sender_wrote_below_that_of_ses_counts_for_nothing() -> None:
    assert reason(mail(auth="spf=fail; dkim=none; dmarc=fail", top=FORGED)) == "not_authentic"


@pytest.mark.parametrize("verdict", ["Spam", "Virus"])
def test_what_ses_calls_spam_or_a_virus_is_refused(verdict: str) -> None:
    raw = mail().replace(f"X-SES-{verdict}-Verdict: PASS".encode(), f"X-SES-{verdict}-Verdict: FAIL".encode())
    assert reason(raw) == verdict.lower()


def test_sixty_hops_are_a_loop() -> None:
    assert reason(b"Received: from a by b\r\n" * 61 + mail()) == "loop"
    assert reason(b"Received: from a by b\r\n" * 6 + mail()) is None


def test_a_mail_in_the_inbox_without_the_verdict_of_ses_is_refused_whatever_it_says_itself() -> None:
    assert reason(mail(auth="")) == "not_authentic"
    claimed = b"Authentication-Results: mx.evil.example; spf=pass; dkim=pass; dmarc=pass\r\n" + mail(auth="")
    assert reason(claimed) == "not_authentic"


def test_a_mail_saved_to_a_file_may_be_what_it_says_unless_it_says_it_failed() -> None:
    def saved(raw: bytes) -> str | None:
        return machine_reason(read_mime(raw), "", from_ses=False)

    assert saved(mail(auth="")) is None
    assert saved(b"Authentication-Results: mx.example; dmarc=pass\r\n" + mail(auth="")) is None
    assert saved(b"Authentication-Results: mx.example; dmarc=fail\r\n" + mail(auth="")) == "not_authentic"


def test_a_mail_that_names_two_senders_is_from_neither() -> None:
    assert reason(mail().replace(b"\r\nTo:", b"\r\nFrom: dana.whitlock@maplerow.example\r\nTo:")) == "not_authentic"
