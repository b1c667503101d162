"""A text message becomes a win, or changes the last one, or is answered; each once, however often it is delivered."""

from __future__ import annotations

import dataclasses
import random
import time
from datetime import timedelta

from chalicelib.domain.commands import Said, read_text
from chalicelib.domain.contact import Contact
from chalicelib.domain.conversation import answers_us, is_courtesy
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.folding import folded
from chalicelib.doors.texts import Text
from chalicelib.ports import Source, Texter, Undeliverable, Unsent
from chalicelib.work.answers import claim_answer, release_answer
from chalicelib.work.commands import COMMANDS
from chalicelib.work.desk import Desk
from chalicelib.work.keep_text import keep_text
from chalicelib.work.secrets import contact_key, source_of
from chalicelib.work.turn import Turn

_TRIES = 12
_LONGEST_PAUSE = 0.4
_TELLING = 20
"""Characters from which two anonymous texts of a day that are alike are taken for one."""
_ALWAYS = {"stop", "start", "help", "join"}
"""What is answered whoever asks."""
_UNLIMITED = _ALWAYS | {"undo", "anon"}
"""What no limit stands against."""
_SHARED_WORD = 4
"""Letters from which a word that an edit shares with the old story says that an edit is meant."""


def receive_text(desk: Desk, text: Text) -> list[str]:
    """Deal with one text whose answers go back with it, as Twilio's do.

    Returns:
        What to answer, in order; nothing if it was answered before or nobody wants an answer.

    Raises:
        Problem: `busy`, if others changed the same things all the time.
    """
    answers = deal_with(desk, text)
    return answers if answers and claim_answer(desk, _by_id(desk, text)) else []


def answer_text(desk: Desk, texter: Texter, text: Text) -> str:
    """Deal with one text and send the answers to its sender.

    Returns:
        What became of it, for the log: `answered`, `silent`, or `undeliverable`.

    Raises:
        Problem: `busy`.
        Exception: whatever kept an answer from being sent; the text is to be delivered again. An answer that may have
            been sent all the same is not sent again.
    """
    sent, source = 0, _by_id(desk, text)
    for part, answer in enumerate(deal_with(desk, text)):
        if not claim_answer(desk, source, part):
            continue
        try:
            texter.send_text(text.recipient, text.sender, answer)
        except Undeliverable:
            return "undeliverable"
        except Unsent:
            release_answer(desk, source, part)
            raise
        sent += 1
    return "answered" if sent else "silent"


def deal_with(desk: Desk, text: Text) -> list[str]:
    """Do what a text asks for, and return what to say to it."""
    said = Said(text.provider_did) if text.provider_did else read_text(text.body, desk.school)
    source = _by_words_or_id(desk, text, said)
    if said.intent not in _UNLIMITED and desk.table.find_seen(source) is None and (over := _over_limit(desk, text)):
        return _limit_answer(_turn(desk, text, said, source)) if over == 1 else []
    for attempt in range(_TRIES):
        try:
            return _answers(_meant(_turn(desk, text, said, source)))
        except WriteConflict:
            time.sleep(random.uniform(0, min(0.02 * 2**attempt, _LONGEST_PAUSE)))  # noqa: S311 - spreads retries
    raise Problem("busy")


def _turn(desk: Desk, text: Text, said: Said, source: Source) -> Turn:
    key = contact_key(desk.keys, text.sender)
    contact = desk.table.find_contact(key) or Contact(key=key)
    return Turn(desk, text, said, contact, source, desk.table.find_seen(source))


def _meant(turn: Turn) -> Turn:
    """Take for a win what only begins like a command: “Edit groups worked well”, “Join class 7 for lunch”."""
    said, is_win = turn.said, False
    if said.intent in {"join", "edit"} and turn.seen is not None:
        is_win = bool(turn.seen.win_id)  # it was taken for one when it came before
    elif said.intent == "join":
        is_win = turn.contact.joined and turn.desk.school.link(said.words) is None
    elif said.intent == "edit" and said.words:
        win = turn.standing_win()
        is_win = win is None or not (said.sure or _shares_a_word(said.words, win.story))
    return dataclasses.replace(turn, said=Said("win", turn.text.body)) if is_win else turn


def _shares_a_word(one: str, other: str) -> bool:
    return any(len(word) >= _SHARED_WORD for word in {*folded(one).split()} & {*folded(other).split()})


def _answers(turn: Turn) -> list[str]:
    stopped = turn.contact.stopped and turn.said.intent not in _ALWAYS
    if answers_us(turn.text.body, turn.desk.school):
        return []
    if turn.desk.school.district is not None and turn.said.intent not in {"stop", "start"}:
        return [] if turn.contact.stopped else [turn.say("text.no_wins_here")]
    if turn.said.intent not in _ALWAYS and not turn.admitted:
        return [] if stopped else [turn.say("text.join_first")]
    if turn.said.intent == "win" and _is_small_talk(turn):
        return [] if stopped else [turn.say("text.welcome")]
    answers = COMMANDS.get(turn.said.intent, keep_text)(turn)
    return [] if stopped or turn.text.provider_did else answers


def _is_small_talk(turn: Turn) -> bool:
    """Whether somebody whose win was just answered says thanks; from anybody else “Thanks!” may be a win."""
    talking = turn.seen is None and turn.contact.conversation(turn.desk.today) is not None
    return talking and bool(turn.text.body.strip()) and is_courtesy(turn.text.body)


def _by_id(desk: Desk, text: Text) -> Source:
    return source_of(desk.keys, "text", text.message_id, b"")


def _by_words_or_id(desk: Desk, text: Text, said: Said) -> Source:
    """Name the message: by its provider's id, or, where nothing about senders is kept, by its words and day.

    The content then tells which message it was, so that nobody is handed the receipt of another for the same words.
    """
    by_id = _by_id(desk, text)
    anonymous = desk.school.privacy.default_author == "anonymous"
    if not anonymous or said.intent != "win" or len(text.body) < _TELLING:
        return by_id
    days = (desk.today, desk.today - timedelta(days=1))  # a retry may come after midnight
    named = [source_of(desk.keys, "text", f"{day}\0{text.body}", by_id.key.encode()) for day in days]
    known = next((one for one in named if (seen := desk.table.find_seen(one)) and seen.content == one.content), None)
    return known or named[0]


def _over_limit(desk: Desk, text: Text) -> int:
    """Count a text; return how far beyond the limit of its hour it is, 0 if it is not."""
    return max(0, desk.limits.count(desk.now, "text", text.sender) - desk.school.texts.per_hour)


def _limit_answer(turn: Turn) -> list[str]:
    if turn.contact.stopped:
        return []
    until = (turn.desk.now + timedelta(hours=1)).astimezone(turn.desk.school.zone).replace(minute=0)
    told = f"{until:%H:%M}" if turn.language == "es" else f"{until:%I:%M %p}".lstrip("0")
    return [turn.say("text.limit", until=told)]
