"""A text message becomes a win, or changes the last one, or is answered; each once, however often it is delivered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from chalicelib.domain.calendar import week_of
from chalicelib.domain.commands import Said, read_text
from chalicelib.domain.contact import Contact
from chalicelib.domain.conversation import kept
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.parsing import parse
from chalicelib.domain.subject import kind_told
from chalicelib.domain.win import Submission, Win
from chalicelib.doors.texts import Text
from chalicelib.ports import Source, Texter, Undeliverable
from chalicelib.work.answers import claim_answer, release_answer
from chalicelib.work.commands import COMMANDS
from chalicelib.work.desk import Desk, receipt_address
from chalicelib.work.ids import arrived_at
from chalicelib.work.secrets import keyed, source_of
from chalicelib.work.submit import build_win
from chalicelib.work.turn import Turn

_TRIES = 6
_SECOND_COPY = timedelta(minutes=10)
"""A carrier that delivers a text twice does so within minutes; who means it twice waits longer."""
_TELLING = 20
"""Characters from which two anonymous texts of a day that are alike are one."""
_ALWAYS = {"stop", "start", "help", "join"}
"""What no limit stands against."""


def receive_text(desk: Desk, text: Text) -> list[str]:
    """Deal with one text.

    Args:
        desk: where it is dealt with.
        text: as a door read it.

    Returns:
        What to answer, in order; nothing if it was answered before or nobody wants an answer.

    Raises:
        Problem: `busy`, if others changed the same things all the time.
    """
    said = read_text(text.body, desk.school)
    source = _source(desk, text, said)
    if said.intent not in _ALWAYS and desk.table.find_seen(source) is None and (over := _over_limit(desk, text)):
        answers = _limit_answer(_turn(desk, text, said, source)) if over == 1 else []
    else:
        answers = _dealt_with(desk, text, said, source)
    return answers if answers and claim_answer(desk, source) else []


def answer_text(desk: Desk, texter: Texter, text: Text) -> str:
    """Deal with one text and send the answers to its sender.

    Returns:
        What became of it, for the log: `answered`, `silent`, or `undeliverable`.

    Raises:
        Exception: whatever kept the first answer from being sent; the text is to be delivered again.
    """
    answers = receive_text(desk, text)
    for count, answer in enumerate(answers):
        try:
            texter.send_text(text.recipient, text.sender, answer)
        except Undeliverable:
            return "undeliverable"
        except Exception:
            if count == 0:
                release_answer(desk, _source(desk, text, read_text(text.body, desk.school)))
            raise
    return "answered" if answers else "silent"


def _dealt_with(desk: Desk, text: Text, said: Said, source: Source) -> list[str]:
    for _ in range(_TRIES):
        try:
            return _answers(_turn(desk, text, said, source))
        except WriteConflict:
            continue
    raise Problem("busy")


def _turn(desk: Desk, text: Text, said: Said, source: Source) -> Turn:
    key = keyed(desk.keys, "contact", text.sender)
    contact = desk.table.find_contact(key) or Contact(key=key)
    return Turn(desk, text, said, contact, source, desk.table.find_seen(source))


def _answers(turn: Turn) -> list[str]:
    if turn.said.intent not in _ALWAYS and not turn.admitted:
        return [turn.say("text.join_first")]
    answer: Callable[[Turn], list[str]] = COMMANDS.get(turn.said.intent, _keep)
    answers = answer(turn)
    silent = turn.text.answered_by_provider or (turn.contact.stopped and turn.said.intent not in _ALWAYS)
    return [] if silent else answers


def _source(desk: Desk, text: Text, said: Said) -> Source:
    """Name the message: by its provider's id, or, anonymous, by its words and day alone."""
    anonymous = desk.school.privacy.default_author == "anonymous" and said.intent == "win"
    if anonymous and len(text.body) >= _TELLING:
        return source_of(desk.keys, "text", f"{desk.today}\0{text.body}", b"")
    return source_of(desk.keys, "text", text.message_id, b"")


def _over_limit(desk: Desk, text: Text) -> int:
    """Count a text; return how far beyond the limit of its hour it is, 0 if it is not."""
    key = keyed(desk.keys, "limit", text.sender, f"{desk.now:%Y-%m-%dT%H}")
    sent = desk.table.count_up("TEXTS", key, desk.today + timedelta(days=1))
    return max(0, sent - desk.school.texts.per_hour)


def _limit_answer(turn: Turn) -> list[str]:
    if turn.contact.stopped:
        return []
    until = (turn.desk.now + timedelta(hours=1)).astimezone(turn.desk.school.zone).replace(minute=0)
    return [turn.say("text.limit", until=f"{until:%H:%M}")]


def _keep(turn: Turn) -> list[str]:
    """Store a text as a win, word for word."""
    text, desk = turn.text, turn.desk
    if not text.body.strip():
        return [turn.say("text.picture" if text.pictures else "text.blank")]
    if turn.seen is None and _is_second_copy(turn):
        return []
    try:
        win = turn.find(turn.seen.win_id) if turn.seen else _stored(turn)
    except Problem as problem:
        if problem.code != "fields":
            raise
        return [turn.say("text.too_long" if _too_long(problem) else "text.blank")]
    if win is None or win.state == "deleted":
        return []
    answers = [kept(win, desk.school, turn.language, receipt_address(desk, win))]
    answers += [turn.say("text.picture_left")] if text.pictures else []
    return answers + ([turn.say("text.opt_in")] if turn.is_first else [])


def _is_second_copy(turn: Turn) -> bool:
    last = turn.contact.last
    if last is None or last.words != keyed(turn.desk.keys, turn.contact.key, turn.text.body):
        return False
    return turn.desk.now - arrived_at(last.win) < _SECOND_COPY


def _stored(turn: Turn) -> Win:
    desk, contact = turn.desk, turn.contact
    told = {"kind": kind_told(turn.text.body) or "success", "story": turn.text.body}
    known = contact.link if contact.link and desk.school.link(contact.link) else None
    submission = parse(Submission, json.dumps({**told, **({"link": known} if known else {})}).encode())
    win = build_win(desk, submission, "text", desk.now)
    if turn.is_first:
        contact = turn.agreed("first_text", "text.opt_in")
    about = turn.about(win)
    if about is not None:
        contact = contact.model_copy(update={"last": about, "language": turn.language})
    changed = contact if contact != turn.contact else None
    seen = desk.table.save_win(win, turn.source, week_of(desk.today), changed)
    if seen is not None:
        raise WriteConflict  # somebody stored this very message just now; the next try answers with that win
    return win


def _too_long(problem: Problem) -> bool:
    return any(one.code == "too_long" for one in problem.fields)
