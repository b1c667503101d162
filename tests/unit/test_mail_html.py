"""HTML mails become the plain text that their program would have written beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.doors.mime.html import text_of_html

RULE = "_" * 32
WORD_BORDER = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div><br></div><div>two<br></div><div>three</div>", "one\n\ntwo\nthree"),
        ("a<br>b<br><br><br>c", "a\nb\n\nc"),
        ("two&nbsp;hands &amp; caf&eacute; &#128512; &lt;3", "two hands & café 😀 <3"),
        ("so  much\n   space", "so much space"),
        ("<ul><li>one</li><li>two <b>bold</b></li></ul>", "- one\n- two bold"),
        ("<ol><li><p>one</p></li><li><p>two</p></li></ol>", "- one\n\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>x\n  y</pre>", "x\n  y"),
        ('<div style="white-space: pre-wrap">x\n  y</div>', "x\n  y"),
        ('see <a href="https://x.example">this link</a>', "see this link"),
        ('hi<img src="https://t.example/p.gif" width="1" alt="tracking"> 1 < 2', "hi 1 < 2"),
        ('well done <img alt="🎉" src="cid:1">', "well done 🎉"),
        ("<P CLASS=MsoNormal>one<o:p></o:p></P><p class=MsoNormal>two</p>", "one\ntwo"),
        ("sho\u200bes and soft\u00adware", "shoes and software"),
        ("-- <br>Ana", "-- \nAna"),
        ("<div>one</div><div>\u200b</div><p>\x08</p><div>two</div>", "one\n\ntwo"),
    ],
)
def test_a_page_becomes_lines(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<head><title>no</title><style>no{}</style></head>",
        "<script>if (a < b) no()</script>",
        "<STYLE>no</STYLE>",
        "<!-- no > no -->",
        "<!--[if mso]><p>no</p><![endif]-->",
        '<span style="display: none">no <b>no</b></span>',
        "<div hidden>no<div>no</div>no</div>",
        '<p style="mso-hide:all">no</p>',
        "<?xml no ?><!DOCTYPE no>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert text_of_html(f"<div>yes{hidden}</div><div>too</div>") == "yes\ntoo"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param(
            '<div dir="ltr">Yes!</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Ana '
            'wrote:<br></div><blockquote class="gmail_quote">Did it<div>work?</div></blockquote></div>',
            "Yes!\n\nOn Mon, Ana wrote:\n\n> Did it\n> work?",
            id="Gmail",
        ),
        pytest.param(
            'Yes!<div class="moz-cite-prefix">On 1/2/26 Ana wrote:<br></div><blockquote type="cite" cite="mid:x">'
            "<p>Did it?</p><blockquote>Old</blockquote></blockquote><p>So much</p>",
            "Yes!\nOn 1/2/26 Ana wrote:\n\n> Did it?\n>\n>> Old\n\nSo much",
            id="Thunderbird",
        ),
        pytest.param(
            'Yes!<div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg"><b>From:</b> Ana<br>'
            "<b>Sent:</b> Monday</div><div>Did it?</div>",
            f"Yes!\n\n{RULE}\nFrom: Ana\nSent: Monday\nDid it?",
            id="Outlook on the web",
        ),
        pytest.param(
            f"<div class=WordSection1><p class=MsoNormal>Yes!</p><div><div style='{WORD_BORDER}'><p class=MsoNormal>"
            "<b>From:</b> Ana<br><b>Sent:</b> Monday</p></div></div><p class=MsoNormal>Did it?</p></div>",
            f"Yes!\n{RULE}\nFrom: Ana\nSent: Monday\nDid it?",
            id="Outlook",
        ),
        pytest.param(
            '<div>Yes!</div><div id="ydp1yahoo_quoted_12" class="yahoo_quoted"><div>On Mon, Ana wrote:</div>'
            "<div>Did it?</div></div>",
            "Yes!\n> On Mon, Ana wrote:\n> Did it?",
            id="Yahoo",
        ),
    ],
)
def test_answered_mails_are_quoted_as_in_plain_text(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>a</b></i></div>b",
        "<b><div>a</b></div>b",
        "</div></blockquote><div>a</div>b",
        '<p class="x>a</p>b',
        "<div>a<div>b",
        "<table><tr><td>a<tr><td>b",
    ],
)
def test_broken_tags_hide_nothing(html: str) -> None:
    assert text_of_html(html).split() == ["a", "b"]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 50_000 + "x" + "</div>" * 50_000, id="50,000 nested tags"),
        pytest.param("<blockquote>" * 50_000 + "<br>x" * 50_000, id="50,000 nested quotes"),
        *(
            pytest.param(piece * (1_000_000 // len(piece)), id=piece)
            for piece in ("<", "<a ", "<!--", "<!", "<?", "</", '<a b="', "<a b='", "&", "&#", "<script>", "<style>")
        ),
        *(
            pytest.param(piece * (1_000_000 // len(piece)), id=piece)
            for piece in ("<p>", "<br>", "<li>&nbsp;", "<b><p></b>", "<![CDATA[", "<svg>", "<div><span></b></div>")
        ),
        pytest.param("&#" + "9" * 999_990, id="a number of a million digits"),
        pytest.param("<a " + "class " * 160_000 + ">", id="a tag of a million attributes"),
        pytest.param("<pre>" + "\n" * 999_990, id="a million empty lines"),
    ],
)
@pytest.mark.timeout(15)
def test_hostile_pages_are_read_soon(html: str) -> None:
    assert len(text_of_html(html)) <= 2 * len(html)


PIECES = st.sampled_from(
    [
        *("<", ">", "</", "<!--", "-->", "<!", "&", "&#x0;", "&#13;", "&nbsp;", "&#55296;", '"', "'", "=", "\0", "\n"),
        *("<p>", "<br>", "</br>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<script>", "</script>", "<li>"),
        *('<div style="display:none">', "</div>", "<hr>", '<div id="divRplyFwdMsg">', "text", "é", "\ud800", " "),
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_reading_never_raises_and_leaves_clean_lines(html: str) -> None:
    text = text_of_html(html)
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in text)
    assert "\n\n\n" not in text or "<pre>" in html
    text.encode()


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=50))
def test_letters_come_through_as_they_are(text: str) -> None:
    assert text_of_html(f"<div>{text}</div>") == text.strip()
