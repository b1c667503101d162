"""Posters: cameras read the code, people the rest, on both papers; no text is cut, none is code."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from fakes.camera import look_at_pdf, look_at_svg, read_codes
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageDraw

from chalicelib.domain.school import Link, Mail, Texts
from chalicelib.domain.words import say
from infra.poster.__main__ import main
from infra.poster.letters import clean, width_of
from infra.poster.page import PAPERS, Poster, draw
from infra.poster.pdf import as_pdf
from infra.poster.shapes import POINT, Box, Drawing, Squares, Words
from infra.poster.svg import as_svg
from infra.schoolfile import SAMPLE, load_school

URL = "https://wins.school.example"
SCHOOL = load_school(SAMPLE)
HOSTILE = "<script>alert(1)</script> ]]> & \"' {0} %s \\) Tj ET \u202eold\u202c <svg/onload=x>"
TAGS = ("svg", "title", "style", "rect", "polyline", "path", "text")
SVG = "{http://www.w3.org/2000/svg}"
BOTH_PAPERS = pytest.mark.parametrize("paper", PAPERS)


def poster_of(language: str = "en", paper: str = "a4", *, code: str = "oak7", url: str = URL, **changes: Any) -> Poster:
    """Make a poster of the sample school, some of which is changed."""
    school = SCHOOL.model_copy(update=changes)
    return Poster(school, school.link(code) or Link(code=code), language, url, paper)


def text_of(pdf: bytes) -> str:
    """Read what can be searched, without the ends of lines."""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


def words_of(drawing: Drawing) -> list[Words]:
    return [shape for shape in drawing.shapes if isinstance(shape, Words)]


@BOTH_PAPERS
@pytest.mark.parametrize(("language", "end"), [("en", ""), ("es", "/es")])
def test_a_camera_reads_the_link_of_the_language_from_the_pdf_and_the_svg(paper: str, language: str, end: str) -> None:
    drawing = draw(poster_of(language, paper))
    assert read_codes(look_at_pdf(as_pdf(drawing))) == [f"{URL}/s/oak7{end}"]
    assert read_codes(look_at_svg(as_svg(drawing).decode())) == [f"{URL}/s/oak7{end}"]


def test_a_creased_and_stained_print_is_still_read() -> None:
    image = look_at_pdf(as_pdf(draw(poster_of())), 2)
    (code,) = [shape for shape in draw(poster_of()).shapes if isinstance(shape, Squares)]
    left, top = code.runs[0][:2]
    one = 2 / POINT
    pencil = ImageDraw.Draw(image)
    for at in (12, 24):  # two folds, three modules wide
        y = (top + at * code.side) * one
        pencil.rectangle((left * one, y, (left + 33 * code.side) * one, y + 1.5 * code.side * one), fill="#bbb")
    x, y = (left + 14 * code.side) * one, (top + 16 * code.side) * one
    pencil.ellipse((x, y, x + 6 * code.side * one, y + 6 * code.side * one), fill="#963")
    assert read_codes(image) == [f"{URL}/s/oak7"]


def test_the_code_has_four_modules_of_white_around_it_and_is_as_wide_as_a_hand() -> None:
    shapes = draw(poster_of()).shapes
    (code,) = [shape for shape in shapes if isinstance(shape, Squares)]
    card = shapes[shapes.index(code) - 1]
    assert isinstance(card, Box)
    assert card.fill == "#ffffff"
    assert code.runs[0][0] - card.x == pytest.approx(4 * code.side)
    assert min(y for _, y, _ in code.runs) - card.y == pytest.approx(4 * code.side)
    assert max(x + width for x, _, width in code.runs) == pytest.approx(card.x + card.width - 4 * code.side)
    assert card.width - 8 * code.side > 70


@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("letter", (215.9, 279.4))])
def test_a_poster_is_one_page_of_its_paper(paper: str, size: tuple[float, float]) -> None:
    drawing = draw(poster_of(paper=paper))
    with pypdfium2.PdfDocument(as_pdf(drawing)) as document:
        assert [side * POINT for side in document[0].get_size()] == pytest.approx(size, abs=0.05)
    root = ET.fromstring(as_svg(drawing))
    assert (root.get("width"), root.get("height")) == tuple(f"{side:g}mm" for side in size)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Where did you hear a student explain their thinking?", "Or text JOIN oak7", "Lesson learned"]),
        ("es", ["¿Dónde oyó a un estudiante explicar su razonamiento?", "O mande UNIRME oak7", "Lección aprendida"]),
    ],
)
def test_all_of_it_can_be_searched_in_its_language(language: str, told: list[str]) -> None:
    text = text_of(as_pdf(draw(poster_of(language))))
    for one in (*told, "Maple Row School", "(555) 555-0142", "wins+oak7", "@maplerow.example"):
        assert one in text
    assert "wins.school.example/s/oak7" in text.replace(" ", "")


def test_who_takes_no_texts_and_no_mail_has_none_on_the_poster() -> None:
    texts, mail = Texts(unknown="open"), Mail(domains=("maplerow.example",))
    text = text_of(as_pdf(draw(poster_of(texts=texts, mail=mail))))
    assert "555" not in text
    assert "@" not in text
    assert "rates" not in text


def test_who_may_text_without_joining_is_not_told_to_join_and_a_number_elsewhere_has_its_country() -> None:
    texts = SCHOOL.texts.model_copy(update={"unknown": "open", "number": "+34612345678"})
    text = text_of(as_pdf(draw(poster_of(texts=texts))))
    assert "+34 612 34 56 78" in text
    assert "JOIN" not in text


def test_a_link_without_a_prompt_asks_what_its_form_asks() -> None:
    assert say("en", "form.prompt") in text_of(as_pdf(draw(poster_of(code="staff"))))


@pytest.mark.parametrize(
    "name", ["Szkoła im. Łukasza", "Nguyễn Thị Minh Khai", "Ngu\u0079e\u0302\u0303n", "Ñandú «Ágora»"]
)
def test_names_of_many_languages_are_printed(name: str) -> None:
    assert clean(name) in text_of(as_pdf(draw(poster_of(name=name))))


def test_the_same_poster_has_the_same_bytes() -> None:
    one, other = (draw(poster_of("es")) for _ in range(2))
    assert as_pdf(one) == as_pdf(other)
    assert as_svg(one) == as_svg(other)


def test_a_hostile_name_is_text() -> None:
    link = Link(code="oak7", prompt={"any": HOSTILE})
    drawing = draw(Poster(SCHOOL.model_copy(update={"name": HOSTILE, "shown_as": HOSTILE}), link, "en", URL))
    root = ET.fromstring(as_svg(drawing))
    assert {one.tag for one in root.iter()} == {f"{SVG}{tag}" for tag in TAGS}
    shown = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert clean(HOSTILE).replace(" ", "") in shown.replace(" ", "")
    assert clean(HOSTILE).replace(" ", "") in text_of(as_pdf(drawing)).replace(" ", "")
    assert "\u202e" not in shown
    assert re.findall(r'\b(?:on\w+|href|src)="', as_svg(drawing).decode()) == []


ANY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300).filter(clean)


@given(name=ANY | st.just("W" * 300), prompt=ANY | st.just("W" * 300), paper=st.sampled_from(sorted(PAPERS)))
@settings(max_examples=12, deadline=None)
def test_nothing_is_cut_covers_something_else_or_leaves_the_page(name: str, prompt: str, paper: str) -> None:
    link = Link(code="a-code-of-24-letters-abc", prompt={"any": prompt.strip() or "?"})
    school = SCHOOL.model_copy(update={"name": name, "shown_as": name})
    url = "https://small-wins-of-the-bilingual-community.k12.saint-etienne.example"
    drawing = draw(Poster(school, link, "es", url, paper))
    words = words_of(drawing)
    whole = "".join(one.text for one in words).replace(" ", "")
    for told in (clean(name), clean(prompt), f"{url}/s/{link.code}/es".removeprefix("https://")):
        assert told.replace(" ", "") in whole
    for one in words:
        assert one.width == pytest.approx(width_of(one.text, one.size, one.weight))
        assert one.x >= 12
        assert one.x + one.width <= drawing.width - 12
        assert one.size * POINT < one.y < drawing.height - 10
    for one, other in pairwise(words):
        beside = other.x >= one.x + one.width or one.x >= other.x + other.width
        assert beside or other.y - one.y >= 0.7 * other.size * POINT or other.y < one.y


def test_the_command_writes_each_language_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--school", str(SAMPLE), "--link", "OAK7", "--url", URL, "--out", str(tmp_path / "new")]) == 0
    written = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert written == [f"maple-row-oak7-{spoken}-a4.{ending}" for spoken in ("en", "es") for ending in ("pdf", "svg")]
    assert {Path(line).name for line in capsys.readouterr().out.splitlines()} == set(written)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--link", "elm"], "No link has the code elm. There are: oak7, elm2"),
        (["--url", "wins.school.example"], "--url https://"),
        (["--url", ""], "--url https://"),
        (["--school", "nowhere.yaml"], "nowhere.yaml: No such file"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    asked: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--school", str(SAMPLE), "--url", URL, "--out", str(tmp_path), *asked]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_letters_that_the_pdf_lacks_are_named_and_stand_in_the_svg(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "school.yaml"
    file.write_text(SAMPLE.read_text("utf-8").replace("name: Maple Row School", "name: Maple Row 学校"), "utf-8")
    assert main(["--school", str(file), "--link", "staff", "--url", URL, "--out", str(tmp_path / "out")]) == 1
    assert "lack 学校" in capsys.readouterr().err
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".svg"}
    assert "学校" in (tmp_path / "out" / "maple-row-staff-en-a4.svg").read_text("utf-8")
