"""What the work on one win needs: the table, the school as it is now, the keys, and the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.domain.appearance import preview
from chalicelib.domain.guard import Known, Span
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import Win
from chalicelib.ports import Table
from chalicelib.work.ids import weeks_for
from chalicelib.work.limits import Limits
from chalicelib.work.secrets import Keys, issue_receipt, keyed


@dataclass(frozen=True)
class Desk:
    """Where one message is dealt with."""

    table: Table
    keys: Keys
    school: School
    version: int
    now: datetime
    language: str = "en"
    url: str = ""
    """Where people reach the school's pages."""
    on_roster: Callable[[str], bool] | None = None
    """Whether a folded name is that of a student, where the school gave its roster."""
    detect: Callable[[str, str], Iterable[Span]] | None = None
    """Finds more than the guard does in a text of a language, where the school wishes it."""
    limits: Limits = field(default_factory=Limits)
    """How often somebody sent something lately."""

    def find(self, win_id: str) -> Win | None:
        """Fetch a win by its id, removed ones too.

        Raises:
            Problem: `no_such_win` if this can't be an id.
        """
        return self.table.find_win(win_id, weeks_for(win_id, self.school.zone))

    @property
    def known(self) -> Known:
        """Whom the guard knows: the school's adults, and its students if it gave a roster."""
        adults = frozenset([*self.school.staff, *(leader.name for leader in self.school.leaders)])
        return Known(adults, self.on_roster)

    @property
    def labels(self) -> Labels:
        """What team and groups may stand beside a story."""
        return Labels(self.school, self.version, self.table.school_at)

    @property
    def ending(self) -> str:
        """What the address of a page in this language ends with: nothing in the school's own."""
        return "" if self.language == self.school.languages[0] else f"/{self.language}"

    @property
    def today(self) -> date:
        """The school's day."""
        return self.now.astimezone(self.school.zone).date()


@dataclass(frozen=True)
class Receipt:
    """What a sender gets back: the win as kept, how it will appear, and the token that opens it again."""

    win: Win
    token: str
    preview: dict[str, object]


def hour_key(desk: Desk, moment: datetime, *who: str) -> str:
    """Name somebody in an hour."""
    return keyed(desk.keys, *who, f"{moment:%Y-%m-%dT%H}")


def refusal_key(desk: Desk, address: str, day: date) -> str:
    """Name a mail address that was told on a day why its mail was not kept."""
    return keyed(desk.keys, "refused", address, str(day))


def count_in_hour(desk: Desk, what: str, *who: str) -> int:
    """Count one more of something that somebody did in this hour; who it was is kept as a keyed hash."""
    return desk.table.count_up(what, hour_key(desk, desk.now, *who), desk.today + timedelta(days=2))


def receipt_address(desk: Desk, win: Win) -> str:
    """Return the address that opens a win's receipt; what opens it stands behind `#`, so that no log ever holds it."""
    return f"{desk.url}/receipt{desk.ending}#{issue_receipt(desk.keys, win.id)}"


def receipt_for(desk: Desk, win: Win) -> Receipt:
    """Make the receipt of a win."""
    return Receipt(win, issue_receipt(desk.keys, win.id), preview(win, desk.labels, desk.language))
