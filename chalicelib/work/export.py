"""All wins as a leader takes them along: CSV that no spreadsheet runs, or JSON with a description of each field."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from chalicelib.domain.calendar import school_year_of
from chalicelib.domain.win import Win
from chalicelib.ports.leaders import Done

if TYPE_CHECKING:
    from chalicelib.domain.school import School
    from chalicelib.ports import Schools, Wins
    from chalicelib.ports.leaders import Record
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Front, Session

FIELDS: dict[str, str] = {
    "id": "the win's id; it tells when the win arrived (anonymous: noon of that day)",
    "day": "day of arrival, on the school's clock",
    "week": "ISO week of arrival",
    "state": "visible, held, hidden, or withdrawn (taken back by its sender while a legal hold stood)",
    "held_for": "why it is held, if it is",
    "kind": "success or lesson",
    "story": "in the sender's words",
    "tried": "what was tried, if told",
    "happened": "what happened, if told",
    "takeaway": "what the sender takes away, if told",
    "quoted": "what was forwarded along with a mail; never on the dashboard",
    "goals": "ids of goals in the school file",
    "signs": "ids of success signs",
    "practices": "ids of practices, each with its variation if told (`wait-time:b`)",
    "groups": "ids of groups in whom it was seen",
    "team": "id of the team",
    "helped": "what helped, of the eleven factors",
    "hindered": "what got in the way, of the same",
    "resolves": "id on the dashboard of the lesson it answers, if any",
    "quotable": "whether its author lets it be quoted outside the staff, without a name",
    "author": "named, confidential or anonymous",
    "name": "the author's name, if it is shown",
    "occurred_on": "day it happened, if told",
    "channel": "web, text, mail or spreadsheet",
    "link": "code of the short link it came by",
    "school_version": "version of the school file it was sent under",
}
"""Every field of an export, and what it means."""

SCHOOL_FIELDS: dict[str, str] = {
    "version": "number of the version, counted from 1; a win names the one it was sent under",
    "file": "the school file as it was stored under that number; what it leaves out had the usual value",
}
RECORD_FIELDS: dict[str, str] = {
    "when": "moment, in UTC",
    "who": "mail address of who did it; `operator` for a command",
    "what": "what was done, as a code such as signed_in or exported",
    "about": "what it was done to: an id, a number or a scope; never words of a win",
}

_UNSEEN = r"\s\x00-\x1f\u200b-\u200f\u2060\ufeff"
_STARTS_A_FORMULA = re.compile(rf"[{_UNSEEN}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n]")
"""What Excel, LibreOffice, Google Sheets and Numbers may take for a formula (OWASP, CSV injection)."""


def weeks_of_year(wins: Wins, school: School, year: str) -> list[str]:
    """List the weeks with wins in a school year (`2026-27`), or all of them for an empty year."""
    starts = school.school_year.starts
    return [week for week in wins.weeks() if not year or school_year_of(week, starts) == year]


def rows_of(wins: Wins, weeks: list[str]) -> Iterator[dict[str, Any]]:
    """Yield every win that was not removed, oldest week first, as `FIELDS` describes."""
    for week in weeks:
        for win in wins.wins_of(week):
            if win.state != "deleted":
                yield _row(win)


def school_rows(schools: Schools) -> Iterator[dict[str, Any]]:
    """Yield every version of the school file, as `SCHOOL_FIELDS` describes."""
    newest, _ = schools.latest_school() or (0, None)
    for version in range(1, newest + 1):
        file = schools.school_at(version).model_dump(mode="json", exclude_defaults=True, by_alias=True)
        yield {"version": version, "file": file}


def record_rows(record: Record, month: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of the record of a month (`2026-11`), or of all for an empty month, as `RECORD_FIELDS` has it."""
    for one in [month] if month else record.months():
        for done in record.done_in(one):
            when = done.when.isoformat(timespec="seconds")
            yield {"when": when, "who": done.who, "what": done.what, "about": done.about}


def note_export(desk: Desk, front: Front, session: Session, what: str) -> None:
    """Record that somebody exported."""
    front.record.add_done(Done(desk.now, session.leader.email, "exported", what))


def _row(win: Win) -> dict[str, Any]:
    told = win.model_dump(mode="json")
    named = win.author.name if win.author.mode == "named" else None
    uses = [f"{use.id}:{use.level}" if use.level else use.id for use in win.practices]
    state = "withdrawn" if win.withdrawn else win.state
    row = told | {"state": state, "author": win.author.mode, "name": named, "practices": uses}
    return {field: row[field] for field in FIELDS}


def as_csv(rows: Iterable[Mapping[str, Any]], fields: Iterable[str] = FIELDS) -> str:
    """Write rows as CSV (RFC 4180, with a byte-order mark, so that Excel reads it as UTF-8); no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(fields)
    for row in rows:
        writer.writerow(safe_cell(_text(value)) for value in row.values())
    return "\ufeff" + out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def safe_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet could take for a formula."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text
