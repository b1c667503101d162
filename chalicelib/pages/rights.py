"""The pages on what is kept: who did what, and what was erased. None of them holds a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.retention import Erased
from chalicelib.domain.school import School
from chalicelib.domain.words import catalogue, say, say_day
from chalicelib.pages.render import addresses, own, render


def write_record(school: School, language: str, month: str, lines: Sequence[Mapping[str, str]]) -> str:
    """Write who did what in a month (`2026-11`), on the school's clock, with links to the months beside it."""
    names = {leader.email: leader.name for leader in school.leaders}
    rows = [
        {
            "when": _moment(school, language, line["when"]),
            "who": names.get(line["who"], line["who"]),
            "did": catalogue(language).get(f"record.{line['what']}", line["what"]),
            "about": line["about"],
        }
        for line in lines
    ]
    now = f"{datetime.now(UTC):%Y-%m}"
    others = [(code, _address(month, code)) for code in school.languages]
    return render(
        "record.html",
        school,
        language,
        others,
        month=_month(language, month),
        rows=rows,
        before=_link(language, month, -1),
        after=_link(language, month, 1) if month < now else None,
        own=own(school, language),
    )


def write_erased(school: School, language: str, erased: Erased) -> str:
    """Write the receipt of an erasure: what was removed, what stays, and until when it is still somewhere."""
    by = f"{erased.published_by.astimezone(school.zone):%H:%M}"
    lines = [say(language, "erase.done", n=len(erased.wins))]
    lines += [say(language, "erase.done_contact")] if erased.contact else []
    lines += [say(language, "erase.done_mails", n=erased.mails)] if erased.mails else []
    lines += [say(language, "erase.stays"), say(language, "erase.published", time=by)] if erased.wins else []
    lines += [say(language, "erase.backups", day=say_day(language, erased.backups_until))]
    return _erased(school, language, say(language, "erase.done_title"), lines, ids=erased.wins)


def write_found(
    school: School,
    language: str,
    asked: Mapping[str, str],
    days: tuple[date, date] | None,
    counts: Mapping[str, int],
) -> str:
    """Write what a sender left, with the button that erases it.

    Args:
        school: whose page it is.
        language: of the page.
        asked: how the sender was named, by field of the form.
        days: the first and the last day of the wins.
        counts: `wins`, `contacts` and `mails`.
    """
    lines = [say(language, "erase.found", n=counts["wins"])]
    if days:
        first, last = (say_day(language, day) for day in days)
        lines += [say(language, "erase.found_days", first=first, last=last)]
    lines += [say(language, "erase.found_contact")] if counts["contacts"] else []
    lines += [say(language, "erase.found_mails", n=counts["mails"])] if counts["mails"] else []
    lines += [say(language, "erase.found_sure" if any(counts.values()) else "erase.found_nothing")]
    lines += [say(language, "erase.found_mail")] if asked.get("email") else []
    return _erased(school, language, say(language, "erase.found_title"), lines, asked=asked)


def _erased(school: School, language: str, heading: str, lines: list[str], **more: Any) -> str:
    filled = {"ids": (), "asked": {}, **more}
    end = own(school, language)
    return render(
        "erased.html", school, language, addresses(school, "/leaders"), heading=heading, lines=lines, own=end, **filled
    )


def _moment(school: School, language: str, when: str) -> str:
    local = datetime.fromisoformat(when).astimezone(school.zone)
    return f"{say_day(language, local.date())}, {local:%H:%M}"


def _month(language: str, month: str) -> str:
    return say(language, "record.month", month=catalogue(language)["months"][int(month[5:]) - 1], year=month[:4])


def _link(language: str, month: str, step: int) -> dict[str, str]:
    middle = date(int(month[:4]), int(month[5:]), 15) + timedelta(days=30 * step)
    other = f"{middle:%Y-%m}"
    return {"name": _month(language, other), "address": _address(other, language)}


def _address(month: str, language: str) -> str:
    return f"/api/record?month={month}&language={language}"
