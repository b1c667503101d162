"""The privacy notice of a school, written from its own file: it can't say one thing while the school does another."""

from __future__ import annotations

from chalicelib.domain.retention import BACKUPS_LAST
from chalicelib.domain.school import School
from chalicelib.domain.words import LANGUAGES
from chalicelib.pages.render import own, render

RECEIPT_DAYS, REPEATS_DAYS, REFUSED_DAYS, SESSION_HOURS, PUBLISH_HOURS, VIEW_DAYS = 400, 400, 14, 12, 3, 30
"""What the notice says of other rooms; `tests/promises/test_privacy_docs.py` compares it with what they do."""


def write_privacy(school: School, language: str, region: str = "") -> str:
    """Write the notice in a language, whether or not the school's other pages are in it.

    Args:
        school: whose notice it is.
        language: of the page.
        region: where AWS keeps the school's data (`us-east-1`), if that is known.
    """
    others = [code for code in LANGUAGES if code not in school.languages]
    default = school.privacy.default_author
    return render(
        "privacy.html",
        school,
        language,
        [(code, f"/privacy{own(school, code)}/") for code in (*school.languages, *others)],
        asked=[one for one in school.leaders if one.role != "coach"],
        default="confidential" if default == "named" else default,
        region=region,
        days={
            "receipt": RECEIPT_DAYS,
            "repeats": REPEATS_DAYS,
            "refused": REFUSED_DAYS,
            "backups": BACKUPS_LAST.days,
            "view": VIEW_DAYS,
        },
        publish_hours=PUBLISH_HOURS,
        hours=SESSION_HOURS,
    )
