"""Mails as they are found in the wild become one plain structure, in bounded time."""

from __future__ import annotations

import base64
import codecs
import pkgutil
import tracemalloc
from encodings import __path__ as encodings_path
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.inputs import rows
from benchmarks.score_mime import expected_of, ours
from chalicelib.doors.mime.charsets import decode
from chalicelib.doors.mime.flowed import unflow
from chalicelib.doors.mime.read import MOST_CHARACTERS, MOST_PARTS, Attachment, Mime, read_mime

MIXED = b'Content-Type: multipart/mixed; boundary="b"\n\n'
TEN_MB = 10_000_000


def text_mail(body: bytes, *fields: str) -> bytes:
    return "\n".join(fields).encode() + b"\n\n" + body


def mixed(*parts: bytes) -> bytes:
    return MIXED + b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"


def sender(field: bytes) -> tuple[str, str]:
    mail = read_mime(b"From: " + field + b"\n\n")
    return mail.from_name, mail.from_address


def nested(depth: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"".join(opened) + b"\nthe core"


@pytest.mark.usefixtures("shared_data")
def test_mails_of_another_parser_read_as_it_reads_them() -> None:
    for row in rows("email/mime_expected_dev.jsonl"):
        assert ours(base64.b64decode(row["eml_base64"])) == expected_of(row), row["id"]


@pytest.mark.timeout(15)
@pytest.mark.usefixtures("shared_data")
def test_mails_made_to_break_parsers_are_read_soon() -> None:
    torture = rows("email/mime_torture_dev.jsonl")
    assert len(torture) == 102
    for row in torture:
        mail = read_mime(base64.b64decode(row["eml_base64"]))
        assert not any(char in mail.subject for char in "\r\n\0"), row["id"]


def test_a_mail_as_amazon_delivers_it_is_read(shared_data: Path) -> None:
    mail = read_mime((shared_data / "aws_events" / "anymail" / "ses_inbound_message.eml").read_bytes())
    assert (mail.subject, mail.from_name, mail.from_address) == (
        "Test inbound message",
        "Sender, Inc.",
        "from@example.org",
    )
    assert mail.text == "It's a body…\n"
    assert mail.htmls == ('<div dir="ltr">It\'s a body…</div>\n',)


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_reading_never_raises(raw: bytes) -> None:
    assert isinstance(read_mime(raw), Mime)


SNIPPETS = st.sampled_from(
    [
        *(b"\n", b"\r\n", b"\r", b"\n\n", b"--b", b"--b--", b"--", b" ", b"\t", b"\0", b"=", b";", b":", b"=?", b"?="),
        *(b"Subject: ", b"From: ", b"=?utf-8?b?4pyF?=", b"=?x?q?=0a?=", b'"', b"(", b"<a@b.c>", b"\xc3\xa9", b"\xff"),
        *(b"Content-Type: multipart/alternative; boundary=b\n\n--b\n", b"Content-Type: message/rfc822\n\n"),
        *(b"Content-Type: text/html; charset=utf-7\n\n", b"Content-Transfer-Encoding: base64\n", b"+AGE-", b"YWJj"),
        *(b"Content-Disposition: attachment; filename*0*=utf-8''%e2; filename*1=x\n", b"<b>", b"+2AA-", b"name=x"),
    ]
)


@settings(max_examples=300)
@given(st.lists(SNIPPETS, max_size=40).map(b"".join))
def test_whatever_is_read_is_clean(raw: bytes) -> None:
    mail = read_mime(raw)
    lines = [mail.subject, mail.from_name, mail.from_address, *(value for _, value in mail.headers)]
    assert all(line.isprintable() or not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in line)
               for line in lines)  # fmt: skip
    assert not set("\r\0\x1b") & set("".join((mail.text, *mail.texts, *mail.htmls)))
    "".join((mail.text, *lines)).encode()


