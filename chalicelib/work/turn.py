"""One turn of a conversation by text: who texts, what they ask for, and the steps that all commands share."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from chalicelib.domain.commands import Said
from chalicelib.domain.contact import Agreed, Consent, Contact, LastWin
from chalicelib.domain.conversation import offered_signs, sentence
from chalicelib.domain.languages import guess_language
from chalicelib.domain.win import Change, Win
from chalicelib.doors.texts import Text
from chalicelib.ports import Alongside, Seen, Source
from chalicelib.work.amend import changed
from chalicelib.work.desk import Desk, receipt_address
from chalicelib.work.secrets import keyed

if TYPE_CHECKING:
    from chalicelib.domain.school import Language

_MOST_LINES = 200
"""Of a consent record: the first ones and the latest ones are what is ever asked for."""


@dataclasses.dataclass(frozen=True)
class Turn:
    """A text and all that is known when it is dealt with."""

    desk: Desk
    text: Text
    said: Said
    contact: Contact
    source: Source
    seen: Seen | None
    """What this very message did when it came before."""

    @property
    def language(self) -> Language:
        """The language of the answer: of the command, else of the story, else as last time, else the school's own."""
        told = guess_language(self.text.body) if self.said.intent in {"win", "edit"} else self.said.language
        known = [one for one in (told, self.contact.language) if one in self.desk.school.languages]
        return known[0] if known else self.desk.school.languages[0]

    @property
    def admitted(self) -> bool:
        """Whether this number may send wins."""
        return self.contact.joined or self.desk.school.texts.unknown == "open"

    @property
    def message(self) -> str:
        """Name this message in a consent record."""
        return keyed(self.desk.keys, "consent", self.text.message_id)

    @property
    def words(self) -> str:
        """Name the words of this text among those of its sender."""
        return keyed(self.desk.keys, self.contact.key, self.text.body)

    @property
    def is_first(self) -> bool:
        """Whether this is the message with which a number made itself known."""
        log = self.contact.log
        return not log or (len(log) == 1 and log[0].message == self.message)

    def say(self, key: str, **values: object) -> str:
        """Say a sentence in the language of the answer."""
        return sentence(self.language, key, self.desk.school, **values)

    def address(self, win: Win) -> str:
        """Return the address of a win's receipt, in the language of the answer."""
        return receipt_address(dataclasses.replace(self.desk, language=self.language), win)

    def agreed(self, what: Agreed, wording: str, **update: object) -> Contact:
        """Return the contact with one more line in its record."""
        when = self.desk.now.isoformat(timespec="seconds")
        line = Consent(
            what=what,
            when=when[: len("2026-11-25")] if what == "first_text" else when,
            message=self.message,
            wording="the provider's" if self.text.provider_did else f"{wording}/{self.language}",
        )
        log = (*self.contact.log, line)
        log = log if len(log) <= _MOST_LINES else (*log[: _MOST_LINES // 2], *log[-_MOST_LINES // 2 :])
        return self.contact.model_copy(update={"language": self.language, "log": log, **update})

    def standing_win(self) -> Win | None:
        """Fetch the win that a command is about, removed ones too."""
        last = self.contact.conversation(self.desk.today)
        return self.find(last.win) if last else None

    def find(self, win_id: str) -> Win | None:
        """Fetch a win by its id, removed ones too."""
        return self.desk.find(win_id)

    def change(self, old: Win, new: Win | Change, offers: tuple[str, ...] | None = None) -> Win:
        """Store a change of the standing win together with what the conversation is about now.

        Args:
            old: the win as it is.
            new: what is to be different, or the whole win.
            offers: what numbers mean from now on, if that changes.

        Raises:
            WriteConflict: if somebody was quicker, this very message included.
            Problem: `fields`.
        """
        win = changed(self.desk, old, new) if isinstance(new, Change) else new
        contact = self._after(old, win, offers)
        if win == old:
            self.desk.table.save_contact(contact, self.source)
        else:
            self.desk.table.replace_win(old, win, Alongside(self.source, contact))
        return win

    def _after(self, old: Win, win: Win, offers: tuple[str, ...] | None) -> Contact:
        """Return the contact once a win was changed; an anonymous one is no longer what the conversation is about."""
        last, heard = self.contact.last, self.contact.heard
        words = last.words if last else ""
        if win.story != old.story or win.author.mode == "anonymous" or win.taken_back:
            heard = self.contact.forgetting().heard  # the same words may be sent anew
        if win.author.mode == "anonymous" and not win.taken_back:
            last = None
        elif win.taken_back:
            last = LastWin(win=win.id, day=self.desk.today)
        else:
            kept = last.offers if last and win.goals == old.goals else offered_signs(win, self.desk.school)
            last = LastWin(win=win.id, day=self.desk.today, offers=kept if offers is None else offers, words=words)
        return self.contact.model_copy(update={"last": last, "heard": heard, "language": self.language})
