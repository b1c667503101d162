"""Templates filled by Jinja, with escaping always on. Imported only where a page is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.school import School, in_language
from chalicelib.domain.words import catalogue, say
from chalicelib.pages.security import style

_HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def look() -> str:
    """Digest the templates and sentences, so that a new look is published even if nothing else changed."""
    sources = [*_HERE.glob("*.html"), *_HERE.glob("*.css"), *(_HERE.parent / "locales").glob("*.json")]
    digest = sha256(b"".join(path.read_bytes() for path in sorted(sources)))
    return digest.hexdigest()[:16]


def render(template: str, school: School, language: str, in_other_words: Sequence[tuple[str, str]], **more: Any) -> str:
    """Fill a template; `in_other_words` has the page's address in each language."""
    return (
        _environment()
        .get_template(template)
        .render(
            school=school,
            language=language,
            languages=list(in_other_words),
            language_name=lambda code: catalogue(code)["language.name"],
            say=partial(say, language),
            name=lambda one: in_language(one.name, language),
            style=style(),
            privacy=f"/privacy{own(school, language)}/",
            **more,
        )
    )


def addresses(school: School, path: str) -> list[tuple[str, str]]:
    """Name the address of a page in each of the school's languages."""
    return [(code, path + own(school, code)) for code in school.languages]


def own(school: School, language: str) -> str:
    """Return what the address of a page in a language other than the school's own ends with."""
    return "" if language == school.languages[0] else f"/{language}"
