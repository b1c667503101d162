"""Posters: `python -m infra.poster --school FILE [--link CODE] [--paper a4|letter] [--out FOLDER] [--url https://…]`.

Writes a PDF and an SVG of each link, one in each of the school's languages; without `--link` of all links.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.domain.school import Link, School
from chalicelib.domain.school_file import SchoolFileProblems
from chalicelib.settings import public_url_of
from infra.connection import find_stack_of, running_url
from infra.poster.letters import NoRoom, lacking
from infra.poster.page import PAPERS, Poster, draw
from infra.poster.pdf import as_pdf
from infra.poster.shapes import Drawing, Words
from infra.poster.svg import as_svg
from infra.schoolfile import load_school, read_yaml


class _Wrong(Exception):  # noqa: N818 - a fact about what was asked for
    """Why there is no poster, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Write the posters; 0 if all were, 1 if one is not as it should be, 2 if nothing could be made."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.poster", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--school", type=Path, required=True, help="the school file")
    parser.add_argument("--link", help="code of a link; all links if left out")
    parser.add_argument("--paper", choices=PAPERS, default="a4")
    parser.add_argument("--out", type=Path, default=Path("posters"), help="folder to write to (posters)")
    parser.add_argument(
        "--url",
        default=public_url_of(),
        help="where its pages are (its domain, its stack, `make run`)",
    )
    given = parser.parse_args(arguments)
    try:
        school = load_school(given.school)
        links, url = _links(school, given.link), _url(given.url or _address_of(given.school))
        given.out.mkdir(parents=True, exist_ok=True)
        posters = [Poster(school, link, spoken, url, given.paper) for link in links for spoken in school.languages]
        return max([_write(poster, given.out) for poster in posters])
    except OSError as problem:
        print(f"{problem.filename}: {problem.strerror}.", file=sys.stderr)
    except (SchoolFileProblems, _Wrong) as problem:
        print(problem, file=sys.stderr)
    return 2


def _links(school: School, code: str | None) -> list[Link]:
    if not school.links:
        raise _Wrong("The school file has no links; a poster needs one.")
    if code is None:
        return list(school.links)
    link = school.link(code)
    if link is None:
        raise _Wrong(f"No link has the code {code}. There are: {', '.join(one.code for one in school.links)}.")
    return [link]


def _address_of(file: Path) -> str:
    """Return where a school's pages are: at its domain, where its stack says, or at a running `make run`."""
    raw = read_yaml(file)
    told = raw.get("deploy") if isinstance(raw, dict) else None
    if not isinstance(told, dict):
        return running_url()
    domain = told.get("domain")
    return f"https://{domain}" if domain else str(find_stack_of(file)["Outputs"].get("Url", ""))


def _url(given: str) -> str:
    url = given.rstrip("/")
    if not re.fullmatch(r"https?://[^/\s?#]+", url):
        raise _Wrong("Say where people reach the school's pages: --url https://wins.school.example")
    return url


def _write(poster: Poster, folder: Path) -> int:
    """Write one poster; 0 if it is whole, 1 if it is not, which is said."""
    name = f"{poster.school.school}-{poster.link.code}-{poster.language}-{poster.paper}"
    try:
        drawing = draw(poster)
    except NoRoom as text:
        print(f"{name}: this is too long for a poster: {text}", file=sys.stderr)
        return 1
    files = {".svg": as_svg(drawing)}
    missing = "".join(dict.fromkeys(_missing(drawing)))
    if missing:
        print(f"{name}.pdf: its letters lack {missing}; open the SVG in a browser and print that.", file=sys.stderr)
    else:
        files[".pdf"] = as_pdf(drawing)
    for ending, body in files.items():
        path = folder / f"{name}{ending}"
        path.write_bytes(body)
        print(path)
    return 1 if missing else 0


def _missing(drawing: Drawing) -> Iterator[str]:
    for one in drawing.shapes:
        if isinstance(one, Words):
            yield lacking(one.text, one.weight)


if __name__ == "__main__":
    sys.exit(main())