HOSTILE: dict[str, bytes] = {
    "text": text_mail(b"hello world\n" * (TEN_MB // 12), "Subject: x"),
    "one line": text_mail(b"x" * TEN_MB, "Subject: x"),
    "line ends": b"\r\n" * (TEN_MB // 2),
    "an attachment": mixed(
        b"\nhi",
        b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(bytes(7_400_000)),
    ),
    "a mail packed in a mail": text_mail(
        base64.encodebytes(b"Subject: x\n\n" + b"hello " * 1_200_000),
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
    ),
    "HTML": text_mail(b"<p>" * (TEN_MB // 3), "Content-Type: text/html"),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.timeout(30)
def test_ten_megabytes_are_read_soon(kind: str) -> None:
    assert len(read_mime(HOSTILE[kind]).text) <= MOST_CHARACTERS


def test_ten_megabytes_take_less_than_two_hundred_more() -> None:
    for raw in HOSTILE.values():
        tracemalloc.start()
        read_mime(raw[: TEN_MB // 4] if raw.startswith(b"Content-Type: text/html") else raw)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200_000_000


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(MIXED + b"--b\n\nx\n" * 10_000 + b"--b--", id="10,000 parts"),
        pytest.param(nested(500), id="500 nested multiparts"),
        pytest.param(nested(100_000), id="100,000 nested multiparts"),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 100_000, id="100,000 nested mails"),
        pytest.param(b"Subject: " + b"x " * 500_000 + b"\n\nx", id="a header of 1 MB"),
        pytest.param(b"Subject: " + b"=?utf-8?q?=41?=\n " * 60_000 + b"\n\nx", id="60,000 encoded words"),
        pytest.param(b"Subject: " + b"=?a?q?" * 160_000 + b"\n\nx", id="encoded words without end"),
        pytest.param(b"From: " + b"(a" * 500_000 + b"\n\nx", id="a sender of comments"),
        pytest.param(b"From: " + b'"\\' * 500_000 + b"\n\nx", id="a sender of quotes"),
        pytest.param(b"Content-Type: text/plain" + b"; a=b" * 200_000 + b"\n\nx", id="200,000 parameters"),
        pytest.param(b"Content-Type: text/plain; a=" + b" a" * 500_000 + b"\n\nx", id="a parameter of blanks"),
        pytest.param(b"X: y\n" * 100_000 + b"\nx", id="100,000 headers"),
        pytest.param(MIXED + b"--b--\n" * 150_000, id="only ends"),
        pytest.param(text_mail(b"a-" * 500_000, "Content-Type: text/plain; charset=punycode"), id="a slow codec"),
        pytest.param(text_mail(b"a" * 999_999, "Content-Type: text/plain; charset=idna"), id="another slow codec"),
        pytest.param(text_mail(b"> x \n" * 200_000, "Content-Type: text/plain; format=flowed"), id="flowed lines"),
    ],
)
@pytest.mark.timeout(15)
def test_hostile_mails_are_read_soon(raw: bytes) -> None:
    assert len(read_mime(raw).text) <= len(raw)


def test_what_is_too_much_is_left_out_and_said() -> None:
    many = read_mime(MIXED + b"--b\n\nx\n" * (MOST_PARTS + 1) + b"--b--")
    assert (len(many.texts), many.truncated) == (MOST_PARTS - 1, True)
    long = read_mime(text_mail(b"x" * (MOST_CHARACTERS + 1)))
    assert (len(long.text), long.truncated) == (MOST_CHARACTERS, True)
    assert not read_mime(text_mail(b"x")).truncated
    assert len(read_mime(b"X: y\n" * 501 + b"\nx").headers) == 500
    assert len(read_mime(b"X: " + b"y" * 9_999 + b"\n\nx").first("x")) == 2_000


def test_nothing_attached_is_unpacked() -> None:
    bomb = base64.encodebytes(b"PK\x03\x04" + bytes(30))
    mail = read_mime(
        mixed(b"\nhi", b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n" + bomb)
    )
    assert mail.attachments == (Attachment("a.zip", "application/zip", "Binary", 34),)
    tnef = read_mime(mixed(b"\nhi", b"Content-Type: application/ms-tnef; name=winmail.dat\n\n\x78\x9f\x3e\x22"))
    assert (tnef.text, tnef.attachments[0].name) == ("hi", "winmail.dat")


@pytest.mark.parametrize(
    ("field", "name", "address"),
    [
        (b'"Reyes, Ana" <Ana@School.EXAMPLE>, b@c.example', "Reyes, Ana", "Ana@school.example"),
        (b"ana@school.example", "", "ana@school.example"),
        (b"ana@school.example (Ana (Room 4))", "Ana Room 4", "ana@school.example"),
        (b"=?utf-8?b?8J+Mhw==?= Ana <a@b.c>", "🌇 Ana", "a@b.c"),
        ("🌇 Ana <a@b.c>".encode(), "🌇 Ana", "a@b.c"),
        (b"=?utf-8?q?Ana=2C_evil=40x=2Ey_=3Ce=40x=2Ey=3E?= <a@b.c>", "Ana, evil@x.y <e@x.y>", "a@b.c"),
        (b'"=?iso-8859-1?q?Jos=E9?=" <j@b.c>', "José", "j@b.c"),
        (b"Staff: Ana <a@b.c>, Bo <b@b.c>;", "Ana", "a@b.c"),
        (b"Ana <a@b.c", "Ana", "a@b.c"),
        (b'"Ana <a@b.c>', "Ana", "a@b.c"),
        (b"<@x.y,@z.y:a@b.c>", "", "a@b.c"),
        (b"Ana < a @ b.c >", "Ana", "a@b.c"),
        (b"Whomever", "Whomever", ""),
        (b"MAILER DAEMON <>", "MAILER DAEMON", ""),
        (b"", "", ""),
        (b"a@b.c\r\n (Ana)", "Ana", "a@b.c"),
        (b"real@x.y <a@b.c>", "real@x.y", "a@b.c"),
    ],
)
def test_the_first_sender_is_found(field: bytes, name: str, address: str) -> None:
    assert sender(field) == (name, address)


@pytest.mark.parametrize(
    ("field", "subject"),
    [
        (b"=?utf-8?q?a=0d=0aBcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?b?4pyF?=\n =?utf-8?b?4pyF?=", "✅✅"),
        (b"=?utf-8?b?4pw=?= =?utf-8?b?hQ==?=", "✅"),
        (b"=?utf-8?q?Two_hands?= up", "Two hands up"),
        (b"=?iso-2022-jp?b?GyRCJCIbKEI=?=", "あ"),
        (b"=?gb2312?b?1tA=?= =?koi8-r?b?8A==?=", "中П"),
        (b"=?utf-8*en?q?lang?=", "lang"),
        (b"=?nonsense?q?caf=E9?=", "café"),
        (b"=?utf-8?q?not closed", "=?utf-8?q?not closed"),
        (b"=?utf-8?b?!!!?=", "!!!"),
        ("café ✅".encode(), "café ✅"),
        (b"caf\xe9", "café"),
        (b"folded\r\n\tonce", "folded once"),
        (b"turned \xe2\x80\xaearound\x00", "turned  around"),
    ],
)
def test_a_subject_is_one_decoded_line(field: bytes, subject: str) -> None:
    assert read_mime(b"Subject: " + field + b"\n\n").subject == subject


def test_headers_keep_their_order_and_are_found_by_any_spelling() -> None:
    mail = read_mime(b"Received: one\nX-A: 1\nreceived: two\n\n")
    assert mail.headers == (("Received", "one"), ("X-A", "1"), ("received", "two"))
    assert (mail.first("RECEIVED"), mail.all("Received"), mail.first("Absent")) == ("one", ["one", "two"], "")


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("utf-8", "naïve ✅".encode(), "naïve ✅"),
        ("utf-8", b"na\xefve", "naïve"),
        ("utf-8", "✅✅✅".encode()[:-1], "✅✅�"),
        ("us-ascii", "naïve".encode(), "naïve"),
        ("iso-8859-1", "naïve ✅".encode(), "naïve ✅"),
        ("iso-8859-1", b"\x93quoted\x94", "“quoted”"),
        ("windows-1252", b"CAF\xc9\x85", "CAFÉ…"),
        ("utf-7", b"caf+AOk-", "café"),
        ("iso-2022-jp", b'\x1b$B$"\x1b(B', "あ"),
        ("gb2312", "中文镕".encode("gb18030"), "中文镕"),
        ("GB18030", "中文".encode("gb18030"), "中文"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("big5", "中文".encode("big5"), "中文"),
        ("shift_jis", "①あ".encode("cp932"), "①あ"),
        ("ks_c_5601-1987", "한글".encode("cp949"), "한글"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("windows1251", "Привет".encode("cp1251"), "Привет"),
        ("iso-8859-8-i", "שלום".encode("iso8859-8"), "שלום"),
        ("utf-16", "ab".encode("utf-16"), "ab"),
        ("x-unknown", b"caf\xe9", "café"),
        ("unicode_escape", b"\\x41", "\\x41"),
        ("../../x", b"a", "a"),
        ("", b"\x80", "€"),
    ],
)  # fmt: skip
def test_text_is_read_in_its_charset_or_in_the_likeliest(charset: str, data: bytes, text: str) -> None:
    assert decode(data, charset) == text


def test_no_label_makes_decoding_fail() -> None:
    names = {module.name for module in pkgutil.iter_modules(encodings_path)} | {"", "é", "a" * 999, "\0", "undefined"}
    for name in names:
        assert isinstance(decode(b"\xff\xfe+2AA-\x1b$B\x80 ~{", name), str)
    assert codecs.lookup("utf-8")


def test_flowed_paragraphs_are_joined() -> None:
    assert unflow("Two hands \nwent up.\n\n-- \nAna") == "Two hands went up.\n\n-- \nAna"
    assert unflow("> Did \n> it?\n>> Old \n>> one\nYes") == "> Did it?\n>> Old one\nYes"
    assert unflow("今日 \nは", delsp=True) == "今日は"
    assert unflow(" >not a quote\n From here") == ">not a quote\nFrom here"
    flowed = text_mail(b"Two hands \nwent up.", "Content-Type: text/plain; format=flowed")
    assert (read_mime(flowed).text, read_mime(flowed).texts) == ("Two hands went up.", ("Two hands \nwent up.",))


def test_plain_text_is_read_before_html_and_html_if_there_is_no_other() -> None:
    plain, rich = b"\nplain", b"Content-Type: text/html\n\n<b>rich</b>"
    both = mixed(plain, rich).replace(b"multipart/mixed", b"multipart/alternative")
    assert (read_mime(both).text, read_mime(both).htmls) == ("plain", ("<b>rich</b>",))
    only = mixed(rich).replace(b"multipart/mixed", b"multipart/alternative")
    assert (read_mime(only).text, read_mime(only).texts) == ("rich", ())
    footer = mixed(rich, b"\n--\nA footer of the list")
    assert read_mime(footer).text == "rich\n\n--\nA footer of the list"


def test_a_mail_cut_on_its_way_is_still_read() -> None:
    cut = read_mime(MIXED + b"--b\n\nTwo hands went up")
    assert (cut.text, cut.texts, cut.attachments[0].kind) == ("Two hands went up", (), "Text")
    inner = b"Content-Type: multipart/alternative; boundary=i\n\n--i\n\nTwo hands"
    assert read_mime(mixed(inner)).text == "Two hands"
    assert read_mime(b"Content-Type: multipart/mixed\n\nTwo hands").text == "Two hands"


def test_broken_encodings_lose_nothing() -> None:
    base = ["Content-Type: text/plain", "Content-Transfer-Encoding: base64"]
    assert read_mime(text_mail(b"VHdvIGhhbmRz\n", *base)).text == "Two hands"
    assert read_mime(text_mail(b"VHdvIGhhbmRz\n--\nThe list's footer", *base)).text == "Two hands--\nThe list's footer"
    assert read_mime(text_mail(b"No base64, this!", *base)).text == "No base64, this!"
    assert read_mime(text_mail(b"VHdvIGhhbmRzI", *base)).text == "Two hands"
    quoted = "Content-Transfer-Encoding: quoted-printable"
    assert read_mime(text_mail(b"a=3Db =ZZ c=\n d=", quoted)).text == "a=b =ZZ c d"
    assert read_mime(text_mail(b"as is", "Content-Transfer-Encoding: x-uuencode")).text == "as is"


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (b"", "", ""),
        (b"Subject: only headers\n", "only headers", ""),
        (b"only a body", "", "only a body"),
        (b"\nonly a body", "", "only a body"),
        (b"Subject: CR\rX: y\r\rbody\rmore", "CR", "body\nmore"),
        (b"Subject: CRLF\r\n\r\nbody\r\n", "CRLF", "body\n"),
        (b"From a@b.c Mon Jan  1 00:00:00 2026\nSubject: mbox\n\nbody", "mbox", "body"),
        (b"Subject: NUL\0s\n\nbo\0dy", "NUL s", "body"),
        (b"Subject: glued\nthe body\n", "glued", "the body\n"),
        (b"Subject: uu\n\nbegin 644 a\n#86)C\n`\nend\n", "uu", "begin 644 a\n#86)C\n`\nend\n"),
        (b"Content-Type: nonsense\nSubject: odd\n\nbody", "odd", "body"),
    ],
)
def test_the_barest_mails_are_read(raw: bytes, subject: str, text: str) -> None:
    assert (read_mime(raw).subject, read_mime(raw).text) == (subject, text)


def test_forwarded_mails_are_read_as_mails() -> None:
    inner = b"From: Bo <b@c.d>\nSubject: inner\n\nTwo hands"
    packed = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner)
    for part in (b"Content-Type: message/rfc822; name=m.eml\n\n" + inner, packed):
        mail = read_mime(mixed(b"\nFYI", part, b"\nbye"))
        assert (mail.text, mail.attachments[0].kind, mail.attachments[0].size) == ("FYI\n\nbye", "Message", len(inner))
        assert [(one.subject, one.from_address, one.text) for one in mail.forwarded] == [
            ("inner", "b@c.d", "Two hands")
        ]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (b"Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
        (b"Content-Disposition: attachment; filename*0*=iso-8859-1''na%EF; filename*1=\"ve.txt\"", "naïve.txt"),
        (b'Content-Disposition: attachment; filename="=?utf-8?q?na=C3=AFve.txt?="', "naïve.txt"),
        (b"Content-Disposition: attachment; filename=two words.txt; size=3", "two words.txt"),
        (b'Content-Disposition: attachment; filename="a\\"b\n .txt"', 'a"b .txt'),
        (b"Content-Type: image/png; name=a.png", "a.png"),
        (b"Content-Disposition: attachment", None),
    ],
)
def test_attachments_keep_their_names(fields: bytes, name: str | None) -> None:
    attachments = read_mime(mixed(b"\nhi", fields + b"\n\nx")).attachments
    assert [one.name for one in attachments] == [name]


def alternatives(plain: bytes, rich: bytes) -> str:
    parts = (b"text/plain\n\n" + plain, b"text/html\n\n" + rich)
    body = b"".join(b"--b\nContent-Type: " + part + b"\n" for part in parts)
    return read_mime(b"Content-Type: multipart/alternative; boundary=b\n\n" + body + b"--b--\n").text


@pytest.mark.parametrize("notice", [b"", b" \n", b"\xc2\xa0\n", b"Please view this message in HTML.", b"MIME format."])
def test_html_is_read_where_the_plain_text_beside_it_says_nothing(notice: bytes) -> None:
    assert alternatives(notice, b"<p>Two hands</p>") == "Two hands"


def test_plain_text_about_html_is_read() -> None:
    assert alternatives(b"They wrote HTML!", b"<p>They wrote <b>HTML</b>!</p>") == "They wrote HTML!"
    assert alternatives(b"They wrote HTML!", b"<img src=x>") == "They wrote HTML!"


def test_a_page_that_is_called_plain_is_read_as_a_page() -> None:
    assert (
        read_mime(b"Content-Type: text/plain\n\n<html><body><p>Two</p><p>hands</p></body></html>").text
        == "Two\n\nhands"
    )


@pytest.mark.parametrize("label", ["utf-8", "us-ascii", ""])
def test_chinese_and_japanese_under_a_wrong_label_are_known_by_their_bytes(label: str) -> None:
    assert decode("今天孩子们读了一个小时。".encode("gb18030"), label) == "今天孩子们读了一个小时。"
    assert decode("今日は読みました。".encode("iso-2022-jp"), label) == "今日は読みました。"
    assert decode("INFORMAÇÃO “à ñ”".encode("cp1252"), label) == "INFORMAÇÃO “à ñ”"


def test_what_a_calendar_sent_is_told_from_a_date_that_is_attached() -> None:
    assert read_mime(mixed(b"\nhi", b"Content-Type: text/calendar; method=REPLY\n\nx")).invites
    assert not read_mime(mixed(b"\nhi", b"Content-Type: text/calendar; name=a.ics\n\nx")).invites
