"""The privacy notice says what this school does, in both languages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from chalicelib.domain.school import Provider, School
from chalicelib.domain.segments import count_segments
from chalicelib.domain.words import LANGUAGES, catalogue, say
from chalicelib.pages.privacy import write_privacy
from chalicelib.pages.shell import write_shell

MOST_WORDS_IN_A_SENTENCE = 28
MOST_ON_AVERAGE = 14


def with_privacy(school: School, **update: Any) -> School:
    return school.model_copy(update={"privacy": school.privacy.model_copy(update=update)})


def with_carrier(school: School, carrier: str | None) -> School:
    return school.model_copy(update={"texts": school.texts.model_copy(update={"carrier": carrier})})


def words_of(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def told(school: School, language: str = "en", region: str = "") -> str:
    return words_of(write_privacy(school, language, region))


def test_the_notice_is_published_in_every_language_whatever_the_forms_speak(sample_school: School) -> None:
    for languages, paths in (
        (("en",), {"privacy/index.html": "en", "privacy/es/index.html": "es"}),
        (("es",), {"privacy/index.html": "es", "privacy/en/index.html": "en"}),
    ):
        files = write_shell(sample_school.model_copy(update={"languages": languages}))
        for path, language in paths.items():
            assert f'<html lang="{language}">' in files[path].decode()
        other = next(path for path, language in paths.items() if language != languages[0])
        assert f'href="/{other.removesuffix("index.html")}"' in files["privacy/index.html"].decode()


def test_every_page_leads_to_the_notice_in_its_own_language(sample_school: School) -> None:
    for path, body in write_shell(sample_school).items():
        if path.endswith(".html"):
            own = "/privacy/es/" if path.endswith("/es/index.html") else "/privacy/"
            assert f'<a href="{own}">' in body.decode(), path


def test_the_form_says_where_to_read_who_reads_it(sample_school: School) -> None:
    form = write_shell(sample_school)["share/oak7/index.html"].decode()
    assert f'<a href="/privacy/">{say("en", "privacy.link")}</a>' in form


def test_the_notice_has_the_schools_own_numbers(sample_school: School) -> None:
    school = with_privacy(sample_school, keep_years=3, minimum_cell=8)
    assert "Stories: 3 years." in told(school)
    assert "fewer than 8 people" in told(school)
    assert "Historias: 3 años." in told(school, "es")
    assert "Stories: 1 year." in told(with_privacy(sample_school, keep_years=1))


def test_whoever_chooses_nothing_is_told_what_that_means(sample_school: School) -> None:
    anonymous = say("en", "privacy.default_anonymous")
    assert anonymous in told(with_privacy(sample_school, default_author="anonymous"))
    for mode in ("confidential", "named"):
        assert anonymous not in told(with_privacy(sample_school, default_author=mode))


def test_leaders_and_admins_are_named_and_their_addresses_only_if_the_file_says_so(sample_school: School) -> None:
    shown = with_privacy(sample_school, show_addresses=True)
    for leader in sample_school.leaders:
        asked = leader.role != "coach"
        assert (leader.name in told(sample_school)) == asked
        assert leader.email not in write_privacy(sample_school, "en")
        assert (leader.email in told(shown)) == asked


def test_a_school_without_leaders_names_its_office(sample_school: School) -> None:
    assert "Ask the office" in told(sample_school.model_copy(update={"leaders": ()}))


def test_who_carries_texts_is_said_as_it_is(sample_school: School) -> None:
    carried = {one: told(with_carrier(sample_school, one)) for one in ("twilio", "aws", "none", None)}
    assert "Twilio and your phone company carry texts." in carried["twilio"]
    assert "AWS and your phone company carry texts." in carried["aws"]
    assert "carry texts" not in carried["none"]
    assert "Twilio or AWS, whichever the school uses" in carried[None]


def test_what_the_school_turned_on_is_told_and_what_it_did_not_is_not(sample_school: School) -> None:
    google = Provider(id="google", name="Google", issuer="https://accounts.google.com", client_id="x")
    sign_in = sample_school.sign_in.model_copy(update={"providers": (google,)})
    turned_on = {
        "Google can confirm": sample_school.model_copy(update={"sign_in": sign_in}),
        say("en", "privacy.students_roster"): with_privacy(sample_school, roster=True),
        say("en", "privacy.students_comprehend"): with_privacy(sample_school, comprehend=True),
        say("en", "privacy.hold_now"): with_privacy(sample_school, legal_hold=True),
    }
    for sentence, school in turned_on.items():
        assert sentence in told(school)
        assert sentence not in told(sample_school)


def test_where_it_lies_is_told_if_it_is_known(sample_school: School) -> None:
    assert "AWS region us-east-2" in told(sample_school, region="us-east-2")
    assert "AWS region" not in told(sample_school)


def test_names_that_hold_markup_stay_text(sample_school: School) -> None:
    evil = "<script>alert(1)</script>"
    leader = sample_school.leaders[0].model_copy(update={"name": evil})
    page = write_privacy(sample_school.model_copy(update={"leaders": (leader,), "name": evil}), "en")
    assert evil not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    keys = [key for key in catalogue(language) if key.startswith("privacy.")]
    forms = [one for key in keys for one in _forms(catalogue(language)[key])]
    lengths = [len(one.split()) for form in forms for one in re.split(r"(?<=[.:;?])\s+", form)]
    assert max(lengths) <= MOST_WORDS_IN_A_SENTENCE
    assert sum(lengths) / len(lengths) <= MOST_ON_AVERAGE


def _forms(sentence: Any) -> list[str]:
    return list(sentence.values()) if isinstance(sentence, dict) else [sentence]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_by_text_and_the_foot_of_a_mail_name_the_notice(language: str) -> None:
    url = "https://wins.maplerow.example"
    names = {"shown_as": "Small Wins", "school": "Maple Row School", "url": url}
    helped = say(language, "text.help", **names)
    assert f"{url}/privacy" in helped
    assert count_segments(helped) == 1
    assert f"{url}/privacy" in say(language, "mail.foot", **names)
